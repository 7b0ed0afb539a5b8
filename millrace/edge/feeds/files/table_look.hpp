// TableLook: what detect() knows of a file while it looks at it. Each step of the detection takes
// it, decides one thing and tells why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/edge/feeds/files/line_reader.hpp"
#include "millrace/edge/feeds/files/table_dialect.hpp"

namespace millrace::files {

struct TableLook {
    using Fields = std::vector<std::string_view>;

    std::string path;
    const TableOptions* options = nullptr;
    std::string stem;                // of the file or of the member, without its folder and ending
    std::vector<std::string> lines;  // the first that are not empty
    std::vector<std::uint64_t> line_numbers;  // in the file, from 1
    Fields names;                             // of the header
    std::vector<Fields> rows;                 // views into `lines`
    std::size_t model_row = 0;  // of `rows`: the first with as many fields as most have
    std::string zone_name;      // in which the vendor keeps times; empty when it is not known
    std::string zone_why;
    Detection found;

    [[nodiscard]] TableDialect& dialect() { return found.dialect; }
    [[nodiscard]] const TableDialect& dialect() const { return found.dialect; }
    [[nodiscard]] const Fields& model() const { return rows[model_row]; }
    // The field of a column in a row; empty where the row is too short.
    [[nodiscard]] static std::string_view field(const Fields& row, std::size_t column) {
        return column < row.size() ? row[column] : std::string_view();
    }
    // The first column of a role, or -1.
    [[nodiscard]] int place_of(ColumnRole role) const;

    void tell(std::string what, std::string value, std::string why) {
        found.reasons.push_back({std::move(what), std::move(value), std::move(why)});
    }
    // That the columns are not clear, with the way to name them.
    [[nodiscard]] tl::unexpected<Error> unclear(std::string why) const;
};

// "tab", "';'"
[[nodiscard]] std::string name_of_delimiter(char delimiter);

// The steps, in their order. table_rows.cpp:
[[nodiscard]] Result<void> look_at_rows(TableLook& look);
// table_lean.cpp: what the name of a file of LEAN tells, its columns included.
[[nodiscard]] Result<void> look_at_lean(TableLook& look);
// table_columns.cpp: what the columns are, by their names or by what stands in them.
[[nodiscard]] Result<void> look_at_columns(TableLook& look);
// table_vendors.cpp: whose file it is, and what that settles.
void look_at_vendor(TableLook& look);
// table_times.cpp: how times are written, in which zone; `lines` goes on behind the sample.
[[nodiscard]] Result<void> look_at_times(TableLook& look, LineReader& lines);
// table_symbols.cpp
[[nodiscard]] Result<void> look_at_symbols(TableLook& look, LineReader& lines);

}  // namespace millrace::files
