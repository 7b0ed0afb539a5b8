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
    {"opentime", ColumnRole::time},
    {"unix", ColumnRole::time},
    {"unixtimestamp", ColumnRole::time},
    {"windowstart", ColumnRole::time},
    {"localtime", ColumnRole::time},
    {"日時", ColumnRole::time},
    {"日付", ColumnRole::time},
    {"timeofday", ColumnRole::time_of_day},
    {"時刻", ColumnRole::time_of_day},
    {"open", ColumnRole::open},
    {"o", ColumnRole::open},
    {"始値", ColumnRole::open},
    {"high", ColumnRole::high},
    {"h", ColumnRole::high},
    {"高値", ColumnRole::high},
    {"low", ColumnRole::low},
    {"l", ColumnRole::low},
    {"安値", ColumnRole::low},
    {"close", ColumnRole::close},
    {"c", ColumnRole::close},
    {"終値", ColumnRole::close},
    {"volume", ColumnRole::volume},
    {"vol", ColumnRole::volume},
    {"v", ColumnRole::volume},
    {"tickvol", ColumnRole::volume},
    {"出来高", ColumnRole::volume},
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
    {"adjustedclose", ColumnRole::adjusted_close},
    {"adjclose", ColumnRole::adjusted_close},
    {"closeadj", ColumnRole::adjusted_close},
    {"symbol", ColumnRole::symbol},
    {"ticker", ColumnRole::symbol},
    {"pair", ColumnRole::symbol},
    {"instrument", ColumnRole::symbol},
};

std::string plain(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (std::string_view(" _-<>./()[]").find(c) != std::string_view::npos) continue;
        text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

// "gmttime" and "timeutc" without what tells their zone; as it is when nothing does.
std::string_view without_zone(std::string_view name) {
    for (const std::string_view zone : {std::string_view("utc"), std::string_view("gmt")}) {
        if (name.starts_with(zone)) return name.substr(zone.size());
        if (name.ends_with(zone)) return name.substr(0, name.size() - zone.size());
    }
    return name;
}

std::optional<ColumnRole> role_of_plain(std::string_view name) {
    for (const RoleName& known : kRoleNames)
        if (known.name == name) return known.role;
    return std::nullopt;
}

}  // namespace

std::optional<ColumnRole> role_named(std::string_view name) {
    const std::string wanted = plain(name);
    if (const auto role = role_of_plain(wanted)) return role;
    if (names_utc(name)) return ColumnRole::time;
    return std::nullopt;
}

bool names_utc(std::string_view name) {
    const std::string wanted = plain(name);
    const std::string_view rest = without_zone(wanted);
    return rest.size() < wanted.size() && (rest.empty() || role_of_plain(rest) == ColumnRole::time);
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
