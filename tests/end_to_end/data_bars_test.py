#!/usr/bin/env python3
"""`millrace data bars`: the bars are those that anybody would work out from the rows, and bad input
is an error with its exit code, never half an answer."""
import collections
import csv
import datetime
import decimal
import json
import os
import resource
import signal
import subprocess

from program import Program, main, seeded

Decimal = decimal.Decimal
START = datetime.datetime(2026, 1, 5, 14, 30)
HEADER = "time,price,size\n"
ROW = "2026-01-05T14:30:00Z,100,1\n"


def text_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def random_trades(count):
    random, moment, cents, rows = seeded("data_bars"), START, 10_000, []
    for _ in range(count):
        moment += datetime.timedelta(seconds=random.choice((0, 1, 5, 20, 400)))
        cents += random.randint(-7, 7)
        rows.append((moment, Decimal(cents) / 100, Decimal(random.randint(1, 9999)) / 10))
    return rows


def bar_of(label, rows):
    """What the program must print for these trades."""
    prices, volume = [price for _, price, _ in rows], sum(size for _, _, size in rows)
    value = sum(price * size for _, price, size in rows)
    return {"time": text_of(label), "open": prices[0], "high": max(prices), "low": min(prices),
            "close": prices[-1], "volume": volume, "trades": len(rows),
            "vwap": (value / volume).quantize(Decimal("1e-9"))}


def read_back(row):
    numbers = {name: Decimal(row[name]) for name in ("open", "high", "low", "close", "volume",
                                                     "vwap")}
    return {"time": row["time"], "trades": int(row["trades"]), **numbers}


class DataBars(Program):
    def write(self, text, name="ACME.csv"):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def write_trades(self, rows):
        return self.write(HEADER + "".join(f"{text_of(moment)},{price},{size}\n"
                                           for moment, price, size in rows))

    def bars(self, *words, code=0, **options):
        ran = self.run_program("data", "bars", *words, **options)
        self.assertEqual(ran.returncode, code, f"{words}\n{ran.stdout[:2000]}{ran.stderr}")
        return ran

    def csv_rows(self, *words):
        return [read_back(row) for row in csv.DictReader(self.bars(*words).stdout.splitlines())]

    def test_time_bars_are_those_of_the_rows(self):
        rows = random_trades(3_000)
        periods = collections.defaultdict(list)
        for row in rows:
            periods[row[0] - (row[0] - START) % datetime.timedelta(minutes=5)].append(row)
        expected = [bar_of(begin, periods[begin]) for begin in sorted(periods)]
        self.assertGreater(len(expected), 100)
        self.assertEqual(self.csv_rows(self.write_trades(rows), "--every", "5m"), expected)

    def test_tick_bars_are_those_of_the_rows_in_every_form(self):
        rows = random_trades(1_050)
        name = self.write_trades(rows)
        expected = [bar_of(rows[at][0], rows[at:at + 100]) for at in range(0, len(rows), 100)]
        self.assertEqual(self.csv_rows(name, "--every", "100t"), expected)
        self.assertEqual(self.csv_rows(name, "--every", "100t", "--partial", "drop"),
                         expected[:-1])
        document = self.answer("data", "bars", name, "--every", "100t")
        self.assertEqual([read_back(bar) for bar in document["bars"]], expected)
        self.assertEqual((document["symbol"], document["every"], document["label"]),
                         ("ACME", "100t", "left"))
        self.assertEqual(document["counts"]["rows"], 1_050)
        self.assertEqual(document["counts"]["bars"], 11)
        self.assertIs(document["last_is_partial"], True)
        lines = self.bars(name, "--every", "100t", "--jsonl").stdout.splitlines()
        self.assertEqual([read_back(json.loads(line)) for line in lines], expected)

    def test_bars_of_bars_equal_the_bars_of_the_trades(self):
        name = self.write_trades(random_trades(3_000))
        self.bars(name, "--every", "1m", "--out", "minutes.csv")
        # The average of averages is rounded already, and bars do not know their trades.
        names = ("time", "open", "high", "low", "close", "volume")
        large, of_bars = ([[row[each] for each in names] for row in csv.DictReader(text)]
                          for text in (self.bars(name, "--every", "15m").stdout.splitlines(),
                                       self.bars("minutes.csv", "--every", "15m")
                                       .stdout.splitlines()))
        self.assertEqual(large, of_bars)

    def test_zone_locale_and_folder_do_not_matter(self):
        name = self.write_trades(random_trades(500))
        first = self.bars(name, "--every", "5m").stdout
        for environment in ({"TZ": "Pacific/Chatham"}, {"LC_ALL": "de_DE.UTF-8"}):
            again = self.bars(str(self.folder / name), "--every", "5m", cwd="/",
                              environment=environment)
            self.assertEqual(again.stdout, first)

    def test_memory_does_not_grow_with_the_data(self):
        if self.is_sanitized():
            self.skipTest("sanitizers keep what was freed")
        peaks = []
        for count in (50_000, 600_000):
            # Row by row: what this process takes would count as the program's.
            with (self.folder / "ACME.csv").open("w", encoding="utf-8") as file:
                file.write(HEADER)
                for at in range(count):
                    file.write(f"{1_767_623_400_000 + 20 * at},100.25,1\n")
            process = subprocess.Popen([self.path, "data", "bars", "ACME.csv", "--every", "10t",
                                        "--quiet", "--out", "bars.csv"], cwd=self.folder,
                                       env=self.environment)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            peaks.append(usage.ru_maxrss)
        self.assertLess(peaks[1] - peaks[0], 2_048, peaks)  # KiB

    def test_bad_input_is_an_error_of_its_kind(self):
        good, minutes = HEADER + ROW, "time,open,high,low,close\n"
        for text, words, code, told in (
                (None, ["--every", "5m"], 4, "cannot open the file"),
                ("", ["--every", "5m"], 4, "the file is empty"),
                (HEADER, ["--every", "5m"], 4, "a header and no row"),
                (good + "2026-01-05T14:29:00Z,100,1\n", ["--every", "5m"], 4, "ACME.csv:3"),
                (good + "2026-01-05T14:31:00Z,NaN,1\n", ["--every", "5m"], 4, "is no price"),
                (good + "2026-01-05T14:31:00Z,-1,1\n", ["--every", "5m"], 4, "not above zero"),
                (good + "2026-01-05T14:31:00Z,1,-1\n", ["--every", "5m"], 4, "no quantity"),
                ("when,what\nnow,that\n", ["--every", "5m"], 4, "columns of the file"),
                (good, [], 2, "--every"),
                (good, ["--every", "5y"], 2, "no size of a bar"),
                (good, ["--every", "renko:-1"], 2, "not positive"),
                (good, ["--every", "5m,session"], 2, "trading calendar"),
                (good, ["--every", "5m", "--session", "moon"], 2, "moon"),
                (good, ["--every", "5m@bid"], 2, "do not hold"),
                (good, ["--every", "5m", "--from", "2031-01-01"], 4, "no row lies in the span"),
                (minutes + "2026-01-05 10:00,1,1,1,1\n2026-01-05 10:02,1,1,1,1\n",
                 ["--every", "5m"], 2, "must be a multiple"),
                (good, ["--every", "5m", "--out", "no/such/bars.csv"], 4, "No such file"),
                (good, ["--every", "5m", "--out", "."], 4, "no ordinary file"),
                (good, ["--every", "5m", "--out", "ACME.csv"], 2, "its own input")):
            (self.folder / "ACME.csv").unlink(missing_ok=True)
            if text is not None:
                self.write(text)
            before = sorted(self.folder.iterdir())
            ran = self.bars("ACME.csv", *words, code=code)
            self.assertIn(told, ran.stderr, words)
            self.assertIn("\n  mend: ", ran.stderr, words)
            document = json.loads(self.bars("ACME.csv", *words, "--json", code=code).stdout)
            self.assertEqual(document["error"]["code"], {2: "usage", 4: "data"}[code])
            self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_a_file_that_cannot_be_finished_leaves_the_old_one(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # which Python has switched off

        name = self.write_trades(random_trades(8_000))
        self.write("old\n", "bars.csv")
        ran = self.bars(name, "--every", "1t", "--out", "bars.csv", code=4, preexec_fn=limit)
        self.assertIn("File too large", ran.stderr)
        self.assertIn("raise the limit of file sizes", ran.stderr)
        self.assertEqual((self.folder / "bars.csv").read_text(encoding="utf-8"), "old\n")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["ACME.csv", "bars.csv"])
        self.bars(name, "--every", "1t", "--out", "bars.csv")
        lines = (self.folder / "bars.csv").read_text(encoding="utf-8").count("\n")
        self.assertEqual(lines, 8_001)


if __name__ == "__main__":
    main()
