#!/usr/bin/env python3
"""The predecessor's clients, written again from what is known of them, work unchanged: its sender
with its keys, headers and bodies; its health check; the worker's variables; its page's queries."""
import csv
import json
import math
import socket
import sqlite3
import urllib.error
import urllib.request
import uuid

from server import OrdersTest, main, wait_until

TOKEN = "a-secret-of-the-predecessor-0123456789"
CSV = """\
symbol,side,qty,order_type,price,timestamp,source
AAPL,BUY,10,LMT,180.5,2025-01-02 09:35:00,scanner
msft,sell,5.9,lmt,410.25,2025-01-02 09:40:00,scanner
TSLA,BUY,3,MKT,,2025-01-02 09:45:00,scanner
NVDA,BUY,2,LMT,,2025-01-02 09:50:00,scanner
AAPL,BUY,10,LMT,180.5,2025-01-02 09:35:00,scanner
"""


class Sender:
    """trade.paper_trading_adapter, as its users run it."""

    def __init__(self, url, token=""):
        self.url, self.token = url.rstrip("/"), token

    def call(self, method, path, body=None, headers=None):
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def health(self):
        status, text = self.call("GET", "/healthz")
        return status == 200 and json.loads(text).get("ok") is True

    @staticmethod
    def key(signal):
        name = "|".join([signal["symbol"].upper(), signal["side"].upper(),
                         str(signal.get("timestamp", "")), signal.get("source", "traderunner"),
                         signal.get("order_type", "LMT")])
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))

    def send(self, signal):
        order_type, price = signal.get("order_type", "LMT").upper(), signal.get("price")
        if order_type == "LMT" and price is None:
            return {"status": "skipped"}
        body = {"symbol": signal["symbol"].upper(), "side": signal["side"].upper(),
                "quantity": int(float(signal["qty"])), "order_type": order_type,
                "price": None if price is None else float(price),
                "client_tag": signal.get("source", "traderunner")}
        status, text = self.call("POST", "/api/v1/orderintents", body,
                                 {"Idempotency-Key": self.key(signal)})
        if 200 <= status < 300:
            made = json.loads(text)
            return {"status": "created", "id": made["id"], "intent_status": made["status"],
                    "symbol": made["symbol"]}
        return {"status": "duplicate" if status == 409 else "error", "http_status": status}

    def send_file(self, path):
        counters = dict.fromkeys(("total", "created", "duplicates", "skipped", "errors"), 0)
        names = {"created": "created", "duplicate": "duplicates", "skipped": "skipped",
                 "error": "errors"}
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                row["price"] = row["price"] or None
                counters["total"] += 1
                counters[names[self.send(row)["status"]]] += 1
        return counters


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as made:
        return made.getsockname()[1]


class Migration(OrdersTest):
    def started(self, **environment):
        """As its unit file starts it: variables alone."""
        database = self.folder / "automatictrader.db"
        variables = {"AT_BIND_HOST": "127.0.0.1", "AT_BIND_PORT": str(free_port()),
                     "AT_DB_PATH": str(database), "AT_BEARER_TOKEN": TOKEN, "AT_LOG_LEVEL": "INFO",
                     "AT_WORKER_MODE": "plan-only", "AT_WORKER_POLL_SEC": "1.0",
                     "AT_AUTO_PROMOTE": "0", "AT_MARKET_GUARD": "0", "ENV_ALLOW_SEND": "0",
                     "ENV_FORCE_NO_IB": "0", **environment}
        server = self.server(environment=variables).start()
        self.database = database
        return server, Sender(f"http://127.0.0.1:{server.port}", TOKEN)

    def query(self, text):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60)
        try:
            connection.row_factory = sqlite3.Row
            return connection.execute(text).fetchall()
        finally:
            connection.close()

    def test_the_health_check_passes(self):
        _, sender = self.started()
        self.assertTrue(sender.health())
        status, text = sender.call("GET", "/healthz")
        self.assertEqual(status, 200)
        self.assertEqual(set(json.loads(text)["dependencies"]), {"database", "worker"})

    def test_a_signal_is_created_once_and_then_a_duplicate(self):
        _, sender = self.started()
        signal = {"symbol": "aapl", "side": "buy", "qty": 10, "price": 180.5,
                  "timestamp": "2025-01-02T09:35:00-05:00", "source": "live"}
        first = sender.send(signal)
        self.assertEqual((first["status"], first["intent_status"], first["symbol"]),
                         ("created", "pending", "AAPL"))
        self.assertIsInstance(first["id"], int)
        self.assertEqual(sender.send(signal), {"status": "duplicate", "http_status": 409})
        # What its keys swallowed is told now: another price under the key of the first.
        self.assertEqual(sender.send({**signal, "price": 190.0})["http_status"], 422)

    def test_a_price_that_is_none_is_never_an_order(self):
        _, sender = self.started()
        signal = {"symbol": "AAPL", "side": "BUY", "qty": 1, "timestamp": "t", "price": math.nan}
        self.assertEqual(sender.send(signal)["http_status"], 422)
        self.assertEqual(self.query("SELECT count(*) FROM order_intents")[0][0], 0)

    def test_its_file_gives_its_counters_and_meets_ours_under_the_same_keys(self):
        server, sender = self.started()
        (self.folder / "orders.csv").write_text(CSV)
        self.assertEqual(sender.send_file(self.folder / "orders.csv"),
                         {"total": 5, "created": 3, "duplicates": 1, "skipped": 1, "errors": 0})
        # The half-moved user: the same file by our command, whole quantities as the other cut them.
        (self.folder / "orders.csv").write_text(CSV.replace("5.9", "5"))
        ran = server.run("intents", "send", "orders.csv", "--key-recipe", "uuid5", "--json")
        ours = json.loads(ran.stdout)
        self.assertEqual([ours[name] for name in
                          ("total", "created", "duplicates", "skipped", "errors")],
                         [5, 0, 4, 1, 0], ran.stderr)

    def test_the_other_routes_and_the_pages_queries(self):
        _, sender = self.started()
        for number in range(3):
            sender.send({"symbol": "AAPL", "side": "BUY", "qty": 1 + number, "price": 180.5,
                         "timestamp": f"2025-01-02T09:3{number}:00-05:00"})
        status, text = sender.call("GET", "/intents?limit=2")
        listed = json.loads(text)
        self.assertEqual((status, [each["quantity"] for each in listed]), (200, ["3", "2"]))
        status, text = sender.call("POST", f"/intents/{listed[0]['id']}/promote")
        self.assertEqual(status, 200, text)
        status, text = sender.call("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertIn("order_intents_created_total 3", text)
        rows = self.query("SELECT id, symbol, side, quantity, order_type, price, status, "
                          "client_tag, created_at, updated_at FROM order_intents "
                          "ORDER BY created_at DESC, id DESC LIMIT 50")
        # Amounts are exact text there, so that nothing is a float on its way.
        self.assertEqual([(row["symbol"], row["side"], int(row["quantity"]), row["order_type"],
                           float(row["price"]), row["client_tag"]) for row in rows],
                         [("AAPL", "BUY", 3, "LMT", 180.5, "traderunner"),
                          ("AAPL", "BUY", 2, "LMT", 180.5, "traderunner"),
                          ("AAPL", "BUY", 1, "LMT", 180.5, "traderunner")])
        self.assertTrue(all(row["updated_at"] >= row["created_at"] for row in rows))

    def test_without_the_token_nothing_is_taken(self):
        _, sender = self.started()
        stranger = Sender(sender.url)
        self.assertTrue(stranger.health())
        signal = {"symbol": "AAPL", "side": "BUY", "qty": 1, "price": 180.5}
        self.assertEqual(stranger.send(signal)["http_status"], 401)

    def test_the_workers_variables_send_when_all_of_them_say_so(self):
        server, sender = self.started(AT_WORKER_MODE="paper-send", AT_AUTO_PROMOTE="1",
                                      ENV_ALLOW_SEND="1", MILLRACE_ORDERS_PRICE_RATE="200")
        wait_until(lambda: any("last_price" in each for each in server.ask(
            "GET", "/api/v1/status", headers={"Authorization": f"Bearer {TOKEN}"}
        ).json["symbols"] if each["symbol"] == "AAPL"), "a price")
        made = sender.send({"symbol": "AAPL", "side": "BUY", "qty": 1, "order_type": "MKT",
                            "timestamp": "t"})

        def status():
            return json.loads(sender.call("GET", f"/api/v1/orderintents/{made['id']}")[1])["status"]
        wait_until(lambda: status() == "filled", "a deal")
        self.assertEqual(server.stop(), 0)
        server.environment["ENV_FORCE_NO_IB"] = "1"
        server.start()
        sender.url = f"http://127.0.0.1:{server.port}"
        made = sender.send({"symbol": "AAPL", "side": "BUY", "qty": 2, "order_type": "MKT",
                            "timestamp": "t2"})
        self.assertIn(status(), ("pending", "planned", "ready"))


if __name__ == "__main__":
    main()
