// The names of columns.
#include "millrace/core/model/table.hpp"

#include <algorithm>

#include "millrace/base/nearest.hpp"

namespace millrace::model {
namespace {

struct RoleName {
    std::string_view name;  // in lower case, without blanks, '_' and '-'
    ColumnRole role;
};

// The first name of each role is the one it is shown by.
constexpr RoleName kRoleNames[] = {
    {"time", ColumnRole::time},
    {"timestamp", ColumnRole::time},
    {"datetime", ColumnRole::time},
    {"date", ColumnRole::time},
    {"ts", ColumnRole::time},
    {"gmttime", ColumnRole::time},
    {"timeofday", ColumnRole::time_of_day},
    {"open", ColumnRole::open},
    {"o", ColumnRole::open},
    {"high", ColumnRole::high},
    {"h", ColumnRole::high},
    {"low", ColumnRole::low},
    {"l", ColumnRole::low},
    {"close", ColumnRole::close},
    {"c", ColumnRole::close},
    {"volume", ColumnRole::volume},
    {"vol", ColumnRole::volume},
    {"v", ColumnRole::volume},
    {"tickvol", ColumnRole::volume},
    {"bid", ColumnRole::bid},
    {"bidprice", ColumnRole::bid},
    {"ask", ColumnRole::ask},
    {"askprice", ColumnRole::ask},
    {"offer", ColumnRole::ask},
    {"bidsize", ColumnRole::bid_size},
    {"bidvolume", ColumnRole::bid_size},
    {"bidqty", ColumnRole::bid_size},
    {"asksize", ColumnRole::ask_size},
    {"askvolume", ColumnRole::ask_size},
    {"askqty", ColumnRole::ask_size},
    {"price", ColumnRole::price},
    {"last", ColumnRole::price},
    {"size", ColumnRole::size},
    {"quantity", ColumnRole::size},
    {"qty", ColumnRole::size},
    {"amount", ColumnRole::size},
};

std::string plain(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == ' ' || c == '_' || c == '-' || c == '<' || c == '>' || c == '.') continue;
        text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

}  // namespace

std::optional<ColumnRole> role_named(std::string_view name) {
    const std::string wanted = plain(name);
    for (const RoleName& known : kRoleNames)
        if (known.name == wanted) return known.role;
    return std::nullopt;
}

std::string_view known_name_like(std::string_view name) {
    std::vector<std::string_view> known;
    for (const RoleName& row : kRoleNames)
        known.push_back(row.name);
    return nearest(plain(name), known);
}

bool has_role(std::span<const ColumnRole> columns, ColumnRole role) {
    return std::find(columns.begin(), columns.end(), role) != columns.end();
}

std::optional<TableKind> kind_of(std::vector<ColumnRole>& columns) {
    if (has_role(columns, ColumnRole::open) && has_role(columns, ColumnRole::high) &&
        has_role(columns, ColumnRole::low) && has_role(columns, ColumnRole::close))
        return TableKind::bars;
    if (has_role(columns, ColumnRole::bid) && has_role(columns, ColumnRole::ask))
        return TableKind::quotes;
    if (has_role(columns, ColumnRole::price)) {
        std::replace(columns.begin(), columns.end(), ColumnRole::volume, ColumnRole::size);
        return TableKind::trades;
    }
    return std::nullopt;
}

}  // namespace millrace::model
