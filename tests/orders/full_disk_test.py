#!/usr/bin/env python3
"""A disk that is full for a while: nothing is acknowledged that is not kept, and it goes on after.

Twice: on a small disk in memory, where one can be mounted; and by a limit of file sizes, which is
set on the running process and taken away again.
"""
import collections
import pathlib
import resource
import subprocess

import load
from audit import Audit
from server import DEADLINE, OrdersTest, main, wait_until

NAMESPACES = ((["unshare", "--mount"], []),
              (["unshare", "--user", "--map-root-user", "--mount"],
               ["--user", "--preserve-credentials"]))
SCRIPT = 'mount -t tmpfs -o size=40m none "$0" && echo mounted && exec cat'
SETTINGS = ("server.rate_limits=false", "orders.mode=paper-send", "orders.allow_send=true",
            "orders.auto_promote=true", "orders.price_rate=200", "journal.segment_bytes=1MiB")
CLIENTS = 4
PATIENCE = 2  # seconds that a client waits for an answer
PROBE = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "MKT", "strategy": "alpha",
         "price": None}


class FullDisk(OrdersTest):
    def setUp(self):
        super().setUp()
        self.told, self.number, self.prices = load.Told(), 0, {}

    def begin(self, settings=(), prefix=()):
        server = self.server([*SETTINGS, *settings], prefix=prefix)
        server.token("trade")
        server.token("admin")
        server.start()
        self.prices = load.widen(server, self.told)
        return server

    def press(self, server, seconds, counts=None):
        """Some seconds of load, as far as the server takes it."""
        self.number += 1
        clients = [load.Client(server, f"c{client}", self.number, 50, self.prices, self.told.sent,
                               seconds=PATIENCE) for client in range(CLIENTS)]
        for client in clients:
            client.start()
        clients[0].ending.wait(seconds)
        for client in clients:
            client.ending.set()
        for client in clients:
            client.join()
            self.told.add(client)
            if counts is not None:
                counts.update(client.counts)
        self.assertEqual(self.told.wrong, [])
        self.assertIsNone(server.process.poll(), server.errors())

    def probe(self, server):
        """The status of one more intent; 0 without an answer in time."""
        self.number += 1
        key = f"probe-{self.number}"
        self.told.sent[key] = PROBE
        wire = server.wire("trade", PATIENCE)
        try:
            answer = wire.ask("POST", "/api/v1/orderintents", PROBE, key)
        except OSError:
            return 0
        finally:
            wire.close()
        if answer.status == 202:
            self.told.ids[key] = answer.json["id"]
        return answer.status

    def run_through(self, server, fill, free):
        self.press(server, 1)
        fill()
        full = collections.Counter()
        self.press(server, 3, full)
        told = wait_until(lambda: self.probe(server) in (0, 503), "an intent is not taken")
        self.assertTrue(told)
        health = server.ask("GET", "/health")
        self.assertEqual((health.status, health.json["status"]), (503, "down"), health)
        # Looking goes on.
        self.assertEqual(server.ask("GET", "/positions", scope="trade").status, 200)
        self.assertEqual(server.ask("GET", "/intents", scope="trade").status, 200)
        self.assertIsNone(server.process.poll(), server.errors())
        free()
        wait_until(lambda: self.probe(server) == 202, f"it goes on\n{server.errors()}")
        wait_until(lambda: server.ask("GET", "/health").json["status"] == "ok", "it is well again")
        self.press(server, 1)
        self.retry(server)
        self.check(server)
        server.kill()
        server.start()
        self.check(server)
        self.assertEqual(server.stop(), 0, server.errors())
        print(f"while full: {full[202]} taken before, {full[503]} told to come back; "
              f"{len(self.told.ids)} keys in all, each exactly once")

    def retry(self, server):
        client = load.Client(server, "last", 0, 50, self.prices, self.told.sent,
                             sorted(self.told.sent.keys() - self.told.ids.keys()))
        client.ending.set()
        client.run()
        self.told.add(client)
        self.assertEqual(self.told.wrong, [])
        self.assertEqual(set(self.told.sent), set(self.told.ids))

    def check(self, server):
        self.assertTrue(server.answer("db", "check")["sound"])
        server.answer("audit", "verify")
        # A copy, because SQLite finds no way into the small disk's namespace.
        self.number += 1
        copy = self.folder / f"copy-{self.number}.db"
        server.answer("db", "backup", str(copy))
        audit = Audit(server.ledger(copy))
        audit.check_clients(self.told.sent, self.told.ids)
        self.assertEqual(audit.wrong[:20], [])

    # the two ways to a full disk

    def mounted(self, folder):
        """A process that keeps the small disk mounted, and the words that run a program there."""
        for unshare, more in NAMESPACES:
            holder = subprocess.Popen([*unshare, "sh", "-c", SCRIPT, folder], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
            self.addCleanup(holder.stdout.close)
            self.addCleanup(holder.wait, DEADLINE)
            self.addCleanup(holder.stdin.close)
            if holder.stdout.readline() == "mounted\n":
                return holder, ["nsenter", "--target", str(holder.pid), *more, "--mount", "env",
                                f"--chdir={self.folder}"]
        self.skipTest("no small disk can be mounted here; the other test limits files instead")
        return None

    def test_a_small_disk_fills_up_and_is_freed(self):
        folder = self.folder / "millrace-data"
        folder.mkdir(mode=0o700)
        holder, prefix = self.mounted(str(folder))
        seen = pathlib.Path(f"/proc/{holder.pid}/root{folder}")
        server = self.server([*SETTINGS], prefix=prefix)
        server.data = seen
        server.token("trade")
        server.token("admin")
        server.start()
        self.prices = load.widen(server, self.told)
        ballast = seen / "ballast"

        def fill():
            with open(ballast, "wb", buffering=0) as file:
                try:
                    while file.write(b"x" * 4096):
                        pass
                except OSError:
                    pass

        self.run_through(server, fill, ballast.unlink)

    def test_a_limit_of_file_sizes_is_set_and_taken_away(self):
        server = self.begin()
        pid = server.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)

        def fill():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))

        def free():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

        self.run_through(server, fill, free)


if __name__ == "__main__":
    main()
