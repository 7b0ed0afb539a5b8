// What a file of market data is like, as far as the user says it (TableOptions) and as it was found
// and decided (TableDialect). Nothing is guessed in silence: Detection tells every decision with
// its reason, for `millrace data head` to show.
//
// Names for those who build on this room (data import, verify, backtest):
//   files::TableOptions        what the user said; set_table_option() sets any of it by its key
//   files::detect(path, opts)  -> Result<Detection>: dialect, reasons, first lines; reads no more
//                                 than it needs (detect.hpp)
//   files::TableReader         open(path, opts), next(datum), dialect(), findings(), bar_length(),
//                                 rows() (table_reader.hpp)
//   model::RowPolicy           fail, skip or repair; model::RowFindings counts, with first lines
//   backtest::MarketFile       the same for text and Parquet, the one way to open a file
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/zone.hpp"
#include "millrace/core/model/datum.hpp"
#include "millrace/core/model/row_policy.hpp"
#include "millrace/core/model/table.hpp"
#include "millrace/core/model/table_time.hpp"

namespace millrace::files {

using model::BarLabel;
using model::ColumnRole;
using model::Datum;
using model::kColumnRoles;
using model::TableKind;
using model::TimeFormat;

// Which prices bars have whose file also holds an adjusted close.
enum class Prices : std::uint8_t {
    raw,       // as they stand there
    adjusted,  // open, high and low times adjusted close / close; the close is the adjusted one
};

// What the user said; what is absent is found.
struct TableOptions {
    std::optional<char> delimiter;
    std::optional<bool> has_header;
    std::optional<std::vector<ColumnRole>> columns;
    std::optional<TimeFormat> time_format;
    std::optional<Zone> zone;           // of times that do not name one
    std::optional<Date> date;           // of times that are milliseconds of a day
    std::optional<char> decimal_mark;   // '.' or ','
    std::optional<int> price_decimals;  // 4: a price of 1234500 is 123.45
    std::string member;                 // of a zip with several
    std::string symbol;                 // of a table with several
    Prices prices = Prices::raw;
    BarLabel label = BarLabel::open;
    std::optional<Duration> bar_length;  // found from the rows' distances when absent
    model::RowPolicy policy;
    InstrumentId instrument;
    SourceId source;
};

// What can be set by its key, as in `--read KEY=VALUE` and the tables [data.SYMBOL] of a run file.
struct TableKey {
    std::string_view key;
    std::string_view value;  // what it may be: "fail | skip | repair"
    std::string_view doc;
};
[[nodiscard]] std::span<const TableKey> table_keys();
// Errors are of code `usage` and name the key.
[[nodiscard]] Result<void> set_table_option(TableOptions& options, std::string_view key,
                                            std::string_view value);

// "time,open,high,low,close,volume" as roles; "-" ignores a column.
[[nodiscard]] Result<std::vector<ColumnRole>> parse_columns(std::string_view text);

// How a text table is read: all of it decided.
struct TableDialect {
    std::string format;  // whose: "CSV", "HistData", "TrueFX", "MetaTrader 5", "LEAN", …
    TableKind kind = TableKind::bars;
    char delimiter = ',';
    char decimal_mark = '.';
    std::uint64_t lines_before = 0;  // of the header and what stands above it
    bool has_header = false;
    std::vector<ColumnRole> columns;
    TimeFormat time_format = TimeFormat::year_first;
    Zone zone = Zone::utc();
    Date date;               // of times that are milliseconds of a day
    int price_decimals = 0;  // of prices that are whole numbers
    Prices prices = Prices::raw;
    bool empty_is_unchanged = false;  // an empty bid or ask is that of the row before
    std::string symbol;               // what the file says it is of; empty when it does not
    Duration bar_length;              // zero but for bars

    // "bars: time,open,high,low,close,volume, separated by ',', with a header"
    [[nodiscard]] std::string describe() const;
};

// One decision: {"zone", "America/New_York", "LEAN keeps stocks in New York time"}.
struct Reason {
    std::string what;
    std::string value;
    std::string why;
};

struct Detection {
    TableDialect dialect;
    std::string container;              // "plain", "gzip" or "zip"
    std::string member;                 // of a zip
    std::vector<Reason> reasons;        // what was found, in the order of this list
    std::vector<std::string> preview;   // the first lines as they stand, long ones cut
    std::uint64_t bytes_expected = 0;   // of text; zero when nothing tells
    std::uint64_t bytes_of_sample = 0;  // in the next many lines
    std::uint64_t lines_of_sample = 0;
};

}  // namespace millrace::files
