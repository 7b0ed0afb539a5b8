#!/usr/bin/env python3
"""`millrace data import`, `verify` and `synth`: what is imported is the same data, whole or not
there, whatever ends the import; what is wrong with files is told, counted and graded."""
import json
import resource
import signal
import subprocess

from program import DEADLINE, Program, main

NAMESPACES = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
ON_A_SMALL_DISK = """
mount -t tmpfs -o size=200k none small || exit 77
"$0" data import ACME.csv --out small/ACME.$1
echo "import exits $?"
ls -A small
echo "that is all"
"""
MONTH = ("--from", "2025-01-01", "--to", "2025-02-01", "--session", "us-equities")


class DataImport(Program):
    def run_data(self, *words, code=0, **options):
        ran = self.run_program("data", *words, **options)
        self.assertEqual(ran.returncode, code, f"{words}\n{ran.stdout[:2000]}{ran.stderr}")
        return ran

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def synth(self, *words, symbol="ACME", out=None):
        out = out or f"{symbol}.csv"
        self.run_data("synth", *(words or MONTH), "--symbol", symbol, "--out", out)
        return out

    def result_hash(self, path):
        return self.answer("backtest", "ema-cross", "--data", path)["result_hash"]

    def test_a_backtest_is_the_same_on_every_form(self):
        name = self.synth()
        self.run_data("import", name, "--out", "tape/ACME.tape", code=4)  # no such folder
        (self.folder / "tape").mkdir()
        self.run_data("import", name, "--out", "tape/ACME.tape")
        self.run_data("import", name, "--out", "tape/ACME.parquet")
        self.run_data("import", "tape/ACME.tape", "--catalog", "again", "--format", "parquet")
        expected = self.result_hash(name)
        for path in ("tape/ACME.tape", "tape/ACME.parquet", "again/1m/ACME.parquet"):
            self.assertEqual(self.result_hash(path), expected, path)
        subprocess.run(["gzip", "-k", name], cwd=self.folder, check=True)
        self.run_data("import", "ACME.csv.gz", "--out", "unzipped.tape")
        self.assertEqual((self.folder / "unzipped.tape").read_bytes(),
                         (self.folder / "tape/ACME.tape").read_bytes())
        head = self.answer("data", "head", "tape/ACME.tape")
        self.assertEqual(head["files"][0]["rows"] if "files" in head else head["rows"], 7800)
        for words in (("bars", "--every", "1h"), ("bars", "--every", "1d", "--session", "nyse")):
            verb, *rest = words
            self.assertEqual(self.run_data(verb, "tape/ACME.tape", *rest).stdout,
                             self.run_data(verb, name, *rest).stdout)

    def test_several_symbols_meet_in_one_tape(self):
        for symbol in ("ACME", "BETA"):
            self.synth("--kind", "quotes", "--rate", "0.05", *MONTH[:2], "--to", "2025-01-08",
                       symbol=symbol)
        told = json.loads(self.run_data("import", "ACME.csv", "BETA.csv", "--out", "two.tape",
                                        "--json").stdout)
        self.assertEqual([each["symbol"] for each in told["series"]], ["ACME", "BETA"])
        self.assertEqual(sum(each["rows"] for each in told["series"]), told["outputs"][0]["rows"])
        both = self.answer("backtest", "ema-cross", "--data", "ACME.csv", "--data", "BETA.csv")
        tape = self.answer("backtest", "ema-cross", "--data", "two.tape")
        self.assertEqual(tape["result_hash"], both["result_hash"])
        self.assertEqual(self.run_data("bars", "two.tape#BETA", "--every", "1h").stdout,
                         self.run_data("bars", "BETA.csv", "--every", "1h").stdout)
        ran = self.run_data("bars", "two.tape", "--every", "1h", code=4)
        self.assertIn("name the one you mean: two.tape#ACME", ran.stderr)

    def test_what_is_there_is_not_overwritten_unasked(self):
        name = self.synth()
        (self.folder / "ACME.tape").write_text("mine", encoding="utf-8")
        ran = self.run_data("import", name, "--out", "ACME.tape", code=2)
        self.assertIn("the file is there already", ran.stderr)
        self.assertEqual((self.folder / "ACME.tape").read_text(encoding="utf-8"), "mine")
        self.run_data("synth", *MONTH, "--out", "ACME.csv", code=2)
        self.run_data("import", name, "--out", "ACME.tape", "--replace")
        self.assertEqual((self.folder / "ACME.tape").read_bytes()[:8], b"MILLTAPE")
        ran = self.run_data("import", name, "--out", name, "--replace", code=2)
        self.assertIn("its own input", ran.stderr)

    def test_a_dry_run_writes_nothing(self):
        name = self.synth()
        ran = self.run_data("import", name, "--catalog", "data", "--dry-run")
        self.assertEqual(ran.stdout, "ACME: bars of 1m from ACME.csv to data/1m/ACME.tape\n")
        self.assertEqual(self.names(), ["ACME.csv"])

    def spoilt(self):
        """A file with one row that contradicts itself, one that stands twice and one without a
        price; of 20 rows 18 are sound, and a nineteenth can be mended."""
        rows = [f"2025-01-02 14:{minute:02}:00,10,12,9,11,5" for minute in range(30, 50)]
        rows[4] = rows[4].replace(",12,9,", ",10.5,9,")  # its close is above its high
        rows[9] = rows[8]
        rows[14] = rows[14].replace(",10,", ",NaN,")
        (self.folder / "bad.csv").write_text(
            "time,open,high,low,close,volume\n" + "\n".join(rows) + "\n", encoding="utf-8")
        return "bad.csv"

    def test_a_bad_row_is_told_with_its_line_or_counted_as_asked(self):
        name = self.spoilt()
        for form in ("tape", "parquet"):
            ran = self.run_data("import", name, "--out", f"bad.{form}", code=4)
            self.assertIn("at: bad.csv:6\n", ran.stderr)
            self.assertEqual(self.names(), ["bad.csv"])
        for policy, rows, mended, left_out in (("skip", 17, 0, 3), ("repair", 18, 1, 2)):
            told = json.loads(self.run_data("import", name, "--out", f"{policy}.tape", "--policy",
                                            policy, "--json").stdout)["series"][0]
            self.assertEqual((told["rows"], told["mended"], told["left_out"]),
                             (rows, mended, left_out), policy)
            self.assertEqual(told["bad_rows"]["contradiction"], 1)
            self.assertEqual(told["bad_rows"]["duplicate"], 1)
            verified = self.answer("data", "verify", f"{policy}.tape")["files"][0]
            self.assertEqual((verified["rows"], verified["bad_rows"]["left_out"]), (rows, 0))

    def test_verify_grades_and_exits_by_it(self):
        name = self.synth()
        sound = self.answer("data", "verify", name, "--calendar", "us-equities")
        self.assertEqual(sound["grade"], "A")
        self.assertEqual(sound["files"][0]["coverage"]["actual"], 20 * 390)
        self.assertEqual([month["month"] for month in sound["files"][0]["coverage"]["months"]],
                         ["2025-01"])
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        del lines[1000:3000]
        (self.folder / "holes.csv").write_text("".join(lines), encoding="utf-8")
        holes = self.answer("data", "verify", "holes.csv", "--calendar", "us-equities", code=4)
        told = holes["files"][0]
        self.assertEqual((told["grade"], told["gaps"]["missing"]), ("F", 2000))
        self.assertEqual(told["coverage"]["actual"], 20 * 390 - 2000)
        self.assertIn("data_coverage_gap", told["reasons"])
        self.assertIn("empty_day", told["reasons"])
        self.assertEqual(told["slas"][0]["sla_name"], "m1_completeness")
        self.assertFalse(told["slas"][0]["passed"])
        self.run_data("verify", "holes.csv", "--calendar", "us-equities", "--require", "F")
        bad = self.answer("data", "verify", self.spoilt(), code=4)["files"][0]
        self.assertEqual((bad["bad_rows"]["mended"], bad["bad_rows"]["left_out"]), (1, 2))
        self.assertFalse(bad["contract"]["ok"])
        self.run_data("verify", "none.csv", code=4)

    def test_killed_in_the_middle_it_leaves_what_was_there(self):
        self.run_data("synth", "--kind", "quotes", "--rate", "10", "--from", "2025-01-01", "--to",
                      "2025-01-02", "--symbol", "ACME", "--out", "ACME.csv")
        for form in ("tape", "parquet"):
            out = self.folder / f"ACME.{form}"
            out.write_text("old", encoding="utf-8")
            process = self.start("data", "import", "ACME.csv", "--out", out.name, "--replace")
            self.wait_until(
                lambda: process.poll() is not None or
                any(path.stat().st_size > 0 for path in self.folder.glob("*.unfinished*")),
                "the import did not begin")
            process.kill()
            process.wait()
            if process.returncode == -signal.SIGKILL:
                self.assertEqual(out.read_text(encoding="utf-8"), "old", form)
            for path in self.folder.glob("*.unfinished*"):
                path.unlink()
            self.run_data("import", "ACME.csv", "--out", out.name, "--replace")
            self.assertEqual(self.names(), sorted({"ACME.csv", out.name} | set(self.names())))
            self.run_data("bars", out.name, "--every", "1h")
            out.unlink()

    def test_a_full_disk_leaves_nothing(self):
        self.synth()
        (self.folder / "small").mkdir()
        for form in ("tape", "parquet"):
            if form == "tape":  # a month of minutes is a tape of 56 KB
                self.synth("--from", "2025-01-01", "--to", "2025-07-01", symbol="LONG",
                           out="ACME.csv.long")
                (self.folder / "ACME.csv.long").rename(self.folder / "ACME.csv")
            for namespace in NAMESPACES:
                words = [*namespace, "sh", "-c", ON_A_SMALL_DISK, str(self.path), form]
                ran = subprocess.run(words, text=True, cwd=self.folder, env=self.environment,
                                     capture_output=True, timeout=DEADLINE, check=False)
                if "import exits" in ran.stdout:
                    break
            else:
                self.skipTest("no small disk can be mounted")
            self.assertEqual(ran.stdout, "import exits 4\nthat is all\n", ran.stderr)
            self.assertIn("No space left on device", ran.stderr)
            self.assertIn("\n  mend: ", ran.stderr)

    def test_a_limit_on_file_sizes_leaves_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # which Python has switched off

        name = self.synth()
        for form in ("tape", "parquet"):
            self.run_data("import", name, "--out", f"ACME.{form}", code=4, preexec_fn=limit)
            self.assertEqual(self.names(), [name])

    def test_synth_gives_the_same_data_from_the_same_seed_in_every_form(self):
        first = self.run_data("synth", *MONTH, "--symbol", "ACME").stdout
        self.assertEqual(self.run_data("synth", *MONTH, "--symbol", "ACME").stdout, first)
        other = self.run_data("synth", *MONTH, "--symbol", "ACME", "--seed", "2").stdout
        self.assertNotEqual(other, first)
        made = json.loads(self.run_data("synth", *MONTH, "--symbol", "ACME", "--symbol", "BETA",
                                        "--out", "{symbol}.csv", "--json").stdout)
        self.assertEqual([each["path"] for each in made["outputs"]], ["ACME.csv", "BETA.csv"])
        self.assertEqual((self.folder / "ACME.csv").read_text(encoding="utf-8"), first)
        self.run_data("synth", *MONTH, "--symbol", "ACME", "--out", "ACME.tape")
        self.run_data("synth", *MONTH, "--symbol", "ACME", "--out", "ACME.parquet")
        bars = self.run_data("bars", "ACME.csv", "--every", "1h").stdout
        for name in ("ACME.tape", "ACME.parquet"):
            self.assertEqual(self.run_data("bars", name, "--every", "1h").stdout, bars)
        for words, told in ((("--regime", "moon"), "there is no regime"),
                            (("--session", "moon"), "moon"), (("--rate", "0"), "no rate"),
                            (("--step", "0"), "not above zero"), (("--every", "x"), "--every"),
                            (("--symbol", "A", "--symbol", "B"), "only a tape")):
            ran = self.run_data("synth", *MONTH[:4], *words, code=2)
            self.assertIn(told, ran.stderr, words)
            self.assertIn("\n  mend: ", ran.stderr, words)


if __name__ == "__main__":
    main()
