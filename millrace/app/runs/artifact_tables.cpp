// Names are those of spec A5, A15 and A16 wherever the same thing is meant.
#include "millrace/app/runs/artifact_tables.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "millrace/app/version.hpp"

namespace millrace::runs {
namespace {

using backtest::BacktestResult;
using parquet::CellKind;
using parquet::OutputColumn;

constexpr OutputColumn text(std::string_view name) {
    return {name, CellKind::text, 0};
}
constexpr OutputColumn whole(std::string_view name) {
    return {name, CellKind::integer, 0};
}
constexpr OutputColumn instant(std::string_view name) {
    return {name, CellKind::time, 0};
}
constexpr OutputColumn price(std::string_view name) {
    return {name, CellKind::decimal, Price::kScale};
}
constexpr OutputColumn quantity(std::string_view name) {
    return {name, CellKind::decimal, Quantity::kScale};
}
constexpr OutputColumn money(std::string_view name) {
    return {name, CellKind::decimal, Money::kScale};
}
constexpr OutputColumn ratio(std::string_view name) {
    return {name, CellKind::decimal, Ratio::kScale};
}

// A value as the cell of its column.
template <class Tag, int Scale>
Cell cell(FixedPoint<Tag, Scale> value) {
    return value.raw();
}
Cell cell(Time time) {
    return time;
}
template <class T>
Cell cell(const Maybe<T>& value) {
    if (!value.has_value()) return std::monostate();
    return cell(value.value());
}
Cell cell(std::string_view value) {
    return value;
}
Cell number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
// 0 stands for none.
Cell number_or_none(std::uint64_t value) {
    return value == 0 ? Cell() : number(value);
}

std::string_view side_name(model::Side side) {
    return side == model::Side::buy ? "BUY" : "SELL";
}
template <std::size_t N, class T>
std::string_view name_in(const std::array<std::string_view, N>& names, T value) {
    return names[static_cast<std::size_t>(value)];
}
std::string_view symbol_of(const BacktestResult& result, InstrumentId id) {
    return result.instruments[id.value()].symbol.view();
}
std::string_view strategy_of(const BacktestResult& result, StrategyId id) {
    return result.strategies[id.value()].name;
}
std::string_view account_of(const BacktestResult& result, AccountId id) {
    return result.accounts[id.value()].name;
}
bool is_stop(model::OrderType type) {
    using model::OrderType;
    return type == OrderType::stop || type == OrderType::stop_limit ||
           type == OrderType::trailing_stop || type == OrderType::trailing_stop_limit;
}
std::string_view time_in_force_name(model::TimeInForce value) {
    constexpr std::array<std::string_view, 5> kNames = {"DAY", "GTC", "GTD", "IOC", "FOK"};
    static_assert(kNames.size() == model::kTimeInForceNames.size());
    return name_in(kNames, value);
}

// The protective orders of a bracket, by the order that they belong to.
struct Protection {
    Maybe<Price> stop;
    Maybe<Price> target;
};
std::map<std::uint64_t, Protection> protections_of(const BacktestResult& result) {
    std::map<std::uint64_t, Protection> all;
    for (const model::Order& order : result.orders) {
        if (order.parent_id == 0) continue;
        Protection& protection = all[order.parent_id];
        if (is_stop(order.type))
            protection.stop = order.stop_price;
        else if (order.limit_price.has_value())
            protection.target = order.limit_price;
    }
    return all;
}

constexpr std::array kSignalColumns = {
    instant("signal_ts"),
    text("symbol"),
    text("action"),
    ratio("strength"),
    price("price"),
    price("stop_price"),
    price("take_profit_price"),
    quantity("qty"),
    instant("valid_to"),
    text("reason"),
    text("strategy_id"),
    whole("signal_id"),
};

Result<void> signal_rows(const BacktestResult& result, const RowTaker& take) {
    for (const model::Signal& signal : result.signals) {
        const std::string reason = signal.reason.text();
        const std::array<Cell, kSignalColumns.size()> row = {
            cell(signal.known_at),
            cell(symbol_of(result, signal.instrument)),
            cell(name_in(model::kSignalActionNames, signal.action)),
            cell(signal.strength),
            cell(signal.price),
            cell(signal.stop_loss),
            cell(signal.take_profit),
            cell(signal.quantity),
            cell(signal.expires_at),
            cell(reason),
            cell(strategy_of(result, signal.strategy)),
            number(signal.signal_id)};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kIntentColumns = {
    whole("order_id"),
    instant("signal_ts"),
    text("symbol"),
    text("side"),
    whole("oco_group_id"),
    text("order_type"),
    quantity("qty"),
    price("entry_price"),
    price("stop_price"),
    price("take_profit_price"),
    text("strategy_id"),
    text("strategy_version"),
    instant("order_valid_to_ts"),
    text("time_in_force"),
};

Result<void> intent_rows(const BacktestResult& result, const RowTaker& take) {
    const auto protections = protections_of(result);
    const std::string version = app::version().number;
    for (const model::Order& order : result.orders) {
        if (order.parent_id != 0) continue;
        const auto known = protections.find(order.order_id);
        const Protection protection = known == protections.end() ? Protection() : known->second;
        const Maybe<Price> entry =
            order.limit_price.has_value() ? order.limit_price : order.stop_price;
        const std::array<Cell, kIntentColumns.size()> row = {
            number(order.order_id),
            cell(order.known_at),
            cell(symbol_of(result, order.instrument)),
            cell(side_name(order.side)),
            number_or_none(order.group_id),
            cell(name_in(model::kOrderTypeNames, order.type)),
            cell(order.quantity),
            cell(entry),
            cell(protection.stop),
            cell(protection.target),
            cell(strategy_of(result, order.strategy)),
            cell(version),
            cell(order.expires_at),
            cell(time_in_force_name(order.time_in_force))};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kOrderColumns = {
    whole("order_id"),      text("idempotency_key"),
    whole("oco_id"),        text("run_id"),
    text("strategy"),       text("strategy_version"),
    text("symbol"),         text("side"),
    quantity("qty"),        price("limit_price"),
    price("stop_price"),    price("take_profit_price"),
    instant("valid_from"),  instant("valid_to"),
    text("time_in_force"),  text("source"),
    instant("created_at"),  text("order_type"),
    whole("parent_id"),     text("account"),
    text("status"),         text("reason"),
    quantity("filled_qty"), price("average_price"),
};

Result<void> order_rows(const BacktestResult& result, const RowTaker& take) {
    const auto protections = protections_of(result);
    const std::string version = app::version().number;
    for (const model::Order& order : result.orders) {
        const std::string key = result.run_id + ":" + std::to_string(order.order_id);
        const auto known = protections.find(order.order_id);
        const std::array<Cell, kOrderColumns.size()> row = {
            number(order.order_id),
            cell(key),
            number_or_none(order.group_id),
            cell(result.run_id),
            cell(strategy_of(result, order.strategy)),
            cell(version),
            cell(symbol_of(result, order.instrument)),
            cell(side_name(order.side)),
            cell(order.quantity),
            cell(order.limit_price),
            cell(order.stop_price),
            known == protections.end() ? Cell() : cell(known->second.target),
            cell(order.known_at),
            cell(order.expires_at),
            cell(time_in_force_name(order.time_in_force)),
            cell("backtest"),
            cell(order.known_at),
            cell(name_in(model::kOrderTypeNames, order.type)),
            number_or_none(order.parent_id),
            cell(account_of(result, order.account)),
            cell(name_in(model::kOrderStatusNames, order.status)),
            cell(name_in(model::kOrderReasonNames, order.reason)),
            cell(order.filled_quantity),
            cell(order.average_price)};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kFillColumns = {
    text("symbol"),           instant("fill_ts"),
    price("fill_price"),      text("side"),
    whole("oco_group_id"),    quantity("fill_qty"),
    money("commission_cost"), text("commission_currency"),
    text("liquidity"),        whole("fill_id"),
    whole("order_id"),        text("order_type"),
    text("strategy_id"),      text("account"),
};

Result<void> fill_rows(const BacktestResult& result, const RowTaker& take) {
    std::map<std::uint64_t, const model::Order*> orders;
    for (const model::Order& order : result.orders)
        orders[order.order_id] = &order;
    for (const model::Fill& fill : result.fills) {
        const auto known = orders.find(fill.order_id);
        const model::Order* order = known == orders.end() ? nullptr : known->second;
        const std::string currency = fill.fee_currency.text();
        const std::array<Cell, kFillColumns.size()> row = {
            cell(symbol_of(result, fill.instrument)),
            cell(fill.known_at),
            cell(fill.price),
            cell(side_name(fill.side)),
            order == nullptr ? Cell() : number_or_none(order->group_id),
            cell(fill.quantity),
            cell(fill.fee),
            cell(currency),
            cell(name_in(model::kLiquidityNames, fill.liquidity)),
            number(fill.fill_id),
            number(fill.order_id),
            order == nullptr ? Cell() : cell(name_in(model::kOrderTypeNames, order->type)),
            cell(strategy_of(result, fill.strategy)),
            cell(account_of(result, fill.account))};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kTradeColumns = {
    text("symbol"),           text("side"),       quantity("qty"),     instant("entry_ts"),
    price("entry_price"),     instant("exit_ts"), price("exit_price"), money("gross_pnl"),
    money("commission_cost"), money("net_pnl"),   money("pnl"),        text("reason"),
    text("currency"),         money("mae"),       money("mfe"),        whole("exit_order_id"),
    text("strategy_id"),      text("account"),
};

Result<void> trade_rows(const BacktestResult& result, const RowTaker& take) {
    for (const portfolio::RoundTrip& trade : result.trades) {
        const std::string currency = trade.currency.text();
        const std::array<Cell, kTradeColumns.size()> row = {
            cell(symbol_of(result, trade.instrument)),
            cell(side_name(trade.side)),
            cell(trade.quantity),
            cell(trade.entry_time),
            cell(trade.entry_price),
            cell(trade.exit_time),
            cell(trade.exit_price),
            cell(trade.gross),
            cell(trade.fees),
            cell(trade.net()),
            cell(trade.net()),
            cell(name_in(portfolio::kExitReasonNames, trade.reason)),
            cell(currency),
            cell(-trade.adverse_max),
            cell(trade.favourable_max),
            number(trade.exit_order_id),
            cell(strategy_of(result, trade.strategy)),
            cell(account_of(result, trade.account))};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kEquityColumns = {instant("ts"), money("equity")};

Result<void> equity_rows(const BacktestResult& result, const RowTaker& take) {
    for (const report::EquitySample& sample : result.equity_curve) {
        const std::array<Cell, kEquityColumns.size()> row = {cell(sample.time),
                                                             cell(sample.equity)};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kLedgerColumns = {instant("timestamp"), money("cash"),    whole("seq"),
                                       text("account"),      text("currency"), money("realized"),
                                       money("fees")};

Result<void> ledger_rows(const BacktestResult& result, const RowTaker& take) {
    std::uint64_t sequence = 0;
    for (const backtest::CashRow& entry : result.ledger) {
        const backtest::AccountRun& account = result.accounts[entry.account.value()];
        const std::array<Cell, kLedgerColumns.size()> row = {
            cell(entry.time),       cell(entry.cash),     number(sequence++), cell(account.name),
            cell(account.currency), cell(entry.realized), cell(entry.fees)};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kCandleColumns = {instant("ts"), text("symbol"), price("open"),
                                       price("high"), price("low"),   price("close")};

Result<void> candle_rows(const BacktestResult& result, const RowTaker& take) {
    for (const backtest::PriceCandle& candle : result.candles) {
        const std::array<Cell, kCandleColumns.size()> row = {
            cell(candle.begin), cell(symbol_of(result, candle.instrument)),
            cell(candle.open),  cell(candle.high),
            cell(candle.low),   cell(candle.close)};
        if (auto taken = take(row); !taken) return taken;
    }
    return {};
}

constexpr std::array kTables = {
    ArtifactTable{"signals_frame", kSignalColumns, signal_rows},
    ArtifactTable{"events_intent", kIntentColumns, intent_rows},
    ArtifactTable{"orders", kOrderColumns, order_rows},
    ArtifactTable{"fills", kFillColumns, fill_rows},
    ArtifactTable{"trades", kTradeColumns, trade_rows},
    ArtifactTable{"equity_curve", kEquityColumns, equity_rows},
    ArtifactTable{"portfolio_ledger", kLedgerColumns, ledger_rows},
    ArtifactTable{"candles", kCandleColumns, candle_rows},
};

}  // namespace

std::span<const ArtifactTable> artifact_tables() {
    return kTables;
}

}  // namespace millrace::runs
