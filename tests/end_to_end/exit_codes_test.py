#!/usr/bin/env python3
"""docs/reference/exit-codes.md says what the program does."""
import re
import signal

from program import ROOT, Program, main

PAGE = ROOT / "docs/reference/exit-codes.md"
ROW = re.compile(r"^\| (\d+) \| (?:`(\w+)` )?\|", re.MULTILINE)
NOT_YET = {"internal",  # no known way to bring one about
           "network", "rejected", "timeout"}  # of servers: tests/orders/commands_test.py


class ExitCodes(Program):
    def setUp(self):
        super().setUp()
        self.codes = {name: int(code) for code, name in ROW.findall(PAGE.read_text("utf-8"))}

    def test_the_page_lists_them_all(self):
        self.assertEqual(self.codes, {"": 0, "internal": 1, "usage": 2, "config": 3, "data": 4,
                                      "network": 5, "rejected": 6, "timeout": 7, "not_running": 8,
                                      "interrupted": 130})

    def test_errors_exit_with_the_code_of_their_name(self):
        (self.folder / "wrong.toml").write_text("nonsense = 1\n")
        seen = set()
        for words in (["no-such-command"], ["version", "--no-such-option"], ["schema", "qoute"],
                      ["simulate", "--seeds", "0"], ["journal", "verify"],
                      ["config", "check", "--config", "wrong.toml"],
                      ["config", "show", "--set", "nonsense=1"],
                      ["journal", "verify", "nowhere"], ["journal", "replay", "nowhere"],
                      ["journal", "inspect", "nowhere"],
                      ["journal", "generate", "/proc/no/journal"], ["intents", "ls"]):
            ran = self.run_program(*words, "--json")
            name = re.search(r'"code": "(\w+)"', ran.stdout)
            self.assertTrue(name, f"{words}: {ran.stdout}{ran.stderr}")
            self.assertEqual(ran.returncode, self.codes[name.group(1)], words)
            self.assertEqual(self.run_program(*words).returncode, ran.returncode, words)
            seen.add(name.group(1))
        self.assertEqual(seen, set(self.codes) - NOT_YET - {"", "interrupted"})

    def test_a_journal_is_not_written_over(self):
        self.generate(records=100)
        self.answer("journal", "generate", "journal", code=self.codes["data"])

    def test_what_works_exits_0(self):
        for words in ([], ["--help"], ["version"], ["schema"], ["schema", "quote"],
                      ["config", "show"], ["config", "check"], ["simulate", "--seeds", "1"]):
            self.assertEqual(self.run_program(*words).returncode, self.codes[""], words)

    def test_a_termination_counts_as_an_interrupt(self):
        process = self.start("journal", "generate", "journal", "--records", "10000000")
        journal = self.folder / "journal"
        self.wait_until(lambda: list(journal.glob("*.journal")), "nothing is written")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), self.codes["interrupted"])
        self.assertEqual(self.answer("journal", "verify", "journal")["ending"], "closed in order")


if __name__ == "__main__":
    main()
