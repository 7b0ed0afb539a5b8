// Which column holds which member of a row, once: inserting, reading and filtering all follow these
// lists. The lists name columns of migrations/; a test compares the two.
#pragma once

#include <array>
#include <string_view>
#include <tuple>

#include "millrace/edge/store/ledger/rows.hpp"

template <>
inline constexpr std::span<const std::string_view>
    millrace::model::kChoices<millrace::portfolio::CashReason> =
        millrace::portfolio::kCashReasonNames;

namespace millrace::ledger {

template <class Row, class Member>
struct Column {
    std::string_view name;
    Member Row::* member;
};

template <class Row, class Member>
constexpr Column<Row, Member> column(std::string_view name, Member Row::* member) {
    return {name, member};
}

// By which columns a list may be filtered; "" where the table has none.
struct Filters {
    std::string_view account;
    std::string_view strategy;
    std::string_view symbol;
    std::string_view status;
    std::string_view time;
};

// kName, kKey (columns that name a row, as in SQL; empty: only the id), kColumns, kFilters.
template <class Row>
struct TableOf;

#define MILLRACE_COLUMN(row, member) column(#member, &row::member)

template <>
struct TableOf<InstrumentRow> {
    using R = InstrumentRow;
    static constexpr std::string_view kName = "trading_instruments";
    static constexpr std::string_view kKey = "symbol";
    static constexpr Filters kFilters{"", "", "symbol", "", ""};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, venue),
                                         MILLRACE_COLUMN(R, asset_class),
                                         MILLRACE_COLUMN(R, currency),
                                         MILLRACE_COLUMN(R, base_currency),
                                         MILLRACE_COLUMN(R, price_increment),
                                         MILLRACE_COLUMN(R, quantity_increment),
                                         MILLRACE_COLUMN(R, minimum_quantity),
                                         MILLRACE_COLUMN(R, multiplier),
                                         MILLRACE_COLUMN(R, inverse),
                                         MILLRACE_COLUMN(R, calendar)};
};

template <>
struct TableOf<AccountRow> {
    using R = AccountRow;
    static constexpr std::string_view kName = "trading_accounts";
    static constexpr std::string_view kKey = "name";
    static constexpr Filters kFilters{"name", "", "", "status", "updated_at"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),           MILLRACE_COLUMN(R, name),
        MILLRACE_COLUMN(R, broker),       MILLRACE_COLUMN(R, currency),
        MILLRACE_COLUMN(R, mode),         MILLRACE_COLUMN(R, status),
        MILLRACE_COLUMN(R, cash),         MILLRACE_COLUMN(R, equity),
        MILLRACE_COLUMN(R, buying_power), MILLRACE_COLUMN(R, realised),
        MILLRACE_COLUMN(R, unrealised),   MILLRACE_COLUMN(R, fees),
        MILLRACE_COLUMN(R, updated_at)};
};

template <>
struct TableOf<IntentRow> {
    using R = IntentRow;
    static constexpr std::string_view kName = "trading_intents";
    static constexpr std::string_view kKey = "key";
    static constexpr Filters kFilters{"account", "strategy", "symbol", "status", "created_at"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, key),
                                         MILLRACE_COLUMN(R, body_hash),
                                         MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, strategy),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, side),
                                         MILLRACE_COLUMN(R, type),
                                         MILLRACE_COLUMN(R, time_in_force),
                                         MILLRACE_COLUMN(R, quantity),
                                         MILLRACE_COLUMN(R, limit_price),
                                         MILLRACE_COLUMN(R, stop_price),
                                         MILLRACE_COLUMN(R, stop_loss),
                                         MILLRACE_COLUMN(R, take_profit),
                                         MILLRACE_COLUMN(R, expires_at),
                                         MILLRACE_COLUMN(R, reduce_only),
                                         MILLRACE_COLUMN(R, tag),
                                         MILLRACE_COLUMN(R, status),
                                         MILLRACE_COLUMN(R, reason),
                                         MILLRACE_COLUMN(R, answer_status),
                                         MILLRACE_COLUMN(R, answer_body),
                                         MILLRACE_COLUMN(R, created_at),
                                         MILLRACE_COLUMN(R, updated_at)};
};

template <>
struct TableOf<OrderRow> {
    using R = OrderRow;
    static constexpr std::string_view kName = "trading_orders";
    static constexpr std::string_view kKey = "id";
    static constexpr Filters kFilters{"account", "strategy", "symbol", "status", "created_at"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, client_order_id),
                                         MILLRACE_COLUMN(R, intent_id),
                                         MILLRACE_COLUMN(R, signal_id),
                                         MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, strategy),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, side),
                                         MILLRACE_COLUMN(R, type),
                                         MILLRACE_COLUMN(R, time_in_force),
                                         MILLRACE_COLUMN(R, quantity),
                                         MILLRACE_COLUMN(R, limit_price),
                                         MILLRACE_COLUMN(R, stop_price),
                                         MILLRACE_COLUMN(R, filled_quantity),
                                         MILLRACE_COLUMN(R, average_price),
                                         MILLRACE_COLUMN(R, status),
                                         MILLRACE_COLUMN(R, reason),
                                         MILLRACE_COLUMN(R, venue_order_id),
                                         MILLRACE_COLUMN(R, created_at),
                                         MILLRACE_COLUMN(R, updated_at)};
};

template <>
struct TableOf<ExecutionRow> {
    using R = ExecutionRow;
    static constexpr std::string_view kName = "trading_executions";
    static constexpr std::string_view kKey = "exec_ref";
    static constexpr Filters kFilters{"account", "strategy", "symbol", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, exec_ref),
                                         MILLRACE_COLUMN(R, order_id),
                                         MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, strategy),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, side),
                                         MILLRACE_COLUMN(R, quantity),
                                         MILLRACE_COLUMN(R, price),
                                         MILLRACE_COLUMN(R, fee),
                                         MILLRACE_COLUMN(R, fee_currency),
                                         MILLRACE_COLUMN(R, liquidity),
                                         MILLRACE_COLUMN(R, closes),
                                         MILLRACE_COLUMN(R, session),
                                         MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<PositionRow> {
    using R = PositionRow;
    static constexpr std::string_view kName = "trading_positions";
    static constexpr std::string_view kKey = "account, symbol, strategy, leg";
    static constexpr Filters kFilters{"account", "strategy", "symbol", "", "updated_at"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, strategy),
                                         MILLRACE_COLUMN(R, leg),
                                         MILLRACE_COLUMN(R, quantity),
                                         MILLRACE_COLUMN(R, average_price),
                                         MILLRACE_COLUMN(R, currency),
                                         MILLRACE_COLUMN(R, realised),
                                         MILLRACE_COLUMN(R, unrealised),
                                         MILLRACE_COLUMN(R, fees),
                                         MILLRACE_COLUMN(R, updated_at)};
};

template <>
struct TableOf<MarkRow> {
    using R = MarkRow;
    static constexpr std::string_view kName = "trading_marks";
    static constexpr std::string_view kKey = "symbol";
    static constexpr Filters kFilters{"", "", "symbol", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id), MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, price), MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<CashRow> {
    using R = CashRow;
    static constexpr std::string_view kName = "trading_cash";
    static constexpr std::string_view kKey = "ref";
    static constexpr Filters kFilters{"account", "strategy", "", "", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),       MILLRACE_COLUMN(R, ref),      MILLRACE_COLUMN(R, account),
        MILLRACE_COLUMN(R, strategy), MILLRACE_COLUMN(R, currency), MILLRACE_COLUMN(R, amount),
        MILLRACE_COLUMN(R, reason),   MILLRACE_COLUMN(R, note),     MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<EquityRow> {
    using R = EquityRow;
    static constexpr std::string_view kName = "trading_equity_snapshots";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"account", "strategy", "", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),       MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, strategy), MILLRACE_COLUMN(R, session),
                                         MILLRACE_COLUMN(R, equity),   MILLRACE_COLUMN(R, cash),
                                         MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<PositionSnapshotRow> {
    using R = PositionSnapshotRow;
    static constexpr std::string_view kName = "trading_position_snapshots";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"account", "strategy", "symbol", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),
                                         MILLRACE_COLUMN(R, account),
                                         MILLRACE_COLUMN(R, strategy),
                                         MILLRACE_COLUMN(R, symbol),
                                         MILLRACE_COLUMN(R, session),
                                         MILLRACE_COLUMN(R, quantity),
                                         MILLRACE_COLUMN(R, average_price),
                                         MILLRACE_COLUMN(R, mark_price),
                                         MILLRACE_COLUMN(R, unrealised),
                                         MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<StrategyRow> {
    using R = StrategyRow;
    static constexpr std::string_view kName = "strategy_strategies";
    static constexpr std::string_view kKey = "name, version";
    static constexpr Filters kFilters{"", "name", "", "state", "updated_at"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),          MILLRACE_COLUMN(R, name),
        MILLRACE_COLUMN(R, type),        MILLRACE_COLUMN(R, version),
        MILLRACE_COLUMN(R, state),       MILLRACE_COLUMN(R, mode),
        MILLRACE_COLUMN(R, symbols),     MILLRACE_COLUMN(R, params),
        MILLRACE_COLUMN(R, risk_budget), MILLRACE_COLUMN(R, created_at),
        MILLRACE_COLUMN(R, updated_at)};
};

template <>
struct TableOf<SignalRow> {
    using R = SignalRow;
    static constexpr std::string_view kName = "strategy_signals";
    static constexpr std::string_view kKey = "key";
    static constexpr Filters kFilters{"", "strategy", "symbol", "status", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),        MILLRACE_COLUMN(R, key),
        MILLRACE_COLUMN(R, strategy),  MILLRACE_COLUMN(R, version),
        MILLRACE_COLUMN(R, symbol),    MILLRACE_COLUMN(R, action),
        MILLRACE_COLUMN(R, strength),  MILLRACE_COLUMN(R, price),
        MILLRACE_COLUMN(R, stop_loss), MILLRACE_COLUMN(R, take_profit),
        MILLRACE_COLUMN(R, quantity),  MILLRACE_COLUMN(R, interval),
        MILLRACE_COLUMN(R, setup),     MILLRACE_COLUMN(R, score),
        MILLRACE_COLUMN(R, meta),      MILLRACE_COLUMN(R, status),
        MILLRACE_COLUMN(R, source),    MILLRACE_COLUMN(R, lab),
        MILLRACE_COLUMN(R, run_id),    MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<PerformanceRow> {
    using R = PerformanceRow;
    static constexpr std::string_view kName = "strategy_performance";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "strategy", "", "", "window_end"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),           MILLRACE_COLUMN(R, strategy),
        MILLRACE_COLUMN(R, window_start), MILLRACE_COLUMN(R, window_end),
        MILLRACE_COLUMN(R, trades),       MILLRACE_COLUMN(R, wins),
        MILLRACE_COLUMN(R, pnl),          MILLRACE_COLUMN(R, return_ratio),
        MILLRACE_COLUMN(R, sharpe),       MILLRACE_COLUMN(R, max_drawdown)};
};

template <>
struct TableOf<LimitRow> {
    using R = LimitRow;
    static constexpr std::string_view kName = "risk_limits";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "", "", "", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),      MILLRACE_COLUMN(R, scope),  MILLRACE_COLUMN(R, key),
        MILLRACE_COLUMN(R, rule),    MILLRACE_COLUMN(R, value),  MILLRACE_COLUMN(R, severity),
        MILLRACE_COLUMN(R, version), MILLRACE_COLUMN(R, active), MILLRACE_COLUMN(R, changed_by),
        MILLRACE_COLUMN(R, reason),  MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<RiskEventRow> {
    using R = RiskEventRow;
    static constexpr std::string_view kName = "risk_events";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "", "", "severity", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),       MILLRACE_COLUMN(R, rule),     MILLRACE_COLUMN(R, scope),
        MILLRACE_COLUMN(R, key),      MILLRACE_COLUMN(R, value),    MILLRACE_COLUMN(R, limit_value),
        MILLRACE_COLUMN(R, decision), MILLRACE_COLUMN(R, order_id), MILLRACE_COLUMN(R, severity),
        MILLRACE_COLUMN(R, message),  MILLRACE_COLUMN(R, ts),       MILLRACE_COLUMN(R, acked_by),
        MILLRACE_COLUMN(R, acked_at)};
};

template <>
struct TableOf<KillSwitchRow> {
    using R = KillSwitchRow;
    static constexpr std::string_view kName = "risk_kill_switches";
    static constexpr std::string_view kKey = "scope, key";
    static constexpr Filters kFilters{"", "", "", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),     MILLRACE_COLUMN(R, scope),
                                         MILLRACE_COLUMN(R, key),    MILLRACE_COLUMN(R, engaged),
                                         MILLRACE_COLUMN(R, reason), MILLRACE_COLUMN(R, actor),
                                         MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<MonitoringRow> {
    using R = MonitoringRow;
    static constexpr std::string_view kName = "risk_monitoring";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"account", "", "", "", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),        MILLRACE_COLUMN(R, account),
        MILLRACE_COLUMN(R, gross),     MILLRACE_COLUMN(R, net),
        MILLRACE_COLUMN(R, var95),     MILLRACE_COLUMN(R, drawdown),
        MILLRACE_COLUMN(R, daily_pnl), MILLRACE_COLUMN(R, kill_switch),
        MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<HealthRow> {
    using R = HealthRow;
    static constexpr std::string_view kName = "audit_health_checks";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "", "", "status", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),         MILLRACE_COLUMN(R, service), MILLRACE_COLUMN(R, status),
        MILLRACE_COLUMN(R, latency_ns), MILLRACE_COLUMN(R, details), MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<ConfigurationRow> {
    using R = ConfigurationRow;
    static constexpr std::string_view kName = "audit_configuration";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "", "", "", "ts"};
    static constexpr std::tuple kColumns{
        MILLRACE_COLUMN(R, id),      MILLRACE_COLUMN(R, key),        MILLRACE_COLUMN(R, value),
        MILLRACE_COLUMN(R, version), MILLRACE_COLUMN(R, changed_by), MILLRACE_COLUMN(R, ts)};
};

template <>
struct TableOf<AuditRow> {
    using R = AuditRow;
    static constexpr std::string_view kName = "audit_system_events";
    static constexpr std::string_view kKey = "";
    static constexpr Filters kFilters{"", "", "", "", "ts"};
    static constexpr std::tuple kColumns{MILLRACE_COLUMN(R, id),        MILLRACE_COLUMN(R, ts),
                                         MILLRACE_COLUMN(R, actor),     MILLRACE_COLUMN(R, service),
                                         MILLRACE_COLUMN(R, action),    MILLRACE_COLUMN(R, entity),
                                         MILLRACE_COLUMN(R, before),    MILLRACE_COLUMN(R, after),
                                         MILLRACE_COLUMN(R, prev_hash), MILLRACE_COLUMN(R, hash)};
};

#undef MILLRACE_COLUMN

}  // namespace millrace::ledger
