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

namespace millrace::model {

// A time as tables write it: RFC 3339 and its kin, dates alone, 20200101 170000065, 2020.01.31,
// epochs of any unit.
[[nodiscard]] Result<Time> parse_table_time(std::string_view text, const Zone& zone);

class TimeColumn {
  public:
    // `zone` is that of times that do not name one.
    explicit TimeColumn(const Zone& zone) : zone_(zone), is_utc_(zone == Zone::utc()) {}

    // `time_of_day` is empty where it has no column of its own. The same as parse_table_time of
    // both with a space between.
    [[nodiscard]] Result<Time> read(std::string_view time, std::string_view time_of_day);

  private:
    [[nodiscard]] std::optional<Time> read_usual(std::string_view time,
                                                 std::string_view time_of_day);
    [[nodiscard]] bool read_date(std::string_view text);

    Zone zone_;
    bool is_utc_;
    std::string date_text_;  // of the row before; date_ and day_ns_ are what it says
    Date date_;
    std::int64_t day_ns_ = 0;  // of its midnight in UTC
};

}  // namespace millrace::model
