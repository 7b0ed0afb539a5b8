"""What every end-to-end test starts from: the built program, and an empty folder to run it in.

A test file ends with `main(__file__)`; ctest calls it as: x_test.py PROGRAM [unittest's words].
"""
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEADLINE = 120  # of one run of the program, in seconds
HEADER = 64  # bytes of a segment's header
SEAL = 40  # bytes of the record that closes a segment


class Program(unittest.TestCase):
    path = pathlib.Path()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="millrace-end-to-end-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Nothing of the developer's own settings.
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder.name, "LANG": "C.UTF-8"}

    def run_program(self, *words, environment=None, **options):
        return subprocess.run([self.path, *words], cwd=options.pop("cwd", self.folder), text=True,
                              env={**self.environment, **(environment or {})}, timeout=DEADLINE,
                              capture_output=True, **options)

    def start(self, *words):
        process = subprocess.Popen([self.path, *words], cwd=self.folder, env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def answer(self, *words, code=0, **options):
        """The JSON document that a command answers with."""
        ran = self.run_program(*words, "--json", "--quiet", **options)
        self.assertEqual(ran.returncode, code, f"{words}\n{ran.stdout}{ran.stderr}")
        self.assertEqual(ran.stderr, "", words)
        return json.loads(ran.stdout)

    def wait_until(self, happens, what):
        end = time.monotonic() + DEADLINE
        while not happens():
            self.assertLess(time.monotonic(), end, what)
            os.sched_yield()

    def is_sanitized(self):
        return self.answer("version")["sanitizers"] != ""

    def generate(self, name="journal", records=20_000, segment="256KiB", seed=1):
        """A closed journal; 20,000 records are seven segments."""
        self.answer("journal", "generate", name, "--records", str(records), "--seed", str(seed),
                    "--set", f"journal.segment_bytes={segment}")
        return self.folder / name


def segments_of(journal):
    return sorted(journal.glob("*.journal"))


def record_starts(segment):
    """Offsets of a sealed segment's records, the seal as the last, and of its end."""
    data, offset, starts = segment.read_bytes(), HEADER, []
    while offset < len(data):
        starts.append(offset)
        length, check = struct.unpack_from("<II", data, offset)
        assert check == length ^ 0xFFFFFFFF, (segment, offset)
        offset += 32 + (length + 7) // 8 * 8 + 8
    return starts + [offset]


def digest(journal):
    return [(segment.name, segment.read_bytes()) for segment in segments_of(journal)]


def copy_of(journal, name):
    copy = journal.parent / name
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(journal, copy)
    return copy


def seeded(name):
    """A generator of numbers that a failing run can repeat: its seed is printed."""
    seed = int(os.environ.get("MILLRACE_TEST_SEED", "20260101"))
    print(f"{name}: seed {seed}; MILLRACE_TEST_SEED sets another")
    return random.Random(seed)


def main():
    Program.path = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(module="__main__")
