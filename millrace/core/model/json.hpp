// A noun as JSON, both ways, from its description. Reading is strict: an unknown, doubled, missing
// or wrongly typed field and a number out of range are errors that carry the JSON path; nothing is
// guessed and nothing is half read.
#pragma once

#include <string>
#include <string_view>

#include "millrace/base/json_writer.hpp"
#include "millrace/base/result.hpp"
#include "millrace/core/model/describe.hpp"
#include "millrace/core/model/names.hpp"

namespace millrace::model {

inline constexpr std::size_t kJsonTextMax = 64 * 1024;  // of one noun

// Writes the noun as an object; absent fields are left out. An instrument that `names` does not
// know is written as "#7": readable in a log, refused when read back.
void write_json(const NounDescription& noun, const void* value, const Names& names,
                JsonWriter& writer);

// Reads the noun into the struct at `value`, whose content counts only on success.
Result<void> read_json(const NounDescription& noun, std::string_view json, const Names& names,
                       void* value);

template <class T>
[[nodiscard]] std::string to_json(const T& value, const Names& names) {
    JsonWriter writer;
    write_json(kDescription<T>, &value, names, writer);
    return writer.str();
}

template <class T>
[[nodiscard]] Result<T> from_json(std::string_view json, const Names& names) {
    T value;
    if (auto read = read_json(kDescription<T>, json, names, &value); !read)
        return failure(std::move(read.error()));
    return value;
}

}  // namespace millrace::model
