#!/usr/bin/env python3
"""Runs that are kept: what --out and --keep leave, `millrace runs`, `report` and `demo`."""
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import time

from program import DEADLINE, ROOT, Program, main

NAMESPACES = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
TABLES = ("signals_frame", "events_intent", "orders", "fills", "trades", "equity_curve",
          "portfolio_ledger", "candles")
OWN_TIMES = {"run_meta.json", "run_result.json", "run_steps.jsonl"}
FULL_DISK = """
mount -t tmpfs -o size=600k none small || exit 77
"$0" backtest ema-cross --data prices.csv --set fast=3 --set slow=9 --out small/run
echo "backtest exits $?"
ls small/run
"""


def prices(rows, start=100):
    """Minutes of a price that swings, by whole numbers only."""
    lines, price = ["time,open,high,low,close,volume"], start
    for i in range(rows):
        close = price + (3 if (i // 20) % 2 == 0 else -3) + i % 3 - 1
        lines.append(f"2024-01-{2 + i // 1440:02}T{i // 60 % 24:02}:{i % 60:02}:00Z,{price},"
                     f"{max(price, close)},{min(price, close)},{close},10")
        price = close
    return "\n".join(lines) + "\n"


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def names(folder):
    return {path.name for path in folder.iterdir()}


def strict(text):
    def refuse(word):
        raise ValueError(word)
    return json.loads(text, parse_constant=refuse)


class Runs(Program):
    def setUp(self):
        super().setUp()
        (self.folder / "prices.csv").write_text(prices(1000), encoding="utf-8")

    def backtest(self, *words, fast=3, slow=9, **options):
        return self.answer("backtest", "ema-cross", "--data", "prices.csv", "--set", f"fast={fast}",
                           "--set", f"slow={slow}", *words, **options)

    def registry(self):
        return self.folder / "millrace-data" / "runs"

    def test_the_folder_has_every_table_twice_and_digests_that_hold(self):
        answer = self.backtest("--out", "out", "--full")
        out = self.folder / "out"
        self.assertEqual(names(out), OWN_TIMES | {"metrics.json", "run_manifest.json"} | {
            f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")})
        manifest = strict((out / "run_manifest.json").read_text())
        for artifact in manifest["artifacts"]:
            data = (out / artifact["name"]).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), artifact["sha256"])
            self.assertEqual(len(data), artifact["bytes"])
        self.assertEqual({artifact["name"] for artifact in manifest["artifacts"]},
                         names(out) - OWN_TIMES - {"run_manifest.json"})
        self.assertEqual(manifest["inputs"][0]["sha256"], hashlib.sha256(
            (self.folder / "prices.csv").read_bytes()).hexdigest())
        self.assertEqual(manifest["result_hash"], answer["result_hash"])
        result = strict((out / "run_result.json").read_text())
        self.assertEqual((result["status"], result["content_hash"]),
                         ("success", answer["kept"]["run"]))
        steps = [json.loads(line) for line in (out / "run_steps.jsonl").read_text().splitlines()]
        self.assertEqual([step["step_name"] for step in steps[1::2]],
                         ["run", "identify", "write", "register"])
        self.assertEqual({step["status"] for step in steps[1::2]}, {"completed"})

    def test_the_tables_agree_with_the_document(self):
        answer = self.backtest("--out", "out", "--full", "--fee-bps", "1")
        out = self.folder / "out"
        for name, key in (("orders", "orders"), ("fills", "fills"), ("trades", "trades"),
                          ("signals_frame", "signals")):
            self.assertEqual(len(table(out / f"{name}.csv")), len(answer[key]), name)
        for row, fill in zip(table(out / "fills.csv"), answer["fills"]):
            self.assertEqual((row["fill_ts"], row["side"].lower(), row["fill_price"],
                              row["fill_qty"], row["commission_cost"]),
                             (fill["time"], fill["side"], fill["price"], fill["quantity"],
                              fill["fee"]))
        for row, trade in zip(table(out / "trades.csv"), answer["trades"]):
            self.assertEqual((row["entry_ts"], row["exit_price"], row["net_pnl"]),
                             (trade["entry_time"], trade["exit_price"], trade["net_pnl"]))
        curve = table(out / "equity_curve.csv")
        self.assertEqual((curve[0]["equity"], curve[-1]["equity"]),
                         (answer["equity"]["initial"], answer["equity"]["final"]))
        self.assertEqual([row["ts"] for row in curve], sorted({row["ts"] for row in curve}))
        metrics = strict((out / "metrics.json").read_text())
        self.assertEqual(metrics["metrics"], answer["metrics"])
        self.assertEqual(metrics["num_trades"], len(answer["trades"]))
        self.assertAlmostEqual(metrics["final_cash"], float(answer["equity"]["final"]), 6)
        self.assertIsNone(metrics["sharpe_ratio"])  # of less than a day, and not NaN

    def test_two_runs_are_the_same_to_the_byte_and_one_in_the_registry(self):
        plain = self.backtest()
        first, again = self.backtest("--out", "one"), self.backtest("--out", "two")
        self.assertEqual({plain["result_hash"], first["result_hash"], again["result_hash"]},
                         {plain["result_hash"]})
        self.assertNotIn("kept", plain)
        self.assertFalse(first["kept"]["was_kept_before"])
        self.assertTrue(again["kept"]["was_kept_before"])
        for name in names(self.folder / "one") - OWN_TIMES:
            self.assertEqual((self.folder / "one" / name).read_bytes(),
                             (self.folder / "two" / name).read_bytes(), name)
        self.assertEqual(names(self.registry()), {first["kept"]["run"]})

    def test_a_folder_that_holds_something_is_refused_and_left_alone(self):
        (self.folder / "out").mkdir()
        (self.folder / "out" / "mine.txt").write_text("mine")
        error = self.backtest("--out", "out", code=4)["error"]
        self.assertEqual(error["what"], "there is something in the folder already")
        self.assertEqual(names(self.folder / "out"), {"mine.txt"})
        self.assertEqual([path for path in self.folder.iterdir() if path.name.startswith(".")], [])

    def test_a_run_that_fails_says_so_and_makes_room_for_the_next(self):
        self.backtest("--out", "out", fast="many", code=3)
        out = self.folder / "out"
        self.assertEqual(names(out), OWN_TIMES)
        result = strict((out / "run_result.json").read_text())
        self.assertEqual((result["status"], result["error"]["code"]), ("failed", "config"))
        self.assertEqual(strict((out / "run_meta.json").read_text())["status"], "failed")
        self.assertFalse(list(self.registry().glob("*")))
        self.backtest("--out", "out")
        self.assertIn("trades.csv", names(out))

    def test_a_place_that_cannot_be_written_is_told_before_the_run(self):
        (self.folder / "file").write_text("")
        error = self.backtest("--out", "file/out", code=4)["error"]
        self.assertEqual(error["what"], "the run cannot be written")
        error = self.backtest("--out", "file", code=4)["error"]
        self.assertEqual(error["why"], "something else has that name")

    def test_a_full_disk_leaves_what_went_wrong_and_no_half_table(self):
        (self.folder / "prices.csv").write_text(prices(20_000), encoding="utf-8")
        (self.folder / "small").mkdir()
        for namespace in NAMESPACES:
            ran = subprocess.run([*namespace, "sh", "-c", FULL_DISK, str(self.path)], text=True,
                                 cwd=self.folder, env=self.environment, capture_output=True,
                                 timeout=DEADLINE, check=False)
            if "backtest exits" in ran.stdout:
                break
        else:
            self.skipTest("no small disk can be mounted")
        self.assertIn("backtest exits 4\n", ran.stdout, ran.stderr)
        self.assertIn("No space left on device", ran.stderr)
        self.assertEqual(set(ran.stdout.splitlines()[1:]), OWN_TIMES, ran.stdout)

    def test_an_interrupted_run_is_a_failed_one(self):
        (self.folder / "prices.csv").write_text(prices(40_000), encoding="utf-8")
        process = self.start("backtest", "ema-cross", "--data", *["prices.csv"], "--set", "fast=3",
                             "--set", "slow=9", "--out", "out")
        self.wait_until(lambda: list(self.folder.glob(".run-*")) or process.poll() is not None,
                        "the run begins")
        process.send_signal(signal.SIGINT)
        code = process.wait()
        status = strict((self.folder / "out" / "run_result.json").read_text())["status"]
        # The run may have been faster than the signal.
        self.assertIn((code, status), {(130, "failed"), (0, "success")})
        self.assertEqual(list(self.folder.glob(".run-*")), [])

    def test_runs_are_listed_shown_and_compared(self):
        one = self.backtest("--keep")["kept"]["run"]
        two = self.backtest("--keep", slow=12)["kept"]["run"]
        listed = self.answer("runs", "ls")
        self.assertEqual([run["run"] for run in listed["runs"]], [two, one])
        shown = self.answer("runs", "show", one[:9], "--verify")
        self.assertEqual((shown["run"], shown["config"]["strategy.ema-cross.set.slow"]),
                         (one, "9"))
        self.assertTrue(shown["verified"])
        compared = self.answer("runs", "compare", one[:9], two[:9])
        self.assertEqual(compared["config"], [{"name": "strategy.ema-cross.set.slow",
                                               "values": ["9", "12"]}])
        self.assertEqual((compared["is_same_result"], compared["code"], compared["inputs"]),
                         (False, [], []))
        same = self.answer("runs", "compare", one, one)
        self.assertTrue(same["is_same_result"])
        self.assertEqual(same["config"], [])
        text = self.run_program("runs", "compare", one, two).stdout
        self.assertIn("the results differ\n", text)
        self.answer("runs", "compare", one, code=2)
        self.answer("runs", "show", "zzz", code=2)

    def test_a_run_is_removed_only_when_somebody_agrees(self):
        run = self.backtest("--keep")["kept"]["run"]
        error = self.answer("runs", "rm", run[:6], code=2)["error"]
        self.assertEqual(error["mend"], "add --yes")
        self.assertEqual(names(self.registry()), {run})
        self.assertEqual(self.answer("runs", "rm", run[:6], "--yes")["removed"], [run])
        self.assertEqual(names(self.registry()), set())

    def test_a_damaged_run_stops_no_other(self):
        whole = self.backtest("--keep")["kept"]["run"]
        torn = self.backtest("--keep", slow=12)["kept"]["run"]
        (self.registry() / torn / "run_manifest.json").write_text("{")
        ran = self.run_program("runs", "ls", "--json")
        self.assertEqual(ran.returncode, 0)
        listed = json.loads(ran.stdout)
        self.assertEqual([run["run"] for run in listed["runs"]], [whole])
        self.assertEqual([run["run"] for run in listed["damaged"]], [torn])
        self.assertIn(f"{torn[:12]} is damaged", ran.stderr)
        self.answer("runs", "rm", torn, "--yes")
        fills = self.registry() / whole / "fills.csv"
        fills.write_text(fills.read_text() + "\n")
        self.assertIn("not as it was written",
                      self.answer("runs", "show", whole, "--verify", code=4)["error"]["what"])

    def test_completion_offers_the_kept_runs(self):
        run = self.backtest("--keep")["kept"]["run"]
        ran = self.run_program("__complete", "bash", "--", "runs", "show", "")
        self.assertEqual(ran.stdout, run[:12] + "\n")

    def test_orders_are_exported_in_the_columns_of_the_schema(self):
        run = self.backtest("--keep")["kept"]["run"]
        orders = list(csv.DictReader(io.StringIO(
            self.run_program("runs", "export", run[:9]).stdout)))
        self.assertEqual(list(orders[0]), [
            "order_id", "idempotency_key", "oco_id", "run_id", "strategy", "strategy_version",
            "symbol", "side", "qty", "limit_price", "stop_price", "take_profit_price",
            "valid_from", "valid_to", "session", "time_in_force", "source", "created_at"])
        self.assertEqual(len({order["idempotency_key"] for order in orders}), len(orders))
        self.assertTrue(all(order["valid_from"] < order["valid_to"] for order in orders))
        answer = self.answer("runs", "export", run[:9], "--format", "ib-basket", "--out", "b.csv",
                             "--sizing", "fixed", "--size", "7.9")
        basket = table(self.folder / "b.csv")
        self.assertEqual(answer["orders"], len(basket))
        self.assertEqual({row["Quantity"] for row in basket}, {"7"})
        self.assertEqual([row["OrderType"] for row in basket[:2]], ["MKT", "MOC"])
        self.assertEqual(basket[1]["ParentId"], basket[0]["TradeID"])
        self.answer("runs", "export", run[:9], "--gtd-tz", "Mars/Olympus", code=4)
        self.answer("runs", "export", run[:9], "--contract", "STK", code=2)

    def test_a_report_is_one_file_of_a_kept_run_or_of_a_folder(self):
        run = self.backtest("--out", "out")["kept"]["run"]
        answer = self.answer("report", run[:9])
        page = (self.folder / answer["file"]).read_text(encoding="utf-8")
        self.assertEqual(answer["file"], f"report-{run[:12]}.html")
        self.assertLessEqual(answer["bytes"], 400 * 1024)
        self.assertNotIn("http", page)
        self.assertNotIn("<script", page)
        self.answer("report", "out", "--out", "same.html")
        self.assertEqual((self.folder / "same.html").read_text(encoding="utf-8"), page)

    def test_the_demo_is_fast_and_the_same_each_time(self):
        begin = time.monotonic()
        first = self.answer("demo")
        took = time.monotonic() - begin
        self.assertLess(took, 10)
        self.assertGreater((self.folder / first["report"]).stat().st_size, 50_000)
        again = self.answer("demo")
        self.assertEqual(again, first)
        self.assertGreater(self.answer("runs", "show", first["run"][:8])["metrics"]["trade_count"],
                           20)

    def test_the_reference_names_every_column(self):
        self.backtest("--out", "out")
        page = (ROOT / "docs" / "reference" / "run-artifacts.md").read_text(encoding="utf-8")
        for name in TABLES:
            section = page.split(f"## {name}.csv", 1)[1].split("\n## ", 1)[0]
            documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
            header = (self.folder / "out" / f"{name}.csv").read_text().splitlines()[0]
            self.assertEqual(documented, header.split(","), name)


if __name__ == "__main__":
    main()
