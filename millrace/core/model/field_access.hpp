// Reading and writing one field of a struct by its description, for the codecs of this room.
#pragma once

#include <cstring>
#include <span>

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// The field's integer, whatever its width; for every kind but text.
[[nodiscard]] inline std::int64_t load_integer(const FieldDescription& field, const void* value) {
    const std::byte* at = static_cast<const std::byte*>(value) + field.offset;
    const auto load = [at]<class Integer>(Integer integer) {
        std::memcpy(&integer, at, sizeof integer);
        return static_cast<std::int64_t>(integer);
    };
    // By width, because a copy of unknown length is a call, and this runs for every field of every
    // record read.
    if (field.size == 8) [[likely]]
        return load(std::uint64_t{});
    switch (field.size) {
        case 4: return load(std::uint32_t{});
        case 2: return load(std::uint16_t{});
        case 1: return load(std::uint8_t{});
        default: break;
    }
    std::uint64_t raw = 0;
    std::memcpy(&raw, at, field.size);
    return static_cast<std::int64_t>(raw);
}

inline void store_integer(const FieldDescription& field, void* value, std::int64_t integer) {
    const auto raw = static_cast<std::uint64_t>(integer);
    std::memcpy(static_cast<std::byte*>(value) + field.offset, &raw, field.size);
}

[[nodiscard]] inline std::string_view load_text(const FieldDescription& field, const void* value) {
    const char* text = static_cast<const char*>(value) + field.offset;
    return {text, strnlen(text, field.size)};
}

inline void store_text(const FieldDescription& field, void* value, std::string_view text) {
    char* at = static_cast<char*>(value) + field.offset;
    std::memcpy(at, text.data(), text.size());
    std::memset(at + text.size(), 0, field.size - text.size());
}

[[nodiscard]] inline bool is_absent(const FieldDescription& field, std::int64_t integer) {
    const bool has_a_maybe = field.kind == FieldKind::time || field.kind == FieldKind::decimal;
    return field.optional && has_a_maybe && integer == Maybe<Price>::kAbsent;
}

// Whether the integer may stand in the field: in its range, or absent where it may be. Ids are
// checked by names.
[[nodiscard]] inline bool is_allowed(const FieldDescription& field, std::int64_t integer) {
    if (field.kind == FieldKind::code) return Code::is_packed(static_cast<std::uint64_t>(integer));
    return (integer >= field.minimum && integer <= field.maximum) || is_absent(field, integer);
}

}  // namespace millrace::model
