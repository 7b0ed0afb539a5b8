"""Asks GDB, with tools/gdb/millrace.py loaded, for the constants of nouns.cpp."""
import pathlib
import subprocess
import sys
import unittest

PRINTERS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "gdb" / "millrace.py"
PROGRAM = sys.argv.pop()
EXPECTED = {
    "price": "101.25",
    "small_price": "-0.000000005",
    "money": "-1000",
    "delay": "1.5 s",
    "instrument": "Instrument 7",
    "symbol": '"BRK.B"',
    "no_stop": "absent",
    "stop": "99.5",
    "closed": "2023-11-14T22:13:20.123Z",
}


class Printers(unittest.TestCase):
    def test_numbers_are_shown_as_people_write_them(self):
        asked = [part for name in EXPECTED for part in ("-ex", f"print {name}")]
        run = subprocess.run(["gdb", "-nx", "-batch", "-ex", f"source {PRINTERS}", *asked, PROGRAM],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        shown = [line.partition(" = ")[2] for line in run.stdout.splitlines()]
        self.assertEqual(dict(zip(EXPECTED, shown)), EXPECTED, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main()
