// A scanner that walks over the text once.
#include "millrace/core/model/table_clock.hpp"

#include <algorithm>
#include <cstdint>

namespace millrace::model {
namespace {

class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_blanks() {
        while (take(' ')) {
        }
    }
    // One to `most` digits; empty when there are none or more.
    std::string_view digits(std::size_t most) {
        std::size_t count = 0;
        while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9')
            ++count;
        if (count > most) return {};
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    bool take_word(std::string_view word) {  // in capitals; the text may be in any case
        if (rest_.size() < word.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i)
            if ((rest_[i] & ~0x20) != word[i]) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

  private:
    std::string_view rest_;
};

void add_padded(std::string& text, std::string_view digits) {
    if (digits.size() < 2) text += '0';
    text += digits;
}

// "2026-01-31"
bool spell_date(Scanner& scan, DateOrder order, std::string& text) {
    const bool year_first = order == DateOrder::year_first;
    const std::string_view first = scan.digits(year_first ? 4 : 2);
    const char separator = scan.peek();
    if (first.empty() || (separator != '.' && separator != '/' && separator != '-')) return false;
    scan.take(separator);
    const std::string_view second = scan.digits(2);
    if (second.empty() || !scan.take(separator)) return false;
    const std::string_view third = scan.digits(year_first ? 2 : 4);
    const std::string_view year = year_first ? first : third;
    if (third.empty() || year.size() != 4) return false;
    text = year;
    text += '-';
    add_padded(text, order == DateOrder::month_first ? first : second);
    text += '-';
    add_padded(text, year_first ? third : order == DateOrder::month_first ? second : first);
    return true;
}

// The hour of a clock of twelve hours on one of 24; nothing when there is no such hour.
std::optional<std::string> hour_of_day(std::string_view hour, bool is_afternoon) {
    int number = 0;
    for (const char digit : hour)
        number = number * 10 + (digit - '0');
    if (number < 1 || number > 12) return std::nullopt;
    return std::to_string(number % 12 + (is_afternoon ? 12 : 0));
}

// "21:05:00.123"
bool spell_clock(Scanner& scan, std::string& text) {
    std::string hour(scan.digits(2));
    if (hour.empty() || !scan.take(':')) return false;
    const std::string_view minute = scan.digits(2);
    if (minute.size() != 2) return false;
    std::string rest = ":" + std::string(minute);
    if (scan.take(':')) {
        const std::string_view second = scan.digits(2);
        if (second.size() != 2) return false;
        rest += ":" + std::string(second);
        if (scan.peek() == '.' || scan.peek() == ',') {
            scan.take(scan.peek());
            const std::string_view fraction = scan.digits(9);
            if (fraction.empty()) return false;
            rest += "." + std::string(fraction);
        }
    } else {
        rest += ":00";
    }
    scan.skip_blanks();
    const bool is_morning = scan.take_word("AM");
    if (is_morning || scan.take_word("PM")) {
        const auto of_day = hour_of_day(hour, !is_morning);
        if (!of_day) return false;
        hour = *of_day;
    }
    text += ' ';
    add_padded(text, hour);
    text += rest;
    return true;
}

// "+01:00" of GMT+0100, UTC+1 and +01:00; nothing when no zone is named.
bool spell_zone(Scanner& scan, std::string& text) {
    scan.skip_blanks();
    if (scan.at_end()) return true;
    if (scan.take_word("Z")) {
        text += 'Z';
        return scan.at_end();
    }
    const bool is_named = scan.take_word("GMT") || scan.take_word("UTC");
    if (scan.at_end()) {
        text += 'Z';
        return is_named;
    }
    const char sign = scan.peek();
    if (sign != '+' && sign != '-') return false;
    scan.take(sign);
    std::string_view hours = scan.digits(4);
    std::string_view minutes = "00";
    if (hours.size() == 4) {
        minutes = hours.substr(2);
        hours = hours.substr(0, 2);
    } else if (scan.take(':')) {
        minutes = scan.digits(2);
    }
    if (hours.empty() || hours.size() > 2 || minutes.size() != 2 || !scan.at_end()) return false;
    text += sign;
    add_padded(text, hours);
    text += ":" + std::string(minutes);
    return true;
}

}  // namespace

std::optional<std::string> spell_out(std::string_view text, DateOrder order) {
    Scanner scan(text);
    std::string spelled;
    if (!spell_date(scan, order, spelled)) return std::nullopt;
    if (scan.at_end()) return spelled + " 00:00:00";
    if (!scan.take(',') && scan.peek() != ' ' && !scan.take('T')) return std::nullopt;
    scan.skip_blanks();
    if (!spell_clock(scan, spelled) || !spell_zone(scan, spelled)) return std::nullopt;
    return spelled;
}

}  // namespace millrace::model
