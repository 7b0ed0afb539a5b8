// Sums in one currency, and words.
#include "millrace/app/backtest/findings.hpp"

#include <fmt/format.h>

#include "millrace/app/version.hpp"
#include "millrace/base/hash.hpp"

namespace millrace::backtest {
namespace {

template <class T>
Result<T> told(const portfolio::Booked<T>& booked, std::string what) {
    if (booked) return *booked;
    return failure(ErrorCode::data, std::move(what), {}, portfolio::message_of(booked.error()),
                   booked.error() == portfolio::BookError::missing_rate
                       ? "add data of a pair that converts, as an instrument with base-currency"
                       : "look at the prices and quantities");
}

}  // namespace

Result<Money> Totals::convert(Money amount, Code from, Code to) const {
    return told(books.rates().convert(amount, from, to),
                "an amount in " + from.text() + " cannot be told in " + to.text());
}

// In whichever currencies, told in that of the account.
Result<Money> Totals::paid_for(const model::Account& account, portfolio::CashReason reason) const {
    Money total;
    for (portfolio::CurrencyNumber number = 0; books.rates().has_currency(number); ++number) {
        const Code currency = books.rates().code_of(number);
        const auto booked =
            told(books.booked(account.id, currency, reason), "charges do not add up");
        if (!booked) return booked;
        const auto own = convert(-*booked, currency, account.currency);
        if (!own) return own;
        const auto sum = told(portfolio::sum_of(total, *own), "charges do not add up");
        if (!sum) return sum;
        total = *sum;
    }
    return total;
}

Result<EquitySummary> Totals::summary_of(const model::Account& account, Code currency) const {
    const auto balance =
        told(books.balance(account.id, now), "the account \"" + std::string(account.name.view()) +
                                                 "\" cannot be valued at the end");
    if (!balance) return failure(Error(balance.error()));
    const Money cash = cast.cash[account.id.value()];
    const auto borrow_fees = paid_for(account, portfolio::CashReason::borrow_fee);
    const auto interest = paid_for(account, portfolio::CashReason::interest);
    if (!borrow_fees) return failure(Error(borrow_fees.error()));
    if (!interest) return failure(Error(interest.error()));
    const auto charged = paid_for(account, portfolio::CashReason::dividend);
    if (!charged) return failure(Error(charged.error()));
    EquitySummary sum;
    for (const auto& [into, amount] : {std::pair{&sum.initial, cash},
                                       {&sum.final, balance->equity},
                                       {&sum.realized, balance->realised},
                                       {&sum.unrealized, balance->unrealised},
                                       {&sum.fees, balance->fees},
                                       {&sum.borrow_fees, *borrow_fees},
                                       {&sum.interest, *interest},
                                       {&sum.dividends, -*charged}}) {
        const auto told = convert(amount, account.currency, currency);
        if (!told) return failure(Error(told.error()));
        *into = *told;
    }
    sum.net_profit = Money::from_raw(sum.final.raw() - sum.initial.raw());
    return sum;
}

Result<report::ClosedTrade> Totals::closed_trade(const portfolio::RoundTrip& trip,
                                                 Code currency) const {
    const model::Instrument& instrument = cast.instruments[trip.instrument.value()];
    report::ClosedTrade trade;
    trade.symbol = instrument.symbol;
    trade.strategy = Text<32>::from(cast.players[trip.strategy.value()].options.name).value();
    trade.side = trip.side;
    trade.quantity = trip.quantity;
    trade.entry_time = trip.entry_time;
    trade.entry_price = trip.entry_price;
    trade.exit_time = trip.exit_time;
    trade.exit_price = trip.exit_price;
    trade.reason =
        Text<32>::from(portfolio::kExitReasonNames[static_cast<std::size_t>(trip.reason)]).value();
    const Money fees = trip.fees.value_or(Money());
    const auto contract = portfolio::contract_of(instrument);
    portfolio::Exact dealt = 0;
    for (const Price price : {trip.entry_price, trip.exit_price})
        if (const auto worth = portfolio::worth(*contract, trip.quantity, price))
            dealt += *worth < 0 ? -*worth : *worth;
    const auto value = told(portfolio::money_of(dealt), "a trade's value is out of range");
    if (!value) return failure(Error(value.error()));
    Money adverse;
    Money favourable;
    for (const auto& [into, amount] :
         {std::pair{&trade.net_pnl,
                    trip.net().value_or(Money::from_raw(trip.gross.raw() - fees.raw()))},
          {&trade.fees, fees},
          {&trade.traded_value, *value},
          {&adverse, -trip.adverse_max},
          {&favourable, trip.favourable_max}}) {
        const auto told = convert(amount, trip.currency, currency);
        if (!told) return failure(Error(told.error()));
        *into = *told;
    }
    trade.mae = adverse;
    trade.mfe = favourable;
    return trade;
}

Result<std::vector<report::ClosedTrade>> Totals::closed_trades(Code currency) const {
    std::vector<report::ClosedTrade> trades;
    trades.reserve(books.trades().size());
    for (const portfolio::RoundTrip& trip : books.trades()) {
        auto trade = closed_trade(trip, currency);
        if (!trade) return failure(std::move(trade.error()));
        trades.push_back(*trade);
    }
    return trades;
}

// Of all deals, whether their trade is closed or not.
Result<Money> Totals::traded_value(Code currency) const {
    Money total;
    for (std::size_t id = 0; id < recorder.dealt().size(); ++id) {
        const model::Instrument& instrument = cast.instruments[id];
        if (instrument.inverse) continue;  // its worth is not quantity times price
        const auto contract = portfolio::contract_of(instrument);
        const int128 exact = recorder.dealt()[id];
        const auto value = narrow(divide_rounded(exact, power_of_ten(9), Rounding::half_even));
        if (!value)
            return failure(ErrorCode::data, "what was dealt adds up to more than can be told",
                           std::string(instrument.symbol.view()), {}, "trade less, or shorter");
        const auto money =
            multiply(Money::from_raw(*value), contract->multiplier, Rounding::half_even);
        if (!money)
            return failure(ErrorCode::data, "what was dealt adds up to more than can be told",
                           std::string(instrument.symbol.view()), {}, "trade less, or shorter");
        const auto told = convert(*money, contract->currency, currency);
        if (!told) return told;
        const auto sum = add(total, *told);
        if (!sum)
            return failure(ErrorCode::data, "what was dealt adds up to more than can be told", {},
                           {}, "trade less, or shorter");
        total = *sum;
    }
    return total;
}

Result<void> Totals::write(BacktestResult& result) const {
    const Code currency = Code::from(result.currency).value();
    for (const model::Account& account : cast.accounts) {
        const auto own = summary_of(account, account.currency);
        if (!own) return failure(Error(own.error()));
        result.accounts.push_back(
            {std::string(account.name.view()), account.currency.text(), *own});
        const auto told = summary_of(account, currency);
        if (!told) return failure(Error(told.error()));
        for (const auto& [into, amount] : {std::pair{&result.equity.initial, told->initial},
                                           {&result.equity.final, told->final},
                                           {&result.equity.net_profit, told->net_profit},
                                           {&result.equity.realized, told->realized},
                                           {&result.equity.unrealized, told->unrealized},
                                           {&result.equity.fees, told->fees},
                                           {&result.equity.borrow_fees, told->borrow_fees},
                                           {&result.equity.interest, told->interest},
                                           {&result.equity.dividends, told->dividends}})
            *into = Money::from_raw(into->raw() + amount.raw());
        for (const Player& player : cast.players)
            for (const model::Instrument& instrument : cast.instruments) {
                if (player.options.account != account.id) continue;
                const auto legs =
                    books.positions(account.id, player.options.strategy, instrument.id, now);
                if (!legs) continue;
                for (const model::Position& leg : *legs)
                    if (!leg.quantity.is_zero()) result.open_positions.push_back(leg);
            }
    }
    const auto trades = closed_trades(currency);
    if (!trades) return failure(Error(trades.error()));
    std::vector<Time> open_since;
    if (const auto open = books.open_trades(now))
        for (const portfolio::RoundTrip& trip : *open)
            open_since.push_back(trip.entry_time);
    const auto traded = traded_value(currency);
    if (!traded) return failure(Error(traded.error()));
    result.report = report::make_report({.equity = equity.series(),
                                         .trades = *trades,
                                         .open_since = open_since,
                                         .fees = result.equity.fees,
                                         .traded_value = *traded,
                                         .benchmark = nullptr});
    return {};
}

std::string run_id_of(const BacktestResult& result) {
    RunningHash hash(result.result_hash);
    const auto add = [&](std::string_view text) { hash.add(std::as_bytes(std::span(text))); };
    add(app::version().number);
    std::string name;
    for (const StrategyRun& run : result.strategies) {
        name += (name.empty() ? "" : "+") + run.name;
        add(run.type);
        for (const ParameterValue& parameter : run.parameters) {
            add(parameter.name);
            add(parameter.text);
        }
    }
    return name.substr(0, 48) + "-" + hash_text(hash.value()).substr(0, 12);
}

void write_warnings(BacktestResult& result, const RunRecorder& recorder, std::size_t waiting,
                    std::uint64_t warm_up_bars) {
    const RunCounts& counts = result.counts;
    const auto warn = [&](std::string text) { result.warnings.push_back(std::move(text)); };
    std::string reasons;
    for (std::size_t i = 0; i < counts.rejected_for.size(); ++i)
        if (counts.rejected_for[i] > 0)
            reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", counts.rejected_for[i],
                                   model::kOrderReasonNames[i]);
    const std::uint64_t heard = result.input.events - result.input.warm_up;
    if (counts.fills == 0 && heard == 0)
        warn("nothing was traded: the warm-up took all of the data");
    else if (counts.orders == 0 && counts.signals == 0 && result.input.bars > 0 &&
             result.input.bars < warm_up_bars)
        warn(
            fmt::format("nothing was traded: the strategy needs {} bars before its first signal, "
                        "and the data has {}",
                        warm_up_bars, result.input.bars));
    else if (counts.orders == 0 && counts.signals == 0)
        warn(
            fmt::format("nothing was traded: in {} events the strategy gave no signal and asked "
                        "for no order",
                        heard));
    else if (counts.orders == 0)
        warn(fmt::format("nothing was traded: {} signals, but no order was made of them",
                         counts.signals));
    else if (counts.fills == 0 && counts.rejected == counts.orders)
        warn(fmt::format("nothing was traded: all {} orders were refused ({})", counts.orders,
                         reasons));
    else if (counts.fills == 0)
        warn(
            fmt::format("nothing was traded: of {} orders {} were refused, {} ended without a deal "
                        "and {} still waited at the end of the data",
                        counts.orders, counts.rejected, counts.ended_unfilled, waiting));
    if (counts.fills > 0 && counts.rejected > 0)
        warn(fmt::format("{} of {} orders were refused ({})", counts.rejected, counts.orders,
                         reasons));
    if (counts.liquidations > 0)
        warn(
            fmt::format("an account fell below its maintenance margin: {} positions were "
                        "liquidated, the first at {}",
                        counts.liquidations, format_time(counts.first_liquidation)));
    if (counts.fills > 0 && waiting > 0)
        warn(fmt::format("{} orders still waited when the data ended", waiting));
    if (counts.fills > 0 && result.trade_count == 0)
        warn("no trade was closed: what was opened is still open at the end");
    for (const std::string& alert : recorder.alerts())
        warn(alert);
}

void write_plan_notes(BacktestResult& result, const execution::Planner& planner) {
    using execution::PlanOutcome;
    for (std::size_t id = 0; id < result.strategies.size(); ++id) {
        const StrategyId strategy(static_cast<StrategyId::Value>(id));
        if (!planner.plans_for(strategy)) continue;
        const execution::PlanCounts& counts = planner.counts(strategy);
        std::string reasons;
        for (std::size_t i = 0; i < counts.outcomes.size(); ++i) {
            const auto outcome = static_cast<PlanOutcome>(i);
            const bool is_usual = outcome == PlanOutcome::entered ||
                                  outcome == PlanOutcome::closed || outcome == PlanOutcome::hold;
            if (counts.outcomes[i] > 0 && !is_usual)
                reasons += fmt::format("{}{} times: {}", reasons.empty() ? "" : "; ",
                                       counts.outcomes[i], execution::text_of(outcome));
        }
        if (!reasons.empty())
            result.warnings.push_back(fmt::format("signals of {} that were not followed: {}",
                                                  result.strategies[id].name, reasons));
    }
}

}  // namespace millrace::backtest
