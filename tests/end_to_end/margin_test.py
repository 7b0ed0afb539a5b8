#!/usr/bin/env python3
"""Margin and borrowing through a run file: charges against a second count, calls, refusals."""
import datetime
from decimal import ROUND_HALF_EVEN, Decimal

import backtest_reference as reference
from program import Program, main, seeded

RANDOM = seeded("margin")
DAY = datetime.timedelta(days=1)
RUN = """
[account.main]
cash = {cash}
leverage = {leverage}
borrow-bps = {borrow}

[data.ABC]
file = "prices.csv"

[instrument.ABC]
{instrument}

[strategy.cross]
type = "ema-cross"

[strategy.cross.set]
fast = 50
slow = 400
quantity = 10
"""


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def borrow_fees(rows, fills, basis_points):
    """At each midnight: what is short, at the last close before it, for one day of 365."""
    total, midnight = Decimal(0), rows[0][0] + DAY
    while midnight <= rows[-1][0] + reference.MINUTE:
        held = sum(Decimal(fill["quantity"]) * (1 if fill["side"] == "buy" else -1)
                   for fill in fills if instant(fill["time"]) < midnight)
        close = [row[4] for row in rows if row[0] + reference.MINUTE <= midnight][-1]
        if held < 0:
            cost = -held * close * Decimal(basis_points) / 10_000 / 365
            total += cost.quantize(Decimal(1).scaleb(-8), ROUND_HALF_EVEN)
        midnight += DAY
    return total


class Margin(Program):
    def write(self, rows, cash=100_000, leverage=2, borrow=300, instrument=""):
        reference.write_csv(self.folder / "prices.csv", rows)
        (self.folder / "run.toml").write_text(RUN.format(
            cash=cash, leverage=leverage, borrow=borrow, instrument=instrument))

    def run_file(self, *words, **options):
        return self.answer("backtest", "--config", "run.toml", "--full", *words, **options)

    def check_identity(self, result):
        equity = {name: Decimal(amount) for name, amount in result["equity"].items()}
        self.assertEqual(equity["initial"] + equity["realized"] - equity["fees"] +
                         equity["unrealized"], equity["final"])
        return equity

    def test_what_is_borrowed_costs_what_a_second_count_says(self):
        rows = reference.bars(RANDOM, 12 * 1_440)
        self.write(rows)
        result = self.run_file()
        equity = self.check_identity(result)
        expected = borrow_fees(rows, result["fills"], 300)
        self.assertGreater(expected, 0)
        self.assertEqual(equity["borrow_fees"], expected)
        self.assertEqual(result["counts"]["liquidations"], 0)
        net = sum(Decimal(trade["net_pnl"]) for trade in result["trades"])
        self.assertEqual(net - expected, equity["realized"] - equity["fees"])
        dearer = self.run_file("--set", "instrument.borrow-bps=600")
        self.assertEqual(Decimal(dearer["equity"]["borrow_fees"]),
                         borrow_fees(rows, dearer["fills"], 600))
        self.assertEqual(self.run_file()["result_hash"], result["result_hash"])

    def test_a_fall_calls_for_margin_and_is_told(self):
        rows = reference.bars(RANDOM, 3_000)
        while True:  # until the strategy is long when the price breaks down
            cash = 8 * rows[-1][4]  # of the 10 times the price that are bought
            self.write(rows, cash=cash)
            result = self.run_file()
            if [Decimal(one["quantity"]) for one in result["open_positions"]] == [10]:
                break
            rows = rows[:-50]
        time = rows[-1][0] + reference.MINUTE
        price = (rows[-1][4] / 20).quantize(Decimal("0.01"))
        rows.append((time, price, price, price, price, 1))
        self.write(rows, cash=cash)
        result = self.run_file()
        self.check_identity(result)
        self.assertEqual(result["counts"]["liquidations"], 1)
        fill, trade = result["fills"][-1], result["trades"][-1]
        order = next(one for one in result["orders"] if one["order_id"] == fill["order_id"])
        self.assertEqual((fill["side"], fill["reason"], Decimal(fill["price"])),
                         ("sell", "liquidation", price))
        self.assertEqual((order["status"], order["reason"]), ("filled", "margin_call"))
        self.assertEqual(trade["reason"], "liquidation")
        self.assertEqual(result["open_positions"], [])
        self.assertTrue(any("below its maintenance margin" in warning
                            for warning in result["warnings"]), result["warnings"])

    def test_nothing_is_sold_short_where_nothing_can_be_borrowed(self):
        self.write(reference.bars(RANDOM, 3_000), instrument="short-max = 0")
        result = self.run_file()
        refused = [order for order in result["orders"] if order["reason"] == "no_borrow"]
        self.assertGreater(len(refused), 0)
        self.assertEqual({order["side"] for order in refused}, {"sell"})
        self.assertEqual(Decimal(result["equity"]["borrow_fees"]), 0)

    def test_terms_that_contradict_each_other_end_the_run_before_it_begins(self):
        rows = reference.bars(RANDOM, 100)
        self.write(rows, instrument="maintenance-margin = 0.1")
        ran = self.run_program("backtest", "--config", "run.toml")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("margin needs an initial rate", ran.stderr)
        self.write(rows, leverage=-1)
        ran = self.run_program("backtest", "--config", "run.toml")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("run.toml:4", ran.stderr)


if __name__ == "__main__":
    main()
