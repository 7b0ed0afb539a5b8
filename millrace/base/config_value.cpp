// One parser per kind, and the words for what each kind takes.
#include "millrace/base/config_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

#include "millrace/base/nearest.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/base/time.hpp"
#include "millrace/base/utf8.hpp"

namespace millrace::config {
namespace {

struct SizeUnit {
    std::string_view name;
    std::int64_t bytes;
};
constexpr std::array<SizeUnit, 9> kSizeUnits = {{{"TiB", std::int64_t{1} << 40},
                                                 {"TB", 1'000'000'000'000},
                                                 {"GiB", std::int64_t{1} << 30},
                                                 {"GB", 1'000'000'000},
                                                 {"MiB", std::int64_t{1} << 20},
                                                 {"MB", 1'000'000},
                                                 {"KiB", std::int64_t{1} << 10},
                                                 {"kB", 1'000},
                                                 {"B", 1}}};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_in_any_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

tl::unexpected<Error> not_allowed(const Key& key, std::string mend = {}) {
    return failure(ErrorCode::config, fmt::format("the value of \"{}\" is not allowed", key.name),
                   {}, fmt::format("it takes {}", allowed_values(key)), std::move(mend));
}

Result<Value> in_range(const Key& key, std::int64_t value) {
    if ((key.min && value < *key.min) || (key.max && value > *key.max))
        return failure(ErrorCode::config,
                       fmt::format("the value of \"{}\" is out of range", key.name), {},
                       fmt::format("it takes {}", allowed_values(key)));
    return Value(value);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = fault == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

Result<Value> parse_boolean(const Key& key, std::string_view text, Source source) {
    const auto is = [&](std::string_view word) {
        return source == Source::file ? text == word : same_in_any_case(text, word);
    };
    if (is("true")) return Value(true);
    if (is("false")) return Value(false);
    if (source == Source::variable) {
        if (is("1") || is("yes") || is("on")) return Value(true);
        if (is("0") || is("no") || is("off")) return Value(false);
    }
    return not_allowed(key);
}

Result<Value> parse_choice(const Key& key, std::string_view text, Source source) {
    for (const std::string& choice : key.choices) {
        const bool same = source == Source::file ? text == choice : same_in_any_case(text, choice);
        if (same) return Value(choice);
    }
    const std::string_view meant = nearest(text, key.choices);
    return not_allowed(key, meant.empty() ? "" : fmt::format("did you mean \"{}\"?", meant));
}

// -1, 0 or 1 as the decimal number lies below, at or above the integer; exact for any length.
int compare_decimal(std::string_view number, std::int64_t bound) {
    const bool negative = number.starts_with('-');
    if (negative) number.remove_prefix(1);
    const auto dot = number.find('.');
    const std::string_view whole = number.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view() : number.substr(dot + 1);
    const auto has_digit = [](std::string_view text) {
        return text.find_first_not_of('0') != std::string_view::npos;
    };
    const auto integer = parse_integer(fmt::format("{}{}", negative ? "-" : "", whole));
    if (!integer) return negative ? -1 : 1;  // beyond 64 bits
    if (*integer != bound) return *integer < bound ? -1 : 1;
    if (!has_digit(fraction)) return 0;
    return negative ? -1 : 1;
}

Result<Value> parse_decimal(const Key& key, std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with('-')) rest.remove_prefix(1);
    const auto dot = rest.find('.');
    const std::string_view whole = rest.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view("0") : rest.substr(dot + 1);
    constexpr std::size_t kDigitsMax = 40;
    if (whole.empty() || fraction.empty() || rest.size() > kDigitsMax ||
        !std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit))
        return not_allowed(key);
    if ((key.min && compare_decimal(text, *key.min) < 0) ||
        (key.max && compare_decimal(text, *key.max) > 0))
        return failure(ErrorCode::config,
                       fmt::format("the value of \"{}\" is out of range", key.name), {},
                       fmt::format("it takes {}", allowed_values(key)));
    return Value(std::string(text));
}

bool is_variable_name(std::string_view name) {
    return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
        return is_digit(c) || c == '_' || (lower(c) >= 'a' && lower(c) <= 'z');
    });
}

Result<Value> parse_reference(const Key& key, std::string_view text) {
    const bool is_variable = text.starts_with("env:") && is_variable_name(text.substr(4));
    const bool is_file = text.starts_with("file:") && text.size() > 5;
    if (text.empty() || is_variable || is_file) return Value(std::string(text));
    return failure(ErrorCode::config,
                   fmt::format("\"{}\" must be a reference to a secret, not the secret", key.name),
                   {}, "a secret in a configuration file or on a command line is read by others",
                   "write \"env:VARIABLE\" or \"file:PATH\"; if the secret stood here, change it");
}

// What every kind that is text must be: it ends up in C strings, logs and JSON.
bool is_proper_text(std::string_view text) {
    return text.find('\0') == std::string_view::npos && !first_invalid_utf8(text);
}

std::string range_text(const Key& key, std::string (*show)(std::int64_t)) {
    if (key.min && key.max) return fmt::format(" from {} to {}", show(*key.min), show(*key.max));
    if (key.min) return fmt::format(" of at least {}", show(*key.min));
    if (key.max) return fmt::format(" of at most {}", show(*key.max));
    return {};
}

std::string show_integer(std::int64_t value) {
    return fmt::format("{}", value);
}

std::string show_duration(std::int64_t ns) {
    return format_duration(Duration::nanoseconds(ns));
}

}  // namespace

Result<std::int64_t> parse_size(std::string_view text) {
    const auto letters =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
    const auto count = parse_integer(text.substr(0, letters));
    const auto unit = std::ranges::find_if(kSizeUnits, [&](const SizeUnit& known) {
        return same_in_any_case(known.name, text.substr(letters));
    });
    std::int64_t bytes = 0;
    if (letters == 0 || !count || unit == kSizeUnits.end() ||
        __builtin_mul_overflow(*count, unit->bytes, &bytes))
        return failure(ErrorCode::config, "this is not a size", {},
                       "a size is a whole number and a unit: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB",
                       "write for example 64MiB");
    return bytes;
}

std::string format_size(std::int64_t bytes) {
    const auto unit = std::ranges::find_if(
        kSizeUnits, [&](const SizeUnit& known) { return bytes != 0 && bytes % known.bytes == 0; });
    if (unit == kSizeUnits.end()) return fmt::format("{}B", bytes);
    return fmt::format("{}{}", bytes / unit->bytes, unit->name);
}

Result<Value> parse_value(const Key& key, std::string_view text, Source source) {
    switch (key.kind) {
        case Kind::text:
        case Kind::path:
            if (!is_proper_text(text)) return not_allowed(key);
            return Value(std::string(text));
        case Kind::boolean: return parse_boolean(key, text, source);
        case Kind::integer: {
            const auto value = parse_integer(text);
            return value ? in_range(key, *value) : not_allowed(key);
        }
        case Kind::decimal: return parse_decimal(key, text);
        case Kind::duration: {
            const auto value = parse_duration(text);
            return value ? in_range(key, value->ns()) : not_allowed(key);
        }
        case Kind::size: {
            const auto value = parse_size(text);
            return value ? in_range(key, *value) : not_allowed(key);
        }
        case Kind::choice: return parse_choice(key, text, source);
        case Kind::secret_reference:
            if (!is_proper_text(text)) return not_allowed(key);
            return parse_reference(key, text);
    }
    return not_allowed(key);
}

std::string show_value(const Key& key, const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    const std::int64_t number = std::get<std::int64_t>(value);
    if (key.kind == Kind::duration) return show_duration(number);
    if (key.kind == Kind::size) return format_size(number);
    return show_integer(number);
}

std::string allowed_values(const Key& key) {
    switch (key.kind) {
        case Kind::text: return "text in quotes";
        case Kind::boolean: return "true or false";
        case Kind::integer: return "an integer" + range_text(key, show_integer);
        case Kind::decimal: return "a decimal number such as 0.25" + range_text(key, show_integer);
        case Kind::duration:
            return "a duration such as \"250ms\" or \"1h30m\"" + range_text(key, show_duration);
        case Kind::size: return "a size such as \"64MiB\"" + range_text(key, format_size);
        case Kind::path: return "a path in quotes";
        case Kind::choice: return fmt::format("one of: {}", fmt::join(key.choices, ", "));
        case Kind::secret_reference: return "\"env:VARIABLE\" or \"file:PATH\"";
    }
    return "text in quotes";
}

}  // namespace millrace::config
