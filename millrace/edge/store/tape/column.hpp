// Column: one field of the rows of a block, as narrow as keeps it exactly. A value is
//     reference + base + stored * unit            or, counted in the instrument's own increments,
//     reference + (base + stored) * increment
// in 64-bit arithmetic that wraps, so every integer has a form; the encoder takes the shortest.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "millrace/core/model/nouns.hpp"

namespace millrace::tape {

// What a value is counted from.
enum class Reference : std::uint8_t {
    none,      // zero
    previous,  // the row before; the first row is head.start
    first,     // a number of the row's instrument, kept once a block in a column of its own
    field,     // another field of the same row
};

// A column's head as it stands in the file, before its numbers.
struct ColumnHead {
    std::uint8_t width = 0;  // bytes a stored number: 0, 1, 2, 4 or 8
    Reference reference = Reference::none;
    std::uint8_t by_increment = 0;
    std::array<std::uint8_t, 5> zeros{};
    std::int64_t base = 0;
    std::uint64_t unit = 0;  // 0 when counted in increments
    std::int64_t start = 0;

    bool operator==(const ColumnHead&) const = default;
};
static_assert(sizeof(ColumnHead) == 32);

// The bytes that `count` numbers of a width take in the file: columns begin at multiples of eight.
[[nodiscard]] constexpr std::size_t column_bytes(std::size_t width, std::size_t count) {
    return (width * count + 7) / 8 * 8;
}

enum class Increment : std::uint8_t { none, price, quantity };

// What may be tried for a field. Only fields of eight bytes may have more than Reference::none.
struct ColumnRule {
    model::FieldDescription field;
    Increment increment = Increment::none;
    bool by_previous = false;
    bool by_first = false;
    int relative_to = -1;  // place of an earlier rule, for Reference::field
};

// The columns of a noun, in the order of the file. The instrument is not among them: it stands in
// the slots of the section. Reserved bytes are zero and not stored.
struct SectionRules {
    const model::NounDescription* noun = nullptr;
    std::span<const ColumnRule> columns;
    std::size_t instrument_offset = 0;
};

// The nouns that a tape holds, in the order of their sections.
inline constexpr std::array<model::Noun, 3> kNouns = {model::Noun::quote, model::Noun::trade,
                                                      model::Noun::bar};

// By place in kNouns.
[[nodiscard]] const SectionRules& rules_of(std::size_t section);

}  // namespace millrace::tape
