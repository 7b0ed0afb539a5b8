// ParquetReader: the rows of a Parquet file as bars, quotes or trades, in the order of the file,
// each checked as those of a text table are. A file of any size is read block by block.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "millrace/core/model/row_gate.hpp"
#include "millrace/edge/store/parquet/parquet_cells.hpp"
#include "millrace/edge/store/parquet/parquet_file.hpp"

namespace millrace::parquet {

struct ParquetOptions {
    // What each column of the file is, in its order; found by their names when absent.
    std::optional<std::vector<model::ColumnRole>> columns;
    Zone zone = Zone::utc();  // of times that do not name one
    model::BarLabel label = model::BarLabel::open;
    std::optional<Duration> bar_length;  // found from the rows' distances when absent
    model::RowPolicy policy;
    InstrumentId instrument;
    SourceId source;
};

class ParquetReader {
  public:
    static Result<ParquetReader> open(const std::string& path, const ParquetOptions& options);

    // The next row; false at the end.
    Result<bool> next(model::Datum& datum) { return gate_.next(*this, datum); }

    [[nodiscard]] model::TableKind kind() const { return layout_.kind; }
    // "bars: time,open,high,low,close of ts,Open,High,Low,Close, 1000 rows of Parquet"
    [[nodiscard]] std::string describe() const;
    // Of bars; zero for other tables.
    [[nodiscard]] Duration bar_length() const { return check_.rules().bar_length; }
    // Read so far, good ones.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] const model::RowFindings& findings() const { return gate_.findings(); }
    // As the file says of itself.
    [[nodiscard]] std::uint64_t rows_in_file() const { return file_.rows(); }

  private:
    friend class model::RowGate;

    ParquetReader(ParquetFile file, ParquetLayout layout, const ParquetOptions& options,
                  const model::RowRules& rules);

    // For the gate.
    model::RowRead read_any(model::Datum& datum);
    [[nodiscard]] Error failed_by() { return std::move(failed_by_); }
    [[nodiscard]] std::uint64_t line() const { return passed_; }
    [[nodiscard]] std::string where() const;
    [[nodiscard]] const model::RowCheck& row_check() const { return check_; }

    Result<bool> next_block();
    Result<bool> begin_with_all();
    // False with the reason in check_.
    bool read_row(model::Datum& datum);
    bool read_bar(Time time, model::Bar& bar);
    bool read_time(Time& time);
    bool read_price(model::ColumnRole role, Price& price);
    bool read_size(model::ColumnRole role, Quantity& size);
    bool refuse(model::ColumnRole role, std::string_view noun);

    ParquetFile file_;
    ParquetLayout layout_;
    TimeCells times_;
    model::RowCheck check_;
    model::RowGate gate_;
    std::array<int, model::kColumnRoles> places_;  // of each role: its column, or -1
    std::optional<DuckStream> stream_;             // of the first rows, then of all
    bool has_all_ = false;
    std::vector<DuckColumn> block_;  // the columns of layout_
    std::size_t row_ = 0;            // of the block
    std::uint64_t passed_ = 0;       // rows, good or bad
    std::uint64_t rows_ = 0;
    Error failed_by_;
    std::string why_;  // the last cell was refused
};

}  // namespace millrace::parquet
