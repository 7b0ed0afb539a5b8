// Cast: who plays in a run: settings turned into instruments, accounts, strategies and data, each
// with its number. Everything that can be wrong with a run before its first event is found here.
#pragma once

#include <map>
#include <memory>

#include "millrace/app/backtest/market_feed.hpp"
#include "millrace/app/backtest/result.hpp"
#include "millrace/app/backtest/settings.hpp"
#include "millrace/core/strategy/strategy_host.hpp"

namespace millrace::backtest {

struct Player {
    std::unique_ptr<strategy::Strategy> strategy;
    strategy::HostOptions options;
    execution::PlanSettings plan;  // where the strategy trades by signals
    StrategyRun run;
};

struct Cast {
    std::vector<model::Instrument> instruments;  // by number: in the order of their symbols
    std::vector<model::Account> accounts;        // by number: in the order of their names
    std::vector<Money> cash;                     // by account
    std::vector<venue::AccountCredit> credit;    // by account
    std::vector<venue::InstrumentCredit> instrument_credit;  // by instrument
    bool has_credit = false;                                 // somebody's terms say something of it
    std::vector<Player> players;  // by number: in the order of their names
    // By instrument: the first price of a pair before its data were turned round.
    std::vector<Maybe<Price>> turned_at;
    std::vector<DataSeries> data;
    // That happen to what is held, in their order; those that prices were adjusted by are not here.
    std::vector<model::CorporateAction> actions;
    std::vector<std::optional<PriceAdjuster>> adjusters;  // by instrument
    std::uint64_t adjusted = 0;                           // actions that prices were adjusted by
    bool has_actions = false;                             // somebody's terms name files of them
    std::map<std::string, std::string> nameless_actions;  // by such a file: its only symbol
    bool sizes_known = true;  // false: there are ticks, and some of them come without any size
};

[[nodiscard]] Result<Cast> make_cast(const BacktestSettings& settings);

}  // namespace millrace::backtest
