-- What people and the predecessors' tools query. @amount, @price and @time become the expression
-- that shows such an integer as exact text (migrations.cpp).
CREATE VIEW accounts AS SELECT id, name, broker, currency, @amount(cash) AS cash, @amount(equity) AS equity,
    @amount(buying_power) AS buying_power, status, @amount(realised) AS realized_pnl,
    @amount(unrealised) AS unrealized_pnl, @amount(fees) AS fees, mode, @time(updated_at) AS updated_at
FROM trading_accounts;

CREATE VIEW instruments AS SELECT id, symbol, venue, asset_class, currency, base_currency,
    @price(price_increment) AS price_increment, @amount(quantity_increment) AS quantity_increment,
    @amount(minimum_quantity) AS minimum_quantity, @price(multiplier) AS multiplier, inverse, calendar
FROM trading_instruments;

CREATE VIEW order_intents AS SELECT id, symbol, upper(side) AS side, @amount(quantity) AS quantity,
    CASE type WHEN 'limit' THEN 'LMT' WHEN 'market' THEN 'MKT' WHEN 'stop' THEN 'STP'
        WHEN 'stop_limit' THEN 'STP LMT' ELSE upper(type) END AS order_type,
    @price(limit_price) AS price, status, tag AS client_tag, @time(created_at) AS created_at,
    @time(updated_at) AS updated_at, key AS idempotency_key, account, strategy,
    @price(stop_price) AS stop_price, @price(stop_loss) AS stop_loss, @price(take_profit) AS take_profit,
    upper(time_in_force) AS time_in_force, reduce_only, reason, body_hash
FROM trading_intents;

CREATE VIEW orders AS SELECT id, client_order_id, account AS account_id, strategy AS strategy_id, signal_id,
    intent_id, symbol, upper(side) AS side, type, time_in_force AS tif, @amount(quantity) AS qty,
    @price(limit_price) AS limit_price, @price(stop_price) AS stop_price,
    @amount(filled_quantity) AS filled_qty, @price(average_price) AS avg_price,
    CASE status WHEN 'pending' THEN 'new' WHEN 'submitted' THEN 'new' WHEN 'triggered' THEN 'accepted'
        WHEN 'cancel_requested' THEN 'accepted' WHEN 'replace_requested' THEN 'accepted'
        WHEN 'partially_filled' THEN 'partial' WHEN 'cancelled' THEN 'canceled' ELSE status END AS status,
    status AS state, reason AS reject_code, venue_order_id, @time(created_at) AS created_at,
    @time(updated_at) AS updated_at
FROM trading_orders;

CREATE VIEW executions AS SELECT id, order_id, exec_ref, @amount(quantity) AS qty, @price(price) AS price,
    @amount(fee) AS fee, fee_currency, liquidity, @time(ts) AS ts
FROM trading_executions;

CREATE VIEW fills AS SELECT id, order_id, symbol, upper(side) AS side, @amount(quantity) AS qty,
    @price(price) AS price, @amount(fee) AS fee, @time(ts) AS ts, strategy AS strategy_id,
    session AS session_id, account
FROM trading_executions;

CREATE VIEW positions AS SELECT p.account AS account_id, p.symbol, p.strategy AS strategy_id, p.leg,
    @amount(p.quantity) AS qty, @price(p.average_price) AS avg_cost, @amount(p.realised) AS realized_pnl,
    @amount(p.unrealised) AS unrealized_pnl, @amount(p.fees) AS fees, p.currency,
    @price(m.price) AS mark_price, @time(p.updated_at) AS updated_at
FROM trading_positions p LEFT JOIN trading_marks m ON m.symbol = p.symbol;

CREATE VIEW cash_entries AS SELECT id, ref, account AS account_id, strategy AS strategy_id, currency,
    @amount(amount) AS amount, reason, note, @time(ts) AS ts
FROM trading_cash;

CREATE VIEW equity_snapshots AS SELECT id, @time(ts) AS ts, @amount(equity) AS equity, @amount(cash) AS cash,
    strategy AS strategy_id, session AS session_id, account
FROM trading_equity_snapshots;

CREATE VIEW position_snapshots AS SELECT id, @time(ts) AS ts, symbol, @amount(quantity) AS qty,
    @price(average_price) AS avg_price, @price(mark_price) AS mtm_price,
    @amount(unrealised) AS unrealized_pnl, strategy AS strategy_id, session AS session_id, account
FROM trading_position_snapshots;

CREATE VIEW strategies AS SELECT id, name, type, version, state, mode, symbols, params,
    @amount(risk_budget) AS risk_budget, @time(created_at) AS created_at, @time(updated_at) AS updated_at
FROM strategy_strategies;

CREATE VIEW signals AS SELECT id, strategy AS strategy_id, symbol, upper(action) AS side,
    @price(strength) AS strength, @price(price) AS price, meta, @time(ts) AS ts, status AS outcome,
    @price(price) AS entry_price, @price(stop_loss) AS stop_loss, @price(take_profit) AS take_profit,
    @amount(quantity) AS quantity, strategy AS strategy_name, version AS strategy_version, interval, setup,
    @price(score) AS score, @price(strength) AS confidence, meta AS metadata, status,
    @time(ts) AS created_at, source, lab, run_id, key AS idempotency_key
FROM strategy_signals;

CREATE VIEW performance AS SELECT id, strategy AS strategy_id, @time(window_start) AS window_start,
    @time(window_end) AS window_end, trades, wins, @amount(pnl) AS pnl,
    @price(return_ratio * 100) AS return_pct, @price(sharpe) AS sharpe, @price(max_drawdown) AS max_dd
FROM strategy_performance;

CREATE VIEW limits AS SELECT id, scope, key, rule, value, severity, version, active, changed_by, reason,
    @time(ts) AS ts
FROM risk_limits;

CREATE VIEW events AS SELECT id, rule, scope, key, value, limit_value, decision, order_id, severity, message,
    @time(ts) AS ts, acked_by, @time(acked_at) AS acked_at
FROM risk_events;

CREATE VIEW kill_switches AS SELECT scope, key, engaged, reason, actor, @time(ts) AS ts
FROM risk_kill_switches;

CREATE VIEW monitoring AS SELECT id, @time(ts) AS ts, account AS account_id, @amount(gross) AS gross,
    @amount(net) AS net, @amount(var95) AS var95, @price(drawdown) AS drawdown,
    @amount(daily_pnl) AS daily_pnl, kill_switch
FROM risk_monitoring;

CREATE VIEW system_events AS SELECT id, @time(ts) AS ts, actor, service, action, entity, before, after,
    prev_hash, hash
FROM audit_system_events;

CREATE VIEW health_checks AS SELECT id, @time(ts) AS ts, service, status,
    @price(latency_ns * 1000) AS latency_ms, details
FROM audit_health_checks;

CREATE VIEW configuration AS SELECT id, key, value, version, changed_by, @time(ts) AS ts
FROM audit_configuration;
