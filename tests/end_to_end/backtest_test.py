#!/usr/bin/env python3
"""`millrace backtest`: its numbers against a second engine, its document, hash and refusals."""
from decimal import Decimal

import backtest_reference as reference
from program import Program, main, seeded

CASH = "1000000"
RANDOM = seeded("backtest")


def instant(time):
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


class Backtest(Program):
    def write(self, name="prices.csv", count=2_000, **options):
        rows = reference.bars(RANDOM, count, **options)
        reference.write_csv(self.folder / name, rows)
        return rows

    def backtest(self, *words, **options):
        return self.answer("backtest", *words, **options)

    def ema(self, *words, fast=5, slow=12, **options):
        return self.backtest("ema-cross", "--set", f"fast={fast}", "--set", f"slow={slow}",
                             "--cash", CASH, *words, **options)


class Numbers(Backtest):
    def test_another_engine_comes_to_the_same_to_the_last_unit(self):
        for fast, slow, quantity, fee, slippage in (
                (5, 12, "1", "0", "0"), (3, 40, "2.5", "2", "1"), (10, 30, "0.37", "0.75", "2.5")):
            rows = self.write()
            deals, money = reference.ema_cross(rows, fast, slow, quantity, CASH, fee, slippage)
            self.assertGreater(len(deals), 20)
            result = self.ema("--data", "prices.csv", "--set", f"quantity={quantity}", "--fee-bps",
                              fee, "--slippage-bps", slippage, "--full", fast=fast, slow=slow)
            self.assertEqual([(fill["time"], fill["side"], Decimal(fill["price"]),
                               Decimal(fill["fee"])) for fill in result["fills"]],
                             [(instant(time), "buy" if side > 0 else "sell", price, charged)
                              for time, side, price, charged in deals])
            for name in ("initial", "final", "realized", "unrealized", "fees"):
                self.assertEqual(Decimal(result["equity"][name]), reference.rounded(money[name]),
                                 name)
            self.assertEqual(result["counts"]["trades"], money["trades"])

    def test_the_accounting_identity_holds_in_the_document(self):
        self.write()
        equity = {name: Decimal(amount) for name, amount in
                  self.ema("--data", "prices.csv", "--fee-bps", "3")["equity"].items()}
        self.assertEqual(equity["initial"] + equity["realized"] - equity["fees"] +
                         equity["unrealized"], equity["final"])
        self.assertEqual(equity["final"] - equity["initial"], equity["net_profit"])
        self.assertGreater(equity["fees"], 0)

    def test_a_decision_never_meets_an_earlier_price(self):
        rows = self.write(count=500)
        opens = {instant(time): opened for time, opened, *_ in rows}
        result = self.ema("--data", "prices.csv", "--full")
        for order, fill in zip(result["orders"], result["fills"]):
            self.assertGreaterEqual(fill["time"], order["time"])
            self.assertEqual(Decimal(fill["price"]), opens[fill["time"]])
        closes = {instant(time + reference.MINUTE): closed for time, _, _, _, closed, _ in rows}
        same = self.ema("--data", "prices.csv", "--full", "--fill", "same-close")
        self.assertGreater(len(same["fills"]), 10)
        for fill in same["fills"]:
            self.assertEqual(Decimal(fill["price"]), closes[fill["time"]])

    def test_a_warm_up_is_heard_but_never_trades(self):
        rows = self.write(count=600)
        start = instant(rows[300][0])
        cold = self.ema("--data", "prices.csv", "--from", start, "--full")
        self.assertEqual(cold["input"]["bars"], 300)
        warm = self.ema("--data", "prices.csv", "--from", start, "--warm-up", "100", "--full")
        self.assertEqual((warm["input"]["bars"], warm["input"]["warm_up"]), (400, 100))
        deals, _ = reference.ema_cross(rows[200:], 5, 12, 1, CASH, live_after=100)
        self.assertEqual([fill["time"] for fill in warm["fills"]],
                         [instant(time) for time, *_ in deals])
        self.assertLess(warm["fills"][0]["time"], cold["fills"][0]["time"])
        self.assertGreater(warm["signals"][0]["time"], start)
        for fill in warm["fills"]:
            self.assertGreater(fill["time"], start)
        first = self.ema("--data", "prices.csv", "--warm-up", "50", "--full")
        self.assertGreater(first["fills"][0]["time"], instant(rows[50][0]))


class Document(Backtest):
    def test_has_the_members_of_the_contract(self):
        self.write()
        result = self.ema("--data", "prices.csv", "--full", "--symbol", "ABC")
        for path in ("schema_version", "run_id", "result_hash", "strategy", "params.fast",
                     "params.slow", "params.quantity", "input.events", "input.bars", "input.from",
                     "input.to", "counts.signals", "counts.orders", "counts.fills",
                     "counts.trades", "counts.rejected", "equity.initial", "equity.final",
                     "equity.net_profit", "equity.realized", "equity.unrealized", "equity.fees",
                     "metrics.net_return", "metrics.max_drawdown", "metrics.sharpe_ratio",
                     "elapsed.load_s", "elapsed.run_s", "events_per_s", "warnings"):
            value = result
            for name in path.split("."):
                self.assertIn(name, value, path)
                value = value[name]
        self.assertEqual((result["strategy"], result["params"]["fast"]), ("ema-cross", 5))
        for name, members in (
                ("signals", "time symbol side price confidence strategy"),
                ("fills", "time symbol side quantity price fee"),
                ("trades", "symbol side quantity entry_time entry_price exit_time exit_price "
                           "net_pnl reason"),
                ("orders", "time symbol side quantity status")):
            self.assertEqual(len(result[name]), result["counts"][name], name)
            self.assertGreater(len(result[name]), 10, name)
            for row in result[name]:
                self.assertLessEqual(set(members.split()), set(row), name)
                self.assertEqual(row["symbol"], "ABC")

    def test_the_trades_add_up_to_what_was_realised(self):
        self.write()
        result = self.ema("--data", "prices.csv", "--full", "--fee-bps", "1")
        fees = sum(Decimal(fill["fee"]) for fill in result["fills"])
        self.assertEqual(fees, Decimal(result["equity"]["fees"]))
        open_fees = Decimal(result["fills"][-1]["fee"])
        self.assertEqual(sum(Decimal(trade["net_pnl"]) for trade in result["trades"]),
                         Decimal(result["equity"]["realized"]) - fees + open_fees)

    def test_a_run_without_a_trade_says_why(self):
        self.write(count=20)
        short = self.ema("--data", "prices.csv", slow=30)
        self.assertEqual(short["counts"]["fills"], 0)
        self.assertIn("needs 30 bars", short["warnings"][0])
        refused = self.ema("--data", "prices.csv", "--set", "instrument.minimum-quantity=5")
        self.assertEqual(refused["counts"]["rejected"], refused["counts"]["orders"])
        self.assertIn("below_minimum", refused["warnings"][0])
        text = self.run_program("backtest", "ema-cross", "--data", "prices.csv")
        self.assertIn("nothing was traded", text.stdout)

    def test_awkward_inputs_give_finite_numbers_or_null_with_a_reason(self):
        flat = [(reference.START + i * reference.MINUTE, *[Decimal(100)] * 4, 1) for i in range(60)]
        crash = flat[:30] + [(time, *[Decimal("0.01")] * 4, 1) for time, *_ in flat[30:]]
        for name, rows, words in (("flat", flat, ["buy-and-hold"]),
                                  ("crash", crash, ["buy-and-hold", "--cash", "100"]),
                                  ("two", flat[:2], ["ema-cross"])):
            reference.write_csv(self.folder / f"{name}.csv", rows)
            result = self.backtest(*words, "--data", f"{name}.csv")
            for metric, value in result["metrics"].items():
                if value is None:
                    self.assertIn(metric, result["metric_reasons"])
                elif isinstance(value, float):
                    self.assertTrue(abs(value) < 1e15, metric)


class Hash(Backtest):
    def test_is_the_same_wherever_and_however_the_run_is_made(self):
        self.write("b.csv")
        self.write("a.csv", price=3_000)
        self.write("c1.csv", count=700, price=7_000)
        self.write("c2.csv", count=700, price=7_100, start=reference.START + 700 * reference.MINUTE)
        data = [f"{name}={self.folder / file}" for name, file in
                (("A", "a.csv"), ("B", "b.csv"), ("C", "c1.csv"), ("C", "c2.csv"))]

        def run(files, *words, **options):
            words = [word for file in files for word in ("--data", file)] + list(words)
            return self.ema(*words, **options)

        first = run(data)
        self.assertRegex(first["result_hash"], r"^[0-9a-f]{16}$")
        self.assertGreater(first["counts"]["fills"], 100)
        other = self.folder / "elsewhere"
        other.mkdir()
        for again in (run(data), run(data[::-1]), run(data, "--threads", "2"),
                      run(data[2:] + data[:2], "--threads", "2", "--full"),
                      run(data, environment={"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}),
                      run(data, cwd=other)):
            self.assertEqual(again["result_hash"], first["result_hash"])
            self.assertEqual(again["run_id"], first["run_id"])

    def test_differs_when_anything_differs(self):
        rows = self.write()
        hashes = {self.ema("--data", "prices.csv")["result_hash"]}
        for words in (["--fee-bps", "1"], ["--slippage-bps", "1"], ["--fill", "next-close"],
                      ["--set", "quantity=2"], ["--symbol", "X"],
                      ["--set", "venue.fee-per-unit=0.01"]):
            hashes.add(self.ema("--data", "prices.csv", *words)["result_hash"])
        last = rows[-1]
        reference.write_csv(self.folder / "prices.csv",
                            rows[:-1] + [(*last[:4], last[4] + Decimal("0.01"), last[5])]
                            if last[4] < last[2] else rows[:-1])
        hashes.add(self.ema("--data", "prices.csv")["result_hash"])
        self.assertEqual(len(hashes), 8)


class RunFile(Backtest):
    TEXT = """
[run]
currency = "USD"

[venue]
fee-bps = 1
fill = "next-open"

[account.calm]
cash = 50_000

[account.wild]
cash = "70000"

[data.A]
file = "a.csv"

[data.B]
file = ["b1.csv", "b2.csv"]

[strategy.slow]
type = "ema-cross"
account = "calm"
symbols = ["A"]
[strategy.slow.set]
fast = 10
slow = 40

[strategy.quick]
type = "ema-cross"
account = "wild"
symbols = ["A", "B"]
[strategy.quick.set]
fast = 3
slow = 8
quantity = "0.5"

[strategy.holder]
type = "buy-and-hold"
account = "calm"
symbols = ["B"]
"""

    def setUp(self):
        super().setUp()
        self.rows = self.write("a.csv", count=400)
        self.write("b1.csv", count=200)
        self.write("b2.csv", count=200, start=reference.START + 200 * reference.MINUTE)
        (self.folder / "run.toml").write_text(self.TEXT)

    def test_runs_several_strategies_symbols_and_accounts(self):
        result = self.backtest("--config", "run.toml", "--full")
        self.assertEqual([one["name"] for one in result["strategies"]], ["holder", "quick", "slow"])
        accounts = {one["name"]: one["equity"] for one in result["accounts"]}
        self.assertEqual({name: equity["initial"] for name, equity in accounts.items()},
                         {"calm": "50000", "wild": "70000"})
        self.assertEqual(Decimal(result["equity"]["final"]),
                         sum(Decimal(equity["final"]) for equity in accounts.values()))
        self.assertEqual(result["input"]["bars"], 800)
        deals, money = reference.ema_cross(self.rows, 10, 40, 1, 50_000, 1)
        mine = [fill for fill in result["fills"] if fill["strategy"] == "slow"]
        self.assertEqual([fill["time"] for fill in mine], [instant(time) for time, *_ in deals])
        self.assertEqual(sum(Decimal(fill["fee"]) for fill in mine), money["fees"])
        self.assertEqual({fill["symbol"] for fill in result["fills"]
                          if fill["strategy"] == "quick"}, {"A", "B"})

    def test_paths_are_from_its_own_folder(self):
        other = self.folder / "other"
        other.mkdir()
        self.assertEqual(self.backtest("--config", "../run.toml", cwd=other)["result_hash"],
                         self.backtest("--config", "run.toml")["result_hash"])

    def test_what_is_wrong_is_shown_with_its_line(self):
        for old, new, shown in (("fee-bps = 1", "fee-pbs = 1", 'did you mean "fee-bps"?'),
                                ("[venue]", "[venu]", 'did you mean "venue"?'),
                                ("cash = 50_000", "cash = -1", "run.toml:10:8"),
                                ('fill = "next-open"', 'fill = "soon"', "next-open, same-close"),
                                ('account = "wild"', 'account = "wil"', 'did you mean "wild"?'),
                                ("fast = 3", "fast = 9", "make fast smaller than slow"),
                                ("fast = 3", "fsat = 3", 'did you mean "fast"?')):
            (self.folder / "wrong.toml").write_text(self.TEXT.replace(old, new))
            ran = self.run_program("backtest", "--config", "wrong.toml")
            self.assertEqual(ran.returncode, 3, new)
            self.assertIn(shown.replace("run.toml", "wrong.toml"), ran.stderr)
        (self.folder / "wrong.toml").write_text(self.TEXT.replace('symbols = ["A"]',
                                                                  'symbols = ["Z"]'))
        ran = self.run_program("backtest", "--config", "wrong.toml")
        self.assertEqual(ran.returncode, 4)
        self.assertIn('"Z" is not in the data', ran.stderr)


class BadInput(Backtest):
    def refused(self, code, *words):
        ran = self.run_program("backtest", *words)
        self.assertEqual(ran.returncode, code, f"{words}\n{ran.stdout}{ran.stderr}")
        self.assertEqual(ran.stdout, "")
        self.assertIn("error: ", ran.stderr)
        self.assertIn("mend: ", ran.stderr)
        return ran.stderr

    def with_row(self, *rows):
        head = ["timestamp,open,high,low,close,volume", "2024-01-01 00:00:00,10,11,9,10,5",
                "2024-01-01 00:01:00,10,11,9,10,5"]
        (self.folder / "bad.csv").write_text("\n".join([*head, *rows]) + "\n")
        return self.refused(4, "ema-cross", "--data", "bad.csv")

    def test_files(self):
        (self.folder / "empty.csv").write_text("")
        (self.folder / "header.csv").write_text("timestamp,open,high,low,close,volume\n")
        (self.folder / "words.csv").write_text("this is\nno table\n")
        self.refused(4, "ema-cross", "--data", "nowhere.csv")
        self.refused(4, "ema-cross", "--data", str(self.folder))
        for name in ("empty.csv", "header.csv", "words.csv"):
            self.assertIn(name, self.refused(4, "ema-cross", "--data", name))

    def test_rows(self):
        for row in ("2024-01-01 00:00:30,10,11,9,10,5", "2024-01-01 00:01:00,10,11,9,10,5",
                    "2024-01-01 00:02:00,nan,11,9,10,5", "2024-01-01 00:02:00,-10,11,9,10,5",
                    "2024-01-01 00:02:00,10,11,9,0,5", "2024-01-01 00:02:00,10,9,11,10,5",
                    "2024-01-01 00:02:00,10,11,9", "yesterday,10,11,9,10,5",
                    "2024-01-01 00:02:00,10,1e999,9,10,5", "2024-01-01 00:02:00,10,11,9,10,-5"):
            self.assertIn("bad.csv:4", self.with_row(row), row)

    def test_names_and_parameters(self):
        self.write()
        data = ("--data", "prices.csv")
        self.assertIn('did you mean "ema-cross"?', self.refused(3, "ema-corss", *data))
        self.assertIn('did you mean "fast"?',
                      self.refused(3, "ema-cross", *data, "--set", "fats=3"))
        self.refused(3, "ema-cross", *data, "--set", "fast=0")
        self.refused(3, "ema-cross", *data, "--set", "fast=two")
        self.refused(3, "ema-cross", *data, "--set", "fast=30", "--set", "slow=10")
        self.refused(2, "ema-cross", *data, "--set", "fast")
        self.refused(2, "ema-cross", *data, "--fill", "yesterday")
        self.refused(2, "ema-cross", *data, "--fee-bps", "-1")
        self.refused(2, "ema-cross", *data, "--cash", "0")
        self.refused(2, "ema-cross", *data, "--from", "soon")
        self.refused(2, "ema-cross", *data, "--from", "2024-02-01", "--to", "2024-01-01")
        self.refused(2, "ema-cross")
        self.refused(2)
        self.refused(3, "--config", "nowhere.toml")
        self.assertIn("prices, second", self.refused(
            4, "ema-cross", *data, "--data", f"second={self.folder / 'prices.csv'}", "--symbol",
            "THIRD"))
        self.refused(4, "ema-cross", *data, "--from", "2030-01-01")

    def test_files_of_one_symbol_that_overlap(self):
        self.write("one.csv")
        self.write("two.csv")
        self.refused(4, "ema-cross", "--data", "S=one.csv", "--data", "S=two.csv")


if __name__ == "__main__":
    main()
