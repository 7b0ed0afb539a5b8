// TimeColumn: the times of a table's rows. The usual spellings are read at once, with the date of
// the row before kept; whatever else takes the way of parse_table_time, which alone decides what is
// a time and says what is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"
#include "millrace/base/zone.hpp"
#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// How the times of a column are written.
enum class TimeFormat : std::uint8_t {
    year_first,   // 2026-11-21 09:48:55.123, 20261121 094855123, 2026/11/21 and the like
    day_first,    // 21.11.2026 09:48:55
    month_first,  // 11/21/2026 9:48:55 AM
    epoch_s,      // since 1970, with or without a fraction; so are the next three
    epoch_ms,
    epoch_us,
    epoch_ns,
    day_ms,  // milliseconds since the midnight of a day that the file's name tells
};
inline constexpr std::array<std::string_view, 8> kTimeFormatNames = {
    "year-first", "day-first", "month-first", "epoch-s",
    "epoch-ms",   "epoch-us",  "epoch-ns",    "day-ms"};
template <>
inline constexpr std::span<const std::string_view> kChoices<TimeFormat> = kTimeFormatNames;

// A time as tables write it: RFC 3339 and its kin, dates alone, 20200101 170000065, 2020.01.31,
// epochs of any unit. `format` says what 01/02/2026 means.
[[nodiscard]] Result<Time> parse_table_time(std::string_view text, const Zone& zone,
                                            TimeFormat format = TimeFormat::year_first);

class TimeColumn {
  public:
    // `zone` is that of times that do not name one, `date` the day of those that name none.
    explicit TimeColumn(const Zone& zone, TimeFormat format = TimeFormat::year_first,
                        const Date& date = {})
        : zone_(zone), is_utc_(zone == Zone::utc()), format_(format), day_(date) {}

    // `time_of_day` is empty where it has no column of its own. The same as parse_table_time of
    // both with a space between.
    [[nodiscard]] Result<Time> read(std::string_view time, std::string_view time_of_day);

  private:
    [[nodiscard]] Result<Time> read_number(std::string_view text) const;
    [[nodiscard]] std::optional<Time> read_usual(std::string_view time,
                                                 std::string_view time_of_day);
    [[nodiscard]] bool read_date(std::string_view text);

    Zone zone_;
    bool is_utc_;
    TimeFormat format_;
    Date day_;
    std::string date_text_;  // of the row before; date_ and day_ns_ are what it says
    Date date_;
    std::int64_t day_ns_ = 0;  // of its midnight in UTC
};

}  // namespace millrace::model
