#!/usr/bin/env python3
"""The ledger from the outside: commands, what a tampering hand leaves, a backup to a full disk."""
import sqlite3
import subprocess

from program import DEADLINE, Program, main

NAMESPACES = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
SCRIPT = """
mount -t tmpfs -o size=96k none small || exit 77
"$0" db backup small/copy.db
echo "backup exits $?"
ls small
"""
AUDIT = """INSERT INTO audit_system_events VALUES (1, 1767605401000000000, 'ann', 'test', 'begin',
'x', '', '', '{zeros}', '{hash}')"""
# SHA-256 of 64 zeros and [1,1767605401000000000,"ann","test","begin","x","",""]
HASH = "11b7eab7fee75fff021e3afdc2ab702877e7ef1871453dbfb47fa8ea28bafbce"


class Ledger(Program):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "millrace-data" / "millrace.db"
        made = self.answer("db", "migrate")
        self.assertEqual((made["from"], made["backup"]), (0, ""))
        self.version = made["to"]

    def force(self, *statements):
        with sqlite3.connect(self.file) as ledger:
            for statement in statements:
                ledger.execute(statement)
        ledger.close()

    def test_a_new_ledger_is_sound_and_private(self):
        self.assertTrue(self.answer("db", "check")["sound"])
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.answer("db", "migrate")["from"], self.version)

    def test_a_backup_is_a_sound_ledger_and_overwrites_nothing(self):
        self.answer("db", "backup", "copy.db")
        self.assertEqual((self.folder / "copy.db").stat().st_mode & 0o777, 0o600)
        self.assertTrue(self.answer("db", "check", "--ledger", "copy.db")["sound"])
        again = self.answer("db", "backup", "copy.db", code=4)
        self.assertIn("would overwrite", again["error"]["what"])

    def test_a_tampered_audit_row_is_told_by_its_number(self):
        self.force(AUDIT.format(zeros="0" * 64, hash=HASH))
        self.assertEqual(self.answer("audit", "verify")["head"], HASH)
        self.answer("audit", "verify", "--holds", HASH)
        self.answer("audit", "verify", "--holds", "a" * 64, code=4)
        self.force("DROP TRIGGER audit_system_events_stay",
                   "UPDATE audit_system_events SET actor = 'bob'")
        ran = self.run_program("audit", "verify")
        self.assertEqual(ran.returncode, 4)
        self.assertIn("row 1 of the audit trail is not as it was written", ran.stderr)
        checked = self.run_program("db", "check")
        self.assertEqual(checked.returncode, 4)
        self.assertIn("audit_system_events 1", checked.stdout)

    def test_a_damaged_file_is_refused(self):
        data = self.file.read_bytes()
        self.file.write_bytes(data[:100] + b"\xff" * 3000 + data[3100:])
        ran = self.run_program("db", "check")
        self.assertEqual(ran.returncode, 4, ran.stdout)

    def test_a_newer_ledger_is_left_alone(self):
        self.force("PRAGMA user_version = 99")
        for words in (("db", "check"), ("db", "migrate"), ("audit", "verify")):
            refused = self.answer(*words, code=4)
            self.assertIn("is of version 99", refused["error"]["what"])

    def test_an_older_ledger_asks_to_be_migrated(self):
        self.force("PRAGMA user_version = 3", "DROP TABLE ledger_progress", *[
            f"DROP VIEW {name}" for name in self.views()])
        refused = self.answer("db", "check", code=4)
        self.assertEqual(refused["error"]["mend"], "run millrace db migrate")
        made = self.answer("db", "migrate")
        self.assertEqual((made["from"], made["to"]), (3, self.version))
        self.assertTrue(made["backup"].endswith("millrace.db.v3.backup"))
        self.assertTrue(self.answer("db", "check")["sound"])

    def views(self):
        ledger = sqlite3.connect(self.file)
        names = [row[0] for row in
                 ledger.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
        ledger.close()
        return names

    def test_the_names_of_the_predecessors_work(self):
        ledger = sqlite3.connect(self.file)
        for schema in ("trading", "strategy", "risk", "audit"):
            ledger.execute(f"ATTACH '{self.file}' AS {schema}")
        for query in (
                "SELECT id, symbol, side, quantity, order_type, price, status, client_tag, "
                "created_at, updated_at FROM order_intents",
                "SELECT id, client_order_id, account_id, strategy_id, signal_id, symbol, side, "
                "type, tif, qty, limit_price, stop_price, filled_qty, avg_price, status, "
                "reject_code, created_at, updated_at FROM trading.orders",
                "SELECT id, order_id, exec_ref, qty, price, fee, liquidity, ts "
                "FROM trading.executions",
                "SELECT account_id, symbol, strategy_id, qty, avg_cost, realized_pnl, updated_at "
                "FROM trading.positions",
                "SELECT id, name, broker, currency, cash, equity, buying_power, status "
                "FROM trading.accounts",
                "SELECT id, name, type, version, state, mode, symbols, params, risk_budget "
                "FROM strategy.strategies",
                "SELECT id, strategy_id, symbol, side, strength, price, meta, ts, outcome "
                "FROM strategy.signals",
                "SELECT strategy_id, window_start, window_end, trades, wins, pnl, return_pct, "
                "sharpe, max_dd FROM strategy.performance",
                "SELECT id, scope, key, rule, value, severity, version, active, changed_by "
                "FROM risk.limits",
                "SELECT id, rule, scope, key, value, limit_value, decision, order_id, severity, "
                "ts, acked_by FROM risk.events",
                "SELECT ts, account_id, gross, net, var95, drawdown, daily_pnl, kill_switch "
                "FROM risk.monitoring",
                "SELECT id, ts, actor, service, action, entity, before, after, prev_hash, hash "
                "FROM audit.system_events",
                "SELECT ts, service, status, latency_ms, details FROM audit.health_checks",
                "SELECT key, value, version, changed_by, ts FROM audit.configuration",
                "SELECT order_id, symbol, side, qty, price, fee, ts, strategy_id, session_id "
                "FROM fills WHERE id > 0 ORDER BY id",
                "SELECT ts, equity, cash, strategy_id, session_id FROM equity_snapshots",
                "SELECT ts, symbol, qty, avg_price, mtm_price, unrealized_pnl "
                "FROM position_snapshots",
                "SELECT id, symbol, side, entry_price, stop_loss, take_profit, quantity, "
                "strategy_name, strategy_version, strategy_id, interval, setup, score, metadata, "
                "status, created_at, source FROM signals"):
            self.assertEqual(ledger.execute(query).fetchall(), [], query)
        ledger.close()

    def test_a_backup_to_a_full_disk_leaves_nothing(self):
        (self.folder / "small").mkdir()
        for namespace in NAMESPACES:
            ran = subprocess.run([*namespace, "sh", "-c", SCRIPT, str(self.path)], text=True,
                                 cwd=self.folder, env=self.environment, capture_output=True,
                                 timeout=DEADLINE, check=False)
            if "backup exits" in ran.stdout:
                break
        else:
            self.skipTest("no small disk can be mounted here")
        self.assertEqual(ran.stdout, "backup exits 4\n", ran.stderr)
        self.assertIn("No space left on device", ran.stderr)


if __name__ == "__main__":
    main()
