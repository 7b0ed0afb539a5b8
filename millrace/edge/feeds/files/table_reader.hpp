// TableReader: the rows of a text table as bars, quotes or trades, in order of time, each checked.
// A row that cannot be believed is an error with file and line, unless the policy says otherwise;
// then it is counted.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "millrace/core/model/row_gate.hpp"
#include "millrace/edge/feeds/files/detect.hpp"
#include "millrace/edge/feeds/files/line_reader.hpp"

namespace millrace::files {

class TableReader {
  public:
    static Result<TableReader> open(const std::string& path, const TableOptions& options);

    // The next row; false at the end.
    Result<bool> next(Datum& datum) { return gate_.next(*this, datum); }

    // What was found, with reasons.
    [[nodiscard]] const Detection& detection() const { return found_; }
    [[nodiscard]] const TableDialect& dialect() const { return found_.dialect; }
    [[nodiscard]] const model::RowFindings& findings() const { return gate_.findings(); }
    // Of bars; zero for other tables.
    [[nodiscard]] Duration bar_length() const { return check_.rules().bar_length; }
    // Read so far, good ones.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    // From the size of the file and its first rows; zero when nothing tells.
    [[nodiscard]] std::uint64_t rows_estimated() const;

  private:
    friend class model::RowGate;

    TableReader(LineReader lines, Detection found, const TableOptions& options,
                const model::RowRules& rules);

    // For the gate.
    model::RowRead read_any(Datum& datum);
    [[nodiscard]] Error failed_by() { return std::move(failed_by_); }
    [[nodiscard]] std::uint64_t line() const { return lines_.line_number(); }
    [[nodiscard]] std::string where() const { return lines_.where(); }
    [[nodiscard]] const model::RowCheck& row_check() const { return check_; }

    Result<void> pass_header();
    // False where the row cannot be believed; check_ says why.
    bool read_row(Datum& datum);
    bool read_price(ColumnRole role, Price& price);
    bool read_size(ColumnRole role, Quantity& size);
    bool read_bar(Time time, model::Bar& bar);
    bool read_quote(Time time, model::Quote& quote);
    bool read_side(ColumnRole role, Price& price, Price& last);
    bool read_trade(Time time, model::Trade& trade);
    bool adjust(model::Bar& bar);
    model::RowRead fail(Error error);
    [[nodiscard]] Error has_other_symbol(std::string_view symbol) const;
    // Empty when there is no such column.
    [[nodiscard]] std::string_view field(ColumnRole role) const;
    // The same with a point for the decimal mark.
    [[nodiscard]] std::string_view number(ColumnRole role);

    LineReader lines_;
    Detection found_;
    // Of the dialect, beside each other because every row asks for them.
    char delimiter_;
    bool has_points_;
    bool has_symbol_;
    bool is_symbol_said_;
    int price_scale_;
    model::TimeColumn times_;
    model::RowCheck check_;
    model::RowGate gate_;
    std::array<int, kColumnRoles> places_;  // of each role: its column, or -1
    std::vector<std::string_view> fields_;
    std::string pointed_;  // a number whose mark was a comma
    Price last_bid_;
    Price last_ask_;
    Error failed_by_;
    std::uint64_t rows_ = 0;
};

}  // namespace millrace::files
