#!/usr/bin/env python3
"""`millrace data head` tells what a file is, and every command that opens market data takes it for
the same; bad rows are refused with their line, or counted."""
import gzip
import io
import json
import os
import struct
import subprocess
import zipfile
import zlib

from program import Program, main

MINUTES = ("time,open,high,low,close,volume\n"
           "2026-01-05 14:30:00,10,12,9,11,100\n"
           "2026-01-05 14:31:00,11,13,10,12,50\n"
           "2026-01-05 14:32:00,12,12,11,11,25\n")
# name, text, then what must be found: format, kind, symbol, zone, rows, first time, bar length.
FILES = (
    ("plain.csv", MINUTES, "CSV", "bars", "plain", "UTC", 3, "2026-01-05T14:30:00Z", "1m"),
    ("zoned.csv", "timestamp,open,high,low,close\n2026-01-05 14:30:00+00:00,10,12,9,11\n"
     "2026-01-05 14:31:00+00:00,10,12,9,11\n", "CSV", "bars", "zoned", "UTC", 2,
     "2026-01-05T14:30:00Z", "1m"),
    ("DAT_ASCII_EURUSD_M1_2012.csv",
     "20120701 000000;1.3066;1.3067;1.3065;1.3066;0\n"
     "20120701 000100;1.3066;1.3066;1.3064;1.3065;0\n",
     "HistData", "bars", "EURUSD", "Etc/GMT+5", 2, "2012-07-01T05:00:00Z", "1m"),
    ("histdata-ticks.csv", "20120701 000003660,1.306600,1.306770,0\n", "HistData", "quotes",
     "histdata-ticks", "Etc/GMT+5", 1, "2012-07-01T05:00:03.660Z", None),
    ("truefx.csv", "EUR/USD,20140101 21:55:34.404,1.37622,1.37693\n", "TrueFX", "quotes",
     "EUR/USD", "UTC", 1, "2014-01-01T21:55:34.404Z", None),
    ("mt4.csv", "2012.02.01,00:00,1.1,1.3,1.0,1.2,12\n2012.02.01,00:05,1.1,1.3,1.0,1.2,9\n",
     "MetaTrader 4", "bars", "mt4", "UTC", 2, "2012-02-01T00:00:00Z", "5m"),
    ("mt5.csv", "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\r\n"
     "2012.02.01\t00:00:00\t1.1\t1.3\t1.0\t1.2\t12\t0\t3\r\n"
     "2012.02.01\t01:00:00\t1.1\t1.3\t1.0\t1.2\t12\t0\t3\r\n",
     "MetaTrader 5", "bars", "mt5", "UTC", 2, "2012-02-01T00:00:00Z", "1h"),
    ("eodhd.csv", "Timestamp,Gmtoffset,Datetime,Open,High,Low,Close,Volume\n"
     "1627997400,0,2021-08-03 13:30:00,10,12,9,11,5\n"
     "1627997460,0,2021-08-03 13:31:00,10,12,9,11,5\n",
     "EODHD", "bars", "eodhd", "UTC", 2, "2021-08-03T13:30:00Z", "1m"),
    ("yahoo.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n1999-01-22,1,2,1,2,1,9\n"
     "1999-01-25,1,2,1,2,1,9\n1999-01-26,1,2,1,2,1,9\n",
     "Yahoo", "bars", "yahoo", "UTC", 3, "1999-01-22T00:00:00Z", "1d"),
    ("generic.txt", "Date,Open,High,Low,Close,Volume,OpenInterest\r\n"
     "2006-01-02,09:01:00,3602.00,3603.00,3597.00,3599.00,5699,0\r\n"
     "2006-01-02,09:02:00,3600.00,3601.00,3598.00,3599.00,894,0\r\n",
     "Backtrader", "bars", "generic", "UTC", 2, "2006-01-02T09:01:00Z", "1m"),
    ("trades.csv", "ts;price;volume\n1577898000065;10.5;3\n", "CSV", "trades", "trades", "UTC", 1,
     "2020-01-01T17:00:00.065Z", None),
    ("german.csv", "Datum;Time;Bid;Ask\n1;31.01.2024 09:00;1,10;1,11\n", "CSV", "quotes", "german",
     "UTC", 1, "2024-01-31T09:00:00Z", None),
)
DIRTY = MINUTES + ("2026-01-05 14:33:00,11,NaN,10,11,1\n"
                   "2026-01-05 14:34:00,11,10,10,11,1\n"
                   "2026-01-05 14:34:00,11,12,10,11,2\n"
                   "2026-01-05 14:36:00,11,12,10,11,1\n"
                   "2026-01-05 14:35:00,11,12,10,11,1\n")


class DataHead(Program):
    def write(self, name, text):
        data = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(data)
        return name

    def head(self, *words):
        return self.answer("data", "head", *words)["files"][0]

    def refused(self, *words, code=4):
        ran = self.run_program("data", "head", *words)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertIn("\n  mend: ", ran.stderr)
        return ran.stderr

    def zipped(self, name, member, text, method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(self.folder / name, "w", method) as archive:
            archive.writestr(member, text)
        return name

    def test_every_form_is_found_without_an_option_plain_and_packed(self):
        for name, text, *expected in FILES:
            self.write(name, text)
            self.write(name + ".gz", gzip.compress(text.encode()))
            self.zipped(name + ".zip", name, text)
            for path, packed in ((name, "plain"), (name + ".gz", "gzip"), (name + ".zip", "zip")):
                head = self.head(path)
                if packed == "zip" and expected[2] == name.rsplit(".", 1)[0]:
                    self.assertEqual(head["symbol"], name)  # of the file, as nothing else tells
                else:
                    self.assertEqual(head["symbol"], expected[2], path)
                found = [head[key] for key in ("format", "kind", "zone", "rows", "first_time",
                                               "bar_length")]
                self.assertEqual(found, expected[:2] + expected[3:], path)
                self.assertEqual(head["packed"], packed)
                self.assertEqual(head["preview"][0] + "\n",
                                 text.replace("\r", "").splitlines(keepends=True)[0])
                reasons = {reason["what"]: reason for reason in head["reasons"]}
                self.assertTrue(reasons["zone"]["why"] and reasons["delimiter"]["why"], path)

    def test_lean_has_day_and_symbol_in_its_name(self):
        for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            self.zipped("20140605_trade.zip", "20140605_acme_minute_trade.csv",
                        "34200000,6448000,6450100,6448000,6449000,90\n", method)
            head = self.head("20140605_trade.zip")
            self.assertEqual((head["format"], head["symbol"], head["zone"], head["rows"]),
                             ("LEAN", "ACME", "America/New_York", 1))
            self.assertEqual(head["first_rows"], [{
                "time": "2014-06-05T13:30:00Z", "open": "644.8", "high": "645.01", "low": "644.8",
                "close": "644.9", "volume": "90"}])

    def test_text_shows_what_was_found_and_the_rows(self):
        ran = self.run_program("data", "head", self.write("ACME.csv", MINUTES), "--rows", "1")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        for part in ("ACME.csv\n", "CSV (bars: time,open,high,low,close,volume, separated by ','",
                     "zone           UTC: nothing in the file names another",
                     "rows           3, 2026-01-05T14:30:00Z to 2026-01-05T14:32:00Z\n",
                     "2026-01-05T14:30:00Z    10    12    9     11     100\n"):
            self.assertIn(part, ran.stdout)
        self.assertNotIn("14:31:00Z ", ran.stdout)

    def test_bad_rows_are_refused_skipped_or_repaired_as_asked(self):
        self.write("dirty.csv", DIRTY)
        self.assertIn("at: dirty.csv:5\n", self.refused("dirty.csv"))
        skipped = self.head("dirty.csv", "--read", "bad-rows=skip")
        self.assertEqual((skipped["rows"], skipped["bad_rows"]["left_out"]), (5, 3))
        self.assertEqual([row["line"] for row in skipped["bad_rows"]["first"]], [5, 6, 9])
        repaired = self.head("dirty.csv", "--read", "bad-rows=repair", "--rows", "9")
        self.assertEqual(repaired["bad_rows"]["by_fault"], {
            "unreadable": {"mended": 0, "left_out": 1},
            "contradiction": {"mended": 1, "left_out": 0},
            "duplicate": {"mended": 0, "left_out": 1}, "order": {"mended": 1, "left_out": 0}})
        self.assertEqual([row["time"][14:16] + "/" + row["high"] for row in repaired["first_rows"]],
                         ["30/12", "31/13", "32/12", "34/11", "35/12", "36/12"])
        last = self.head("dirty.csv", "--read", "bad-rows=repair", "--read", "duplicates=last",
                         "--rows", "9")
        self.assertEqual(last["first_rows"][3]["high"], "12")

    def test_every_command_takes_the_same_file_for_the_same(self):
        rows = "".join(f"{34_200_000 + 60_000 * i},{price},{price},{price},{price},9\n"
                       for i, price in enumerate((6_440_000, 6_450_000, 6_460_000)))
        self.zipped("20140605_trade.zip", "20140605_acme_minute_trade.csv", rows)
        bars = self.answer("data", "bars", "20140605_trade.zip", "--every", "3m")
        self.assertEqual(bars["symbol"], "ACME")
        self.assertEqual([(bar["time"], bar["open"], bar["close"]) for bar in bars["bars"]],
                         [("2014-06-05T13:30:00Z", "644", "646")])
        ran = self.run_program("indicators", "20140605_trade.zip", "--with", "sma:2")
        self.assertEqual(ran.stdout, "time,sma:2\n2014-06-05T13:30:00Z,\n"
                                     "2014-06-05T13:31:00Z,644.5\n2014-06-05T13:32:00Z,645.5\n")
        self.run_program("indicators", "20140605_trade.zip", "--with", "sma:2", "--out", "sma.csv")
        self.assertEqual((self.folder / "sma.csv").read_text(), ran.stdout)
        run = self.answer("backtest", "buy-and-hold", "--data", "20140605_trade.zip")
        self.assertEqual([each["symbols"] for each in run["strategies"]], [["ACME"]])
        self.assertEqual(run["input"]["from"], "2014-06-05T13:30:00Z")

    def test_the_policy_is_that_of_every_command_and_is_told(self):
        self.write("dirty.csv", DIRTY)
        told = "dirty.csv: 2 rows mended (1 contradiction, 1 order), 2 rows left out"
        ran = self.run_program("data", "bars", "dirty.csv", "--every", "5m", "--read",
                               "bad-rows=repair")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn(told, ran.stderr)
        ran = self.run_program("indicators", "dirty.csv", "--with", "sma:2", "--read",
                               "bad-rows=repair")
        self.assertIn(told, ran.stderr)
        run = self.answer("backtest", "buy-and-hold", "--data", "dirty.csv", "--set",
                          "data.bad-rows=repair")
        self.assertTrue(any(told in warning for warning in run["warnings"]), run["warnings"])
        ran = self.run_program("backtest", "buy-and-hold", "--data", "dirty.csv")
        self.assertEqual(ran.returncode, 4)
        self.assertIn("dirty.csv:5", ran.stderr)

    def test_several_symbols_are_named_and_one_is_chosen(self):
        rows = "".join(f"{symbol},2026-01-{day:02},{price},{price},{price},{price}\n"
                       for day in (5, 6, 7) for symbol, price in (("AAA", 10), ("BBB", 20)))
        self.write("two.csv", "symbol,date,open,high,low,close\n" + rows)
        self.assertIn("there are AAA, BBB", self.refused("two.csv"))
        head = self.head("two.csv", "--symbol", "BBB")
        self.assertEqual((head["symbol"], head["rows"], head["first_rows"][0]["open"]),
                         ("BBB", 3, "20"))
        run = self.answer("backtest", "buy-and-hold", "--data", "AAA=two.csv", "--data",
                          "BBB=two.csv")
        self.assertEqual([each["symbols"] for each in run["strategies"]], [["AAA", "BBB"]])
        self.assertIn("no rows of \"CCC\"", self.refused("two.csv", "--symbol", "CCC"))

    def test_what_is_not_clear_is_refused_and_can_be_said(self):
        self.write("days.csv", "time,bid,ask\n01/02/2026 09:00,1,2\n03/04/2026 09:00,1,2\n")
        self.assertIn("--read time-format=day-first", self.refused("days.csv"))
        head = self.head("days.csv", "--read", "time-format=month-first", "--zone", "Asia/Tokyo")
        self.assertEqual(head["first_time"], "2026-01-02T00:00:00Z")
        self.assertIn("did you mean", self.refused("days.csv", "--read", "time-formt=x", code=2))
        self.assertIn("says nothing", self.refused("days.csv", "--read", "skip", code=2))

    def test_broken_and_strange_files_are_errors(self):
        packed = gzip.compress(("time,bid,ask\n" + "".join(
            f"{1_767_623_400_000 + at * at},1,2\n" for at in range(5_000))).encode())
        for name, data, told in (
                ("cut.csv.gz", packed[:-20], "it ends early"),
                ("zeros.csv", b"a,b\n\0\0\0,1\n", "not text"),
                ("x.zst", b"\x28\xb5\x2f\xfd1234", "packed with zstd"),
                ("wide.csv", MINUTES.encode("utf-16"), "UTF-16"),
                ("empty.csv", b"", "the file is empty"),
                ("cut.zip", b"PK\x03\x04" + b"\0" * 200, "no directory")):
            self.write(name, data)
            self.assertIn(told, self.refused(name))
        self.assertIn("cannot open", self.refused("nothing.csv"))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.csv", MINUTES)
            archive.writestr("b.csv", MINUTES)
        self.write("two.zip", stream.getvalue())
        self.assertIn("a.csv, b.csv", self.refused("two.zip"))
        self.assertEqual(self.head("two.zip", "--read", "member=b.csv")["rows"], 3)
        spoilt = bytearray((self.folder / self.zipped("one.zip", "a.csv", MINUTES)).read_bytes())
        at = spoilt.index(struct.pack("<I", zlib.crc32(MINUTES.encode())), 30)  # in the directory
        spoilt[at] ^= 1
        self.write("one.zip", bytes(spoilt))
        self.assertIn("checksum", self.refused("one.zip"))

    def test_memory_does_not_grow_with_a_packed_file(self):
        if self.is_sanitized():
            self.skipTest("sanitizers keep what was freed")
        peaks = []
        for count in (50_000, 600_000):
            with gzip.open(self.folder / "ticks.csv.gz", "wt", compresslevel=1) as file:
                file.write("time,price,size\n")
                for at in range(count):
                    file.write(f"{1_767_623_400_000 + 20 * at},100.25,1\n")
            process = subprocess.Popen([self.path, "data", "head", "ticks.csv.gz", "--quiet"],
                                       cwd=self.folder, env=self.environment,
                                       stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            peaks.append(usage.ru_maxrss)
        self.assertLess(peaks[1] - peaks[0], 2_048, peaks)  # KiB

    def test_errors_are_documents_where_those_were_asked_for(self):
        self.write("dirty.csv", DIRTY)
        ran = self.run_program("data", "head", "dirty.csv", "--json")
        self.assertEqual(ran.returncode, 4)
        self.assertEqual(json.loads(ran.stdout)["error"]["where"], "dirty.csv:5")


if __name__ == "__main__":
    main()
