// What a run came to, read from its books once it is over: sums, report, name, and what its owner
// should know (above all why nothing was traded).
#pragma once

#include "millrace/app/backtest/cast.hpp"
#include "millrace/app/backtest/equity_watch.hpp"
#include "millrace/app/backtest/run_recorder.hpp"
#include "millrace/core/execution/planner.hpp"

namespace millrace::backtest {

struct Totals {
    const portfolio::Portfolio& books;
    const Cast& cast;
    const EquityWatch& equity;
    const RunRecorder& recorder;
    Time now;

    // Accounts, sums, open positions and the report.
    Result<void> write(BacktestResult& result) const;

  private:
    Result<Money> paid_for(const model::Account& account, portfolio::CashReason reason) const;
    Result<EquitySummary> summary_of(const model::Account& account, Code currency) const;
    Result<std::vector<report::ClosedTrade>> closed_trades(Code currency) const;
    Result<report::ClosedTrade> closed_trade(const portfolio::RoundTrip& trip, Code currency) const;
    Result<Money> traded_value(Code currency) const;
    Result<Money> convert(Money amount, Code from, Code to) const;
};

// The name of a run: of its strategies, and a digest of program, parameters and result.
[[nodiscard]] std::string run_id_of(const BacktestResult& result);

// `waiting`: orders that were still at the venue when the data ended.
void write_warnings(BacktestResult& result, const RunRecorder& recorder, std::size_t waiting,
                    std::uint64_t warm_up_bars);

// Which signals were not followed, and why, of each strategy that trades by them.
void write_plan_notes(BacktestResult& result, const execution::Planner& planner);

}  // namespace millrace::backtest
