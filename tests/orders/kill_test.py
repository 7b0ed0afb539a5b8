#!/usr/bin/env python3
"""An orders server under load, killed with signal 9 at random moments, loses and doubles nothing.

MILLRACE_KILL_ROUNDS sets another number of rounds, MILLRACE_TEST_SEED another seed.
"""
import collections
import os
import random
import time

import load
from audit import Audit
from server import OrdersTest, main, wait_until

ROUNDS = int(os.environ.get("MILLRACE_KILL_ROUNDS", "20"))
SEED = int(os.environ.get("MILLRACE_TEST_SEED", "20260101"))
CLIENTS = 8
RATE = 100  # intents a second that each client aims at
LOAD = (0.4, 1.6)  # seconds of load before the kill
SAMPLE = 20  # intents of a round whose whole chain is asked for


class Kill(OrdersTest):
    SETTINGS = ("server.rate_limits=false", "orders.mode=paper-send", "orders.allow_send=true",
                "orders.auto_promote=true", "orders.price_rate=200")

    def setUp(self):
        super().setUp()
        self.told, self.state = load.Told(), {}
        self.counts, self.seconds, self.starts = collections.Counter(), 0.0, []
        self.prices = {}

    def begin(self):
        server = self.server()
        server.token("trade")
        server.token("admin")
        server.start()
        self.prices = load.widen(server, self.told)
        return server

    def test_kill_9_at_any_moment_loses_and_doubles_nothing(self):
        chance = random.Random(SEED)
        print(f"kills: seed {SEED}; MILLRACE_TEST_SEED sets another")
        server = self.begin()
        for number in range(ROUNDS):
            if number % 5 == 4:  # an orderly end, too, so that later starts have a snapshot
                self.load_and_end(server, f"e{number}", chance.uniform(*LOAD), server.stop)
                server.start()
                self.check(server)
            self.load_and_end(server, number, chance.uniform(*LOAD), server.kill)
            began = time.monotonic()
            server.start()
            self.starts.append(time.monotonic() - began)
            self.check(server)
        self.retry(server)
        self.end_in_order(server)
        self.report()

    def load_and_end(self, server, number, seconds, end):
        keys, self.told.open = sorted(self.told.open), set()
        clients = [load.Client(server, f"c{client}", number, RATE, self.prices, self.told.sent,
                               keys[client::CLIENTS]) for client in range(CLIENTS)]
        operator = load.Operator(server, number, self.state, self.told.ids.values(), self.prices)
        for thread in (*clients, operator):
            thread.start()
        operator.join(seconds)
        end()
        self.seconds += seconds
        for thread in (*clients, operator):
            thread.ending.set()
            thread.join()
        for client in clients:
            self.told.add(client)
        self.counts.update(operator.counts)
        self.assertEqual(self.told.wrong + operator.wrong, [])

    def check(self, server):
        self.check_state(server)
        audit = Audit(server.ledger())
        audit.check_clients(self.told.sent, self.told.ids)
        self.assertEqual(audit.wrong[:20], [], f"{len(audit.wrong)} in all\n{server.errors()}")
        self.audit = audit
        self.assertTrue(server.answer("db", "check")["sound"])
        server.answer("audit", "verify")
        wire = server.wire()
        for key, number in list(self.told.ids.items())[-SAMPLE:]:
            chain = wire.ask("GET", f"/api/v1/orderintents/{number}").json
            self.assertEqual((chain["id"], chain["idempotency_key"]), (number, key))
        wire.close()

    def check_state(self, server):
        """Kill switches and limits are as they were told; what was under way is either."""
        asked = server.ask("GET", "/kill-switch", scope="admin").json
        engaged = {row["scope"] for row in asked["switches"] if row["engaged"]}
        self.assertEqual(asked["engaged"], "global" in engaged)
        limits = {(row["scope"], row.get("key") or "-", row["limit"]): row["value"]
                  for row in server.ask("GET", "/limits", scope="admin").json}
        for name, allowed in self.state.items():
            if isinstance(name, str):
                now = name in engaged
                self.counts["switches held engaged"] += allowed == {True}
                allowed = {False if value is None else value for value in allowed}
            else:
                _, _, scope, key = name[0].split("/")
                now = limits.get((scope, key, name[1]))
                allowed = allowed | {now} if None in allowed else allowed  # its default
            self.assertIn(now, allowed, name)
            self.state[name] = {now}

    def retry(self, server):
        """What was under way at the last kill, or was too much then, asked again."""
        client = load.Client(server, "last", ROUNDS, RATE, self.prices, self.told.sent,
                             sorted(self.told.sent.keys() - self.told.ids.keys()))
        client.ending.set()
        client.run()
        self.told.add(client)
        self.assertEqual((self.told.wrong, client.open), ([], set()))
        self.assertEqual(set(self.told.sent), set(self.told.ids))

    def end_in_order(self, server):
        """With the global switch engaged nothing works any more; an orderly end changes nothing."""
        self.state["global"] = {True}
        body = {"action": "engage", "scope": "global", "reason": "the end"}
        self.assertEqual(server.ask("POST", "/kill-switch", body, scope="admin").status, 200)

        def is_proven():
            rows = server.ask("GET", "/kill-switch", scope="admin").json["switches"]
            return any(row["scope"] == "global" and row["proven"] for row in rows)

        wait_until(is_proven, "the switch is proven")
        self.check(server)
        self.assertEqual(self.audit.working(), [])
        before = self.audit
        self.assertEqual(server.stop(), 0, server.errors())
        server.start()
        self.check(server)
        self.assertEqual([tuple(row) for row in self.audit.orders],
                         [tuple(row) for row in before.orders])
        self.assertEqual(server.stop(), 0, server.errors())

    def report(self):
        counts, told = self.told.counts, self.told
        asked = sum(counts[status] for status in (202, 409, 422, 503))
        rate = asked / self.seconds
        states = collections.Counter(row["status"] for row in self.audit.intents)
        print(f"{ROUNDS} kills in {self.seconds:.1f} s of load by {CLIENTS} clients: {asked} "
              f"intents answered, {rate:.0f}/s: {counts[202]} taken, {counts[409]} known, "
              f"{counts[422]} with another body, {counts[503]} busy")
        print(f"{counts['sent twice']} sent twice on purpose, "
              f"{counts['asked again after a kill']} asked again after a kill, "
              f"{len(told.ids)} keys, each exactly once")
        print(f"ledger: {len(self.audit.intents)} intents {dict(states)}, "
              f"{len(self.audit.orders)} orders, {len(self.audit.fills)} fills, "
              f"{len(self.audit.positions)} positions")
        print(f"operators: {dict(self.counts)}")
        print(f"202 after p50 {load.percentile(told.waits, .5) * 1e3:.1f} ms, p99 "
              f"{load.percentile(told.waits, .99) * 1e3:.1f} ms; started again in at most "
              f"{max(self.starts):.2f} s")
        self.assertGreaterEqual(rate, 500)
        self.assertGreater(len(self.audit.fills), 100)


if __name__ == "__main__":
    main()
