// What the columns of a table of market data mean, in whatever kind of file it stands, and the one
// list of the names by which they go.
#pragma once

#include <optional>
#include <vector>

#include "millrace/core/model/describe.hpp"

namespace millrace::model {

enum class TableKind : std::uint8_t { bars, quotes, trades };
inline constexpr std::array<std::string_view, 3> kTableKindNames = {"bars", "quotes", "trades"};
template <>
inline constexpr std::span<const std::string_view> kChoices<TableKind> = kTableKindNames;

enum class ColumnRole : std::uint8_t {
    ignored,
    time,         // date, or date and time
    time_of_day,  // the second column of a time in two
    open,
    high,
    low,
    close,
    volume,
    bid,
    ask,
    bid_size,
    ask_size,
    price,
    size,
    adjusted_close,
    symbol,
};
inline constexpr std::array<std::string_view, 16> kColumnRoleNames = {
    "-",   "time", "time_of_day", "open",     "high",  "low",  "close",          "volume",
    "bid", "ask",  "bid_size",    "ask_size", "price", "size", "adjusted_close", "symbol"};
template <>
inline constexpr std::span<const std::string_view> kChoices<ColumnRole> = kColumnRoleNames;
inline constexpr std::size_t kColumnRoles = kColumnRoleNames.size();

// What the time of a bar's row means.
enum class BarLabel : std::uint8_t { open, close };

// Of a column with this name: in any case, with or without blanks, '_', '-', '.', '/', brackets and
// a UTC or GMT about a time.
[[nodiscard]] std::optional<ColumnRole> role_named(std::string_view name);

// Whether the name of a time says that it is in UTC: "Time (UTC)", "Gmt time".
[[nodiscard]] bool names_utc(std::string_view name);

// The known name that is most like this one, or an empty text.
[[nodiscard]] std::string_view known_name_like(std::string_view name);

[[nodiscard]] bool has_role(std::span<const ColumnRole> columns, ColumnRole role);

// What such columns hold besides their times; nothing when they are none of the three. The volume
// of a trade becomes its size.
[[nodiscard]] std::optional<TableKind> kind_of(std::vector<ColumnRole>& columns);

}  // namespace millrace::model
