// BacktestSettings: all that a run is asked for, from a run file, flags, or both. Names are the
// users' (symbols, accounts); numbers are given later, in the order of the names, so that the order
// in which files and tables were written leaves no trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/credit_terms.hpp"
#include "millrace/app/backtest/risk_terms.hpp"
#include "millrace/base/code.hpp"
#include "millrace/base/fixed_point.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/execution/plan_settings.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/venue/settings.hpp"
#include "millrace/edge/feeds/files/table_reader.hpp"

namespace millrace::backtest {

// Which prices strategies, the venue and the books see.
enum class PriceView : std::uint8_t {
    raw,           // as they were; splits and dividends happen to what is held
    adjusted,      // before a split in the units of after it
    total_return,  // and before a dividend less what it took out of the price
    forward,       // after a split in the units of before it
};

// One or more files of one instrument, read alike.
struct DataTerms {
    std::vector<std::string> files;
    std::string symbol;  // empty: from the name of the file
    files::TableOptions table;
    std::vector<std::string> actions = {};  // files of splits and dividends
    PriceView prices = PriceView::raw;
};

// What is absent is found in the data, or is the usual.
struct InstrumentTerms {
    std::optional<model::AssetClass> asset_class;
    std::string currency;       // empty: that of the run
    std::string base_currency;  // of pairs and coins
    std::optional<Price> price_increment;
    std::optional<Quantity> quantity_increment;
    std::optional<Quantity> minimum_quantity;
    Ratio multiplier = Ratio::whole(1);
    bool inverse = false;
    bool invert = false;   // its data are a pair that is to be quoted the other way round
    std::string calendar;  // empty: always open
    CreditTerms credit;    // unlike its account's
};

struct AccountTerms {
    std::string currency;  // empty: that of the run
    std::optional<Money> cash;
    model::PositionMode mode = model::PositionMode::netting;
    CreditTerms credit;
};

struct StrategyTerms {
    std::string type;                  // "ema-cross"
    std::string account;               // empty: the only one
    std::vector<std::string> symbols;  // empty: all
    std::map<std::string, std::string> parameters;
    bool lots = false;             // quantities are lots, of the sizes in contracts.json
    execution::PlanSettings plan;  // of a strategy that only gives signals
};

enum class WarmUpKind : std::uint8_t { none, bars, span };

// What strategies hear before they may trade: before `from` when that is given, else the first of
// the data.
struct WarmUp {
    WarmUpKind kind = WarmUpKind::none;
    std::uint64_t bars = 0;  // of each file
    Duration span;
};

struct BacktestSettings {
    std::vector<DataTerms> data;
    std::map<std::string, InstrumentTerms> instruments;  // by symbol
    InstrumentTerms every_instrument;                    // of those without terms of their own
    std::map<std::string, AccountTerms> accounts;        // by name; empty: one named "main"
    AccountTerms every_account;                          // of that one
    std::map<std::string, StrategyTerms> strategies;     // by name
    venue::Settings venue;
    RiskTerms risk;                   // without any limit there is no guardian
    std::optional<bool> sizes_known;  // absent: found in the data; goes into `venue`
    bool cash_only = false;           // no buying on credit and no selling short
    std::string currency = "USD";
    Money cash = Money::whole(100'000);  // of accounts that do not say
    std::optional<Time> from;            // the first moment of trading
    std::optional<Time> to;              // the last moment that is looked at
    WarmUp warm_up;
    std::string contracts;           // path of contracts.json; empty: a lot is one unit
    Maybe<Quantity> fx_lot;          // of pairs that it does not name
    bool invert_fx_to_base = false;  // every pair whose base is `currency`
    std::uint64_t seed = 1;
    unsigned threads = 1;  // 2: one reads ahead of the one that trades
    bool full = false;     // keep every signal, order, fill and trade
    bool curve = false;    // keep every sample of the equity, the cash after each deal, and candles
    // By "venue.fill": every key that was set, with the values as they were written.
    std::map<std::string, std::vector<std::string>> told;
};

// What a strategy is called that nobody has named: by its type.
[[nodiscard]] std::string player_name_of(std::string_view type);

}  // namespace millrace::backtest
