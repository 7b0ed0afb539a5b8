// Which symbol's rows are meant, and how long its bars are.
#include <algorithm>
#include <set>

#include "millrace/core/model/table_row.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_look.hpp"

namespace millrace::files {
namespace {

constexpr std::size_t kSymbolsShown = 12;
constexpr std::size_t kSymbolsKept = 1'000;
constexpr std::uint64_t kLinesForChoices = 1'000'000;
constexpr std::size_t kRowsForLength = 200;

// "EUR/USD" and "eurusd" are the same.
std::string plain(std::string_view symbol) {
    std::string text;
    for (const char c : symbol) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        if ((upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') || upper < 0)
            text += upper;
    }
    return text;
}

std::string list_of(const std::set<std::string, std::less<>>& symbols) {
    std::string text;
    std::size_t shown = 0;
    for (const std::string& symbol : symbols) {
        if (++shown > kSymbolsShown) break;
        text += (text.empty() ? "" : ", ") + symbol;
    }
    if (symbols.size() > kSymbolsShown)
        text += " and " + std::to_string(symbols.size() - kSymbolsShown) + " more";
    return text;
}

class SymbolLook {
  public:
    SymbolLook(TableLook& look, LineReader& lines)
        : look_(look), lines_(lines), place_(look.place_of(ColumnRole::symbol)) {}

    Result<void> choose() {
        if (place_ < 0) return {};
        for (const TableLook::Fields& row : look_.rows)
            seen_.emplace(symbol_in(row));
        TableDialect& dialect = look_.dialect();
        if (!look_.options->symbol.empty()) {
            dialect.symbol = spelled_as_in_file(look_.options->symbol);
            look_.tell("symbol", dialect.symbol, "as said; rows of others are passed over");
            return {};
        }
        if (seen_.size() == 1) {
            dialect.symbol = *seen_.begin();
            look_.tell("symbol", dialect.symbol, "the first rows have no other");
            return {};
        }
        if (auto read = read_on(); !read) return read;
        return failure(ErrorCode::data, "the file has several symbols", look_.path,
                       "there are " + list_of(seen_), "say which: --symbol " + *seen_.begin());
    }

    Result<void> find_bar_length() {
        TableDialect& dialect = look_.dialect();
        if (dialect.kind != TableKind::bars) {
            dialect.bar_length = Duration();
            return {};
        }
        if (look_.options->bar_length) {
            dialect.bar_length = *look_.options->bar_length;
            look_.tell("bar-length", format_duration(dialect.bar_length), "as said");
            return {};
        }
        if (dialect.bar_length.ns() > 0) {
            look_.tell("bar-length", format_duration(dialect.bar_length),
                       "the file's name tells it");
            return {};
        }
        auto times = times_of_sample();
        if (!times) return failure(std::move(times.error()));
        if (times->size() > 2 && std::is_sorted(times->rbegin(), times->rend()) &&
            times->front() != times->back())
            return failure(ErrorCode::data, "the rows go from new to old", look_.path,
                           "each of the first is older than the one before it",
                           "turn the file around, as with tac below its header");
        const auto length = model::find_bar_length(*times, look_.path);
        if (!length) return failure(Error(length.error()));
        dialect.bar_length = *length;
        look_.tell("bar-length", format_duration(*length), "rows are never nearer to each other");
        return {};
    }

  private:
    [[nodiscard]] std::string_view symbol_in(const TableLook::Fields& row) const {
        return TableLook::field(row, static_cast<std::size_t>(place_));
    }
    [[nodiscard]] bool is_meant(const TableLook::Fields& row) const {
        return place_ < 0 || symbol_in(row) == look_.dialect().symbol;
    }

    [[nodiscard]] std::string spelled_as_in_file(const std::string& wanted) const {
        if (seen_.contains(wanted)) return wanted;
        for (const std::string& symbol : seen_)
            if (plain(symbol) == plain(wanted)) return symbol;
        return wanted;
    }

    Result<void> read_on() {
        TableLook::Fields fields;
        std::string_view line;
        for (std::uint64_t i = 0; i < kLinesForChoices && seen_.size() < kSymbolsKept; ++i) {
            const auto more = lines_.next(line);
            if (!more) return failure(Error(more.error()));
            if (!*more) break;
            split_row(line, look_.dialect().delimiter, fields);
            if (!symbol_in(fields).empty()) seen_.emplace(symbol_in(fields));
        }
        return {};
    }

    // Of the symbol's first rows, by the clock on the wall: a day is as long as any there. Up to
    // the first that has none: the row itself will say so, with its line.
    Result<std::vector<Time>> times_of_sample() {
        const TableDialect& dialect = look_.dialect();
        model::TimeColumn column(Zone::utc(), dialect.time_format, dialect.date);
        std::vector<Time> times;
        const auto take = [&](const TableLook::Fields& row) {
            if (!is_meant(row)) return true;
            const auto text = [&](ColumnRole role) {
                const int place = look_.place_of(role);
                return place < 0 ? std::string_view()
                                 : TableLook::field(row, static_cast<std::size_t>(place));
            };
            const auto time = column.read(text(ColumnRole::time), text(ColumnRole::time_of_day));
            if (time) times.push_back(*time);
            return time.has_value();
        };
        bool goes_on = true;
        for (std::size_t i = 0; i < look_.rows.size() && goes_on; ++i)
            goes_on = take(look_.rows[i]);
        TableLook::Fields fields;
        std::string_view line;
        while (goes_on && place_ >= 0 && times.size() < kRowsForLength) {
            const auto more = lines_.next(line);
            if (!more) return failure(Error(more.error()));
            if (!*more) break;
            split_row(line, dialect.delimiter, fields);
            goes_on = take(fields);
        }
        if (place_ >= 0 && times.empty() && goes_on)
            return failure(ErrorCode::data, "the file has no rows of \"" + dialect.symbol + "\"",
                           look_.path, "there are " + list_of(seen_),
                           "say --symbol with one of those");
        return times;
    }

    TableLook& look_;
    LineReader& lines_;
    int place_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace

Result<void> look_at_symbols(TableLook& look, LineReader& lines) {
    SymbolLook symbols(look, lines);
    if (auto chosen = symbols.choose(); !chosen) return chosen;
    return symbols.find_bar_length();
}

}  // namespace millrace::files
