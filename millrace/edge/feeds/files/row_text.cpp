// Splitting is what every row goes through; the rest looks at the first rows only.
#include "millrace/edge/feeds/files/row_text.hpp"

#include <algorithm>
#include <array>

#include "millrace/base/decimal.hpp"
#include "millrace/base/time.hpp"

namespace millrace::files {
namespace {

std::string_view trimmed(std::string_view field) {
    while (!field.empty() && field.front() == ' ')
        field.remove_prefix(1);
    while (!field.empty() && field.back() == ' ')
        field.remove_suffix(1);
    return field;
}

// Where the field ends that begins with the row, when quotes may hide delimiters.
std::size_t end_of_quoted(std::string_view row, char delimiter) {
    bool is_inside = false;
    for (std::size_t at = 0; at < row.size(); ++at) {
        if (row[at] == '"') is_inside = !is_inside;
        if (row[at] == delimiter && !is_inside) return at;
    }
    return std::string_view::npos;
}

void split_quoted_row(std::string_view row, char delimiter, std::vector<std::string_view>& fields) {
    for (;;) {
        const std::size_t end = end_of_quoted(row, delimiter);
        std::string_view field = trimmed(row.substr(0, end));
        if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
            field = trimmed(field.substr(1, field.size() - 2));
        fields.push_back(field);
        if (end == std::string_view::npos) return;
        row.remove_prefix(end + 1);
    }
}

bool has_digits_at(std::string_view text, std::size_t at, std::size_t count) {
    return text.size() >= at + count && is_digits(text.substr(at, count));
}

// The length of the date that the text begins with; zero when it does not.
std::size_t date_size(std::string_view text) {
    if (has_digits_at(text, 0, 8) && !has_digits_at(text, 0, 9)) {
        const std::string_view month = text.substr(4, 2);
        const std::string_view day = text.substr(6, 2);
        return month >= "01" && month <= "12" && day >= "01" && day <= "31" ? 8 : 0;
    }
    std::array<std::size_t, 3> digits{};
    std::size_t at = 0;
    char separator = '\0';
    for (std::size_t part = 0; part < 3; ++part) {
        while (at < text.size() && is_digits(text.substr(at, 1))) {
            ++at;
            ++digits[part];
        }
        if (part == 2) break;
        const char c = at < text.size() ? text[at] : '\0';
        if ((c != '-' && c != '.' && c != '/') || (separator != '\0' && c != separator)) return 0;
        separator = c;
        ++at;
    }
    const auto is_short = [](std::size_t count) { return count == 1 || count == 2; };
    const bool year_first = digits[0] == 4 && is_short(digits[1]) && is_short(digits[2]);
    const bool year_last = is_short(digits[0]) && is_short(digits[1]) && digits[2] == 4;
    return year_first || year_last ? at : 0;
}

}  // namespace

void split_row(std::string_view row, char delimiter, std::vector<std::string_view>& fields) {
    fields.clear();
    for (;;) {
        if (!row.empty() && (row.front() == '"' || row.front() == ' ') &&
            trimmed(row).starts_with('"')) [[unlikely]]
            return split_quoted_row(row, delimiter, fields);  // and all that follows
        const std::size_t end = row.find(delimiter);
        const std::string_view field = row.substr(0, end);
        const bool has_blanks = !field.empty() && (field.front() == ' ' || field.back() == ' ');
        fields.push_back(has_blanks ? trimmed(field) : field);
        if (end == std::string_view::npos) return;
        row.remove_prefix(end + 1);
        while (delimiter == ' ' && !row.empty() && row.front() == ' ')
            row.remove_prefix(1);
    }
}

bool is_number(std::string_view text, char decimal_mark) {
    if (decimal_mark == '.') return parse_decimal(text, 9, Rounding::half_even).has_value();
    if (text.find('.') != std::string_view::npos) return false;
    std::string pointed(text);
    std::replace(pointed.begin(), pointed.end(), decimal_mark, '.');
    return parse_decimal(pointed, 9, Rounding::half_even).has_value();
}

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_clock(std::string_view text) {
    const std::size_t hours = has_digits_at(text, 0, 2) ? 2 : 1;
    return has_digits_at(text, 0, hours) && text.size() >= hours + 3 && text[hours] == ':' &&
           has_digits_at(text, hours + 1, 2);
}

bool is_date(std::string_view text) {
    return !text.empty() && date_size(text) == text.size();
}

bool is_date_and_clock(std::string_view text) {
    const std::size_t size = date_size(text);
    if (size == 0 || text.size() <= size + 1)
        return (text.size() == 12 || text.size() == 14 || text.size() == 17) && is_digits(text) &&
               (text.starts_with("19") || text.starts_with("20"));
    std::string_view rest = text.substr(size);
    const bool is_apart = rest.front() == ' ' || rest.front() == 'T' || rest.front() == ',';
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == 'T' || rest.front() == ','))
        rest.remove_prefix(1);
    return is_apart && (is_clock(rest) || has_digits_at(rest, 0, 6));
}

bool is_epoch(std::string_view text) {
    constexpr std::int64_t kSeconds1990 = 631'152'000;
    const auto count = parse_decimal(text, 0, Rounding::toward_zero);
    return count && !is_date(text) && !is_date_and_clock(text) && *count >= kSeconds1990;
}

}  // namespace millrace::files
