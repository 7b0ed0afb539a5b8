-- Who did what. Each row carries the hash of the one before it; a row is only ever added, at the end.
CREATE TABLE audit_system_events (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    ts INTEGER NOT NULL CHECK (ts >= 0),
    actor TEXT NOT NULL,
    service TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE TRIGGER audit_system_events_chain BEFORE INSERT ON audit_system_events
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_system_events)
    OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM audit_system_events ORDER BY id DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'the audit trail grows only at its end'); END;
CREATE TRIGGER audit_system_events_stay BEFORE UPDATE ON audit_system_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_system_events_last BEFORE DELETE ON audit_system_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is never cut'); END;

-- The newest row, told twice: rows cut from the end are missed by it.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TRIGGER audit_system_events_head AFTER INSERT ON audit_system_events
BEGIN UPDATE audit_head SET last = NEW.id, hash = NEW.hash; END;

CREATE TABLE audit_health_checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'degraded', 'down')),
    latency_ns INTEGER NOT NULL,
    details TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0)
) STRICT;

CREATE TABLE audit_configuration (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    changed_by TEXT NOT NULL,
    ts INTEGER NOT NULL CHECK (ts >= 0),
    UNIQUE (key, version)
) STRICT;
