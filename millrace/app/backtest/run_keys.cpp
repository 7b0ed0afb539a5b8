// The list of keys, in the order of the reference page; those of the run itself, of instruments,
// accounts and strategies stand here.
#include "millrace/app/backtest/run_keys.hpp"

#include "millrace/app/backtest/run_values.hpp"

namespace millrace::backtest {
namespace {

using Settings = BacktestSettings;
using Member = std::string;
using Values = std::span<const std::string>;
using Done = Result<void>;

constexpr std::array<std::string_view, 4> kSizings = {"fixed", "equity-share", "cash-share",
                                                      "risk-share"};
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

InstrumentTerms& instrument(Settings& settings, const Member& member) {
    return member == "*" ? settings.every_instrument : settings.instruments[member];
}

execution::PlanSettings& plan(Settings& settings, const Member& member) {
    return settings.strategies[member].plan;
}

constexpr RunKey kRunKeys[] = {
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
};

constexpr RunKey kMemberKeys[] = {
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
        std::vector<RunKey> keys;
        for (const std::span<const RunKey> some :
             {std::span<const RunKey>(kRunKeys), venue_keys(), data_keys(),
              std::span<const RunKey>(kMemberKeys), credit_keys(), risk_keys()})
            keys.insert(keys.end(), some.begin(), some.end());
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
