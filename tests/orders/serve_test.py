"""`millrace serve orders` as people run it: it says where it is, keeps one data directory for
itself, stops trading by file and signal, and ends in order."""
import json
import os
import signal
import socket
import stat

import server
from server import OrdersTest, wait_until

BUY = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "LMT", "price": 1.0,
       "client_tag": "traderunner"}
PAPER = ["orders.mode=paper-send", "orders.allow_send=true", "orders.auto_promote=true"]


class Serve(OrdersTest):
    def test_a_first_start_prints_address_and_token_and_a_second_start_only_the_address(self):
        running = self.server().start("--json")
        said = json.loads((self.folder / "out.txt").read_text())
        token = (running.data / "token").read_text().strip()
        self.assertEqual(said["token"], token)
        self.assertEqual(said["url"], f"http://127.0.0.1:{running.port}")
        self.assertEqual(stat.S_IMODE((running.data / "token").stat().st_mode), 0o600)
        self.assertEqual(running.ask("GET", "/intents").status, 200)  # reading is open
        self.assertEqual(running.ask("POST", "/flatten", {"reason": "x"}).status, 401)
        bearer = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
        taken = running.ask("POST", "/api/v1/orderintents", BUY, bearer)
        self.assertEqual((taken.status, taken.json),
                         (202, {"id": 1, "status": "pending", "symbol": "AAPL"}))
        self.assertEqual(running.stop(), 0, running.errors())
        self.assertFalse((running.data / "run.json").exists())
        (self.folder / "out.txt").write_text("")
        running.start("--json")
        self.assertNotIn("token", json.loads((self.folder / "out.txt").read_text()))
        self.assertEqual(running.ask("POST", "/api/v1/orderintents", BUY, bearer).status, 409)
        self.assertEqual(running.ask("GET", "/api/v1/orderintents/1").json["status"], "planned")

    def test_one_data_directory_is_served_once(self):
        running = self.server().start()
        second = running.run("serve", "orders", "--port", "0")
        self.assertEqual(second.returncode, 4, second.stderr)
        self.assertIn("another", second.stderr)
        self.assertEqual(json.loads((running.data / "run.json").read_text())["pid"],
                         running.process.pid)

    def test_a_taken_port_and_an_unwritable_directory_are_told(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            ran = self.server().run("serve", "orders", "--port", port)
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn(port, ran.stderr)
        (self.folder / "file").write_text("")
        ran = self.server().run("serve", "orders", "--port", "0", "--data-dir", "file/below")
        self.assertEqual(ran.returncode, 3, ran.stderr)
        self.assertIn("data directory", ran.stderr)

    def test_others_reach_it_only_where_a_token_was_made(self):
        idle = self.server()
        refused = idle.run("serve", "orders", "--bind", "0.0.0.0", "--port", "0")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("millrace token create", refused.stderr)
        refused = idle.run("serve", "orders", "--mode", "live-send", "--port", "0")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("no adapter of a broker", refused.stderr)
        idle.token("read")
        idle.start("--bind", "0.0.0.0")
        self.assertEqual(idle.ask("GET", "/intents").status, 401)
        self.assertEqual(idle.ask("GET", "/intents", scope="read").status, 200)

    def test_a_file_and_a_signal_stop_all_trading(self):
        running = self.server(PAPER)
        running.token("admin")
        running.start()

        def engaged():
            return running.ask("GET", "/kill-switch", scope="admin").json["switches"]

        (running.data / "KILL_SWITCH").write_text("the disk smells\n")
        switch = wait_until(engaged, "the switch of the file")[0]
        self.assertEqual((switch["scope"], switch["reason"], switch["actor"]),
                         ("global", "file: the disk smells", "file"))
        (running.data / "KILL_SWITCH").unlink()
        release = {"action": "release", "reason": "it was toast"}
        self.assertEqual(running.ask("POST", "/kill-switch", release, scope="admin").status, 200)
        self.assertEqual(engaged(), [])
        os.kill(running.process.pid, signal.SIGUSR1)
        self.assertEqual(wait_until(engaged, "the switch of the signal")[0]["actor"], "signal")
        running.kill()
        running.start()
        self.assertEqual(engaged()[0]["reason"], "signal SIGUSR1")

    def test_prices_flow_and_orders_deal(self):
        running = self.server([*PAPER, "orders.price_rate=200"])
        running.token("trade")
        running.start()

        def priced():
            symbols = running.ask("GET", "/api/v1/status", scope="trade").json["symbols"]
            return all("last_price" in symbol for symbol in symbols)

        wait_until(priced, "a price of every symbol")
        sent = running.ask("POST", "/api/v1/orderintents",
                           {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "MKT"},
                           {"Idempotency-Key": "m1"}, scope="trade")
        self.assertEqual(sent.status, 202, sent)

        def filled():
            chain = running.ask("GET", f"/api/v1/orderintents/{sent.json['id']}", scope="trade")
            return chain.json if chain.json["status"] == "filled" else None

        chain = wait_until(filled, "a deal")
        self.assertEqual(chain["orders"][0]["fills"][0]["quantity"], "1")
        self.assertEqual(running.ask("GET", "/health", scope="trade").json["status"], "ok")


if __name__ == "__main__":
    server.main()
