#!/usr/bin/env python3
"""Text is only text: SQL, JSON, control characters in every field; and secrets stay secret."""
import json

from server import OrdersTest, main

NASTY = ("'; DROP TABLE trading_intents; --", "' OR '1'='1", '"; DELETE FROM trading_orders; --',
         "x'); ATTACH 'evil.db' AS e; --", "\\'; SELECT 1; --", "1; PRAGMA writable_schema=1",
         '"}, {"symbol": "MSFT', '","status":"filled","x":"', "\\u0022,\\u0022id\\u0022:1",
         "a\nb", "a\r\nb", "a\x00b", "\x1b[31mred", "\u202egnp.exe", "%s%n%x", "{0}{{}}", "${HOME}",
         "$(id)", "`id`", "<img src=x onerror=alert(1)>", "=1+1", "../../x", "é" * 20,
         "\U0001f600")
STRINGS = {
    "/api/v1/orderintents": ({"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "LMT",
                              "price": "100"},
                             ("symbol", "side", "order_type", "price", "quantity", "client_tag",
                              "time_in_force", "expires_at", "account", "strategy")),
    "/api/v1/check": ({"orderId": "a", "symbol": "AAPL", "side": "BUY", "qty": "1"},
                      ("orderId", "strategyId", "account", "symbol", "side", "qty", "type",
                       "limitPrice", "expiresAt", "ts")),
    "/kill-switch": ({"action": "engage", "scope": "symbol:INTC", "reason": "x"},
                     ("action", "scope", "reason", "actor")),
    "/flatten": ({"scope": "symbol:INTC", "reason": "x"}, ("scope", "reason")),
    "/limits": ({"limit": "max-order-qty", "value": "9"}, ("limit", "value")),
}
QUERIES = ("/intents?status=", "/intents?symbol=", "/api/v1/orders?account=", "/fills?strategy=",
           "/positions?symbol=", "/alerts?severity=", "/audit?before=", "/intents?limit=",
           "/api/v1/orders?status=")
SECRET = "kestrel4871-plover9305"
HALVES = ("kestrel4871", "plover9305")


class Injection(OrdersTest):
    SETTINGS = ("server.rate_limits=false", "orders.mode=paper-send", "orders.allow_send=true",
                "orders.auto_promote=true")

    def shape(self, server):
        return [tuple(row) for row in server.ledger().execute(
            "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")]

    def test_text_in_any_field_is_only_text(self):
        server = self.server()
        server.token("admin")
        server.start()
        shape, taken = self.shape(server), {}
        for path, (plain, fields) in STRINGS.items():
            for field in fields:
                for number, text in enumerate(NASTY):
                    key = f"{field}-{number}"
                    method = "PUT" if path == "/limits" else "POST"
                    answer = server.ask(method, path, {**plain, field: text},
                                        {"Idempotency-Key": key}, "admin")
                    self.assertLess(answer.status, 500, (path, field, text, answer))
                    self.assertIsInstance(answer.json, dict)
                    if answer.status == 202 and path.endswith("orderintents"):
                        taken[answer.json["id"]] = (field, text)
        for number, (field, text) in taken.items():
            asked = server.ask("GET", f"/api/v1/orderintents/{number}", scope="admin")
            self.assertEqual(asked.json[field], text)
        self.assertGreater(len([1 for field, _ in taken.values() if field == "client_tag"]), 5)
        self.check_keys(server)
        self.check_queries(server)
        self.assertEqual(self.shape(server), shape)
        self.assertTrue(server.answer("db", "check")["sound"])
        server.answer("audit", "verify")
        rows = server.ask("GET", "/intents?limit=1000", scope="admin").json
        self.assertEqual(len(rows), len({row["id"] for row in rows}))
        self.assertEqual(server.stop(), 0, server.errors())

    def check_keys(self, server):
        plain = STRINGS["/api/v1/orderintents"][0]
        for text in NASTY:
            key = text.encode("latin-1", "ignore").decode("latin-1")
            if any(ord(letter) < 32 for letter in key):
                continue
            answer = server.ask("POST", "/api/v1/orderintents", plain, {"Idempotency-Key": key},
                                "admin")
            self.assertIn(answer.status, (202, 400, 422), key)
            if answer.status == 202:
                number = answer.json["id"]
                again = server.ask("POST", "/api/v1/orderintents", plain,
                                   {"Idempotency-Key": key}, "admin")
                self.assertEqual((again.status, again.json["id"]), (409, number))

    def check_queries(self, server):
        for query in QUERIES:
            for text in ("'%20OR%20'1'='1", "%27;%20DROP%20TABLE%20trading_intents;--", "%00",
                         "x%22%7D", "1%20OR%201=1", "-1", "%ff", "*", "%25"):
                answer = server.ask("GET", query + text, scope="admin")
                self.assertIn(answer.status, (200, 400, 422), (query, text, answer))
                if answer.status == 200:
                    self.assertEqual(answer.json, [], (query, text))

    # secrets

    def planted(self):
        (self.folder / "millrace.toml").write_text('[secrets]\nbroker = "env:BROKER_KEY"\n')
        return self.server(["log.file=log.txt", "log.level=trace"],
                           {"BROKER_KEY": SECRET, "AT_BEARER_TOKEN": SECRET})

    def hides(self, text, where):
        for half in HALVES:
            self.assertNotIn(half, text, where)

    def test_a_secret_is_in_no_output_and_in_no_file(self):
        server = self.planted().start()
        bearer = {"Authorization": f"Bearer {SECRET}"}
        description = server.ask("GET", "/openapi.json")
        for path, item in description.json["paths"].items():
            for method, route in item.items():
                url = path.replace("{id}", "1").replace("{scope}", "global").replace("{key}", "-")
                for headers in ({}, bearer, {"Authorization": f"Basic {SECRET}"}):
                    answer = server.ask(method.upper(), url, {} if "requestBody" in route else None,
                                        headers)
                    self.hides(answer.text + str(answer.headers), (method, url))
        wish = STRINGS["/api/v1/orderintents"][0]
        taken = server.ask("POST", "/api/v1/orderintents", wish, {**bearer, "Idempotency-Key": "1"})
        self.assertEqual(taken.status, 202, taken)
        self.hides(server.ask("GET", f"/intents?token={SECRET}").text, "a token in the URL")
        self.assertEqual(server.stop(), 0, server.errors())
        for path in self.folder.rglob("*"):
            if path.is_file():
                self.hides(path.read_bytes().decode(errors="replace"), path)
        self.assertGreater((self.folder / "log.txt").stat().st_size, 0)

    def test_what_only_the_owner_may_read(self):
        server = self.server().start()
        for name in ("token", "tokens", "millrace.db", "run.json"):
            mode = (server.data / name).stat().st_mode & 0o777
            self.assertEqual(mode & 0o077, 0, f"{name} {mode:o}")
        token = (server.data / "token").read_text().strip()
        self.assertNotIn(token, (server.data / "run.json").read_text())
        self.assertNotIn(token[17:], (server.data / "tokens").read_text())
        wish = STRINGS["/api/v1/orderintents"][0]
        head = {"Authorization": f"Bearer {token}", "Idempotency-Key": "1"}
        self.assertEqual(server.ask("POST", "/api/v1/orderintents", wish, head).status, 202)
        self.assertEqual(json.loads((server.data / "run.json").read_text())["pid"],
                         server.process.pid)
        self.assertEqual(server.stop(), 0, server.errors())
        self.assertFalse((server.data / "run.json").exists())


if __name__ == "__main__":
    main()
