// The list of keys, in the order of the reference page.
#include "millrace/app/backtest/run_keys.hpp"

#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

constexpr std::array<std::string_view, 5> kTimings = {"next-open", "same-close", "next-close",
                                                      "immediate", "latency"};
constexpr std::array<std::string_view, 5> kPaths = {"nearer-extreme", "against-close", "high-first",
                                                    "low-first", "pessimistic"};
constexpr std::array<std::string_view, 2> kBarLimits = {"touch", "through"};
constexpr std::array<std::string_view, 3> kTradeAtLimits = {"queue", "never", "always"};
constexpr std::array<std::string_view, 3> kTriggers = {"trades-else-quotes", "trades", "quotes"};
constexpr std::array<std::string_view, 2> kReleases = {"in-proportion", "first-fill"};
constexpr std::array<std::string_view, 2> kClosed = {"wait", "refuse"};
constexpr std::array<std::string_view, 4> kSizings = {"fixed", "equity-share", "cash-share",
                                                      "risk-share"};
constexpr std::array<std::string_view, 3> kPriceViews = {"raw", "adjusted", "total-return"};
constexpr std::array<std::string_view, 3> kEntries = {"market", "limit", "stop"};
constexpr std::string_view kTables[] = {"run",           "venue",      "data", "instrument",
                                        "account",       "strategy",   "risk", "account-risk",
                                        "strategy-risk", "symbol-risk"};

Done read_warm_up(WarmUp& warm_up, std::string_view text) {
    const bool is_count = !text.empty() && std::all_of(text.begin(), text.end(),
                                                       [](char c) { return c >= '0' && c <= '9'; });
    warm_up.kind = is_count ? WarmUpKind::bars : WarmUpKind::span;
    return is_count ? read_whole(warm_up.bars, text, 0, 1'000'000)
                    : read_duration(warm_up.span, text);
}

Done read_slippage(venue::SlippageModel& model, venue::SlippageKind kind, const Done& read) {
    model.kind = kind;
    return read;
}

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

InstrumentTerms& instrument(Settings& settings, const Member& member) {
    return member == "*" ? settings.every_instrument : settings.instruments[member];
}

execution::PlanSettings& plan(Settings& settings, const Member& member) {
    return settings.strategies[member].plan;
}

constexpr RunKey kKeys[] = {
    {"run", "currency", "code",
     "Currency in which the run is told; accounts and instruments that do not say are in it.",
     [](Settings& s, const Member&, Values v) {
         return assign(s.currency, Code::from(v[0]).map(&Code::text));
     }},
    {"run", "cash", "decimal", "Money with which an account begins that does not say.",
     [](Settings& s, const Member&, Values v) { return read_decimal<Money>(s.cash, v[0], false); }},
    {"run", "from", "time", "First moment of trading: an instant, or a day in UTC.",
     [](Settings& s, const Member&, Values v) {
         return assign(s.from, parse_range_end(v[0], false));
     }},
    {"run", "to", "time", "Last moment looked at: an instant, or a day, which is included.",
     [](Settings& s, const Member&, Values v) {
         return assign(s.to, parse_range_end(v[0], true));
     }},
    {"run", "warm-up", "bars or duration",
     "What strategies hear before they may trade: that much before `from`, else the first of the "
     "data.",
     [](Settings& s, const Member&, Values v) { return read_warm_up(s.warm_up, v[0]); }},
    {"run", "contracts", "path", "contracts.json: how many units a lot of each symbol has.",
     [](Settings& s, const Member&, Values v) {
         s.contracts = v[0];
         return Done();
     }},
    {"run", "fx-lot", "decimal", "Units of a lot of currency pairs that it does not name.",
     [](Settings& s, const Member&, Values v) {
         Quantity lot;
         Done done = read_decimal<Quantity>(lot, v[0], false);
         if (done) s.fx_lot = lot;
         return done;
     }},
    {"run", "invert-fx-to-base", "boolean",
     "Quote every pair of the run's currency with another the other way round.",
     [](Settings& s, const Member&, Values v) { return read_boolean(s.invert_fx_to_base, v[0]); }},
    {"run", "seed", "integer", "Of every chance in the run.",
     [](Settings& s, const Member&, Values v) { return read_whole(s.seed, v[0], 0, INT64_MAX); }},
    {"run", "threads", "1 to 64",
     "With 2 or more, files are read ahead on a thread of their own; the result is the same.",
     [](Settings& s, const Member&, Values v) { return read_whole(s.threads, v[0], 1, 64); }},
    {"run", "full", "boolean", "Keep every signal, order, fill and trade for the document.",
     [](Settings& s, const Member&, Values v) { return read_boolean(s.full, v[0]); }},

    {"venue", "fill", "next-open | same-close | next-close | immediate | latency",
     "When an order meets the market.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::FillTiming>(s.venue.timing, v[0], kTimings);
     }},
    {"venue", "fee-bps", "decimal", "Fee of every deal in basis points of its value.",
     [](Settings& s, const Member&, Values v) {
         Done done = read_basis_points(s.venue.fees.taker, v[0], false);
         s.venue.fees.maker = s.venue.fees.taker;
         return done;
     }},
    {"venue", "maker-bps", "decimal",
     "Fee of deals that waited in the book; negative for a rebate.",
     [](Settings& s, const Member&, Values v) {
         return read_basis_points(s.venue.fees.maker, v[0], true);
     }},
    {"venue", "taker-bps", "decimal", "Fee of all other deals.",
     [](Settings& s, const Member&, Values v) {
         return read_basis_points(s.venue.fees.taker, v[0], true);
     }},
    {"venue", "fee-per-unit", "decimal", "Fee of each unit of quantity.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Money>(s.venue.fees.per_unit, v[0], true);
     }},
    {"venue", "fee-minimum", "decimal", "Least fee of an order.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Money>(s.venue.fees.minimum, v[0], true);
     }},
    {"venue", "slippage-bps", "decimal",
     "How much worse than the market takers deal, in basis points of the price.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::rate,
                              read_basis_points(s.venue.slippage.rate, v[0], false));
     }},
    {"venue", "slippage-ticks", "integer", "The same in price increments.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::ticks,
                              read_whole(s.venue.slippage.ticks, v[0], 0, 1'000'000));
     }},
    {"venue", "slippage-volume-share", "decimal",
     "The same as rate * (quantity / volume)^2 of the price.",
     [](Settings& s, const Member&, Values v) {
         return read_slippage(s.venue.slippage, venue::SlippageKind::volume_share,
                              read_decimal<Ratio>(s.venue.slippage.rate, v[0], true));
     }},
    {"venue", "slippage-to-tick", "boolean",
     "Round prices after slippage to the price increment, against the trader.",
     [](Settings& s, const Member&, Values v) {
         return read_boolean(s.venue.slippage.to_tick, v[0]);
     }},
    {"venue", "bar-path", "nearer-extreme | against-close | high-first | low-first | pessimistic",
     "The way a bar is taken to have gone from open to close.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::BarPath>(s.venue.bar_path, v[0], kPaths);
     }},
    {"venue", "bar-limit", "touch | through", "Whether a bar that only touches a limit deals it.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::BarLimit>(s.venue.bar_limit, v[0], kBarLimits);
     }},
    {"venue", "bar-share", "decimal in (0, 1]",
     "Largest part of a bar's volume that may be dealt; without it no limit.",
     [](Settings& s, const Member&, Values v) {
         Ratio share;
         Done done = read_decimal<Ratio>(share, v[0], false);
         if (done) s.venue.bar_share = share;
         return done;
     }},
    {"venue", "tick-share", "decimal in (0, 1]",
     "Part of a quote's, trade's or level's size that may be dealt.",
     [](Settings& s, const Member&, Values v) {
         return read_decimal<Ratio>(s.venue.tick_share, v[0], false);
     }},
    {"venue", "sizes-known", "boolean",
     "False when quotes and trades carry no sizes: nothing runs out. Found in the data unless "
     "given.",
     [](Settings& s, const Member&, Values v) {
         bool known = true;
         Done done = read_boolean(known, v[0]);
         if (done) s.sizes_known = known;
         return done;
     }},
    {"venue", "trade-at-limit", "queue | never | always",
     "What a trade exactly at a resting limit's price does.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::TradeAtLimit>(s.venue.trade_at_limit, v[0], kTradeAtLimits);
     }},
    {"venue", "trigger-on", "trades-else-quotes | trades | quotes", "What triggers stops on ticks.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::TriggerOn>(s.venue.trigger_on, v[0], kTriggers);
     }},
    {"venue", "children", "in-proportion | first-fill",
     "How the children of a bracket begin to work.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::ChildRelease>(s.venue.children, v[0], kReleases);
     }},
    {"venue", "when-closed", "wait | refuse", "What becomes of an order outside of trading hours.",
     [](Settings& s, const Member&, Values v) {
         return read_choice<venue::WhenClosed>(s.venue.when_closed, v[0], kClosed);
     }},
    {"venue", "stale-after", "duration", "A price older than this is no price to deal at.",
     [](Settings& s, const Member&, Values v) {
         Duration age;
         Done done = read_duration(age, v[0]);
         if (done) s.venue.stale_after = age;
         return done;
     }},
    {"venue", "protection-ticks", "integer",
     "How far beyond its reference a market order deals; 0 is any distance.",
     [](Settings& s, const Member&, Values v) {
         return read_whole(s.venue.protection_ticks, v[0], 0, 1'000'000);
     }},
    {"venue", "latency", "duration", "How long orders take to the venue, with fill = \"latency\".",
     [](Settings& s, const Member&, Values v) {
         Done done = read_duration(s.venue.latency.submit, v[0]);
         s.venue.latency.cancel = s.venue.latency.replace = s.venue.latency.submit;
         return done;
     }},
    {"venue", "report-latency", "duration", "How long reports take back.",
     [](Settings& s, const Member&, Values v) {
         return read_duration(s.venue.latency.report, v[0]);
     }},
    {"venue", "latency-jitter", "duration", "Up to so much more, each time, by the seed.",
     [](Settings& s, const Member&, Values v) {
         return read_duration(s.venue.latency.jitter, v[0]);
     }},
    {"venue", "cash-only", "boolean", "No buying on credit and no selling short.",
     [](Settings& s, const Member&, Values v) { return read_boolean(s.cash_only, v[0]); }},

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
    {"data", "prices", "raw | adjusted | total-return",
     "Whether prices are as they were, or adjusted: by the actions, else to an adjusted close.",
     [](Settings& s, const Member& m, Values v) {
         return each_data(s, m, [&](DataTerms& d) {
             return read_choice<PriceView>(d.prices, v[0], kPriceViews);
         });
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

    {"instrument", "asset-class",
     "equity | etf | fx | crypto | future | option | index | bond | cfd",
     "What kind of thing it is; decides how it settles.",
     [](Settings& s, const Member& m, Values v) {
         return read_choice<model::AssetClass>(instrument(s, m).asset_class, v[0],
                                               model::kAssetClassNames);
     }},
    {"instrument", "currency", "code", "Currency of its price.",
     [](Settings& s, const Member& m, Values v) {
         return assign(instrument(s, m).currency, Code::from(v[0]).map(&Code::text));
     }},
    {"instrument", "base-currency", "code",
     "Currency that one unit is of; its price then converts the two.",
     [](Settings& s, const Member& m, Values v) {
         return assign(instrument(s, m).base_currency, Code::from(v[0]).map(&Code::text));
     }},
    {"instrument", "price-increment", "decimal",
     "Smallest step of a price; the finest seen in the data unless given.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Price>(instrument(s, m).price_increment, v[0], false);
     }},
    {"instrument", "quantity-increment", "decimal", "Smallest step of a quantity.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Quantity>(instrument(s, m).quantity_increment, v[0], false);
     }},
    {"instrument", "minimum-quantity", "decimal", "Smallest order.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Quantity>(instrument(s, m).minimum_quantity, v[0], false);
     }},
    {"instrument", "multiplier", "decimal", "Money per point and unit.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Ratio>(instrument(s, m).multiplier, v[0], false);
     }},
    {"instrument", "inverse", "boolean", "Margined and settled in its base currency.",
     [](Settings& s, const Member& m, Values v) {
         return read_boolean(instrument(s, m).inverse, v[0]);
     }},
    {"instrument", "invert", "boolean",
     "Quote this pair the other way round: 1/open, 1/low as the high, 1/high as the low, 1/close.",
     [](Settings& s, const Member& m, Values v) {
         return read_boolean(instrument(s, m).invert, v[0]);
     }},
    {"instrument", "calendar", "name", "When it trades; always unless given.",
     [](Settings& s, const Member& m, Values v) {
         instrument(s, m).calendar = v[0];
         return Done();
     }},

    {"account", "currency", "code", "Currency the account is kept in.",
     [](Settings& s, const Member& m, Values v) {
         return assign(s.accounts[m].currency, Code::from(v[0]).map(&Code::text));
     }},
    {"account", "cash", "decimal", "Money with which it begins.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Money>(s.accounts[m].cash, v[0], false);
     }},
    {"account", "mode", "netting | hedging", "One position an instrument, or one a direction.",
     [](Settings& s, const Member& m, Values v) {
         return read_choice<model::PositionMode>(s.accounts[m].mode, v[0],
                                                 model::kPositionModeNames);
     }},

    {"strategy", "type", "name", "Which strategy: see `millrace help backtest`.",
     [](Settings& s, const Member& m, Values v) {
         s.strategies[m].type = v[0];
         return Done();
     }},
    {"strategy", "account", "name", "On which account it trades; needed when there are several.",
     [](Settings& s, const Member& m, Values v) {
         s.strategies[m].account = v[0];
         return Done();
     }},
    {"strategy", "symbols", "list of symbols",
     "What it hears of and trades; all of the data unless given.",
     [](Settings& s, const Member& m, Values v) {
         s.strategies[m].symbols.assign(v.begin(), v.end());
         return Done();
     }},
    {"strategy", "lots", "boolean", "Its quantities are lots, not units.",
     [](Settings& s, const Member& m, Values v) {
         return read_boolean(s.strategies[m].lots, v[0]);
     }},
    {"strategy", "sizing", "fixed | equity-share | cash-share | risk-share",
     "What decides the size of an entry, of a strategy that only gives signals.",
     [](Settings& s, const Member& m, Values v) {
         return read_choice<execution::Sizing>(plan(s, m).sizing, v[0], kSizings);
     }},
    {"strategy", "plan-quantity", "decimal", "The size, with sizing = \"fixed\".",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Quantity>(plan(s, m).quantity, v[0], false);
     }},
    {"strategy", "share", "decimal", "The share, with the other sizings: 0.01 is one percent.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Ratio>(plan(s, m).share, v[0], false);
     }},
    {"strategy", "quantity-max", "decimal", "Largest position that signals may build.",
     [](Settings& s, const Member& m, Values v) {
         Quantity most;
         Done done = read_decimal<Quantity>(most, v[0], false);
         if (done) plan(s, m).quantity_max = most;
         return done;
     }},
    {"strategy", "entry", "market | limit | stop",
     "With which order a signal is entered; limit and stop at the signal's price.",
     [](Settings& s, const Member& m, Values v) {
         return read_choice<execution::EntryKind>(plan(s, m).entry, v[0], kEntries);
     }},
    {"strategy", "valid-for", "duration", "Entries lapse so long after their signal.",
     [](Settings& s, const Member& m, Values v) {
         return read_duration(plan(s, m).valid_for, v[0]);
     }},
    {"strategy", "strength-min", "decimal", "Weaker signals to enter are not followed.",
     [](Settings& s, const Member& m, Values v) {
         return read_decimal<Ratio>(plan(s, m).strength_min, v[0], true);
     }},
    {"strategy", "reverses", "boolean",
     "Whether an opposite signal closes and enters, or closes only.",
     [](Settings& s, const Member& m, Values v) {
         return read_boolean(plan(s, m).reverses, v[0]);
     }},
    {"strategy", "pyramids", "boolean",
     "Whether a further signal of the same side adds to the position.",
     [](Settings& s, const Member& m, Values v) {
         return read_boolean(plan(s, m).pyramids, v[0]);
     }},
};

// Remembers what was set, for whoever keeps the run.
void note(Settings& settings, const RunKey& key, const Member& member, Values values) {
    std::string name(key.table);
    if (has_members(key.table)) name += "." + member;
    settings.told[name + "." + std::string(key.name)].assign(values.begin(), values.end());
}

}  // namespace

std::span<const RunKey> run_keys() {
    static const std::vector<RunKey> all = [] {
        std::vector<RunKey> keys(std::begin(kKeys), std::end(kKeys));
        keys.insert(keys.end(), credit_keys().begin(), credit_keys().end());
        keys.insert(keys.end(), risk_keys().begin(), risk_keys().end());
        return keys;
    }();
    return all;
}

std::span<const std::string_view> run_tables() {
    return kTables;
}

bool has_members(std::string_view table) {
    return table != "run" && table != "venue" && table != "risk";
}

Result<void> set_run_value(BacktestSettings& settings, std::string_view table,
                           const std::string& member, std::string_view key,
                           std::span<const std::string> values) {
    std::vector<std::string_view> names;
    std::string list;
    for (const RunKey& known : run_keys()) {
        if (known.table != table) continue;
        if (known.name == dashed(key)) {
            Done done = known.set(settings, member, values);
            if (done) note(settings, known, member, values);
            return done;
        }
        names.push_back(known.name);
        list += (list.empty() ? "" : ", ") + std::string(known.name);
    }
    const std::string_view near = nearest(dashed(key), names);
    return failure(
        ErrorCode::config,
        "there is no key \"" + std::string(key) + "\" in \"" + std::string(table) + "\"", {},
        "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
}

Result<Time> parse_range_end(std::string_view text, bool is_end) {
    if (const auto date = parse_date(text)) {
        const auto begin = parse_time(std::string(text) + "T00:00:00Z");
        if (!begin || !is_end) return begin;
        const auto next = add(*begin, Duration::days(1));
        return next ? next : Result<Time>(Time::latest());
    }
    return parse_time_in(text, Zone::utc());
}

}  // namespace millrace::backtest
