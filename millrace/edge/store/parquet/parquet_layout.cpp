// Finding the columns by their names, and the time by its type where no name tells it.
#include "millrace/edge/store/parquet/parquet_layout.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace millrace::parquet {
namespace {

using model::ColumnRole;

constexpr std::size_t kShownColumns = 12;  // of a file that may have hundreds
constexpr int kDecimalDigitsMax = 18;      // that 64 bits hold

struct TimeType {
    std::string_view name;
    CellType type;
    bool is_utc;
};
constexpr TimeType kTimeTypes[] = {
    {"TIMESTAMP", CellType::microseconds, false},
    {"TIMESTAMP WITH TIME ZONE", CellType::microseconds, true},
    {"TIMESTAMP_NS", CellType::nanoseconds, false},
    {"TIMESTAMP_MS", CellType::milliseconds, false},
    {"TIMESTAMP_S", CellType::seconds, false},
    {"DATE", CellType::date, false},
};

const TimeType* time_type(std::string_view name) {
    const auto* found = std::find_if(std::begin(kTimeTypes), std::end(kTimeTypes),
                                     [name](const TimeType& type) { return type.name == name; });
    return found == std::end(kTimeTypes) ? nullptr : found;
}

bool is_timestamp(const FileColumn& column) {
    return column.type.starts_with("TIMESTAMP");
}

std::string identifier(std::string_view name) {
    std::string text = "\"";
    for (const char c : name)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

std::string cast(std::string_view name, std::string_view type) {
    return fmt::format("CAST({} AS {})", identifier(name), type);
}

bool is_small_integer(std::string_view type) {
    return type == "TINYINT" || type == "SMALLINT" || type == "INTEGER" || type == "UTINYINT" ||
           type == "USMALLINT" || type == "UINTEGER";
}

bool is_large_integer(std::string_view type) {
    return type == "UBIGINT" || type == "HUGEINT" || type == "UHUGEINT";
}

// The two numbers of "DECIMAL(18,4)".
struct DecimalType {
    int digits = 0;
    int scale = 0;
};
std::optional<DecimalType> decimal_type(std::string_view name) {
    constexpr std::string_view kBegin = "DECIMAL(";
    const std::size_t comma = name.find(',');
    if (!name.starts_with(kBegin) || !name.ends_with(')') || comma == std::string_view::npos)
        return std::nullopt;  // a list of them ends with []
    DecimalType type;
    std::from_chars(name.data() + kBegin.size(), name.data() + comma, type.digits);
    std::from_chars(name.data() + comma + 1, name.data() + name.size(), type.scale);
    return type;
}

void select_as(ReadColumn& column, CellType type, std::string expression) {
    column.type = type;
    column.selected = std::move(expression);
}

// What integers and texts are asked for as; false for any other type.
bool select_plain(ReadColumn& column, const FileColumn& from) {
    if (from.type == "BIGINT") {
        select_as(column, CellType::integer, identifier(from.name));
    } else if (is_small_integer(from.type)) {
        select_as(column, CellType::integer, cast(from.name, "BIGINT"));
    } else if (from.type == "VARCHAR") {
        select_as(column, CellType::text, identifier(from.name));
    } else if (is_large_integer(from.type)) {
        select_as(column, CellType::text, cast(from.name, "VARCHAR"));
    } else {
        return false;
    }
    return true;
}

bool select_number(ReadColumn& column, const FileColumn& from) {
    if (from.type == "DOUBLE") {
        select_as(column, CellType::float64, identifier(from.name));
    } else if (from.type == "FLOAT") {
        select_as(column, CellType::float32, identifier(from.name));
    } else if (const auto decimal = decimal_type(from.type)) {
        column.scale = decimal->scale;
        if (decimal->digits <= kDecimalDigitsMax)
            select_as(
                column, CellType::decimal,
                cast(from.name, fmt::format("DECIMAL({},{})", kDecimalDigitsMax, decimal->scale)));
        else
            select_as(column, CellType::text, cast(from.name, "VARCHAR"));
    } else {
        return select_plain(column, from);
    }
    return true;
}

bool select_time(ReadColumn& column, const FileColumn& from) {
    if (const TimeType* known = time_type(from.type)) {
        select_as(column, known->type, identifier(from.name));
        column.is_utc = known->is_utc;
        return true;
    }
    return select_plain(column, from);
}

// Date and time of day as one text.
void select_pair(ReadColumn& column, const FileColumn& date, const FileColumn& time_of_day) {
    select_as(column, CellType::text,
              fmt::format("{} || ' ' || {}", cast(date.name, "VARCHAR"),
                          cast(time_of_day.name, "VARCHAR")));
}

std::vector<std::size_t> places_of(const std::vector<ColumnRole>& roles, ColumnRole role) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i] == role) places.push_back(i);
    return places;
}

// Without a column named as a time: an index that was written without a name, or with one that is
// not known, tells itself by its type when it is the only one.
void find_unnamed_time(std::span<const FileColumn> columns, std::vector<ColumnRole>& roles) {
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i] == ColumnRole::ignored && time_type(columns[i].type) != nullptr)
            roles[i] = ColumnRole::time;
}

// Leaves one time, and perhaps its time of day. A timestamp is a whole time and goes before dates;
// a date or a text may be followed by the rest of it. Says what is not clear, or nothing.
std::string_view settle_times(std::span<const FileColumn> columns, std::vector<ColumnRole>& roles) {
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i] == ColumnRole::time && columns[i].type == "TIME")
            roles[i] = ColumnRole::time_of_day;
    if (places_of(roles, ColumnRole::time).empty()) find_unnamed_time(columns, roles);

    std::vector<std::size_t> times = places_of(roles, ColumnRole::time);
    std::vector<std::size_t> timestamps = times;
    std::erase_if(timestamps, [&](std::size_t i) { return !is_timestamp(columns[i]); });
    if (timestamps.size() == 1) {
        std::replace(roles.begin(), roles.end(), ColumnRole::time_of_day, ColumnRole::ignored);
        std::replace(roles.begin(), roles.end(), ColumnRole::time, ColumnRole::ignored);
        roles[timestamps.front()] = ColumnRole::time;
        return {};
    }
    const std::size_t halves = places_of(roles, ColumnRole::time_of_day).size();
    if (times.size() == 2 && halves == 0 && columns[times.back()].type == "VARCHAR") {
        roles[times.back()] = ColumnRole::time_of_day;
        return {};
    }
    if (times.empty()) return "no column is a time";
    if (times.size() > 1 || halves > 1) return "more than one column may be the time";
    return {};
}

std::string list_of(std::span<const FileColumn> columns) {
    std::string text;
    for (std::size_t i = 0; i < std::min(columns.size(), kShownColumns); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", columns[i].name, columns[i].type);
    return columns.size() <= kShownColumns
               ? text
               : fmt::format("{} and {} more", text, columns.size() - kShownColumns);
}

tl::unexpected<Error> unclear(const std::string& path, std::string_view fact,
                              std::span<const FileColumn> columns) {
    return failure(ErrorCode::data, "the columns of the file are not clear", path,
                   fmt::format("{}; seen: {}", fact, list_of(columns)),
                   "name them: --columns time,open,high,low,close,volume (or time,bid,ask or "
                   "time,price,size; - for a column that does not matter)");
}

tl::unexpected<Error> unreadable(const std::string& path, const FileColumn& column,
                                 ColumnRole role) {
    const bool is_time = role == ColumnRole::time;
    return failure(
        ErrorCode::data,
        fmt::format("the column \"{}\" holds no {}", column.name, is_time ? "times" : "numbers"),
        path, fmt::format("its type is {}", column.type),
        is_time ? "times are of type TIMESTAMP, DATE, BIGINT (since 1970) or VARCHAR"
                : "numbers are of type DOUBLE, FLOAT, DECIMAL, BIGINT or VARCHAR");
}

std::string described(const ParquetLayout& layout, std::span<const FileColumn> columns) {
    std::string roles;
    std::string names;
    for (const ReadColumn& column : layout.columns) {
        const std::string_view comma = roles.empty() ? "" : ",";
        roles += fmt::format("{}{}", comma, name_of(column.role));
        names += fmt::format("{}{}", comma, columns[column.place].name);
    }
    return fmt::format("{}: {} of {}", name_of(layout.kind), roles, names);
}

std::optional<std::size_t> place_of(const std::vector<ColumnRole>& roles, ColumnRole role) {
    const auto found = std::find(roles.begin(), roles.end(), role);
    if (found == roles.end()) return std::nullopt;
    return static_cast<std::size_t>(found - roles.begin());
}

ReadColumn& added(ParquetLayout& layout, std::size_t place, ColumnRole role) {
    ReadColumn& column = layout.columns.emplace_back();
    column.place = place;
    column.role = role;
    return column;
}

// Which roles the rows of each kind are made of.
std::span<const ColumnRole> roles_of(model::TableKind kind) {
    static constexpr ColumnRole kBars[] = {ColumnRole::open, ColumnRole::high, ColumnRole::low,
                                           ColumnRole::close, ColumnRole::volume};
    static constexpr ColumnRole kQuotes[] = {ColumnRole::bid, ColumnRole::ask, ColumnRole::bid_size,
                                             ColumnRole::ask_size};
    static constexpr ColumnRole kTrades[] = {ColumnRole::price, ColumnRole::size};
    switch (kind) {
        case model::TableKind::bars: return kBars;
        case model::TableKind::quotes: return kQuotes;
        case model::TableKind::trades: return kTrades;
    }
    return {};
}

}  // namespace

Result<ParquetLayout> find_layout(std::span<const FileColumn> columns,
                                  const std::optional<std::vector<ColumnRole>>& wishes,
                                  const std::string& path) {
    std::vector<ColumnRole> roles(columns.size(), ColumnRole::ignored);
    if (wishes) {
        if (wishes->size() > columns.size())
            return unclear(path, "the file has fewer columns than were named", columns);
        std::copy(wishes->begin(), wishes->end(), roles.begin());
    } else {
        for (std::size_t i = 0; i < columns.size(); ++i)
            roles[i] = model::role_named(columns[i].name).value_or(ColumnRole::ignored);
        if (const auto fact = settle_times(columns, roles); !fact.empty())
            return unclear(path, fact, columns);
    }
    const auto time = place_of(roles, ColumnRole::time);
    if (!time) return unclear(path, "no column is a time", columns);
    const auto kind = model::kind_of(roles);
    if (!kind) return unclear(path, "there are neither bars nor quotes nor trades", columns);

    ParquetLayout layout;
    layout.kind = *kind;
    ReadColumn& when = added(layout, *time, ColumnRole::time);
    if (const auto time_of_day = place_of(roles, ColumnRole::time_of_day))
        select_pair(when, columns[*time], columns[*time_of_day]);
    else if (!select_time(when, columns[*time]))
        return unreadable(path, columns[*time], ColumnRole::time);
    for (const ColumnRole role : roles_of(*kind)) {
        const auto place = place_of(roles, role);
        if (!place) continue;
        ReadColumn& column = added(layout, *place, role);
        if (!select_number(column, columns[*place])) return unreadable(path, columns[*place], role);
    }
    layout.description = described(layout, columns);
    return layout;
}

}  // namespace millrace::parquet
