#!/usr/bin/env python3
"""What the server tells those who watch it, and a kill switch file of any bytes."""
import pathlib
import re

from server import OrdersTest, main, wait_until

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "metrics.md"
NAMES = re.compile(r"`((?:millrace|order|api|daily)_\w+)")
TYPES = re.compile(r"^# TYPE (\w+)", re.MULTILINE)
DAILY = {"daily_pnl", "millrace_daily_pnl"}
LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? '
                  r'(-?\d+(\.\d+)?(e[+-]\d+)?|\+Inf|Nan)')
WISH = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "MKT", "strategy": "desk"}


class Looks(OrdersTest):
    SETTINGS = ("orders.mode=paper-send", "orders.allow_send=true", "orders.auto_promote=true")

    def send(self, server, key, **changes):
        return server.ask("POST", "/api/v1/orderintents", WISH | changes,
                          {"Idempotency-Key": key}, "admin").status

    def metrics(self, server):
        answer = server.ask("GET", "/metrics", scope="admin")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return answer.text

    def test_metrics_tell_what_happened(self):
        server = self.server()
        server.token("admin")
        server.start()
        wait_until(lambda: server.ask("GET", "/api/v1/status", scope="admin").json["symbols"][0]
                   .get("last_price"), "a price of AAPL")
        self.assertEqual([self.send(server, "a"), self.send(server, "b"), self.send(server, "a"),
                          self.send(server, "a", quantity=2), self.send(server, "c", quantity=0)],
                         [202, 202, 409, 422, 422])
        self.assertEqual(server.ask("GET", "/api/v1/orderintents/77", scope="admin").status, 404)
        body = {"action": "engage", "scope": "symbol:TSLA", "reason": "test"}
        self.assertEqual(server.ask("POST", "/kill-switch", body, scope="admin").status, 200)
        text = self.metrics(server)
        for line in ("order_intents_created_total 2", "order_intents_duplicate_total 2",
                     "order_intents_error_total 1", 'millrace_kill_switch{scope="global"} 0',
                     'millrace_kill_switch{scope="symbol:TSLA"} 1',
                     'millrace_http_requests_total{code="202",route="/api/v1/orderintents"} 2',
                     'millrace_http_requests_total{code="404",route="/api/v1/orderintents/{id}"} 1',
                     'millrace_feed_connected{source="synthetic"} 1'):
            self.assertIn(line + "\n", text)
        for line in text.splitlines():
            self.assertTrue(line.startswith("# ") or LINE.fullmatch(line), line)
        # Each that is served stands in the page, and the other way round; a position comes with
        # the first deal, and the day's profit is told where it is known.
        documented = set(NAMES.findall(PAGE.read_text()))
        self.assertLessEqual(set(TYPES.findall(text)), documented)
        wait_until(lambda: documented - set(TYPES.findall(self.metrics(server))) <= DAILY,
                   "the metrics of the page are served", 20)
        body["action"] = "release"
        self.assertEqual(server.ask("POST", "/kill-switch", body, scope="admin").status, 200)
        self.assertIn('millrace_kill_switch{scope="symbol:TSLA"} 0\n', self.metrics(server))

    def test_a_server_that_is_well_says_so(self):
        server = self.server().start()
        health = server.ask("GET", "/health").json
        self.assertEqual((health["status"], health["service"]), ("ok", "orders"))
        self.assertEqual({check["status"] for check in health["checks"].values()}, {"ok"})
        self.assertEqual(server.ask("GET", "/healthz").json, {
            "ok": True, "status": "ok", "dependencies": {"database": "ok", "worker": "ok"}})

    def engaged(self, server):
        told = server.ask("GET", "/kill-switch", scope="admin").json
        reasons = [row["reason"] for row in told["switches"] if row["scope"] == "global"]
        return reasons[0] if told["engaged"] else None

    def test_a_kill_switch_file_of_any_bytes_works_and_outlives_a_kill(self):
        server = self.server()
        server.token("admin")
        server.start()
        self.assertIsNone(self.engaged(server))
        file = server.data / "KILL_SWITCH"
        file.write_bytes("Zoë says stop ".encode() + b"\xff\xfe\x1b" + "☃".encode() * 200)
        reason = wait_until(lambda: self.engaged(server), "the file engages it", 10)
        self.assertIn("Zoë says stop", reason)
        file.unlink()
        server.kill()
        server.start()
        self.assertEqual(self.engaged(server), reason)
        self.assertEqual(self.send(server, "after"), 202)  # kept, and refused by the guardian
        row = server.ask("GET", "/intents?limit=1", scope="admin").json[0]
        wait_until(lambda: server.ask("GET", f"/api/v1/orderintents/{row['id']}",
                                      scope="admin").json["status"] == "rejected", "it is refused")
        server.answer("audit", "verify")
        self.assertTrue(server.answer("db", "check")["sound"])
        self.assertEqual(server.stop(), 0, server.errors())


if __name__ == "__main__":
    main()
