// Gotobi: the days on which Japanese companies settle (5, 10, 15, 20, 25, 30) and buy dollars at
// Tokyo's fixing. A base day on which banks rest is settled on the last working day before it, so
// a trade date is often no base day itself: that is the whole point of the rule.
#pragma once

#include <vector>

#include "millrace/base/date.hpp"
#include "millrace/base/result.hpp"

namespace millrace::market {

// Which days, besides weekends, are no working days.
enum class GotobiHolidays : std::uint8_t {
    japan,        // the national holidays
    japan_banks,  // those and 31 December to 3 January
    none
};

struct GotobiRule {
    std::vector<int> base_days = {5, 10, 15, 20, 25, 30};  // of a month that has them
    GotobiHolidays holidays = GotobiHolidays::japan;
    std::vector<Date> closed = {};  // no working days, in addition; in rising order
};

// A date on which trade is due, and the base days that moved there: one, or rarely several.
struct GotobiDate {
    Date date;
    std::vector<Date> base_dates;

    [[nodiscard]] bool is_rolled() const { return base_dates.front() != date; }
    bool operator==(const GotobiDate&) const = default;
};

class Gotobi {
  public:
    // Days of 1 to 31, at most 31 of them; fewer than 1,000 closed dates.
    [[nodiscard]] static Result<Gotobi> make(GotobiRule rule);

    [[nodiscard]] bool is_trade_date(const Date& date) const;
    // The trade dates in that year, rising; also those of base days of the next January.
    [[nodiscard]] std::vector<GotobiDate> dates(int year) const;

  private:
    explicit Gotobi(GotobiRule rule) : rule_(std::move(rule)) {}

    [[nodiscard]] bool is_working_day(const Date& date) const;
    // The last working day up to `base`; `base` itself when there is none within two months.
    [[nodiscard]] Date resolved(const Date& base) const;

    GotobiRule rule_;
};

// "5,10,15": days of a month, rising or not, none twice.
[[nodiscard]] Result<std::vector<int>> parse_month_days(std::string_view text);
// "2024-01-04,2024-12-30", also with white space or line ends between; sorted, none twice.
[[nodiscard]] Result<std::vector<Date>> parse_dates(std::string_view text);

}  // namespace millrace::market
