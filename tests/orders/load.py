"""Clients and operators of an orders server that may die at any moment, and what they were told.

A client writes down each request before it goes out; what was under way when the server died is
asked again, under the same key, in the server's next life.
"""
import collections
import random
import threading
import time

from server import wait_until

SYMBOLS = ("AAPL", "MSFT", "AMZN", "GOOG", "TSLA", "NVDA", "META", "NFLX", "AMD", "INTC")
STRATEGIES = ("alpha", "beta", "gamma")
SHARED = 0.05  # part of the intents that two clients send under one key
REPEATED = 0.10  # that are sent once more, as they were
CHANGED = 0.03  # that are sent once more with another body
# So that most orders are sent, and some are refused.
WIDE = {"strategy-order-rate": "10000", "account-order-rate": "10000", "daily-loss": "none",
        "drawdown": "none", "concentration": "none", "gross-exposure": "none",
        "net-exposure": "none", "max-order-notional": "1000000", "stale-price": "60s"}
CHANGING = (("/limits/global/-", "max-order-qty"), ("/limits/symbol/AAPL", "max-order-qty"),
            ("/limits/strategy/alpha", "max-position"), ("/limits/account/main", "min-cash"))
SWITCHES = ("global", "symbol:TSLA", "strategy:beta", "account:main")


class Told:
    """What all clients together sent and were told, over all lives of the server."""

    def __init__(self):
        self.sent = {}  # body by key
        self.ids = {}  # id by key
        self.taken = collections.Counter()  # how often 202 was told for a key
        self.open = set()  # keys whose request was under way when the server died
        self.counts = collections.Counter()
        self.waits = []  # seconds until a 202
        self.wrong = []

    def add(self, client):
        self.sent.update(client.sent)
        self.taken.update(client.taken)
        self.counts.update(client.counts)
        self.waits += client.waits
        self.wrong += client.wrong
        self.open |= client.open
        for key, number in client.ids.items():
            if self.ids.setdefault(key, number) != number:
                self.wrong.append(f"{key} was told as {self.ids[key]} and as {number}")
        for key, count in self.taken.items():
            if count > 1:
                self.wrong.append(f"{key} was taken {count} times")


class Client(threading.Thread):
    def __init__(self, server, name, seed, rate, prices, retried, again=(), seconds=30):
        super().__init__(name=name, daemon=True)
        self.wire = server.wire("trade", seconds)
        self.chance, self.seed = random.Random(f"{seed} {name}"), seed
        self.pause, self.prices = 1 / rate, dict(prices)  # the same for all clients of a round
        self.retried, self.again = retried, list(again)
        self.sent, self.ids, self.open = {}, {}, set(again)
        self.taken, self.counts = collections.Counter(), collections.Counter()
        self.waits, self.wrong = [], []
        self.ending = threading.Event()
        self.number = 0

    def run(self):
        try:
            for key in self.again:
                self.counts["asked again after a kill"] += 1
                self.send(key, self.retried[key])
            due = time.monotonic()
            while not self.ending.is_set():
                self.turn()
                due += self.pause
                self.ending.wait(max(0, due - time.monotonic()))
        except OSError:
            pass  # it was killed: what was under way is in `open`
        except Exception as fault:  # a test's fault must not look like a quiet end
            self.wrong.append(f"{self.name}: {fault!r}")
        finally:
            self.wire.close()

    def turn(self):
        draw = self.chance.random()
        if self.ids and draw < REPEATED:
            key = self.chance.choice(list(self.ids))
            self.counts["sent twice"] += 1
            self.send(key, self.sent.get(key) or self.retried[key])
        elif self.ids and draw < REPEATED + CHANGED:
            self.send_changed(self.chance.choice(list(self.ids)))
        else:
            self.number += 1
            if draw < REPEATED + CHANGED + SHARED:
                # Clients of one seed draw the same body for it, and send it at about one time.
                key, chance = f"{self.seed}-all-{self.number // 20}", None
                chance = random.Random(key)
            else:
                key, chance = f"{self.seed}-{self.name}-{self.number}", self.chance
            self.send(key, self.sent.get(key) or self.body(chance))

    def body(self, chance):
        symbol, kind = chance.choice(SYMBOLS), chance.random()
        side = chance.choice(("BUY", "SELL"))
        body = {"symbol": symbol, "side": side, "quantity": chance.randint(1, 5),
                "order_type": "MKT", "price": None, "client_tag": "kill test",
                "strategy": chance.choice(STRATEGIES)}
        if kind < 0.7:
            cents = round(self.prices[symbol] * 100 * (1 + chance.uniform(-0.01, 0.01)))
            body |= {"order_type": "LMT", "price": f"{cents // 100}.{cents % 100:02}"}
        if kind < 0.1:
            away = max(1, cents // 20) * (1 if side == "BUY" else -1)
            body |= {"stop_loss": (cents - away) / 100, "take_profit": (cents + away) / 100,
                     "bracket_order": True}
        return body

    def send(self, key, body):
        self.sent[key] = body
        self.open.add(key)
        began = time.monotonic()
        answer = self.wire.ask("POST", "/api/v1/orderintents", body, key)
        self.open.discard(key)
        self.counts[answer.status] += 1
        if answer.status == 202:
            self.waits.append(time.monotonic() - began)
            self.taken[key] += 1
        if answer.status in (202, 409):
            number = answer.json["id"]
            if self.ids.setdefault(key, number) != number:
                self.wrong.append(f"{key} was {self.ids[key]} and is {answer}")
        elif answer.status != 503:
            self.wrong.append(f"{key} {body}: {answer}")

    def send_changed(self, key):
        body = dict(self.sent.get(key) or self.retried[key])
        body["quantity"] += 1
        answer = self.wire.ask("POST", "/api/v1/orderintents", body, key)
        self.counts[answer.status] += 1
        if answer.status != 422 or answer.json.get("id") != self.ids[key]:
            self.wrong.append(f"{key} with another body: {answer}")


class Operator(threading.Thread):
    """Changes limits, toggles kill switches, cancels and looks; knows what must be so."""

    def __init__(self, server, seed, state, ids, prices):
        super().__init__(name="operator", daemon=True)
        self.wire, self.chance = server.wire("admin"), random.Random(f"{seed} operator")
        # What each switch and limit may be: one value, or two while a request is under way.
        self.state, self.ids, self.prices = state, list(ids), prices
        self.counts, self.wrong = collections.Counter(), []
        self.ending = threading.Event()

    def run(self):
        try:
            while not self.ending.is_set():
                self.turn()
                self.ending.wait(0.02)
        except OSError:
            pass
        except Exception as fault:
            self.wrong.append(f"operator: {fault!r}")
        finally:
            self.wire.close()

    def turn(self):
        draw = self.chance.random()
        if draw < 0.3:
            path, limit = self.chance.choice(CHANGING)
            value = -(10**8) if limit == "min-cash" else self.chance.randint(3, 3000)
            self.change((path, limit), str(value), "limits changed", "PUT", path,
                        {"limit": limit, "value": str(value)})
        elif draw < 0.5:
            scope = self.chance.choice(SWITCHES)
            is_engaged = True in self.state.get(scope, {False})
            self.change(scope, not is_engaged, "switches toggled", "POST", "/kill-switch",
                        {"action": "release" if is_engaged else "engage", "scope": scope,
                         "reason": "kill test"})
            # What stops everything is not engaged for long: the load shall reach the venue.
            if not is_engaged and scope in ("global", "account:main"):
                self.change(scope, False, "switches toggled", "POST", "/kill-switch",
                            {"action": "release", "scope": scope, "reason": "kill test"})
        elif draw < 0.7 and self.ids:
            number = self.chance.choice(self.ids)
            self.ask((202, 409), "cancels", "POST", f"/api/v1/orderintents/{number}/cancel")
        elif draw < 0.72:
            symbol = self.chance.choice(SYMBOLS)
            self.ask((202,), "cancels", "POST", f"/api/v1/orders/cancel-all?symbol={symbol}")
        elif draw < 0.85:
            for row in self.ask((200,), "looks", "GET", "/api/v1/status").json["symbols"]:
                if row.get("last_price"):
                    self.prices[row["symbol"]] = float(row["last_price"])
        else:
            path = self.chance.choice(("/intents?limit=200", "/positions", "/api/v1/orders",
                                       "/fills", "/exposure", "/metrics/risk", "/alerts",
                                       "/audit", "/metrics", "/limits", "/healthz"))
            self.ask((200,), "looks", "GET", path)

    def ask(self, allowed, what, method, path, body=None):
        self.counts[what] += 1
        answer = self.wire.ask(method, path, body)
        if answer.status == 503:
            raise ConnectionAbortedError("it is on its way out")
        if answer.status not in allowed:
            self.wrong.append(f"{method} {path} {body}: {answer}")
        return answer

    def change(self, name, value, what, *request):
        before = self.state.get(name, {None})
        self.state[name] = before | {value}
        self.ask((200,), what, *request)
        self.state[name] = {value}


def widen(server, told):
    """Sets WIDE, makes the strategies, and waits for a price of each symbol: the prices."""
    for limit, value in WIDE.items():
        answer = server.ask("PUT", "/limits", {"limit": limit, "value": value}, scope="admin")
        assert answer.status == 200, answer
    prices = {}

    def all_priced():
        for row in server.ask("GET", "/api/v1/status", scope="trade").json["symbols"]:
            prices[row["symbol"]] = float(row.get("last_price") or 0)
        return all(prices.get(symbol) for symbol in SYMBOLS)

    wait_until(all_priced, "a price of each symbol")
    for strategy in STRATEGIES:  # a limit names only what there is
        body = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "MKT",
                "strategy": strategy, "reduce_only": True}
        key = f"first-of-{strategy}"
        answer = server.ask("POST", "/api/v1/orderintents", body, {"Idempotency-Key": key}, "trade")
        assert answer.status == 202, answer
        told.sent[key], told.ids[key] = body, answer.json["id"]
        wait_until(lambda name=strategy: server.ask(
            "PUT", f"/limits/strategy/{name}", {"limit": "max-position", "value": "3000"},
            scope="admin").status == 200, f"the strategy {strategy} is known")
    return prices


def percentile(values, part):
    return sorted(values)[int(len(values) * part)] if values else 0.0
