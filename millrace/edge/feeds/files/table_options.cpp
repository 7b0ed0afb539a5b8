// The keys by which a user says what a table is like.
#include <algorithm>
#include <charconv>

#include "millrace/base/nearest.hpp"
#include "millrace/edge/feeds/files/row_text.hpp"
#include "millrace/edge/feeds/files/table_dialect.hpp"

namespace millrace::files {
namespace {

using Done = Result<void>;

tl::unexpected<Error> not_allowed(std::string_view text, std::string_view allowed) {
    return failure(ErrorCode::usage, "\"" + std::string(text.substr(0, 60)) + "\" is not allowed",
                   {}, "allowed: " + std::string(allowed), "write one of those");
}

template <class Enum>
Done read_choice(Enum& value, std::string_view text) {
    std::string list;
    for (std::size_t i = 0; i < model::kChoices<Enum>.size(); ++i) {
        const std::string_view name = model::kChoices<Enum>[i];
        if (std::equal(name.begin(), name.end(), text.begin(), text.end(),
                       [](char a, char b) { return a == b || (a == '-' && b == '_'); })) {
            value = static_cast<Enum>(i);
            return {};
        }
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    return not_allowed(text, list);
}

template <class Enum>
Done read_choice(std::optional<Enum>& value, std::string_view text) {
    Enum read{};
    Done done = read_choice(read, text);
    if (done) value = read;
    return done;
}

template <class T>
Done take(std::optional<T>& value, Result<T> read) {
    if (!read) return failure(std::move(read.error()));
    value = std::move(*read);
    return {};
}

Done read_delimiter(TableOptions& options, std::string_view text) {
    static constexpr std::pair<std::string_view, char> kWords[] = {
        {"tab", '\t'}, {"\\t", '\t'}, {"space", ' '}, {"comma", ','}, {"semicolon", ';'}};
    for (const auto& [word, character] : kWords)
        if (text == word) {
            options.delimiter = character;
            return {};
        }
    if (text.size() != 1) return not_allowed(text, "one character, tab or space");
    options.delimiter = text.front();
    return {};
}

Done read_header(TableOptions& options, std::string_view text) {
    if (text != "yes" && text != "no") return not_allowed(text, "yes, no");
    options.has_header = text == "yes";
    return {};
}

Done read_decimal_mark(TableOptions& options, std::string_view text) {
    if (text != "point" && text != "." && text != "comma" && text != ",")
        return not_allowed(text, "point, comma");
    options.decimal_mark = text == "comma" || text == "," ? ',' : '.';
    return {};
}

Done read_prices(TableOptions& options, std::string_view text) {
    if (text != "raw" && text != "adjusted") return not_allowed(text, "raw, adjusted");
    options.prices = text == "raw" ? Prices::raw : Prices::adjusted;
    return {};
}

Done read_label(TableOptions& options, std::string_view text) {
    if (text != "open" && text != "close") return not_allowed(text, "open, close");
    options.label = text == "open" ? BarLabel::open : BarLabel::close;
    return {};
}

Done read_bar_length(TableOptions& options, std::string_view text) {
    const auto length = parse_duration(text);
    if (!length) return failure(Error(length.error()));
    if (*length <= Duration()) return not_allowed(text, "a time longer than nothing, such as 1m");
    options.bar_length = *length;
    return {};
}

template <class T>
Done read_whole(T& value, std::string_view text, T least, T most) {
    T read{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (error != std::errc() || end != text.data() + text.size() || read < least || read > most)
        return not_allowed(text, std::to_string(least) + " to " + std::to_string(most));
    value = read;
    return {};
}

Done read_price_decimals(TableOptions& options, std::string_view text) {
    int decimals = 0;
    Done done = read_whole(decimals, text, 0, Price::kScale);
    if (done) options.price_decimals = decimals;
    return done;
}

struct Setter {
    TableKey key;
    Done (*set)(TableOptions& options, std::string_view text);
};

constexpr Setter kSetters[] = {
    {{"columns", "names", "What the columns are, in their order; - leaves one out."},
     [](TableOptions& o, std::string_view t) { return take(o.columns, parse_columns(t)); }},
    {{"delimiter", "character | tab | space", "What separates the columns."}, read_delimiter},
    {{"header", "yes | no", "Whether a line of names stands above the rows."}, read_header},
    {{"time-format",
      "year-first | day-first | month-first | epoch-s | epoch-ms | epoch-us | epoch-ns | day-ms",
      "How times are written; day-ms are milliseconds since midnight."},
     [](TableOptions& o, std::string_view t) { return read_choice(o.time_format, t); }},
    {{"date", "YYYY-MM-DD", "The day of times that are milliseconds since midnight."},
     [](TableOptions& o, std::string_view t) { return take(o.date, parse_date(t)); }},
    {{"zone", "IANA name", "Time zone of times that do not name one."},
     [](TableOptions& o, std::string_view t) { return take(o.zone, Zone::find(t)); }},
    {{"label", "open | close", "Which end of a bar its time is; open unless given."}, read_label},
    {{"bar-length", "duration", "How long the bars are; found from their times unless given."},
     read_bar_length},
    {{"decimal", "point | comma", "The decimal mark."}, read_decimal_mark},
    {{"price-decimals", "0 to 9", "Decimals of prices that are written as whole numbers."},
     read_price_decimals},
    {{"prices", "raw | adjusted",
      "Whether bars are scaled to their adjusted close; raw unless given."},
     read_prices},
    {{"symbol", "name", "Whose rows are read, of a table with several symbols."},
     [](TableOptions& o, std::string_view t) {
         o.symbol = t;
         return Done();
     }},
    {{"member", "name", "The file in a zip that holds several."},
     [](TableOptions& o, std::string_view t) {
         o.member = t;
         return Done();
     }},
    {{"bad-rows", "fail | skip | repair", "What becomes of a row that cannot be believed."},
     [](TableOptions& o, std::string_view t) { return read_choice(o.policy.bad_rows, t); }},
    {{"duplicates", "first | last", "Which of several bars with one time repair keeps."},
     [](TableOptions& o, std::string_view t) { return read_choice(o.policy.duplicates, t); }},
    {{"sort-window", "0 to 1000000", "How many rows wait for an earlier one when repaired."},
     [](TableOptions& o, std::string_view t) {
         return read_whole(o.policy.sort_window, t, std::uint32_t{0},
                           model::RowPolicy::kSortWindowMax);
     }},
};

constexpr auto kKeys = [] {
    std::array<TableKey, std::size(kSetters)> keys{};
    for (std::size_t i = 0; i < keys.size(); ++i)
        keys[i] = kSetters[i].key;
    return keys;
}();

}  // namespace

std::span<const TableKey> table_keys() {
    return kKeys;
}

Result<void> set_table_option(TableOptions& options, std::string_view key, std::string_view value) {
    std::string wanted(key);
    std::replace(wanted.begin(), wanted.end(), '_', '-');
    std::vector<std::string_view> names;
    for (const Setter& setter : kSetters) {
        if (setter.key.key == wanted) {
            Done done = setter.set(options, value);
            if (done) return done;
            Error error = std::move(done.error());
            error.code = ErrorCode::usage;
            if (error.where.empty()) error.where = wanted;
            return failure(std::move(error));
        }
        names.push_back(setter.key.key);
    }
    const std::string_view near = nearest(wanted, names);
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return failure(ErrorCode::usage, "there is no key \"" + wanted.substr(0, 60) + "\" of a table",
                   {}, "there are: " + list,
                   near.empty() ? "use one of those" : "did you mean " + std::string(near) + "?");
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
                "columns are time, time_of_day, open, high, low, close, volume, adjusted_close, "
                "bid, ask, bid_size, ask_size, price, size, symbol and -",
                near.empty() ? "use one of those" : "did you mean " + std::string(near) + "?");
        }
        columns.push_back(*role);
    }
    return columns;
}

}  // namespace millrace::files
