#!/usr/bin/env python3
"""The commands that talk to a running instance, against a real one, and how each of them ends."""
import contextlib
import json
import socket
import threading

from server import OrdersTest, main, wait_until

SENDING = ("orders.mode=paper-send", "orders.allow_send=true", "orders.auto_promote=true",
           "orders.price_rate=200")
INSIDE_BARS = """\
ts,session_id,ib,ib_qual,long_entry,short_entry,sl_long,sl_short,tp_long,tp_short,Symbol,strategy,\
strategy_version
2025-01-02 09:35:00-05:00,1,True,1,180.5,178,178,180.5,183,175.5,AAPL,inside_bar,1.0.0
2025-01-02 09:40:00-05:00,1,False,0,,,,,,,AAPL,inside_bar,1.0.0
"""


@contextlib.contextmanager
def listener(say):
    """A port on which nobody speaks HTTP: what is sent there is answered with `say`, or not."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        lines = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    lines.append(made.accept()[0])
                    lines[-1].recv(65536)
                    if say:
                        lines[-1].sendall(say)
                        lines[-1].close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{made.getsockname()[1]}"
        made.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        for line in lines:
            line.close()


class Commands(OrdersTest):
    def started(self, *settings):
        return self.server(settings).start()

    def error(self, server, *words, code):
        found = server.answer(*words, code=code)["error"]
        self.assertTrue(found["what"], words)
        return found

    def price(self, server, symbol="AAPL"):
        def known():
            symbols = server.ask("GET", "/api/v1/status").json["symbols"]
            return next((each["last_price"] for each in symbols
                         if each["symbol"] == symbol and "last_price" in each), None)
        return float(wait_until(known, f"a price of {symbol}"))

    # what is planned

    def test_plan_and_promote(self):
        server = self.started()
        submitted = server.answer("intents", "submit", "buy", "AAPL", "10", "--limit", "180.5",
                                  "--tag", "desk", "--key", "monday-1")
        self.assertFalse(submitted["known"])
        intent = submitted["intent"]
        self.assertEqual((intent["status"], intent["symbol"], intent["side"], intent["price"]),
                         ("planned", "AAPL", "BUY", "180.5"))
        again = server.answer("intents", "submit", "buy", "AAPL", "10", "--limit", "180.50",
                              "--tag", "desk", "--key", "monday-1")
        self.assertTrue(again["known"])
        self.assertEqual(again["intent"]["id"], intent["id"])
        other = self.error(server, "intents", "submit", "buy", "AAPL", "11", "--limit", "180.5",
                           "--key", "monday-1", code=2)
        self.assertIn("key-reused", other["why"])

        number = str(intent["id"])
        self.assertEqual(server.answer("intents", "show", number)["intent"]["client_tag"], "desk")
        listed = server.answer("intents", "ls", "--status", "planned")["intents"]
        self.assertEqual([each["id"] for each in listed], [intent["id"]])
        text = server.run("intents", "ls").stdout
        self.assertRegex(text.splitlines()[1], rf"^ *{number}  .*AAPL .* planned +desk$")
        self.assertEqual(server.answer("intents", "promote", number)["intent"]["status"], "ready")
        self.error(server, "intents", "promote", number, code=4)
        self.assertEqual(server.answer("intents", "cancel", number)["intent"]["status"],
                         "cancelled")
        self.error(server, "intents", "cancel", number, code=4)
        self.assertEqual(server.answer("orders", "ls")["orders"], [])

    def test_wrong_words_end_with_2_and_a_place(self):
        server = self.started()
        for words, place in ((["buy", "AAPL", "10"], "$.price"),
                             (["buy", "NOPE", "10", "--limit", "1"], "$.symbol"),
                             (["buy", "AAPL", "0", "--limit", "1"], "$.quantity"),
                             (["buy", "AAPL", "1.5", "--limit", "1"], "$.quantity"),
                             (["buy", "AAPL", "1", "--limit", "NaN"], "$.price"),
                             (["buy", "AAPL", "1", "--limit", "1.234"], "$.price")):
            told = self.error(server, "intents", "submit", *words, code=2)
            self.assertEqual(told["where"], place, (words, told))
        self.error(server, "intents", "show", "99", code=2)
        self.error(server, "orders", "show", "99", code=2)
        self.error(server, "risk", "set", "global", "no-such-limit", "1", code=2)
        self.error(server, "risk", "set", "galaxy:x", "max-order-qty", "1", code=2)
        self.assertEqual(server.answer("intents", "ls")["intents"], [])

    # what is sent

    def test_an_order_is_dealt_and_becomes_a_position(self):
        server = self.started(*SENDING)
        self.price(server)
        intent = server.answer("intents", "submit", "buy", "AAPL", "10", "--type", "MKT",
                               "--strategy", "trend")["intent"]
        number = str(intent["id"])
        wait_until(lambda: server.answer("intents", "show", number)["intent"]["status"] ==
                   "filled", "a deal")
        shown = server.run("intents", "show", number).stdout
        self.assertIn("\norders\n", shown)
        self.assertIn("\ndeals\n", shown)
        [order] = server.answer("orders", "ls", "--status", "filled")["orders"]
        self.assertEqual((order["intent_id"], order["filled_quantity"]), (intent["id"], "10"))
        alone = server.answer("orders", "show", str(order["id"]))["order"]
        self.assertEqual(sum(float(fill["quantity"]) for fill in alone["fills"]), 10)
        self.error(server, "orders", "cancel", str(order["id"]), code=4)
        [position] = server.answer("positions")["positions"]
        self.assertEqual((position["symbol"], position["strategy"], position["quantity"]),
                         ("AAPL", "trend", "10"))
        [line] = server.run("positions", "--jsonl").stdout.splitlines()
        self.assertEqual(json.loads(line)["id"], position["id"])

    def test_what_the_guardian_refuses_ends_with_6(self):
        server = self.started(*SENDING)
        price = f"{self.price(server):.2f}"
        many = ("buy", "AAPL", "20000", "--limit", price)
        asked = server.answer("risk", "check", *many, code=6)["check"]
        self.assertEqual(asked["decision"], "REJECT")
        self.assertIn("MAX_ORDER_QTY", [reason["code"] for reason in asked["reasons"]])
        server.answer("intents", "submit", *many, "--dry-run", code=6)
        self.assertEqual(server.answer("intents", "ls")["intents"], [])
        refused = server.answer("intents", "submit", *many, code=6)["intent"]
        self.assertEqual(refused["status"], "rejected")
        self.assertEqual(refused["risk"][0]["code"], "MAX_ORDER_QTY")
        told = server.run("intents", "submit", *many)
        self.assertEqual(told.returncode, 6)
        self.assertIn("the guardian refused it: MAX_ORDER_QTY (limit 10000, value 20000)",
                      told.stderr)

    def test_a_dry_run_reserves_nothing_that_stays(self):
        server = self.started(*SENDING)
        price = f"{self.price(server):.2f}"
        server.answer("risk", "set", "global", "max-position", "10")
        for _ in range(3):
            asked = server.answer("intents", "submit", "buy", "AAPL", "10", "--limit", price,
                                  "--dry-run")["check"]
            self.assertEqual(asked["decision"], "ACCEPT", asked)

    def test_limits_are_set_told_and_taken_away(self):
        server = self.started(*SENDING)
        made = server.answer("risk", "set", "symbol:AAPL", "max-order-qty",
                             "5")["limit"]
        self.assertEqual((made["scope"], made["key"], made["value"]), ("symbol", "AAPL", "5"))
        [listed] = server.answer("risk", "limits", "symbol:AAPL")["limits"]
        self.assertEqual((listed["limit"], listed["version"]), ("max-order-qty", made["version"]))
        price = f"{self.price(server):.2f}"
        server.answer("risk", "check", "buy", "AAPL", "6", "--limit", price, code=6)
        server.answer("risk", "set", "symbol:AAPL", "max-order-qty", "none")
        server.answer("risk", "check", "buy", "AAPL", "6", "--limit", price)
        codes = [event["code"] for event in server.answer("risk", "events")["events"]]
        self.assertGreaterEqual(codes.count("LIMIT_CHANGED"), 2)
        everywhere = server.answer("risk", "limits")["limits"]
        self.assertIn("global", {limit["scope"] for limit in everywhere})

    def test_the_kill_switch_ends_what_works_and_outlives_a_restart(self):
        server = self.started(*SENDING)
        limit = f"{self.price(server) * 0.97:.2f}"
        for number in range(3):
            server.answer("intents", "submit", "buy", "AAPL", "1", "--limit", limit, "--key",
                          f"k{number}")
        wait_until(lambda: len(server.answer("orders", "ls", "--status",
                                             "accepted")["orders"]) == 3, "three working orders")
        engaged = server.answer("kill-switch", "engage", "--reason", "drill")["kill_switch"]
        self.assertTrue(engaged["engaged"])
        wait_until(lambda: len(server.answer("orders", "ls", "--status",
                                             "cancelled")["orders"]) == 3, "three cancels")
        server.answer("intents", "submit", "buy", "AAPL", "1", "--limit", limit, code=6)
        self.assertEqual(server.stop(), 0)
        server.start()
        status = server.run("kill-switch", "status")
        self.assertRegex(status.stdout, "^global is engaged by .*drill; nothing works any more\n$")
        self.assertEqual(server.run("kill-switch", "release").returncode, 2)
        (server.data / "KILL_SWITCH").write_text("drill\n")
        self.assertIn("rm ", self.error(server, "kill-switch", "release", "--reason", "over",
                                        code=4)["mend"])
        (server.data / "KILL_SWITCH").unlink()
        released = server.answer("kill-switch", "release", "--reason", "over")["kill_switch"]
        self.assertFalse(released["engaged"])
        self.assertEqual(server.run("kill-switch", "status").stdout,
                         "no kill switch is engaged\n")
        self.error(server, "kill-switch", "release", "--reason", "over", code=4)
        server.answer("risk", "check", "buy", "AAPL", "1", "--limit", limit)

    def test_cancel_all_asks_for_what_works(self):
        server = self.started(*SENDING)
        limit = f"{self.price(server) * 0.97:.2f}"
        for _ in range(2):
            server.answer("intents", "submit", "buy", "AAPL", "1", "--limit", limit)
        wait_until(lambda: len(server.answer("orders", "ls", "--status",
                                             "accepted")["orders"]) == 2, "two working orders")
        none = server.answer("orders", "cancel-all", "--symbol", "MSFT")
        self.assertEqual(none["cancelled"]["orders"], 0)
        self.assertEqual(server.answer("orders", "cancel-all")["cancelled"]["orders"], 2)
        wait_until(lambda: len(server.answer("orders", "ls", "--status",
                                             "cancelled")["orders"]) == 2, "two cancels")

    # files

    def test_a_file_is_sent_once_however_often(self):
        server = self.started()
        file = self.folder / "orders.csv"
        file.write_text("symbol,side,qty,order_type,price,timestamp,source\n"
                        "AAPL,BUY,10,LMT,180.5,2025-01-02T14:30:00Z,scan\n"
                        "MSFT,SELL,5,MKT,,2025-01-02T14:30:00Z,\n"
                        "MSFT,BUY,5,LMT,nan,2025-01-02T14:30:00Z,scan\n"
                        "NOPE,BUY,5,LMT,10,2025-01-02T14:30:00Z,scan\n")
        counters = ("total", "created", "duplicates", "skipped", "errors")
        first = self.sent(server, 4)
        self.assertEqual([first[name] for name in counters], [4, 2, 0, 1, 1])
        again = self.sent(server, 4)
        self.assertEqual([again[name] for name in counters], [4, 0, 2, 1, 1])
        self.assertEqual([row["id"] for row in first["rows"][:2]],
                         [row["id"] for row in again["rows"][:2]])
        # Another price is another wish, unless the predecessor's keys are asked for.
        file.write_text(file.read_text().replace("180.5", "181.5"))
        self.assertEqual(self.sent(server, 4)["created"], 1)
        self.assertEqual(self.sent(server, 4, "--key-recipe", "uuid5")["created"], 2)
        file.write_text(file.read_text().replace("181.5", "182.5"))
        reused = self.sent(server, 4, "--key-recipe", "uuid5")
        self.assertEqual((reused["created"], reused["errors"]), (0, 2))

    def sent(self, server, code, *words):
        ran = server.run("intents", "send", "orders.csv", "--json", *words)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return json.loads(ran.stdout)

    def test_files_that_cannot_be_sent(self):
        server = self.started()
        self.assertIn("file_not_found",
                      self.error(server, "intents", "send", "none.csv", code=4)["what"])
        (self.folder / "orders.csv").write_text("symbol,price\nAAPL,1\n")
        self.assertEqual(self.error(server, "intents", "send", "orders.csv", code=4)["what"],
                         "missing_columns: side, qty")

    def test_signals_of_inside_bars_are_stop_orders_with_their_brackets(self):
        server = self.started()
        (self.folder / "orders.csv").write_text(INSIDE_BARS)
        done = self.sent(server, 0, "--quantity", "10")
        self.assertEqual((done["total"], done["created"], done["skipped"]), (3, 2, 1))
        intents = server.answer("intents", "ls")["intents"]
        self.assertEqual([(each["side"], each["order_type"], each["stop_price"],
                           each["stop_loss"], each["take_profit"], each["strategy"])
                          for each in reversed(intents)],
                         [("BUY", "STP", "180.5", "178", "183", "inside_bar"),
                          ("SELL", "STP", "178", "180.5", "175.5", "inside_bar")])

    # how commands end without an answer

    def test_exit_codes_without_an_answer(self):
        server = self.server()
        nothing = self.error(server, "intents", "ls", code=8)
        self.assertEqual(nothing["code"], "not_running")
        self.assertIn("millrace serve orders", nothing["mend"])
        server.start()
        server.answer("intents", "ls")
        server.kill()
        self.assertIn("is gone", self.error(server, "intents", "ls", code=8)["why"])
        with listener(b"") as url:
            late = self.error(server, "intents", "ls", "--url", url, "--set",
                              "client.timeout=300ms", code=7)
            self.assertEqual(late["code"], "timeout")
        with listener(b"SSH-2.0-OpenSSH\r\n") as url:
            self.error(server, "intents", "ls", "--url", url, code=5)
        with listener(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as url:
            self.assertIn("not one of Millrace's",
                          self.error(server, "intents", "ls", "--url", url, code=5)["what"])
        self.error(server, "intents", "ls", "--url", "http://no-such-host.invalid", code=5)
        self.error(server, "intents", "ls", "--url", url, code=8)
        self.error(server, "intents", "ls", "--url", "localhost", code=2)

    def test_tokens_come_from_files_and_variables_and_are_never_shown(self):
        server = self.server()
        reading = server.token("read")
        server.start()
        local = (server.data / "token").read_text().strip()
        submit = ("intents", "submit", "buy", "AAPL", "1", "--limit", "180")
        seen = server.run(*submit, "-v", "-v")
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertNotIn(local.split("_")[2], seen.stdout + seen.stderr)
        server.environment["MILLRACE_TOKEN"] = reading
        refused = server.run(*submit, "-v")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertNotIn(reading.split("_")[2], refused.stdout + refused.stderr)
        server.answer("intents", "ls")
        server.environment["MILLRACE_TOKEN"] = local[:-2] + "xx"
        self.error(server, *submit, code=3)
        del server.environment["MILLRACE_TOKEN"]
        server.environment["MILLRACE_URL"] = f"http://127.0.0.1:{server.port}"
        server.answer(*submit)

    def test_completion_offers_what_the_instance_has(self):
        server = self.started()
        server.answer("intents", "submit", "buy", "AAPL", "1", "--limit", "180")
        offered = server.run("__complete", "bash", "--", "intents", "submit", "buy", "AM")
        self.assertEqual(offered.stdout.split(), ["AMZN", "AMD"])
        offered = server.run("__complete", "bash", "--", "intents", "promote", "")
        self.assertEqual(offered.stdout.split(), ["1"])
        server.stop()
        offered = server.run("__complete", "bash", "--", "intents", "promote", "")
        self.assertEqual(offered.stdout, "")


if __name__ == "__main__":
    main()
