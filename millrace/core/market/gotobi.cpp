// Base days, stepped back to working days.
#include "millrace/core/market/gotobi.hpp"

#include <algorithm>
#include <charconv>

#include "millrace/base/time.hpp"
#include "millrace/core/market/date_rules.hpp"
#include "millrace/core/market/japanese_holidays.hpp"

namespace millrace::market {
namespace {

constexpr int kStepsMax = 62;  // back over closed days: two months without a working day are none
constexpr std::size_t kClosedMax = 1'000;

// Words between commas and white space.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    constexpr std::string_view kBetween = ", \t\r\n";
    while (true) {
        const std::size_t begin = text.find_first_not_of(kBetween);
        if (begin == std::string_view::npos) return words;
        text.remove_prefix(begin);
        const std::size_t length = std::min(text.find_first_of(kBetween), text.size());
        words.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
}

tl::unexpected<Error> refused(std::string_view word, std::string why, std::string mend) {
    return failure(ErrorCode::config, "\"" + std::string(word.substr(0, 40)) + "\" is not allowed",
                   {}, std::move(why), std::move(mend));
}

}  // namespace

Result<Gotobi> Gotobi::make(GotobiRule rule) {
    if (rule.base_days.empty() || rule.base_days.size() > 31)
        return refused(std::to_string(rule.base_days.size()) + " base days",
                       "between 1 and 31 base days are needed", "name some, such as 5,10,15");
    for (const int day : rule.base_days)
        if (day < 1 || day > 31)
            return refused(std::to_string(day), "a day of a month is 1 to 31", "use one of those");
    if (rule.closed.size() > kClosedMax)
        return refused(std::to_string(rule.closed.size()) + " dates", "at most 1000 are allowed",
                       "leave out those that are holidays anyway");
    std::sort(rule.closed.begin(), rule.closed.end());
    return Gotobi(std::move(rule));
}

bool Gotobi::is_working_day(const Date& date) const {
    if (is_weekend(weekday_of(date))) return false;
    if (rule_.holidays == GotobiHolidays::japan && is_japanese_holiday(date)) return false;
    if (rule_.holidays == GotobiHolidays::japan_banks && is_japanese_bank_holiday(date))
        return false;
    return !std::binary_search(rule_.closed.begin(), rule_.closed.end(), date);
}

Date Gotobi::resolved(const Date& base) const {
    for (int back = 0; back < kStepsMax; ++back)
        if (const Date day = plus_days(base, -back); is_working_day(day)) return day;
    return base;
}

bool Gotobi::is_trade_date(const Date& date) const {
    if (!is_working_day(date)) return false;
    // Every base day from this date to the next working day but that one comes back to it.
    Date day = date;
    for (int ahead = 0; ahead < kStepsMax; ++ahead, day = plus_days(day, 1)) {
        if (ahead > 0 && is_working_day(day)) return false;
        if (std::find(rule_.base_days.begin(), rule_.base_days.end(), day.day) !=
            rule_.base_days.end())
            return true;
    }
    return false;
}

std::vector<GotobiDate> Gotobi::dates(int year) const {
    std::vector<std::pair<Date, Date>> found;    // trade date, base date
    for (int month = 1; month <= 14; ++month) {  // two months ahead may come back to December
        const int of_year = month > 12 ? year + 1 : year;
        const int of_month = month > 12 ? month - 12 : month;
        for (const int day : rule_.base_days) {
            const Date base{of_year, of_month, day};
            if (!is_valid(base)) continue;
            const Date date = resolved(base);
            if (date.year == year && is_working_day(date)) found.emplace_back(date, base);
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::vector<GotobiDate> dates;
    for (const auto& [date, base] : found) {
        if (dates.empty() || dates.back().date != date) dates.push_back({date, {}});
        dates.back().base_dates.push_back(base);
    }
    return dates;
}

Result<std::vector<int>> parse_month_days(std::string_view text) {
    std::vector<int> days;
    for (const std::string_view word : words_of(text)) {
        int day = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), day);
        if (error != std::errc() || end != word.data() + word.size() || day < 1 || day > 31)
            return refused(word, "days of a month are expected, 1 to 31",
                           "write them like 5,10,15,20,25,30");
        if (std::find(days.begin(), days.end(), day) != days.end())
            return refused(word, "the day is named twice", "leave one of them out");
        days.push_back(day);
    }
    if (days.empty())
        return refused(text, "at least one day is needed", "write them like 5,10,15,20,25,30");
    return days;
}

Result<std::vector<Date>> parse_dates(std::string_view text) {
    std::vector<Date> dates;
    for (const std::string_view word : words_of(text)) {
        const auto date = parse_date(word);
        if (!date) return refused(word, "dates are expected", "write them like 2024-12-30");
        dates.push_back(*date);
        if (dates.size() > kClosedMax)
            return refused(word, "more than 1000 dates", "leave some of them out");
    }
    std::sort(dates.begin(), dates.end());
    dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
    return dates;
}

}  // namespace millrace::market
