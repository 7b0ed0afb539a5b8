// TableReader: the rows of a text table as bars, quotes or trades, in order of time, each checked.
// A row that cannot be believed is an error with file and line; nothing is skipped or mended in
// silence.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/edge/feeds/files/line_reader.hpp"
#include "millrace/edge/feeds/files/table_layout.hpp"

namespace millrace::files {

// What the time of a bar's row means.
enum class BarLabel { open, close };

struct TableOptions {
    LayoutWishes layout;
    Zone zone = Zone::utc();  // of times that do not name one
    BarLabel label = BarLabel::open;
    std::optional<Duration> bar_length;  // found from the rows' distances when absent
    InstrumentId instrument;
    SourceId source;
};

using Datum = std::variant<model::Bar, model::Quote, model::Trade>;

class TableReader {
  public:
    static Result<TableReader> open(const std::string& path, const TableOptions& options);

    // The next row; false at the end.
    Result<bool> next(Datum& datum);

    [[nodiscard]] const TableLayout& layout() const { return layout_; }
    // Of bars; zero for other tables.
    [[nodiscard]] Duration bar_length() const { return bar_length_; }
    [[nodiscard]] std::uint64_t rows() const { return rows_; }

  private:
    TableReader(LineReader lines, TableLayout layout, const TableOptions& options);

    Result<void> read_row(Datum& datum);
    Result<Time> read_time() const;
    Result<Price> read_price(ColumnRole role) const;
    Result<Quantity> read_size(ColumnRole role) const;
    Result<void> read_bar(Time time, model::Bar& bar) const;
    Result<void> read_quote(Time time, model::Quote& quote) const;
    Result<void> read_trade(Time time, model::Trade& trade) const;
    // Empty when there is no such column.
    [[nodiscard]] std::string_view field(ColumnRole role) const;
    [[nodiscard]] tl::unexpected<Error> refuse(std::string what, std::string why,
                                               std::string mend) const;

    LineReader lines_;
    TableLayout layout_;
    TableOptions options_;
    Duration bar_length_;
    std::vector<int> places_;  // of each role: its column, or -1
    std::vector<std::string_view> fields_;
    std::optional<Time> last_time_;
    std::uint64_t rows_ = 0;
};

// A time as tables write it: RFC 3339 and its kin, dates alone, 20200101 170000065, 2020.01.31,
// epochs of any unit.
[[nodiscard]] Result<Time> parse_table_time(std::string_view text, const Zone& zone);

}  // namespace millrace::files
