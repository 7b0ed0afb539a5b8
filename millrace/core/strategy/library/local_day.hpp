// LocalDay: the day that a wall clock shows, and the instants at which it shows given times of that
// day. It remembers the day, so that a time within it costs two comparisons. And the forms of the
// text parameters that speak of clocks and dates.
#pragma once

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"
#include "millrace/base/zone.hpp"

namespace millrace::strategy {

class LocalDay {
  public:
    explicit LocalDay(Zone zone) : zone_(zone) {}

    // Makes the day of `time` the present one; tells whether it was another before.
    bool move_to(Time time);
    [[nodiscard]] const Date& date() const { return date_; }
    // When the clock first shows that time of the present day.
    [[nodiscard]] Time at(Duration since_midnight) const;

  private:
    Zone zone_;
    Time from_;  // empty until the first call
    Time until_;
    Date date_;
};

// "09:55" or "09:55:30", since midnight; up to 23:59:59.
[[nodiscard]] Result<Duration> parse_time_of_day(std::string_view text);

// For Line parameters: whether the text is of that form.
[[nodiscard]] Result<void> check_zone(std::string_view text);
[[nodiscard]] Result<void> check_time_of_day(std::string_view text);
[[nodiscard]] Result<void> check_time_of_day_or_none(std::string_view text);
[[nodiscard]] Result<void> check_dates(std::string_view text);
[[nodiscard]] Result<void> check_month_days(std::string_view text);

}  // namespace millrace::strategy
