#!/usr/bin/env python3
"""Runs the real program from outside: what only a process shows (pipes, signals, terminals).

Called by ctest as: command_line_test.py PROGRAM; the repository is found from this file's place.
"""
import fcntl
import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = pathlib.Path()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEADLINE = 60


class Here(unittest.TestCase):
    """An empty folder to run in, and an environment without the developer's own settings."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="millrace-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": folder.name,
                            "TERM": "xterm", "LANG": "C.UTF-8"}

    def run_program(self, *words, environment=None, **options):
        return subprocess.run([PROGRAM, *words], cwd=self.folder, text=True, timeout=DEADLINE,
                              env={**self.environment, **(environment or {})},
                              capture_output="stdout" not in options, **options)

    def shell(self, shell, script):
        return subprocess.run([*shell, "-c", script], cwd=self.folder, env=self.environment,
                              text=True, capture_output=True, timeout=DEADLINE)

    def on_terminal(self, *words, environment=None):
        """What the program writes when stdout and stderr are a terminal."""
        master, slave = pty.openpty()
        process = subprocess.Popen([PROGRAM, *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=slave, stderr=slave,
                                   env={**self.environment, **(environment or {})})
        os.close(slave)
        written = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux's way to say that the last writer closed a terminal
                break
            if not piece:
                break
            written += piece
        os.close(master)
        process.wait(DEADLINE)
        return written.decode()


class Basics(Here):
    def test_version_is_data_on_stdout(self):
        ran = self.run_program("--version")
        self.assertRegex(ran.stdout, r"^millrace \d+\.\d+\.\d+\n")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_nothing_asked_shows_help_and_succeeds(self):
        ran = self.run_program()
        self.assertIn("Usage: millrace COMMAND", ran.stdout)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_unknown_words_exit_2_and_name_the_nearest(self):
        for words, near in ((["docter"], "doctor"), (["config", "shwo"], "show"),
                            (["version", "--jsn"], "--json")):
            ran = self.run_program(*words)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), words)
            self.assertIn(f"did you mean `{near}`?", ran.stderr)

    def test_every_command_explains_itself(self):
        table = json.loads(self.run_program("help", "--json").stdout)
        self.assertGreaterEqual(len(table["commands"]), 7)
        for command in table["commands"]:
            ran = self.run_program(*command["path"].split(), "--help")
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), command["path"])
            self.assertTrue(ran.stdout.startswith("Usage: " + command["usage"]), command["path"])

    def test_json_is_one_document_with_its_version(self):
        for words in (["version"], ["doctor"], ["config", "show"], ["config", "check"],
                      ["config", "schema"], ["completion", "bash"], ["help"], ["--help"]):
            ran = self.run_program(*words, "--json")
            self.assertEqual(json.loads(ran.stdout)["schema_version"], 1, words)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), words)

    def test_the_reference_pages_are_what_the_program_says(self):
        for words, name in (("help --markdown", "commands.md"), ("schema --markdown", "nouns.md"),
                            ("backtest --keys", "run-file.md"),
                            ("indicators --markdown", "indicators.md")):
            page = self.run_program(*words.split()).stdout
            stored = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
            self.assertEqual(page, stored, f"run: millrace {words} > docs/reference/{name}")


class Configuration(Here):
    def test_unknown_key_is_shown_where_it_stands(self):
        (self.folder / "millrace.toml").write_text('data_dir = "d"\n\n[log]\nlevle = "info"\n')
        for words in (["config", "show"], ["config", "check"]):
            ran = self.run_program(*words)
            self.assertEqual((ran.returncode, ran.stdout), (3, ""))
            self.assertIn("millrace.toml:4:1", ran.stderr)
            self.assertIn("^", ran.stderr)
            self.assertIn("log.level", ran.stderr)

    def test_every_error_is_told_at_once(self):
        (self.folder / "millrace.toml").write_text('nonsense = 1\n[journal]\nsegment_bytes = "x"\n')
        ran = self.run_program("config", "check", "--json")
        self.assertEqual(ran.returncode, 3)
        self.assertEqual(len(json.loads(ran.stdout)["errors"]), 2)

    def test_origins_follow_the_layers(self):
        (self.folder / "millrace.toml").write_text('[journal]\nsegment_bytes = "5MiB"\n')
        ran = self.run_program("config", "show", "--json", "--set", "log.rotate_files=7",
                               environment={"LOG_LEVEL": "warn"})
        settings = {entry["key"]: entry for entry in json.loads(ran.stdout)["settings"]}
        self.assertIn("millrace.toml:2", settings["journal.segment_bytes"]["origin"])
        self.assertEqual(settings["journal.segment_bytes"]["value"], "5MiB")
        self.assertIn("--set", settings["log.rotate_files"]["origin"])
        self.assertIn("LOG_LEVEL", settings["log.level"]["origin"])
        self.assertEqual(settings["data_dir"]["origin"], "default")

    def test_a_secret_never_shows(self):
        secret = "s3cr3t-" + "hunter2" * 3
        (self.folder / "millrace.toml").write_text(
            '[secrets]\nbroker = "env:BROKER_KEY"\n')
        for words in (["config", "show", "--origin"], ["config", "show", "--json"],
                      ["config", "check", "-v"], ["doctor", "-v"], ["doctor", "--json"]):
            ran = self.run_program(*words, environment={"BROKER_KEY": secret})
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertNotIn(secret, ran.stdout + ran.stderr, words)
            self.assertNotIn("hunter2", ran.stdout + ran.stderr, words)


class Doctor(Here):
    def test_a_well_machine_passes_and_keeps_nothing(self):
        ran = self.run_program("doctor", "--json")
        findings = {finding["check"]: finding for finding in json.loads(ran.stdout)["findings"]}
        self.assertEqual(ran.returncode, 0)
        for check in ("program", "processor", "configuration", "data_directory", "disk_space",
                      "disk_sync", "file_descriptors", "clock", "time_zones", "memory"):
            self.assertIn(findings[check]["status"], ("ok", "warn"), findings[check])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_broken_configuration_exits_3_and_says_how_to_mend_it(self):
        (self.folder / "millrace.toml").write_text("nonsense = 1\n")
        ran = self.run_program("doctor")
        self.assertEqual(ran.returncode, 3)
        self.assertIn("nonsense", ran.stdout)

    def test_a_secret_that_does_not_resolve_exits_3(self):
        (self.folder / "millrace.toml").write_text(
            '[secrets]\nbroker = "env:NO_SUCH_BROKER_KEY"\n')
        ran = self.run_program("doctor")
        self.assertEqual(ran.returncode, 3)
        self.assertIn("NO_SUCH_BROKER_KEY", ran.stdout)

    def test_a_data_directory_that_cannot_be_exits_4(self):
        (self.folder / "file").write_text("x")
        ran = self.run_program("doctor", "--set", "data_dir=file")
        self.assertEqual(ran.returncode, 4)
        self.assertIn("file is not a directory", ran.stdout)


class Process(Here):
    def test_a_closed_pipe_ends_it_quietly(self):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            ran = self.run_program("help", "--markdown", stdout=writer, stderr=subprocess.PIPE)
        finally:
            os.close(writer)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_a_full_disk_is_reported(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            ran = self.run_program("version", stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(ran.returncode, 4)
        self.assertIn("the output cannot be written", ran.stderr)
        self.assertIn("No space left on device", ran.stderr)

    def test_an_interrupt_exits_130(self):
        reader, writer = os.pipe()
        room = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen([PROGRAM, "help", "--json"], cwd=self.folder,
                                   env=self.environment, stdout=writer, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        os.close(writer)
        self.wait_until_full(reader, room)  # now it waits for somebody to read on
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=DEADLINE)
        os.close(reader)
        self.assertEqual((process.returncode, talk), (130, b""))

    def wait_until_full(self, reader, room):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            waiting = fcntl.ioctl(reader, termios.FIONREAD, b"\0" * 4)
            if int.from_bytes(waiting, sys.byteorder) == room:
                return
            os.sched_yield()
        self.fail("the program never filled the pipe")

    def test_colours_only_on_a_terminal_that_wants_them(self):
        self.assertIn("\x1b[", self.on_terminal("doctor"))
        self.assertNotIn("\x1b[", self.on_terminal("doctor", environment={"NO_COLOR": "1"}))
        self.assertNotIn("\x1b[", self.on_terminal("doctor", "--no-color"))
        self.assertNotIn("\x1b[", self.run_program("doctor").stdout)


class Completion(Here):
    CASES = (("con", {"config"}), ("config ", {"show", "check", "schema"}),
             ("config show --ori", {"--origin"}), ("completion z", {"zsh"}))

    def bash_words(self, line):
        words = line.split(" ")
        script = ("source <(millrace completion bash)\n"
                  f"COMP_WORDS=(millrace {' '.join(repr(word) for word in words)})\n"
                  f"COMP_CWORD={len(words)}\n_millrace\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"")
        ran = self.shell(["bash", "--norc"], script)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return set(ran.stdout.split())

    def test_bash_completes(self):
        for line, expected in self.CASES:
            self.assertEqual(self.bash_words(line), expected, line)
        self.assertIn("journal.segment_bytes=", self.bash_words("config show --set jour"))

    def test_zsh_accepts_the_script(self):
        self.need("zsh")
        script = self.run_program("completion", "zsh").stdout
        (self.folder / "_millrace").write_text(script)
        ran = self.shell(["zsh", "-f"], "zsh -n _millrace && autoload -Uz compinit && compinit -u "
                         "-d dump && source _millrace && print ${_comps[millrace]}")
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "_millrace\n", ""))

    def test_fish_completes(self):
        self.need("fish")
        for line, expected in self.CASES:
            ran = self.shell(["fish"], "millrace completion fish | source; "
                             f"complete -C 'millrace {line}'")
            words = {answer.split("\t")[0] for answer in ran.stdout.splitlines()}
            self.assertEqual((ran.returncode, words), (0, expected), line)

    def need(self, shell):
        if not shutil.which(shell):
            print(f"skipped: {shell} is not installed here, so its script was not tried")
            self.skipTest(f"{shell} is not installed")


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
