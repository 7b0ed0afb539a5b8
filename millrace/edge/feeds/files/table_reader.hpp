// TableReader: the rows of a text table as bars, quotes or trades, in order of time, each checked.
// A row that cannot be believed is an error with file and line; nothing is skipped or mended in
// silence.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/core/model/table_row.hpp"
#include "millrace/core/model/table_time.hpp"
#include "millrace/edge/feeds/files/line_reader.hpp"
#include "millrace/edge/feeds/files/table_layout.hpp"

namespace millrace::files {

struct TableOptions {
    LayoutWishes layout;
    Zone zone = Zone::utc();  // of times that do not name one
    BarLabel label = BarLabel::open;
    std::optional<Duration> bar_length;  // found from the rows' distances when absent
    InstrumentId instrument;
    SourceId source;
};

using model::Datum;

class TableReader {
  public:
    static Result<TableReader> open(const std::string& path, const TableOptions& options);

    // The next row; false at the end.
    Result<bool> next(Datum& datum);

    [[nodiscard]] const TableLayout& layout() const { return layout_; }
    // Of bars; zero for other tables.
    [[nodiscard]] Duration bar_length() const { return check_.rules().bar_length; }
    [[nodiscard]] std::uint64_t rows() const { return rows_; }

  private:
    TableReader(LineReader lines, TableLayout layout, const model::RowRules& rules,
                const Zone& zone);

    // False where the row cannot be believed; check_ says why.
    bool read_row(Datum& datum);
    bool read_price(ColumnRole role, Price& price);
    bool read_size(ColumnRole role, Quantity& size);
    bool read_bar(Time time, model::Bar& bar);
    bool read_quote(Time time, model::Quote& quote);
    bool read_trade(Time time, model::Trade& trade);
    // Empty when there is no such column.
    [[nodiscard]] std::string_view field(ColumnRole role) const;

    LineReader lines_;
    TableLayout layout_;
    model::TimeColumn times_;
    model::RowCheck check_;
    std::array<int, kColumnRoles> places_;  // of each role: its column, or -1
    std::vector<std::string_view> fields_;
    std::uint64_t rows_ = 0;
};

}  // namespace millrace::files
