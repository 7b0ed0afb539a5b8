-- Up to which input of its journal the ledger has what became of them. Written with the rows that
-- it tells of, so it is never ahead of them, nor behind.
CREATE TABLE ledger_progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL CHECK (sequence >= 0)
) STRICT;
