#!/usr/bin/env python3
"""`millrace new strategy` writes projects that compile, pass their tests and load.

Each template is configured and compiled against the build folder of the program, as a user who does
not install would; the last test does the same against an installed tree.
"""
import os
import subprocess

from program import Program, main

# Words that are something else in C++ or CMake must do as a name, too.
NAMES = {"bars": "test", "quotes": "strategy", "signals": "Of_Two-3rd"}
PLAIN = {"bars": "test", "quotes": "strategy", "signals": "of-two-3rd"}


class NewStrategy(Program):
    def setUp(self):
        super().setUp()
        # The build folder of the program has a CMake package, and knows the compiler.
        self.build = self.path.parent.parent.parent
        cache = (self.build / "CMakeCache.txt").read_text("utf-8")
        self.compiler = next(line.partition("=")[2] for line in cache.splitlines()
                             if line.startswith("CMAKE_CXX_COMPILER:"))

    def shell(self, *words, cwd):
        ran = subprocess.run([str(word) for word in words], cwd=cwd, text=True, timeout=300,
                             env={**os.environ, **self.environment}, capture_output=True)
        self.assertEqual(ran.returncode, 0, f"{words}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def compile_and_test(self, project, *options):
        self.shell("cmake", "-S", ".", "-B", "build", "-G", "Ninja",
                   f"-DCMAKE_CXX_COMPILER={self.compiler}", *options, cwd=project)
        self.shell("cmake", "--build", "build", cwd=project)
        said = self.shell("ctest", "--test-dir", "build", "--output-on-failure", cwd=project)
        self.assertIn("100% tests passed", said)
        self.assertRegex(said, r"out of [3-9]\b")

    def check_template(self, template):
        answer = self.answer("new", "strategy", NAMES[template], "--template", template,
                             "--dir", template)
        self.assertEqual(answer["strategy"], PLAIN[template])
        self.assertEqual(sorted(answer["files"]),
                         sorted(path.name for path in (self.folder / template).iterdir()))
        self.assertIn(f"-DMillrace_DIR={self.build}", answer["next"][1])
        self.compile_and_test(self.folder / template, f"-DMillrace_DIR={self.build}")
        library = f"{template}/{answer['library']}"
        listed = self.answer("strategies", library)["strategies"]
        self.assertEqual([each["name"] for each in listed], [PLAIN[template]])
        self.assertGreater(len(listed[0]["parameters"]), 0)

    def test_bars_compiles_passes_and_loads(self):
        self.check_template("bars")

    def test_quotes_compiles_passes_and_loads(self):
        self.check_template("quotes")

    def test_signals_compiles_passes_and_loads(self):
        self.check_template("signals")

    def test_an_installed_program_needs_no_build_folder(self):
        prefix = self.folder / "usr"
        self.shell("cmake", "--install", self.build, "--prefix", prefix, cwd=self.folder)
        self.path = prefix / "bin/millrace"
        answer = self.answer("new", "strategy", "mine")
        self.assertIn(f"-DMillrace_DIR={prefix}/lib/cmake/Millrace", answer["next"][1])
        # Found beside the program on the PATH, without being told where.
        self.environment["PATH"] = f"{prefix}/bin:{self.environment['PATH']}"
        self.compile_and_test(self.folder / "mine")
        targets = (prefix / "lib/cmake/Millrace/MillraceTargets.cmake").read_text("utf-8")
        self.assertNotIn(str(self.build), targets)
        self.assertEqual(len(self.answer("strategies", "mine/build/libmine.so")["strategies"]), 1)


class Refusals(Program):
    def test_nothing_is_written_where_something_is(self):
        (self.folder / "dip").mkdir()
        (self.folder / "dip/mine").write_text("mine")
        refused = self.answer("new", "strategy", "dip", code=3)
        self.assertEqual(refused["error"]["what"], "there is something already")
        self.assertEqual([path.name for path in self.folder.rglob("*")], ["dip", "mine"])

    def test_wrong_words_are_usage(self):
        for words in (["2nd"], ["a/b"], ["ema-cross"], ["dip", "--template", "ticks"]):
            self.answer("new", "strategy", *words, code=2)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_library_that_does_not_fit_is_configuration(self):
        (self.folder / "text.so").write_text("no library")
        for words in ("none.so", "text.so", "text.so:dip", "no-such-strategy"):
            self.answer("strategies", words, code=3)
        self.assertEqual(self.run_program("strategies").returncode, 0)


if __name__ == "__main__":
    main()
