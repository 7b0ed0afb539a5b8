// Member by member, in the order of the contract.
#include "millrace/app/backtest/result_json.hpp"

#include "millrace/base/hash.hpp"
#include "millrace/core/report/report_json.hpp"

namespace millrace::backtest {
namespace {

std::string_view symbol_of(const BacktestResult& result, InstrumentId id) {
    return result.instruments[id.value()].symbol.view();
}
std::string_view strategy_of(const BacktestResult& result, StrategyId id) {
    return result.strategies[id.value()].name;
}
std::string_view account_of(const BacktestResult& result, AccountId id) {
    return result.accounts[id.value()].name;
}

template <class T>
void write_maybe(JsonWriter& writer, std::string_view name, const Maybe<T>& value) {
    if (value.has_value())
        writer.member(name, value.value().to_string());
    else
        writer.key(name).null();
}

void write_parameters(const StrategyRun& run, JsonWriter& writer) {
    writer.begin_object();
    for (const ParameterValue& parameter : run.parameters) {
        using strategy::ParameterKind;
        writer.key(parameter.name);
        if (parameter.kind == ParameterKind::integer)
            writer.integer(std::stoll(parameter.text));
        else if (parameter.kind == ParameterKind::boolean)
            writer.boolean(parameter.text == "true");
        else
            writer.text(parameter.text);
    }
    writer.end_object();
}

void write_equity(const EquitySummary& equity, JsonWriter& writer) {
    writer.key("equity").begin_object();
    writer.member("initial", equity.initial.to_string());
    writer.member("final", equity.final.to_string());
    writer.member("net_profit", equity.net_profit.to_string());
    writer.member("realized", equity.realized.to_string());
    writer.member("unrealized", equity.unrealized.to_string());
    writer.member("fees", equity.fees.to_string());
    writer.member("borrow_fees", equity.borrow_fees.to_string());
    writer.member("interest", equity.interest.to_string());
    writer.member("dividends", equity.dividends.to_string());
    writer.end_object();
}

// One strategy stands for itself; of several the names are joined, and `params` has an object each.
void write_strategies(const BacktestResult& result, JsonWriter& writer) {
    const bool is_one = result.strategies.size() == 1;
    std::string names;
    for (const StrategyRun& run : result.strategies)
        names += (names.empty() ? "" : ",") + (is_one ? run.type : run.name);
    writer.member("strategy", names).key("params");
    if (is_one) {
        write_parameters(result.strategies.front(), writer);
    } else {
        writer.begin_object();
        for (const StrategyRun& run : result.strategies) {
            writer.key(run.name);
            write_parameters(run, writer);
        }
        writer.end_object();
    }
    writer.key("strategies").begin_array();
    for (const StrategyRun& run : result.strategies) {
        writer.begin_object().member("name", run.name).member("type", run.type);
        writer.member("account", run.account).key("symbols").begin_array();
        for (const std::string& symbol : run.symbols)
            writer.text(symbol);
        writer.end_array().key("params");
        write_parameters(run, writer);
        writer.end_object();
    }
    writer.end_array();
}

// Of the codes those that were told.
void write_risk(const risk::Guardian::Counts& counts, JsonWriter& writer) {
    writer.key("risk").begin_object().member("submitted", counts.submitted);
    writer.member("accepted", counts.accepted).member("refused", counts.refused);
    writer.key("refused_by").begin_object();
    for (const risk::RuleDescription& rule : risk::rules())
        if (const auto count = counts.refused_by[static_cast<std::size_t>(rule.rule)]; count > 0)
            writer.member(rule.code, count);
    writer.end_object().end_object();
}

void write_actions(const BacktestResult& result, JsonWriter& writer) {
    const ActionSummary& actions = *result.actions;
    writer.key("corporate_actions").begin_object();
    writer.member("applied", std::uint64_t{actions.applied.size()});
    writer.member("adjusted", actions.adjusted).member("outside", actions.outside);
    writer.member("fractions", result.counts.fractions).key("list").begin_array();
    for (const model::CorporateAction& action : actions.applied) {
        writer.begin_object().member("time", format_time(action.known_at));
        writer.member("symbol", symbol_of(result, action.instrument));
        writer.member("kind", model::name_of(action.kind));
        if (model::is_split(action)) {
            writer.member(
                "ratio", std::to_string(action.new_units) + ":" + std::to_string(action.old_units));
        } else {
            writer.member("amount", action.amount.value().to_string());
            writer.member("currency", action.currency.text());
        }
        writer.end_object();
    }
    writer.end_array().end_object();
}

void write_accounts(const BacktestResult& result, JsonWriter& writer) {
    writer.key("accounts").begin_array();
    for (const AccountRun& account : result.accounts) {
        writer.begin_object().member("name", account.name).member("currency", account.currency);
        write_equity(account.equity, writer);
        writer.end_object();
    }
    writer.end_array();
}

void write_open_positions(const BacktestResult& result, JsonWriter& writer) {
    writer.key("open_positions").begin_array();
    for (const model::Position& position : result.open_positions) {
        writer.begin_object().member("symbol", symbol_of(result, position.instrument));
        writer.member("strategy", strategy_of(result, position.strategy));
        writer.member("account", account_of(result, position.account));
        writer.member("quantity", position.quantity.to_string());
        write_maybe(writer, "average_price", position.average_price);
        writer.member("unrealized", position.unrealised.to_string());
        writer.end_object();
    }
    writer.end_array();
}

void write_signals(const BacktestResult& result, JsonWriter& writer) {
    writer.key("signals").begin_array();
    for (const model::Signal& signal : result.signals) {
        writer.begin_object().member("time", format_time(signal.known_at));
        writer.member("symbol", symbol_of(result, signal.instrument));
        writer.member("side", model::kSignalActionNames[static_cast<std::size_t>(signal.action)]);
        write_maybe(writer, "price", signal.price);
        writer.member("confidence", signal.strength.to_double());
        writer.member("strategy", strategy_of(result, signal.strategy)).end_object();
    }
    writer.end_array();
}

void write_orders(const BacktestResult& result, JsonWriter& writer) {
    writer.key("orders").begin_array();
    for (const model::Order& order : result.orders) {
        writer.begin_object().member("time", format_time(order.known_at));
        writer.member("order_id", order.order_id);
        writer.member("symbol", symbol_of(result, order.instrument));
        writer.member("side", model::kSideNames[static_cast<std::size_t>(order.side)]);
        writer.member("type", model::kOrderTypeNames[static_cast<std::size_t>(order.type)]);
        writer.member("quantity", order.quantity.to_string());
        writer.member("filled", order.filled_quantity.to_string());
        write_maybe(writer, "limit_price", order.limit_price);
        write_maybe(writer, "stop_price", order.stop_price);
        write_maybe(writer, "average_price", order.average_price);
        writer.member("status", model::kOrderStatusNames[static_cast<std::size_t>(order.status)]);
        writer.member("reason", model::kOrderReasonNames[static_cast<std::size_t>(order.reason)]);
        writer.member("strategy", strategy_of(result, order.strategy)).end_object();
    }
    writer.end_array();
}

void write_fills(const BacktestResult& result, JsonWriter& writer) {
    writer.key("fills").begin_array();
    for (const model::Fill& fill : result.fills) {
        writer.begin_object().member("time", format_time(fill.known_at));
        writer.member("symbol", symbol_of(result, fill.instrument));
        writer.member("side", model::kSideNames[static_cast<std::size_t>(fill.side)]);
        writer.member("quantity", fill.quantity.to_string());
        writer.member("price", fill.price.to_string());
        writer.member("fee", fill.fee.to_string());
        writer.member("fee_currency", fill.fee_currency.text());
        writer.member("order_id", fill.order_id);
        const bool is_liquidation = venue::SimulatedExchange::is_liquidation(fill.order_id);
        const bool is_fraction = venue::SimulatedExchange::is_fraction(fill.order_id);
        writer.member("reason", is_liquidation ? "liquidation"
                                : is_fraction  ? "corporate_action"
                                               : "order");
        writer.member("strategy", strategy_of(result, fill.strategy)).end_object();
    }
    writer.end_array();
}

void write_trades(const BacktestResult& result, JsonWriter& writer) {
    writer.key("trades").begin_array();
    for (const portfolio::RoundTrip& trade : result.trades) {
        writer.begin_object().member("symbol", symbol_of(result, trade.instrument));
        writer.member("side", model::kSideNames[static_cast<std::size_t>(trade.side)]);
        writer.member("quantity", trade.quantity.to_string());
        writer.member("entry_time", format_time(trade.entry_time));
        writer.member("entry_price", trade.entry_price.to_string());
        writer.member("exit_time", format_time(trade.exit_time));
        writer.member("exit_price", trade.exit_price.to_string());
        write_maybe(writer, "net_pnl", trade.net());
        write_maybe(writer, "fees", trade.fees);
        writer.member("currency", trade.currency.text());
        writer.member("reason",
                      portfolio::kExitReasonNames[static_cast<std::size_t>(trade.reason)]);
        writer.member("strategy", strategy_of(result, trade.strategy)).end_object();
    }
    writer.end_array();
}

}  // namespace

void write_json(const BacktestResult& result, JsonWriter& writer) {
    writer.member("run_id", result.run_id).member("result_hash", hash_text(result.result_hash));
    write_strategies(result, writer);
    writer.key("input").begin_object().member("events", result.input.events);
    writer.member("bars", result.input.bars).member("warm_up", result.input.warm_up);
    writer.member("from", format_time(result.input.from));
    writer.member("to", format_time(result.input.to)).end_object();
    writer.key("counts").begin_object().member("signals", result.counts.signals);
    writer.member("orders", result.counts.orders).member("fills", result.counts.fills);
    writer.member("trades", result.trade_count);
    writer.member("rejected", result.counts.rejected);
    writer.member("liquidations", result.counts.liquidations).end_object();
    if (result.risk) write_risk(*result.risk, writer);
    if (result.actions) write_actions(result, writer);
    writer.member("currency", result.currency);
    write_equity(result.equity, writer);
    write_accounts(result, writer);
    write_open_positions(result, writer);
    report::write_metrics(writer, result.report.metrics);
    report::write_breakdown(writer, result.report);
    writer.key("elapsed").begin_object().member("load_s", result.load_s);
    writer.member("run_s", result.run_s).end_object();
    writer.member("events_per_s", result.events_per_s);
    writer.key("warnings").begin_array();
    for (const std::string& warning : result.warnings)
        writer.text(warning);
    writer.end_array();
    if (!result.is_full) return;
    write_signals(result, writer);
    write_orders(result, writer);
    write_fills(result, writer);
    write_trades(result, writer);
}

}  // namespace millrace::backtest
