// Columns by the names of the header; without one, by what stands in them.
#include <algorithm>

#include "millrace/base/decimal.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

using Roles = std::vector<ColumnRole>;

// The number in a field of the sample, in billionths.
std::optional<std::int64_t> number_in(const TableLook& look, const TableLook::Fields& row,
                                      std::size_t column) {
    std::string text(TableLook::field(row, column));
    std::replace(text.begin(), text.end(), look.dialect().decimal_mark, '.');
    const auto number = parse_decimal(text, 9, Rounding::half_even);
    return number ? std::optional(*number) : std::nullopt;
}

// Whether nine of ten rows of the sample pass.
template <class Test>
bool nearly_all(const TableLook& look, Test test) {
    std::size_t good = 0;
    for (const TableLook::Fields& row : look.rows)
        if (test(row)) ++good;
    return good > 0 && good * 10 >= look.rows.size() * 9;
}

bool are_bars(const TableLook& look, std::size_t first) {
    return nearly_all(look, [&](const TableLook::Fields& row) {
        const auto open = number_in(look, row, first);
        const auto high = number_in(look, row, first + 1);
        const auto low = number_in(look, row, first + 2);
        const auto close = number_in(look, row, first + 3);
        return open && high && low && close && *high >= std::max(*open, *close) &&
               *low <= std::min(*open, *close);
    });
}

// Two prices of one thing: neither is a tenth off the other.
bool are_near(const TableLook& look, std::size_t a, std::size_t b) {
    return nearly_all(look, [&](const TableLook::Fields& row) {
        const auto left = number_in(look, row, a);
        const auto right = number_in(look, row, b);
        return left && right && *left > 0 && *right > 0 && *left / 10 <= *right / 9 &&
               *right / 10 <= *left / 9;
    });
}

bool is_time_text(std::string_view text) {
    return is_date(text) || is_date_and_clock(text) || is_epoch(text);
}

// A word with a letter at least, and no time.
bool is_symbol(std::string_view text) {
    return !is_time_text(text) && !is_clock(text) && text.size() <= 32 &&
           std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

// "094855" behind "20261121".
bool is_compact_clock(std::string_view date, std::string_view text) {
    return date.size() == 8 && is_date(date) && is_digits(text) &&
           (text.size() == 6 || text.size() == 9);
}

// The count of numbers behind the time tells the kind, where what they are agrees.
Result<void> guess_numbers(TableLook& look, Roles& roles) {
    const std::size_t first = roles.size();
    const std::size_t numbers = look.model().size() - std::min(first, look.model().size());
    if (numbers >= 9 && are_bars(look, first) && are_bars(look, first + 5) &&
        are_near(look, first + 3, first + 8))
        return look.unclear(
            "the rows have bars of both bid and ask; choose those of the bid with "
            "--columns time,open,high,low,close, or those of the ask with "
            "--columns time,-,-,-,-,-,open,high,low,close");
    if (numbers >= 4 && are_bars(look, first)) {
        roles.insert(roles.end(),
                     {ColumnRole::open, ColumnRole::high, ColumnRole::low, ColumnRole::close});
        if (numbers >= 5) roles.push_back(ColumnRole::volume);
        look.tell("columns", "bars",
                  "the second number is the highest of four, the third the lowest");
        return {};
    }
    if (numbers >= 2 && numbers <= 4 && are_near(look, first, first + 1)) {
        roles.insert(roles.end(), {ColumnRole::bid, ColumnRole::ask});
        if (numbers == 4) roles.insert(roles.end(), {ColumnRole::bid_size, ColumnRole::ask_size});
        look.tell("columns", "quotes", "the first two numbers are near each other, as bid and ask");
        return {};
    }
    if (numbers == 2 && nearly_all(look, [&](const TableLook::Fields& row) {
            return number_in(look, row, first) && number_in(look, row, first + 1);
        })) {
        roles.insert(roles.end(), {ColumnRole::price, ColumnRole::size});
        look.tell("columns", "trades",
                  "there are two numbers that are not near each other, as price and size");
        return {};
    }
    return look.unclear(
        "there is no header, and the numbers of the rows are neither bars nor "
        "quotes nor trades; seen: " +
        look.lines.front().substr(0, 120));
}

Result<Roles> guess_columns(TableLook& look) {
    const TableLook::Fields& row = look.model();
    Roles roles;
    if (row.size() > 1 && is_symbol(row[0]) && is_time_text(row[1]))
        roles.push_back(ColumnRole::symbol);
    const std::string_view time = TableLook::field(row, roles.size());
    if (!is_time_text(time) && !(is_digits(time) && look.options->time_format))
        return look.unclear("no column is a time; seen: " + look.lines.front().substr(0, 120));
    roles.push_back(ColumnRole::time);
    const std::string_view next = TableLook::field(row, roles.size());
    if (is_date(time) && (is_clock(next) || is_compact_clock(time, next)))
        roles.push_back(ColumnRole::time_of_day);
    if (auto guessed = guess_numbers(look, roles); !guessed)
        return failure(std::move(guessed.error()));
    roles.resize(std::max(roles.size(), row.size()), ColumnRole::ignored);
    return roles;
}

// Leaves one time, with its time of day where it is in two. A whole time goes before its halves.
void settle_times(TableLook& look, Roles& roles) {
    std::vector<std::size_t> times;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i] == ColumnRole::time || roles[i] == ColumnRole::time_of_day) times.push_back(i);
    if (times.size() < 2) return;
    const auto text = [&](std::size_t column) { return TableLook::field(look.model(), column); };
    const auto first_that = [&](auto test) {
        const auto found = std::find_if(times.begin(), times.end(), test);
        return found == times.end() ? roles.size() : *found;
    };
    const std::size_t whole = first_that([&](std::size_t column) {
        return is_epoch(text(column)) || is_date_and_clock(text(column));
    });
    const std::size_t date = first_that([&](std::size_t column) { return is_date(text(column)); });
    const std::size_t clock = first_that([&](std::size_t column) {
        return is_clock(text(column)) || (date < roles.size() && column != date &&
                                          is_compact_clock(text(date), text(column)));
    });
    for (const std::size_t column : times)
        roles[column] = ColumnRole::ignored;
    if (whole < roles.size()) {
        roles[whole] = ColumnRole::time;
        look.tell("time", std::string(look.names[whole]),
                  "it is a whole time; other columns of times are left out");
        return;
    }
    if (date < roles.size()) roles[date] = ColumnRole::time;
    if (clock < roles.size()) roles[clock] = ColumnRole::time_of_day;
}

// A header that forgot to name the second half of the time.
void insert_time_of_day(const TableLook& look, Roles& roles) {
    if (roles.size() + 1 == look.model().size() && !roles.empty() && roles[0] == ColumnRole::time &&
        is_date(look.model()[0]) && is_clock(look.model()[1]))
        roles.insert(roles.begin() + 1, ColumnRole::time_of_day);
}

// "Volume BTC", "Volume USD": the first of them, where none is called volume alone.
void find_volume(TableLook& look, Roles& roles) {
    if (model::has_role(roles, ColumnRole::volume)) return;
    for (std::size_t i = 0; i < std::min(roles.size(), look.names.size()); ++i)
        if (roles[i] == ColumnRole::ignored &&
            (look.names[i].starts_with("Volume ") || look.names[i].starts_with("volume "))) {
            roles[i] = ColumnRole::volume;
            look.tell("volume", std::string(look.names[i]), "it is the first of the volumes");
            return;
        }
}

Roles named_columns(TableLook& look) {
    Roles roles;
    for (const std::string_view name : look.names)
        roles.push_back(model::role_named(name).value_or(ColumnRole::ignored));
    // The first line of yfinance's header names the kind of its lines there.
    if (look.names.front() == "Price" && look.lines.size() > 1 &&
        look.lines[1].starts_with("Ticker")) {
        roles.front() = ColumnRole::time;
        TableLook::Fields tickers;
        split_row(look.lines[1], look.dialect().delimiter, tickers);
        look.dialect().symbol = TableLook::field(tickers, 1);
        look.tell("symbol", look.dialect().symbol, "the header has it");
    }
    // An index that was written without its name.
    if (!model::has_role(roles, ColumnRole::time) && look.names.front().empty() &&
        is_time_text(look.model().front()))
        roles.front() = ColumnRole::time;
    insert_time_of_day(look, roles);
    settle_times(look, roles);
    find_volume(look, roles);
    return roles;
}

}  // namespace

int TableLook::place_of(ColumnRole role) const {
    const auto& columns = dialect().columns;
    const auto place = std::find(columns.begin(), columns.end(), role);
    return place == columns.end() ? -1 : static_cast<int>(place - columns.begin());
}

tl::unexpected<Error> TableLook::unclear(std::string why) const {
    return failure(ErrorCode::data, "the columns of the file are not clear", path, std::move(why),
                   "name them: --columns time,open,high,low,close,volume (or time,bid,ask or "
                   "time,price,size; - for a column that does not matter)");
}

Result<void> look_at_columns(TableLook& look) {
    TableDialect& dialect = look.dialect();
    if (look.options->columns) {
        dialect.columns = *look.options->columns;
        look.tell("columns", "", "as said");
    } else if (dialect.columns.empty()) {  // or the vendor settled them
        if (dialect.has_header) {
            dialect.columns = named_columns(look);
        } else {
            auto guessed = guess_columns(look);
            if (!guessed) return failure(std::move(guessed.error()));
            dialect.columns = std::move(*guessed);
        }
    }
    if (look.place_of(ColumnRole::time) < 0) return look.unclear("no column is a time");
    const auto kind = model::kind_of(dialect.columns);
    if (!kind) return look.unclear("seen: " + look.lines.front().substr(0, 120));
    dialect.kind = *kind;
    return {};
}

}  // namespace millrace::files
