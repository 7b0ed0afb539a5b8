// BacktestResult: all that a run came to, ready to be printed, compared and kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "millrace/app/backtest/run_recorder.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/portfolio/trade_list.hpp"
#include "millrace/core/report/statistics.hpp"
#include "millrace/core/risk/guardian.hpp"
#include "millrace/core/strategy/parameters.hpp"

namespace millrace::backtest {

// A parameter as it was in force.
struct ParameterValue {
    std::string name;
    strategy::ParameterKind kind{};
    std::string text;
};

struct StrategyRun {
    std::string name;
    std::string type;
    std::string account;
    std::vector<std::string> symbols;
    std::vector<ParameterValue> parameters;
};

// What the money of an account, or of all of them, came to.
struct EquitySummary {
    Money initial;
    Money final;
    Money net_profit;
    Money realized;
    Money unrealized;
    Money fees;
    Money borrow_fees;  // paid for what was sold short; part of realized, as the next
    Money interest;     // paid for cash below zero
    Money dividends;    // got for what was held, less paid for what was sold short; likewise
};

struct AccountRun {
    std::string name;
    std::string currency;
    EquitySummary equity;
};

// The money of an account once something had changed it, in its currency.
struct CashRow {
    Time time;
    AccountId account;
    Money cash;
    Money realized;
    Money fees;
};

// A part of what an instrument's price did.
struct PriceCandle {
    Time begin;
    InstrumentId instrument;
    Price open;
    Price high;
    Price low;
    Price close;
};

struct InputSummary {
    std::uint64_t events = 0;  // data that the engine was told, warm-up included
    std::uint64_t bars = 0;
    std::uint64_t warm_up = 0;  // of the events
    Time from;
    Time to;
};

struct ActionSummary {
    std::vector<model::CorporateAction> applied;  // to what was held, in their order
    std::uint64_t adjusted = 0;                   // that prices were adjusted by instead
    std::uint64_t outside = 0;                    // before the data or after them
};

struct BacktestResult {
    std::string run_id;
    std::uint64_t result_hash = 0;
    std::string currency;
    std::vector<StrategyRun> strategies;
    std::vector<AccountRun> accounts;
    std::vector<model::Instrument> instruments;  // by number
    InputSummary input;
    RunCounts counts;
    std::optional<risk::Guardian::Counts> risk;  // where limits were set
    std::optional<ActionSummary> actions;        // where splits and dividends were named
    std::uint64_t trade_count = 0;
    EquitySummary equity;  // of all accounts, in the currency of the run
    report::Report report;
    std::vector<model::Position> open_positions;
    std::vector<std::string> warnings;
    double load_s = 0;
    double run_s = 0;
    double events_per_s = 0;
    // Only when everything was asked for:
    bool is_full = false;
    std::vector<model::Signal> signals;
    std::vector<model::Order> orders;
    std::vector<model::Fill> fills;
    std::vector<portfolio::RoundTrip> trades;
    // Only when they were asked for:
    std::vector<report::EquitySample> equity_curve;
    std::vector<CashRow> ledger;
    std::vector<PriceCandle> candles;  // by instrument, then by time
};

}  // namespace millrace::backtest
