#!/usr/bin/env python3
"""Runs every command of the pages with the built program, each page in a fresh empty folder.

`console` blocks show `$ command` and what it prints (… for what differs); each statement of an `sh`
block must exit 0, or with the code in its comment `# exits 4`. Commands of make, git and apt are
not run; make's targets must exist. A block that cannot run here says why, in the line above:
<!-- not run: it needs a debug build -->
Called by ctest as: commands_test.py PROGRAM; DUMP=1 shows what each command printed.
"""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import pages

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path()
DEADLINE = 300
NOT_RUN = re.compile(r"^(?:sudo )?(make|git|apt|apt-get)\b")
# A network of its own for each run of this test, with nothing in it but the machine itself: servers
# of a page answer its commands, and nobody else does. Words that make it, and words that enter it.
OWN_NETWORK = ((["unshare", "--net"], ["--net"]),
               (["unshare", "--user", "--map-root-user", "--net"],
                ["--user", "--preserve-credentials", "--net"]))
# Sets the loopback interface up (SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP), says so, and waits.
LOOPBACK = """
import fcntl, socket, struct, sys
with socket.socket() as line:
    flags = struct.unpack_from("16xH", fcntl.ioctl(line, 0x8913, struct.pack("16s24x", b"lo")))[0]
    fcntl.ioctl(line, 0x8914, struct.pack("16sH22x", b"lo", flags | 1))
print("up", flush=True)
sys.stdin.read()
"""
INLINE = re.compile(r"`(?:… )?(?:\S*/)?millrace ((?:[a-z][a-z-]*)(?: [a-z-]+)?)[^`]*`")


def all_pages():
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def all_blocks():
    return [block for page, text in all_pages() for block in pages.blocks_of(page, text)]


class Network:
    """The process that holds the network, and the words that run a command in it."""

    def __init__(self):
        self.holder, self.prefix = None, []
        for make, enter in OWN_NETWORK:
            holder = subprocess.Popen([*make, sys.executable, "-c", LOOPBACK], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
            prefix = ["nsenter", f"--target={holder.pid}", *enter]
            if holder.stdout.readline() == "up\n" and subprocess.run(
                    [*prefix, "true"], capture_output=True, check=False).returncode == 0:
                self.holder, self.prefix = holder, prefix
                return
            holder.communicate()
        print("this machine cannot take the network from a process; commands run with it")

    def end(self):
        if self.holder:
            self.holder.communicate()


def end_servers(folder):
    """Those that a page left running, as it does when one of its commands fails."""
    for path in pathlib.Path(folder).glob("**/run.json"):
        with contextlib.suppress(ValueError, KeyError, ProcessLookupError):
            os.kill(json.loads(path.read_text(encoding="utf-8"))["pid"], signal.SIGKILL)


class Docs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.addClassCleanup(cls.network.end)

    def run_in(self, folder, text):
        environment = {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": folder,
                       "LANG": "C.UTF-8", "TERM": "dumb"}
        shell = ["bash", "--norc", "-o", "pipefail", "-c", text]
        return subprocess.run([*self.network.prefix, *shell], cwd=folder, env=environment,
                              text=True, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=DEADLINE, check=False)

    def check_statement(self, folder, statement):
        ran = self.run_in(folder, statement.text)
        # A page shows the data, or the error; talk about progress comes and goes.
        printed = (ran.stdout + (ran.stderr if statement.code else "")).splitlines()
        if os.environ.get("DUMP"):
            print(f"--- {statement.where}: {statement.text}\n{ran.stdout}{ran.stderr}--- exit "
                  f"{ran.returncode}")
        told = (f"\n{statement.where}: {statement.text}\nexit {ran.returncode}\n"
                f"{ran.stdout}{ran.stderr}")
        self.assertEqual(ran.returncode, statement.code, told)
        if statement.output is not None:
            shown = "\n".join(statement.output)
            self.assertTrue(pages.matches(statement.output, printed),
                            f"{told}\nbut the page shows:\n{shown}")

    def test_commands_print_and_exit_as_the_pages_say(self):
        count = 0
        for page, text in all_pages():
            blocks = [block for block in pages.blocks_of(page, text)
                      if block.language in ("sh", "console") and not block.not_run]
            with tempfile.TemporaryDirectory(prefix="millrace-docs-") as folder:
                for statement in (each for block in blocks for each in pages.statements_of(block)):
                    if not NOT_RUN.match(statement.text):
                        with self.subTest(statement.where):
                            self.check_statement(folder, statement)
                            count += 1
                end_servers(folder)
        print(f"{count} commands were run")
        self.assertGreaterEqual(count, 20)

    def test_what_is_not_run_says_why(self):
        for block in all_blocks():
            if block.not_run:
                print(f"{block.page}:{block.line}: not run: {block.not_run}")
        for page, text in all_pages():
            for number, line in enumerate(text.splitlines(), 1):
                if line.lstrip().startswith("<!-- not run"):
                    self.assertRegex(line, pages.OPT_OUT, f"{page}:{number}: give the reason")

    def test_no_command_hides_in_another_kind_of_block(self):
        for block in all_blocks():
            if block.language not in ("console", "sh"):
                for line in block.lines:
                    self.assertFalse(line.startswith("$ "), f"{block.page}:{block.line}: {line}")

    def test_targets_of_make_exist(self):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = re.findall(r"^([\w%-]+):(?!=)", makefile, re.MULTILINE)
        presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
        named = {preset["name"] for preset in presets["configurePresets"]}
        count = 0
        for block in all_blocks():
            if block.language not in ("console", "sh"):
                continue
            for line in block.lines:
                match = re.match(r"(?:\$ )?make\b([^#|&;]*)", line)
                for word in match.group(1).split() if match else []:
                    stem = word.partition("-")
                    is_pattern = f"{stem[0]}-%" in targets and stem[2] in named
                    is_option = "=" in word or word.startswith("-")
                    self.assertTrue(word in targets or is_pattern or is_option,
                                    f"{block.page}:{block.line}: make has no {word}")
                    count += 1
        self.assertGreaterEqual(count, 5)

    def test_configuration_shown_is_accepted(self):
        count = 0
        for block in all_blocks():
            name = {"toml": "millrace.toml", "dotenv": ".env"}.get(block.language)
            if name and not block.not_run:
                with tempfile.TemporaryDirectory(prefix="millrace-docs-") as folder:
                    path = pathlib.Path(folder) / name
                    path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
                    path.chmod(0o600)
                    ran = self.run_in(folder, "millrace config check")
                self.assertEqual(ran.returncode, 0, f"{block.page}:{block.line}: {ran.stderr}")
                count += 1
        self.assertGreaterEqual(count, 3)

    def test_commands_named_in_sentences_exist(self):
        table = json.loads(subprocess.run([PROGRAM, "help", "--json"], capture_output=True,
                                          check=True).stdout)
        paths = {command["path"] for command in table["commands"]}
        nouns = {path.partition(" ")[0] for path in paths}
        for page, text in all_pages():
            for number, line in enumerate(text.splitlines(), 1):
                for words in INLINE.findall(line):
                    noun = words.partition(" ")[0]
                    known = words in paths or noun in paths or (noun in nouns and noun == words)
                    self.assertTrue(known, f"{page}:{number}: there is no `millrace {words}`")

    def test_anchors_of_links_exist(self):
        headings = {}
        for page, text in all_pages():
            outside = re.sub(r"^\s*```.*?^\s*```", "", text, flags=re.MULTILINE | re.DOTALL)
            headings[page] = {pages.slug_of(heading) for heading in
                              re.findall(r"^#+ (.+)$", outside, re.MULTILINE)}
        for page, text in all_pages():
            for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text):
                folder = (ROOT / page).parent
                other = (folder / target).resolve() if target else ROOT / page
                name = other.relative_to(ROOT).as_posix()
                self.assertIn(anchor, headings.get(name, ()), f"{page}: {target}#{anchor}")


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
