-- What is traded, by whom, and what became of it. Amounts are integers: a quantity or money counts
-- hundred-millionths, a price or ratio billionths, a time nanoseconds since 1970. The views show
-- them as exact decimal and time text.
CREATE TABLE trading_instruments (
    id INTEGER PRIMARY KEY,
    symbol TEXT NOT NULL UNIQUE CHECK (length(symbol) BETWEEN 1 AND 32),
    venue TEXT NOT NULL,
    asset_class TEXT NOT NULL,
    currency TEXT NOT NULL,
    base_currency TEXT NOT NULL,
    price_increment INTEGER NOT NULL CHECK (price_increment > 0),
    quantity_increment INTEGER NOT NULL CHECK (quantity_increment > 0),
    minimum_quantity INTEGER,
    multiplier INTEGER NOT NULL CHECK (multiplier > 0),
    inverse INTEGER NOT NULL CHECK (inverse IN (0, 1)),
    calendar TEXT NOT NULL
) STRICT;

CREATE TABLE trading_accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 32),
    broker TEXT NOT NULL,
    currency TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('netting', 'hedging')),
    status TEXT NOT NULL,
    cash INTEGER NOT NULL,
    equity INTEGER NOT NULL,
    buying_power INTEGER,
    realised INTEGER NOT NULL,
    unrealised INTEGER NOT NULL,
    fees INTEGER NOT NULL,
    updated_at INTEGER NOT NULL CHECK (updated_at >= 0)
) STRICT;

-- Ids are never used again, so that a reader may continue from the last one it saw.
CREATE TABLE trading_intents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 128),
    body_hash TEXT NOT NULL CHECK (length(body_hash) = 64),
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL REFERENCES trading_instruments (symbol),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    type TEXT NOT NULL,
    time_in_force TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    limit_price INTEGER,
    stop_price INTEGER,
    stop_loss INTEGER,
    take_profit INTEGER,
    expires_at INTEGER,
    reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
    tag TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'planning', 'planned', 'ready', 'sending', 'sent',
        'filled', 'cancelled', 'rejected', 'expired', 'error')),
    reason TEXT NOT NULL,
    answer_status INTEGER NOT NULL,
    answer_body TEXT NOT NULL,
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    updated_at INTEGER NOT NULL CHECK (updated_at >= created_at)
) STRICT;
CREATE INDEX trading_intents_by_status ON trading_intents (status, id);

CREATE TABLE trading_orders (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    client_order_id TEXT NOT NULL UNIQUE,
    intent_id INTEGER REFERENCES trading_intents (id),
    signal_id INTEGER,
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL REFERENCES trading_instruments (symbol),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    type TEXT NOT NULL,
    time_in_force TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    limit_price INTEGER,
    stop_price INTEGER,
    filled_quantity INTEGER NOT NULL CHECK (filled_quantity >= 0),
    average_price INTEGER,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    venue_order_id TEXT NOT NULL,
    created_at INTEGER NOT NULL CHECK (created_at >= 0),
    updated_at INTEGER NOT NULL CHECK (updated_at >= created_at)
) STRICT;
CREATE INDEX trading_orders_by_intent ON trading_orders (intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX trading_orders_by_status ON trading_orders (status, id);

-- In the order in which they were dealt: positions are worked out again by it.
CREATE TABLE trading_executions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    exec_ref TEXT NOT NULL UNIQUE CHECK (length(exec_ref) BETWEEN 1 AND 128),
    order_id INTEGER NOT NULL REFERENCES trading_orders (id),
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL REFERENCES trading_instruments (symbol),
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    fee_currency TEXT NOT NULL,
    liquidity TEXT NOT NULL,
    closes INTEGER NOT NULL CHECK (closes IN (0, 1)),
    session TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;
CREATE INDEX trading_executions_by_order ON trading_executions (order_id);
CREATE TRIGGER trading_executions_stay BEFORE UPDATE ON trading_executions
BEGIN SELECT RAISE(ABORT, 'a deal is never changed'); END;
CREATE TRIGGER trading_executions_last BEFORE DELETE ON trading_executions
BEGIN SELECT RAISE(ABORT, 'a deal is never removed'); END;

-- One row a position, or one a direction in hedging accounts.
CREATE TABLE trading_positions (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    symbol TEXT NOT NULL REFERENCES trading_instruments (symbol),
    strategy TEXT NOT NULL,
    leg TEXT NOT NULL CHECK (leg IN ('net', 'long', 'short')),
    quantity INTEGER NOT NULL,
    average_price INTEGER,
    currency TEXT NOT NULL,
    realised INTEGER NOT NULL,
    unrealised INTEGER NOT NULL,
    fees INTEGER NOT NULL,
    updated_at INTEGER NOT NULL CHECK (updated_at >= 0),
    UNIQUE (account, symbol, strategy, leg)
) STRICT;

-- The price at which each instrument stands in the books.
CREATE TABLE trading_marks (
    id INTEGER PRIMARY KEY,
    symbol TEXT NOT NULL UNIQUE REFERENCES trading_instruments (symbol),
    price INTEGER NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;

CREATE TABLE trading_cash (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE CHECK (length(ref) BETWEEN 1 AND 128),
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;
CREATE TRIGGER trading_cash_stays BEFORE UPDATE ON trading_cash
BEGIN SELECT RAISE(ABORT, 'cash that moved is never changed'); END;
CREATE TRIGGER trading_cash_lasts BEFORE DELETE ON trading_cash
BEGIN SELECT RAISE(ABORT, 'cash that moved is never removed'); END;

CREATE TABLE trading_equity_snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT,
    session TEXT NOT NULL,
    equity INTEGER NOT NULL,
    cash INTEGER NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;

CREATE TABLE trading_position_snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES trading_accounts (name),
    strategy TEXT NOT NULL,
    symbol TEXT NOT NULL REFERENCES trading_instruments (symbol),
    session TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    average_price INTEGER,
    mark_price INTEGER,
    unrealised INTEGER NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;
