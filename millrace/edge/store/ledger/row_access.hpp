// How a member of a row becomes a column and back: decimals and times as their raw integers,
// choices by their names, what is absent as NULL. Only for the .cpp files of this room.
#pragma once

#include <string>
#include <string_view>

#include "millrace/edge/store/ledger/database.hpp"
#include "millrace/edge/store/ledger/tables.hpp"

namespace millrace::ledger {

inline void bind_member(Statement& statement, const std::string& text) {
    statement.bind(std::string_view(text));
}
inline void bind_member(Statement& statement, std::int64_t number) {
    statement.bind(number);
}
inline void bind_member(Statement& statement, bool flag) {
    statement.bind(std::int64_t{flag ? 1 : 0});
}
inline void bind_member(Statement& statement, Time time) {
    statement.bind(time.ns());
}
template <class Tag, int Scale>
void bind_member(Statement& statement, FixedPoint<Tag, Scale> amount) {
    statement.bind(amount.raw());
}
template <class T>
    requires std::is_enum_v<T>
void bind_member(Statement& statement, T choice) {
    statement.bind(model::kChoices<T>[static_cast<std::size_t>(choice)]);
}
template <class T>
void bind_member(Statement& statement, const Maybe<T>& maybe) {
    if (maybe.has_value())
        bind_member(statement, maybe.value());
    else
        statement.bind_null();
}
template <class T>
void bind_member(Statement& statement, const std::optional<T>& maybe) {
    if (maybe)
        bind_member(statement, *maybe);
    else
        statement.bind_null();
}

// False when the column holds what no such member can be.
inline bool read_member(const Statement& statement, int at, std::string& text) {
    text = statement.text(at);
    return true;
}
inline bool read_member(const Statement& statement, int at, std::int64_t& number) {
    number = statement.integer(at);
    return true;
}
inline bool read_member(const Statement& statement, int at, bool& flag) {
    flag = statement.integer(at) != 0;
    return true;
}
inline bool read_member(const Statement& statement, int at, Time& time) {
    time = Time::from_ns(statement.integer(at));
    return true;
}
template <class Tag, int Scale>
bool read_member(const Statement& statement, int at, FixedPoint<Tag, Scale>& amount) {
    const std::int64_t raw = statement.integer(at);
    if (raw == INT64_MIN) return false;  // which no decimal is
    amount = FixedPoint<Tag, Scale>::from_raw(raw);
    return true;
}
template <class T>
    requires std::is_enum_v<T>
bool read_member(const Statement& statement, int at, T& choice) {
    const std::string_view name = statement.text(at);
    const auto names = model::kChoices<T>;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] != name) continue;
        choice = static_cast<T>(i);
        return true;
    }
    return false;
}
template <class T>
bool read_member(const Statement& statement, int at, Maybe<T>& maybe) {
    maybe = {};
    if (statement.is_null(at)) return true;
    T value{};
    if (statement.integer(at) == INT64_MIN || !read_member(statement, at, value)) return false;
    maybe = value;
    return true;
}
template <class T>
bool read_member(const Statement& statement, int at, std::optional<T>& maybe) {
    maybe.reset();
    if (statement.is_null(at)) return true;
    return read_member(statement, at, maybe.emplace());
}

// A new row's id is left to the table.
template <class Row>
void bind_row(Statement& statement, const Row& row) {
    std::apply(
        [&](const auto& id, const auto&... columns) {
            if (row.*id.member == 0)
                statement.bind_null();
            else
                statement.bind(row.*id.member);
            (bind_member(statement, row.*columns.member), ...);
        },
        TableOf<Row>::kColumns);
}

// A column holds what was never written there.
[[nodiscard]] LedgerError unreadable_row(const Database& database, std::string_view table,
                                         std::int64_t id, std::string_view column);

template <class Row>
[[nodiscard]] Kept<Row> read_row(const Database& database, const Statement& statement) {
    Row row;
    int at = 0;
    std::string_view wrong;
    std::apply(
        [&](const auto&... columns) {
            ((read_member(statement, at++, row.*columns.member) ? void()
                                                                : void(wrong = columns.name)),
             ...);
        },
        TableOf<Row>::kColumns);
    if (wrong.empty()) return row;
    return lost(unreadable_row(database, TableOf<Row>::kName, row.id, wrong));
}

// "id, symbol, …", or as many question marks.
template <class Row>
[[nodiscard]] std::string column_list(bool as_marks = false) {
    std::string list;
    std::apply(
        [&](const auto&... columns) {
            ((list += list.empty() ? "" : ", ", list += as_marks ? "?" : columns.name), ...);
        },
        TableOf<Row>::kColumns);
    return list;
}

}  // namespace millrace::ledger
