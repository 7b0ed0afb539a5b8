// Cells of a Parquet file as numbers and times. False means that a cell is none, and `why` says
// what it is instead.
#pragma once

#include <string>

#include "millrace/base/zone.hpp"
#include "millrace/core/model/table_time.hpp"
#include "millrace/edge/store/parquet/duck_stream.hpp"
#include "millrace/edge/store/parquet/float_decimal.hpp"
#include "millrace/edge/store/parquet/parquet_layout.hpp"

namespace millrace::parquet {

// A number as a decimal of `scale`, rounded half even.
[[nodiscard]] bool read_any_number(const ReadColumn& column, const DuckColumn& cells,
                                   std::size_t row, int scale, std::int64_t& raw, std::string& why);

[[nodiscard]] inline bool read_number(const ReadColumn& column, const DuckColumn& cells,
                                      std::size_t row, int scale, std::int64_t& raw,
                                      std::string& why) {
    if (column.type == CellType::float64 && !cells.is_null(row) &&
        round_certainly(cells.at<double>(row), scale, raw))
        return true;
    return read_any_number(column, cells, row, scale, raw, why);
}

// The times of one column, row after row.
class TimeCells {
  public:
    // `zone` is that of times that do not name one.
    explicit TimeCells(const Zone& zone)
        : zone_(zone), is_utc_(zone == Zone::utc()), texts_(zone) {}

    [[nodiscard]] bool read(const ReadColumn& column, const DuckColumn& cells, std::size_t row,
                            Time& time, std::string& why);

  private:
    bool read_integer(std::int64_t count, Time& time, std::string& why);
    bool read_text(std::string_view text, Time& time, std::string& why);
    bool in_zone(bool is_instant, Time& time, std::string& why) const;

    Zone zone_;
    bool is_utc_;
    model::TimeColumn texts_;
};

}  // namespace millrace::parquet
