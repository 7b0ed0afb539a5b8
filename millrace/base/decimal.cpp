// Parsing and printing of scaled integers, digit by digit: no double is ever in between.
#include "millrace/base/decimal.hpp"

#include <array>
#include <optional>

#include "millrace/base/assert.hpp"

namespace millrace {
namespace {

constexpr std::size_t kDecimalInputMax = 128;  // longer text is no price of this world
constexpr int kExponentMax = 64;

constexpr std::array<std::int64_t, kDecimalScaleMax + 1> kPowersOfTen = [] {
    std::array<std::int64_t, kDecimalScaleMax + 1> powers{};
    for (std::size_t i = 0; i < powers.size(); ++i)
        powers[i] = power_of_ten(static_cast<int>(i));
    return powers;
}();

struct Digits {
    bool negative = false;
    int128 value = 0;      // all significant digits, without the point
    int decimals = 0;      // how many of them stand after the point, less the exponent
    bool dropped = false;  // non-zero digits beyond what 128 bits hold were left out
};

tl::unexpected<Error> refuse(std::string_view text, std::string why) {
    std::string shown(text.substr(0, 40));
    return failure(ErrorCode::data, "\"" + shown + "\" is not a usable decimal number", {},
                   std::move(why), "write it like -12.5 or 1.25e-3");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The exponent after 'e', bounded; nothing when it is malformed.
std::optional<int> read_exponent(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        negative = text.front() == '-';
        text.remove_prefix(1);
    }
    int exponent = 0;
    if (text.empty()) return std::nullopt;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        exponent = exponent * 10 + (c - '0');
        if (exponent > kExponentMax) return std::nullopt;
    }
    return negative ? -exponent : exponent;
}

Result<Digits> read_digits(std::string_view text) {
    if (text.empty()) return refuse(text, "it is empty");
    if (text.size() > kDecimalInputMax) return refuse(text, "it is longer than 128 characters");
    Digits digits;
    std::size_t at = 0;
    if (text[0] == '+' || text[0] == '-') {
        digits.negative = text[0] == '-';
        at = 1;
    }
    constexpr int128 kRoomForOneMore = int128{INT64_MAX} * 1'000'000'000'000'000'000;
    bool seen_digit = false;
    bool seen_point = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !seen_point) {
            seen_point = true;
        } else if (is_digit(c)) {
            seen_digit = true;
            if (digits.value > kRoomForOneMore) {
                digits.dropped |= c != '0';
                if (!seen_point) --digits.decimals;
            } else {
                digits.value = digits.value * 10 + (c - '0');
                if (seen_point) ++digits.decimals;
            }
        } else {
            break;
        }
    }
    if (!seen_digit) return refuse(text, "there are no digits");
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E')
            return refuse(text, std::string("the character '") + text[at] + "' does not belong");
        const auto exponent = read_exponent(text.substr(at + 1));
        if (!exponent) return refuse(text, "the exponent is malformed or beyond 64");
        digits.decimals -= *exponent;
    }
    return digits;
}

Result<std::int64_t> to_scale(std::string_view text, int scale, std::optional<Rounding> rounding) {
    MILLRACE_ASSERT(scale >= 0 && scale <= kDecimalScaleMax, "scale out of range");
    if (const auto plain = parse_plain_decimal(text, scale)) return *plain;
    auto digits = read_digits(text);
    if (!digits) return failure(std::move(digits.error()));
    int128 value = digits->value;
    int shift = scale - digits->decimals;
    for (; shift > 0 && value != 0; --shift) {
        if (value > int128{INT64_MAX}) break;
        value *= 10;
    }
    if (value != 0 && shift > 0) return refuse(text, "it is out of range");
    if (!rounding && digits->dropped) return refuse(text, "it has more digits than can be kept");
    if (digits->negative) value = -value;
    if (shift < 0 && value != 0) {
        // What was dropped only matters for being there: an odd last bit is neither a tie nor
        // exact.
        if (digits->dropped) value |= 1;
        // Beyond 38 digits the quotient is a fraction far below one half, whatever the digits were.
        if (shift < -38) value = value < 0 ? -1 : 1;
        int128 divisor = 1;
        for (int i = 0; i < -shift && i < 38; ++i)
            divisor *= 10;
        if (!rounding && value % divisor != 0)
            return refuse(text, "it has more than " + std::to_string(scale) + " decimals");
        value = divide_rounded(value, divisor, rounding.value_or(Rounding::toward_zero));
    }
    const auto narrowed = narrow(value);
    if (!narrowed) return refuse(text, "it is beyond ±" + format_decimal(INT64_MAX, scale));
    return *narrowed;
}

}  // namespace

Error error_of(ArithmeticError error, std::string_view of_what) {
    const bool overflow = error == ArithmeticError::overflow;
    return Error{ErrorCode::data,
                 std::string(of_what) + (overflow ? " is out of range" : " divides by zero"),
                 {},
                 overflow ? "the exact result does not fit a 64-bit fixed-point number"
                          : "a denominator is zero",
                 "check the prices, quantities and multipliers that go into it"};
}

std::optional<std::int64_t> parse_plain_decimal(std::string_view text, int scale) {
    constexpr std::size_t kCharactersMax = 19;  // as many digits fit 64 bits without a sign
    if (text.size() > kCharactersMax) return std::nullopt;
    std::uint64_t value = 0;
    std::size_t point = text.size();
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto digit = static_cast<unsigned>(text[at]) - '0';
        if (digit <= 9) {
            value = value * 10 + digit;
        } else if (text[at] == '.' && point == text.size()) {
            point = at;
        } else {
            return std::nullopt;
        }
    }
    const bool has_point = point < text.size();
    const std::size_t decimals = has_point ? text.size() - point - 1 : 0;
    if (text.size() == (has_point ? 1U : 0U) || decimals > static_cast<std::size_t>(scale))
        return std::nullopt;
    std::int64_t raw = 0;
    const auto power = kPowersOfTen[static_cast<std::size_t>(scale) - decimals];
    if (__builtin_mul_overflow(value, power, &raw)) return std::nullopt;
    return raw;
}

Result<std::int64_t> parse_decimal(std::string_view text, int scale) {
    return to_scale(text, scale, std::nullopt);
}

Result<std::int64_t> parse_decimal(std::string_view text, int scale, Rounding rounding) {
    return to_scale(text, scale, rounding);
}

std::string_view format_decimal(std::int64_t raw, int scale,
                                std::span<char, kDecimalTextMax> buffer) {
    MILLRACE_ASSERT(scale >= 0 && scale <= kDecimalScaleMax, "scale out of range");
    const bool negative = raw < 0;
    auto rest = negative ? 0 - static_cast<std::uint64_t>(raw) : static_cast<std::uint64_t>(raw);
    char* const end = buffer.data() + buffer.size();
    char* at = end;
    char* last = end;  // where the text ends once trailing zeros are dropped
    bool significant = false;
    for (int i = 0; i < scale; ++i) {
        const char digit = static_cast<char>('0' + rest % 10);
        rest /= 10;
        if (digit != '0' || significant) {
            if (!significant) last = at;
            significant = true;
            *--at = digit;
        }
    }
    if (significant) *--at = '.';
    do {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (negative) *--at = '-';
    return {at, static_cast<std::size_t>(last - at)};
}

std::string format_decimal(std::int64_t raw, int scale) {
    std::array<char, kDecimalTextMax> buffer{};
    return std::string(format_decimal(raw, scale, buffer));
}

std::string format_decimal_fixed(std::int64_t raw, int scale, int decimals) {
    MILLRACE_ASSERT(decimals >= 0 && decimals <= kDecimalScaleMax, "decimals out of range");
    int128 value = raw;
    for (int i = scale; i < decimals; ++i)
        value *= 10;
    if (decimals < scale)
        value = divide_rounded(value, power_of_ten(scale - decimals), Rounding::half_even);
    const bool negative = value < 0;
    if (negative) value = -value;
    std::string text;
    for (int i = 0; i < decimals || value != 0 || i == decimals; ++i) {
        if (i == decimals && decimals > 0) text += '.';
        text += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    }
    if (negative) text += '-';
    return {text.rbegin(), text.rend()};
}

}  // namespace millrace
