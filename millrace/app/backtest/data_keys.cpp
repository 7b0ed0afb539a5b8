// The keys of market data: which files, how they are read, and in which view.
#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

// The last one is what some call the second.
constexpr std::array<std::string_view, 5> kPriceViews = {"raw", "adjusted", "total-return",
                                                         "forward", "backward"};

// The data that this is about: the member's, made when it is new, or all of them for "*".
template <class Set>
Done each_data(Settings& settings, const Member& member, Set set) {
    const auto is_meant = [&](const DataTerms& one) {
        return member == "*" || one.symbol == member;
    };
    if (member != "*" && std::none_of(settings.data.begin(), settings.data.end(), is_meant)) {
        settings.data.push_back({});
        settings.data.back().symbol = member;
    }
    for (DataTerms& terms : settings.data)
        if (is_meant(terms))
            if (Done done = set(terms); !done) return done;
    return {};
}

// What the table of a symbol's rows is like.
Done set_table(Settings& settings, const Member& member, std::string_view key,
               std::string_view value) {
    return each_data(settings, member, [&](DataTerms& terms) {
        Done done = files::set_table_option(terms.table, key, value);
        if (!done) done.error().where.clear();  // its place in the run file is told instead
        return done;
    });
}

constexpr RunKey kKeys[] = {
    {"data", "file", "path or list of paths",
     "The rows of the symbol that the table is named after; paths from the run file's folder.",
     [](Settings& s, const Member& m, Values v) {
         return each_data(s, m, [&](DataTerms& d) {
             d.files.assign(v.begin(), v.end());
             return Done();
         });
     }},
    {"data", "columns", "names",
     "What the columns are, in their order: time,open,high,low,close,volume; - ignores one.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "columns", v[0]); }},
    {"data", "delimiter", "character | tab | space",
     "What separates the columns; found unless given.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "delimiter", v[0]); }},
    {"data", "header", "yes | no",
     "Whether a line of names stands above the rows; found unless given.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "header", v[0]); }},
    {"data", "time-format",
     "year-first | day-first | month-first | epoch-s | epoch-ms | "
     "epoch-us | epoch-ns | day-ms",
     "How times are written; found unless given, day-ms are milliseconds since midnight.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "time-format", v[0]); }},
    {"data", "date", "YYYY-MM-DD", "The day of times that are milliseconds since midnight.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "date", v[0]); }},
    {"data", "zone", "IANA name",
     "Time zone of times that do not name one; the vendor's where it is known, else UTC.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "zone", v[0]); }},
    {"data", "label", "open | close", "Which end of a bar its time is.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "label", v[0]); }},
    {"data", "bar-length", "duration",
     "How long the bars are; found from their distances unless given.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "bar-length", v[0]); }},
    {"data", "decimal", "point | comma", "The decimal mark; found unless given.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "decimal", v[0]); }},
    {"data", "price-decimals", "0 to 9", "Decimals of prices that are written as whole numbers.",
     [](Settings& s, const Member& m, Values v) {
         return set_table(s, m, "price-decimals", v[0]);
     }},
    {"data", "actions", "path or list of paths",
     "Splits and dividends of the symbol; paths from the run file's folder.",
     [](Settings& s, const Member& m, Values v) {
         return each_data(s, m, [&](DataTerms& d) {
             d.actions.assign(v.begin(), v.end());
             return Done();
         });
     }},
    {"data", "prices", "raw | adjusted | total-return | forward | backward",
     "Whether prices are as they were, or adjusted: by the actions, else to an adjusted close.",
     [](Settings& s, const Member& m, Values v) {
         return each_data(s, m, [&](DataTerms& d) { return read_price_view(d.prices, v[0]); });
     }},
    {"data", "member", "name", "The file in a zip that holds several.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "member", v[0]); }},
    {"data", "bad-rows", "fail | skip | repair",
     "What becomes of a row that cannot be believed; counted in the notes of the run.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "bad-rows", v[0]); }},
    {"data", "duplicates", "first | last", "Which of several bars with one time repair keeps.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "duplicates", v[0]); }},
    {"data", "sort-window", "0 to 1000000",
     "How many rows wait for an earlier one when they are repaired.",
     [](Settings& s, const Member& m, Values v) { return set_table(s, m, "sort-window", v[0]); }},
};

}  // namespace

Result<void> read_price_view(PriceView& view, std::string_view text) {
    std::size_t place = 0;
    if (Done done = read_choice<std::size_t>(place, text, kPriceViews); !done) return done;
    view = kPriceViews[place] == "backward" ? PriceView::adjusted : static_cast<PriceView>(place);
    return {};
}

std::span<const RunKey> data_keys() {
    return kKeys;
}

}  // namespace millrace::backtest
