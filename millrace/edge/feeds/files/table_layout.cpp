// Finding the delimiter, the header and the role of each column.
#include "millrace/edge/feeds/files/table_layout.hpp"

#include <algorithm>

#include "millrace/base/decimal.hpp"

namespace millrace::files {
namespace {

bool is_number(std::string_view text) {
    return parse_decimal(text, 9, Rounding::half_even).has_value();
}

// The separator that splits the lines into the same number of fields, most of them.
char find_delimiter(std::span<const std::string> lines) {
    char best = ',';
    std::size_t most = 0;
    for (const char candidate : {',', ';', '\t', '|'}) {
        const std::string& last = lines.back();
        const auto fields =
            static_cast<std::size_t>(std::count(last.begin(), last.end(), candidate)) + 1;
        if (fields > most) {
            most = fields;
            best = candidate;
        }
    }
    return best;
}

// A column of the header that is one of two halves of a time: "Date,Time,…", or a header that
// forgot to name the second.
void pair_times(std::vector<ColumnRole>& columns, std::size_t fields) {
    if (columns.size() + 1 == fields && !columns.empty() && columns[0] == ColumnRole::time)
        columns.insert(columns.begin() + 1, ColumnRole::time_of_day);
    bool seen = false;
    for (ColumnRole& column : columns) {
        if (column != ColumnRole::time) continue;
        if (seen) column = ColumnRole::time_of_day;
        seen = true;
    }
}

bool is_time_of_day(std::string_view field) {
    return field.size() >= 5 && field.find(':') != std::string_view::npos &&
           field.find('-') == std::string_view::npos && field.find(' ') == std::string_view::npos &&
           field.find('T') == std::string_view::npos;
}

// Without a header: a time, perhaps its second half, then numbers whose count tells the kind.
std::vector<ColumnRole> guess_columns(const std::vector<std::string_view>& fields) {
    std::vector<ColumnRole> columns = {ColumnRole::time};
    if (fields.size() > 1 && is_time_of_day(fields[1])) columns.push_back(ColumnRole::time_of_day);
    const std::size_t numbers = fields.size() - columns.size();
    if (numbers >= 4)
        columns.insert(columns.end(),
                       {ColumnRole::open, ColumnRole::high, ColumnRole::low, ColumnRole::close});
    if (numbers >= 5) columns.push_back(ColumnRole::volume);
    if (numbers == 2 || numbers == 3)
        columns.insert(columns.end(), {ColumnRole::bid, ColumnRole::ask});
    columns.resize(std::max(columns.size(), fields.size()), ColumnRole::ignored);
    return columns;
}

tl::unexpected<Error> unclear(const std::string& path, std::string why) {
    return failure(ErrorCode::data, "the columns of the file are not clear", path, std::move(why),
                   "name them: --columns time,open,high,low,close,volume (or time,bid,ask or "
                   "time,price,size; - for "
                   "a column that does not matter)");
}

}  // namespace

std::string TableLayout::describe() const {
    std::string text(name_of(kind));
    text += ": ";
    for (std::size_t i = 0; i < columns.size(); ++i)
        text += (i == 0 ? "" : ",") + std::string(name_of(columns[i]));
    text += delimiter == '\t' ? ", separated by tabs"
                              : ", separated by '" + std::string(1, delimiter) + "'";
    return text + (has_header ? ", with a header" : ", without a header");
}

Result<std::vector<ColumnRole>> parse_columns(std::string_view text) {
    std::vector<std::string_view> names;
    split_row(text, ',', names);
    std::vector<ColumnRole> columns;
    for (const std::string_view name : names) {
        if (name == "-") {
            columns.push_back(ColumnRole::ignored);
            continue;
        }
        const auto role = model::role_named(name);
        if (!role) {
            const std::string_view near = model::known_name_like(name);
            return failure(
                ErrorCode::usage, "there is no column \"" + std::string(name.substr(0, 40)) + "\"",
                {},
                "columns are time, time_of_day, open, high, low, close, volume, bid, ask, "
                "bid_size, "
                "ask_size, price, size and -",
                near.empty() ? "use one of those" : "did you mean " + std::string(near) + "?");
        }
        columns.push_back(*role);
    }
    return columns;
}

Result<TableLayout> find_layout(std::span<const std::string> lines, const LayoutWishes& wishes,
                                const std::string& path) {
    if (lines.empty())
        return failure(ErrorCode::data, "the file is empty", path, "there is not one row in it",
                       "name a file with data");
    TableLayout layout;
    layout.delimiter = wishes.delimiter ? *wishes.delimiter : find_delimiter(lines);
    std::vector<std::string_view> first;
    split_row(lines.front(), layout.delimiter, first);
    std::vector<std::string_view> last;
    split_row(lines.back(), layout.delimiter, last);
    // A header is a first row whose second field, at the latest, is no number.
    layout.has_header = first.size() > 1 && std::none_of(first.begin() + 1, first.end(), is_number);
    if (layout.has_header && lines.size() < 2)
        return failure(ErrorCode::data, "the file has a header and no row", path,
                       "there is nothing to read", "name a file with data");
    if (wishes.columns) {
        layout.columns = *wishes.columns;
    } else if (layout.has_header) {
        for (const std::string_view name : first)
            layout.columns.push_back(model::role_named(name).value_or(ColumnRole::ignored));
        pair_times(layout.columns, last.size());
    } else {
        layout.columns = guess_columns(last);
    }
    if (!model::has_role(layout.columns, ColumnRole::time))
        return unclear(path, "no column is a time");
    const auto kind = model::kind_of(layout.columns);
    if (!kind) return unclear(path, "seen: " + lines.front().substr(0, 120));
    layout.kind = *kind;
    return layout;
}

void split_row(std::string_view row, char delimiter, std::vector<std::string_view>& fields) {
    fields.clear();
    for (;;) {
        const std::size_t end = row.find(delimiter);
        std::string_view field = row.substr(0, end);
        while (!field.empty() && field.front() == ' ')
            field.remove_prefix(1);
        while (!field.empty() && field.back() == ' ')
            field.remove_suffix(1);
        if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
            field = field.substr(1, field.size() - 2);
        fields.push_back(field);
        if (end == std::string_view::npos) return;
        row.remove_prefix(end + 1);
    }
}

}  // namespace millrace::files
