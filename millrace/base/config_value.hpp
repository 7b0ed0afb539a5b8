// From the text of a value to the value, by the kind of its key. What is wrong is told without ever
// showing the value: a secret may have been put in the wrong place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "millrace/base/config_schema.hpp"
#include "millrace/base/result.hpp"

namespace millrace::config {

// Durations are nanoseconds, sizes are bytes.
using Value = std::variant<bool, std::int64_t, std::string>;

// Where the text stood. Variables and flags know only text, and their users' habits: any case for a
// choice, yes and no, 1 and 0 for a boolean.
enum class Source { file, variable };

// An Error without its place.
[[nodiscard]] Result<Value> parse_value(const Key& key, std::string_view text, Source source);

// The value as `config show` prints it; the inverse of parse_value.
[[nodiscard]] std::string show_value(const Key& key, const Value& value);

// "one of: trace, debug, info", "an integer from 1 to 65535": what a key takes, for messages.
[[nodiscard]] std::string allowed_values(const Key& key);

// Bytes: a whole number and a unit: B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (powers
// of 1024). The case of a unit does not matter.
[[nodiscard]] Result<std::int64_t> parse_size(std::string_view text);
// The largest unit that is exact: 64MiB, 1GB, 1000B is 1kB.
[[nodiscard]] std::string format_size(std::int64_t bytes);

}  // namespace millrace::config
