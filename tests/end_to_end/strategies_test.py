#!/usr/bin/env python3
"""The library of strategies: its pages and its names, and the check for looking ahead."""
import json
import re

import backtest_reference as reference
from program import ROOT, Program, main, seeded

PAGES = ROOT / "docs/reference/strategies"
RANDOM = seeded("strategies")
SMALL = ("--set", "short_window=3", "--set", "long_window=8")


class Library(Program):
    def setUp(self):
        super().setUp()
        reference.write_csv(self.folder / "prices.csv", reference.bars(RANDOM, 600))


class Strategies(Library):
    def test_every_strategy_has_a_page_that_the_index_names(self):
        index = (PAGES / "README.md").read_text("utf-8")
        for strategy in self.answer("strategies")["strategies"]:
            name = strategy["name"]
            other = re.fullmatch(r"Another name of (\S+)\.", strategy["summary"])
            page = other[1] if other else name
            self.assertIn(f"[{page}]({page}.md)", index)
            text = (PAGES / f"{page}.md").read_text("utf-8")
            self.assertTrue(text.startswith(f"# {page}\n"), name)
            self.assertIn(name, index)

    def test_a_table_of_parameters_says_what_the_program_says(self):
        """Of the pages that have one; each row gives the name and the default."""
        checked = 0
        for strategy in self.answer("strategies")["strategies"]:
            page = PAGES / f"{strategy['name']}.md"
            if not page.exists() or "\n## Parameters\n" not in page.read_text("utf-8"):
                continue
            table = page.read_text("utf-8").partition("\n## Parameters\n")[2].partition("\n## ")[0]
            rows = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", table, re.MULTILINE))
            told = {each["name"]: each["default"] for each in strategy["parameters"]}
            self.assertEqual(rows, told, strategy["name"])
            checked += 1
        self.assertGreaterEqual(checked, 15)

    def test_dashes_and_underscores_are_the_same_in_names(self):
        one = self.answer("backtest", "simple_ma", "--data", "prices.csv", *SMALL)
        other = self.answer("backtest", "simple-ma", "--data", "prices.csv", "--set",
                            "short-window=3", "--set", "long-window=8")
        self.assertGreater(one["counts"]["fills"], 5)
        self.assertEqual(one["result_hash"], other["result_hash"])
        self.assertEqual(one["run_id"], other["run_id"])

    def test_a_flag_comes_on_top_of_a_run_file_however_both_are_spelled(self):
        names = ("short_window", "short-window")
        for in_file, as_flag in (names, names[::-1]):
            (self.folder / "run.toml").write_text(
                '[data.prices]\nfile = "prices.csv"\n[strategy.simple-ma]\ntype = "simple_ma"\n'
                f'[strategy.simple-ma.set]\n"{in_file}" = 7\nlong_window = 8\n', "utf-8")
            run = self.answer("backtest", "--config", "run.toml", "--set", f"{as_flag}=3")
            self.assertEqual(str(run["params"]["short_window"]), "3", in_file)


class Lookahead(Library):
    def test_the_check_tells_what_it_compared(self):
        report = self.answer("backtest", "simple_ma", "--data", "prices.csv", *SMALL,
                             "--check-lookahead")["lookahead"]
        self.assertIs(report["same"], True)
        self.assertEqual(report["events"], 600)
        self.assertGreater(report["signals"], 10)
        self.assertGreater(report["orders"], 10)
        self.assertGreaterEqual(len(report["cuts"]), 12)
        times = [cut["time"] for cut in report["cuts"]]
        self.assertEqual(times, sorted(times))
        for cut in report["cuts"]:
            self.assertIs(cut["same"], True)
            self.assertLessEqual(cut["signals"], report["signals"])
        self.assertGreater(report["cuts"][-1]["signals"], report["cuts"][0]["signals"])
        ran = self.run_program("backtest", "simple_ma", "--data", "prices.csv", *SMALL,
                               "--check-lookahead", "--quiet")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout.count("the same\n"), len(report["cuts"]))

    def test_the_cuts_hang_on_the_seed_of_the_run(self):
        def times(seed):
            report = self.answer("backtest", "simple_ma", "--data", "prices.csv", "--set",
                                 f"run.seed={seed}", "--check-lookahead")["lookahead"]
            return [cut["time"] for cut in report["cuts"]]
        self.assertEqual(times(5), times(5))
        self.assertNotEqual(times(5), times(6))

    def test_a_strategy_that_looks_ahead_is_found_out(self):
        library = self.path.parent.parent / "app/backtest/libpeeking.so"
        self.assertTrue(library.exists(), "build millrace_app_backtest_test first")
        words = ("backtest", str(library), "--data", "prices.csv", "--check-lookahead")
        ran = self.run_program(*words)
        self.assertEqual(ran.returncode, 4)
        self.assertIn("NOT THE SAME", ran.stdout)
        self.assertIn("looks ahead", ran.stderr)
        ran = self.run_program(*words, "--json", "--quiet")
        self.assertEqual(ran.returncode, 4)
        report = json.loads(ran.stdout)["lookahead"]
        self.assertIs(report["same"], False)
        different = next(cut["difference"] for cut in report["cuts"] if not cut["same"])
        self.assertEqual(different["whole"], "nothing")
        self.assertIn("order buy prices by peeking at ", different["truncated"])


if __name__ == "__main__":
    main()
