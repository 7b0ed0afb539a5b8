"""Holds the ledger of an orders server against what its clients were told, and against itself.

Reads the tables with SQLite, in one transaction, and works everything out again in whole numbers:
quantities and money count 0.00000001, prices 0.000000001.
"""
import collections

PRICE = 10**9
FIRST_ORDER = 1 << 50  # of intent 0; four numbers for each: entry, stop, target
OVER = {"filled", "cancelled", "rejected", "expired"}
TYPES = {"limit": "LMT", "market": "MKT", "stop": "STP", "stop_limit": "STP_LMT"}


def decimal(text, scale):
    """Exact: 12.5 with the scale 10**9 is 12500000000."""
    whole, _, part = str(text).partition(".")
    return int(whole + part.ljust(len(str(scale)) - 1, "0"))


class Audit:
    def __init__(self, ledger):
        self.wrong = []
        ledger.execute("BEGIN")
        self.intents = self.rows(ledger, "trading_intents")
        self.orders = self.rows(ledger, "trading_orders")
        self.fills = self.rows(ledger, "trading_executions")
        self.positions = self.rows(ledger, "trading_positions")
        self.accounts = self.rows(ledger, "trading_accounts")
        self.cash = self.rows(ledger, "trading_cash")
        self.marks = {row["symbol"]: row["price"] for row in self.rows(ledger, "trading_marks")}
        ledger.execute("COMMIT")
        self.check_orders()
        self.check_books()

    @staticmethod
    def rows(ledger, table):
        return ledger.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()

    def expect(self, is_so, *words):
        if not is_so:
            self.wrong.append(" ".join(str(word) for word in words))

    def expect_unique(self, rows, column):
        counts = collections.Counter(row[column] for row in rows if row[column])
        for value, count in counts.items():
            self.expect(count == 1, column, value, "is there", count, "times")

    # what the clients know

    def check_clients(self, sent, told):
        """`sent`: body by key, all that ever went out; `told`: id by key, all that was answered."""
        self.expect_unique(self.intents, "key")
        found = {row["key"]: row for row in self.intents}
        for key, number in told.items():
            row = found.get(key)
            if row is None:
                self.expect(False, "lost: the intent", key, "answered with the id", number)
                continue
            self.expect(row["id"] == number, key, "is", row["id"], "and was told as", number)
        for key, row in found.items():
            if key not in sent:
                self.expect(False, "nobody sent the intent", key)
                continue
            self.check_body(row, sent[key])

    def check_body(self, row, body):
        self.expect(
            (row["symbol"], row["side"].upper(), row["quantity"], TYPES[row["type"]],
             row["limit_price"], row["strategy"])
            == (body["symbol"], body["side"], body["quantity"] * 10**8, body["order_type"],
                decimal(body["price"], PRICE) if body.get("price") else None, body["strategy"]),
            "the intent", dict(row), "was sent as", body)

    # the ledger against itself

    def check_orders(self):
        for column in ("client_order_id", "venue_order_id"):
            self.expect_unique(self.orders, column)
        self.expect_unique(self.fills, "exec_ref")
        intents = {row["id"]: row for row in self.intents}
        dealt, worth = collections.Counter(), collections.Counter()
        for fill in self.fills:
            dealt[fill["order_id"]] += fill["quantity"]
            worth[fill["order_id"]] += fill["quantity"] * fill["price"]
        known = set()
        for order in self.orders:
            number = order["id"]
            known.add(number)
            if order["intent_id"]:
                intent = intents.get(order["intent_id"])
                self.expect(intent is not None, "the order", number, "is of no intent")
                self.expect((number - FIRST_ORDER) // 4 == order["intent_id"], "the order", number,
                            "is not one of the intent", order["intent_id"])
                self.expect((number - FIRST_ORDER) % 4 < 3, "the order", number, "is a fourth leg")
                self.expect(intent is None or order["symbol"] == intent["symbol"], "the order",
                            number, "is in another symbol than its intent")
            self.expect(order["filled_quantity"] == dealt[number], "the order", number, "says",
                        order["filled_quantity"], "and its fills", dealt[number])
            self.expect(dealt[number] <= order["quantity"], "the order", number, "is overfilled")
            self.expect((order["status"] == "filled") == (dealt[number] == order["quantity"]),
                        "the order", number, "is", order["status"], "with", dealt[number])
        for number in dealt:
            self.expect(number in known, "fills of an order that is not there", number)

    def check_books(self):
        held, spent = collections.Counter(), collections.Counter()
        for fill in self.fills:
            sign = 1 if fill["side"] == "buy" else -1
            held[fill["account"], fill["strategy"], fill["symbol"]] += sign * fill["quantity"]
            cost, rest = divmod(fill["quantity"] * fill["price"], PRICE)
            self.expect(rest == 0, "the fill", fill["id"], "costs less than money can count")
            spent[fill["account"]] += sign * cost + fill["fee"]
        told = collections.Counter()
        for row in self.positions:
            told[row["account"], row["strategy"], row["symbol"]] += row["quantity"]
        for name in held.keys() | told.keys():
            self.expect(held[name] == told[name], "the position", name, "is", told[name],
                        "and the sum of its fills", held[name])
        paid_in = collections.Counter()
        for entry in self.cash:
            paid_in[entry["account"]] += entry["amount"]
        self.expect(self.accounts and self.cash, "there is no account, or nothing paid in")
        for account in self.accounts:
            self.check_account(account, paid_in[account["name"]] - spent[account["name"]], told)

    def check_account(self, account, cash, held):
        self.expect(account["cash"] == cash, "cash of", account["name"], "is", account["cash"],
                    "and by fills", cash)
        worth = 0
        for (name, _, symbol), quantity in held.items():
            if name == account["name"] and quantity:
                worth += quantity * self.marks.get(symbol, 0)
        self.expect(account["equity"] * PRICE == cash * PRICE + worth, "equity of",
                    account["name"], "is", account["equity"], "and cash with positions",
                    cash + worth / PRICE)
        paid_in = sum(entry["amount"] for entry in self.cash if entry["account"] == account["name"])
        self.expect(account["realised"] + account["unrealised"] - account["fees"]
                    == account["equity"] - paid_in, "profit and loss of", account["name"],
                    account["realised"], account["unrealised"], account["fees"], "is not",
                    account["equity"] - paid_in)

    def working(self):
        return [order["id"] for order in self.orders if order["status"] not in OVER]
