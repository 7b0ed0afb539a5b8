// How a noun is described, once: a table of its fields. JSON, binary form, columns and JSON Schema
// are all read from that table (json.hpp, binary.hpp, schema.hpp), so a field that is added to the
// table is added everywhere.
//
// To describe a struct T: list MILLRACE_FIELD entries in declaration order, and specialise
// kDescription<T>.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include "millrace/base/code.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/maybe.hpp"
#include "millrace/base/text.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/model/noun.hpp"

namespace millrace::model {

enum class FieldKind : std::uint8_t {
    time,        // int64 ns; JSON: RFC 3339 text
    decimal,     // int64 of `scale` decimals; JSON: decimal text (a number is accepted)
    integer,     // unsigned, 1 to 8 bytes; JSON: number up to 2^53 - 1
    boolean,     // one byte, 0 or 1
    choice,      // one byte, an enum counted from 0; JSON: its name
    text,        // Text<N>; JSON: string
    instrument,  // InstrumentId; JSON: the symbol
    source,      // SourceId; JSON: the source's name
    strategy,    // StrategyId; JSON: the strategy's name
    account,     // AccountId; JSON: the account's name
    code,        // Code; JSON: its text
    hash,        // Hash64; JSON: 16 hexadecimal digits
    reserved,    // zero bytes that keep the struct free of padding; only in the binary form
};

// A 64-bit digest, which no JSON number could carry exactly.
struct Hash64 {
    std::uint64_t value = 0;
    constexpr bool operator==(const Hash64&) const = default;
};

// Bytes that a later version may use; always zero.
template <std::size_t N>
struct Reserved {
    std::array<std::uint8_t, N> zeros{};
    constexpr bool operator==(const Reserved&) const = default;
};

inline constexpr std::int64_t kExactJsonInteger = (std::int64_t{1} << 53) - 1;

struct FieldDescription {
    std::string_view name;
    std::string_view doc;
    FieldKind kind{};
    bool optional = false;
    std::uint8_t scale = 0;
    std::uint8_t since = 1;  // the noun's version that brought the field
    std::uint16_t offset = 0;
    std::uint16_t size = 0;
    std::int64_t minimum = -std::numeric_limits<std::int64_t>::max();  // of the raw integer
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    std::span<const std::string_view> choices;

    [[nodiscard]] constexpr FieldDescription at_least(std::int64_t raw) const {
        FieldDescription field = *this;
        field.minimum = raw;
        return field;
    }
    [[nodiscard]] constexpr FieldDescription at_most(std::int64_t raw) const {
        FieldDescription field = *this;
        field.maximum = raw;
        return field;
    }
    [[nodiscard]] constexpr FieldDescription not_negative() const { return at_least(0); }
    [[nodiscard]] constexpr FieldDescription positive() const { return at_least(1); }
    // A text that may be left out, or a choice, flag or number with a default.
    [[nodiscard]] constexpr FieldDescription may_be_absent() const {
        FieldDescription field = *this;
        field.optional = true;
        return field;
    }
    [[nodiscard]] constexpr FieldDescription since_version(std::uint8_t version) const {
        FieldDescription field = *this;
        field.since = version;
        return field;
    }
};

struct NounDescription {
    Noun noun{};
    std::string_view name;
    std::string_view doc;
    std::uint8_t version = 1;  // of the field table; raised when a field is added at its end
    std::size_t size = 0;      // of the struct in memory
    bool flat = false;         // the struct's bytes are its binary form
    std::span<const FieldDescription> fields;
    const void* defaults = nullptr;  // a default-made struct: what absent fields hold
};

template <class T>
inline constexpr T kDefault{};

// The names of an enum's values, counted from 0, as they stand in JSON, columns and logs.
template <class Enum>
inline constexpr std::span<const std::string_view> kChoices{};

template <class Enum>
    requires std::is_enum_v<Enum>
[[nodiscard]] constexpr std::string_view name_of(Enum value) {
    return kChoices<Enum>[static_cast<std::size_t>(value)];
}

namespace detail {

template <class T>
struct KindOf {
    static constexpr FieldKind kind = FieldKind::choice;
    static_assert(std::is_enum_v<T> && sizeof(T) == 1, "describe this type in describe.hpp first");
};
template <>
struct KindOf<Time> {
    static constexpr FieldKind kind = FieldKind::time;
};
template <class Tag, int Scale>
struct KindOf<FixedPoint<Tag, Scale>> {
    static constexpr FieldKind kind = FieldKind::decimal;
    static constexpr std::uint8_t scale = Scale;
};
template <std::unsigned_integral T>
struct KindOf<T> {
    static constexpr FieldKind kind = FieldKind::integer;
};
template <>
struct KindOf<bool> {
    static constexpr FieldKind kind = FieldKind::boolean;
};
template <std::size_t N>
struct KindOf<Text<N>> {
    static constexpr FieldKind kind = FieldKind::text;
};
template <>
struct KindOf<InstrumentId> {
    static constexpr FieldKind kind = FieldKind::instrument;
};
template <>
struct KindOf<SourceId> {
    static constexpr FieldKind kind = FieldKind::source;
};
template <>
struct KindOf<StrategyId> {
    static constexpr FieldKind kind = FieldKind::strategy;
};
template <>
struct KindOf<AccountId> {
    static constexpr FieldKind kind = FieldKind::account;
};
template <>
struct KindOf<Code> {
    static constexpr FieldKind kind = FieldKind::code;
};
template <>
struct KindOf<Hash64> {
    static constexpr FieldKind kind = FieldKind::hash;
};
template <std::size_t N>
struct KindOf<Reserved<N>> {
    static constexpr FieldKind kind = FieldKind::reserved;
};
template <class T>
struct KindOf<Maybe<T>> : KindOf<T> {
    static constexpr bool optional = true;
};

template <class T>
[[nodiscard]] constexpr FieldDescription describe_field(std::string_view name, std::size_t offset,
                                                        std::string_view doc) {
    using Kind = KindOf<T>;
    FieldDescription field;
    field.name = name;
    field.doc = doc;
    field.kind = Kind::kind;
    field.offset = static_cast<std::uint16_t>(offset);
    field.size = sizeof(T);
    if constexpr (requires { Kind::optional; }) field.optional = true;
    if constexpr (requires { Kind::scale; }) field.scale = Kind::scale;
    if constexpr (Kind::kind == FieldKind::choice) {
        field.choices = kChoices<T>;
        field.minimum = 0;
        field.maximum = static_cast<std::int64_t>(field.choices.size()) - 1;
    } else if constexpr (Kind::kind == FieldKind::boolean) {
        field.minimum = 0;
        field.maximum = 1;
    } else if constexpr (Kind::kind == FieldKind::integer) {
        field.minimum = 0;
        field.maximum = sizeof(T) == 8 ? kExactJsonInteger
                                       : static_cast<std::int64_t>(std::numeric_limits<T>::max());
    } else if constexpr (Kind::kind == FieldKind::hash || Kind::kind == FieldKind::code) {
        field.minimum = std::numeric_limits<std::int64_t>::min();
    } else if constexpr (Kind::kind == FieldKind::reserved) {
        field.minimum = 0;
        field.maximum = 0;
    }
    return field;
}

}  // namespace detail

// A struct is flat when its fields cover it without gaps, in order, and none is text.
template <class T>
[[nodiscard]] constexpr NounDescription describe(Noun noun, std::string_view name,
                                                 std::uint8_t version,
                                                 std::span<const FieldDescription> fields,
                                                 std::string_view doc) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
    std::size_t end = 0;
    bool flat = true;
    for (const FieldDescription& field : fields) {
        flat = flat && field.offset == end && field.kind != FieldKind::text;
        end = field.offset + field.size;
    }
    return {noun, name, doc, version, sizeof(T), flat && end == sizeof(T), fields, &kDefault<T>};
}

template <class T>
inline constexpr NounDescription kDescription{};

// The description of any noun by its number, for bytes that come from a file.
[[nodiscard]] const NounDescription& description_of(Noun noun);

}  // namespace millrace::model

#define MILLRACE_FIELD(Struct, member, doc)                              \
    ::millrace::model::detail::describe_field<decltype(Struct::member)>( \
        #member, offsetof(Struct, member), doc)
