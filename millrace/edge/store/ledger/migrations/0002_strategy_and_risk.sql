-- What strategies want and how they do, and what the guardian allows.
CREATE TABLE strategy_strategies (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'ready', 'running', 'paused', 'stopped',
        'archived', 'error')),
    mode TEXT NOT NULL CHECK (mode IN ('backtest', 'paper', 'live')),
    symbols TEXT NOT NULL,
    params TEXT NOT NULL,
    risk_budget INTEGER,
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
    UNIQUE (name, version)
) STRICT;

CREATE TABLE strategy_signals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 128),
    strategy TEXT NOT NULL,
    version TEXT NOT NULL,
    symbol TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('buy', 'sell', 'close', 'hold')),
    strength INTEGER NOT NULL,
    price INTEGER,
    stop_loss INTEGER,
    take_profit INTEGER,
    quantity INTEGER,
    interval TEXT NOT NULL,
    setup TEXT NOT NULL,
    score INTEGER,
    meta TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT NOT NULL,
    lab TEXT NOT NULL,
    run_id TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;
CREATE INDEX strategy_signals_by_strategy ON strategy_signals (strategy, id);

CREATE TABLE strategy_performance (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    strategy TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    window_end INTEGER NOT NULL CHECK (window_end >= window_start),
    trades INTEGER NOT NULL,
    wins INTEGER NOT NULL,
    pnl INTEGER NOT NULL,
    return_ratio INTEGER,
    sharpe INTEGER,
    max_drawdown INTEGER
) STRICT;

-- A change makes a new version; the old ones stay.
CREATE TABLE risk_limits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL CHECK (scope IN ('global', 'account', 'strategy', 'symbol')),
    key TEXT NOT NULL,
    rule TEXT NOT NULL,
    value TEXT NOT NULL,
    severity TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0),
    UNIQUE (scope, key, rule, version)
) STRICT;
CREATE UNIQUE INDEX risk_limits_in_force ON risk_limits (scope, key, rule) WHERE active = 1;

CREATE TABLE risk_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    limit_value TEXT NOT NULL,
    decision TEXT NOT NULL,
    order_id INTEGER,
    severity TEXT NOT NULL CHECK (severity IN ('INFO', 'WARN', 'CRITICAL')),
    message TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0),
    acked_by TEXT,
    acked_at INTEGER
) STRICT;

CREATE TABLE risk_kill_switches (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('global', 'account', 'strategy', 'symbol')),
    key TEXT NOT NULL,
    engaged INTEGER NOT NULL CHECK (engaged IN (0, 1)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0),
    UNIQUE (scope, key)
) STRICT;

CREATE TABLE risk_monitoring (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    gross INTEGER NOT NULL,
    net INTEGER NOT NULL,
    var95 INTEGER,
    drawdown INTEGER NOT NULL,
    daily_pnl INTEGER NOT NULL,
    kill_switch INTEGER NOT NULL CHECK (kill_switch IN (0, 1)),
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;
