// TableLayout: what the columns of a text table are. Found by looking at its first lines, or said
// by the user; either way it can be shown, so nothing about a file is guessed in silence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::files {

using model::BarLabel;
using model::ColumnRole;
using model::kColumnRoles;
using model::TableKind;

struct TableLayout {
    TableKind kind = TableKind::bars;
    char delimiter = ',';
    bool has_header = false;
    std::vector<ColumnRole> columns;

    // "bars: time,open,high,low,close,volume, separated by ','"
    [[nodiscard]] std::string describe() const;
};

// What the user said; what is absent is found.
struct LayoutWishes {
    std::optional<char> delimiter;
    std::optional<std::vector<ColumnRole>> columns;
};

// "time,open,high,low,close,volume" as roles; "-" ignores a column.
[[nodiscard]] Result<std::vector<ColumnRole>> parse_columns(std::string_view text);

// From the first lines of a file. Errors say what was seen and how to name the columns.
[[nodiscard]] Result<TableLayout> find_layout(std::span<const std::string> lines,
                                              const LayoutWishes& wishes, const std::string& path);

// The fields of a row; views into it. Quotes around a field are taken off.
void split_row(std::string_view row, char delimiter, std::vector<std::string_view>& fields);

}  // namespace millrace::files
