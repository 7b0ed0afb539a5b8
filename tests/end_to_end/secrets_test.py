#!/usr/bin/env python3
"""Wherever a secret is put, rightly or by mistake, no output and no file of ours shows it."""
from program import Program, main

# Two halves, so that an excerpt of a line gives it away as well.
SECRET = "kestrel4871-plover9305"
HALVES = ("kestrel4871", "plover9305")
COMMANDS = (["config", "show", "--origin"], ["config", "check"], ["config", "schema"], ["doctor"],
            ["version"], ["schema"], ["journal", "generate", "made", "--records", "20"],
            ["simulate", "--seeds", "1"])
FORMS = ([], ["-v", "-v"], ["--json"], ["--json", "-v", "-v"])
LOG = ["--set", "log.file=log.txt", "--set", "log.level=trace"]


class Secrets(Program):
    def set_up_file(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)

    def is_kept(self, *words, environment=None, settings=()):
        """Runs every command; answers the exit codes of `config check` and `doctor`."""
        before = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        codes = {}
        for number, command in enumerate(COMMANDS):
            for form in FORMS:
                parts = [f"made{number}{len(form)}" if part == "made" else part for part in command]
                ran = self.run_program(*parts, *form, *words, *settings, environment=environment)
                self.hides(ran.stdout + ran.stderr, f"{parts} {form} {words}")
                codes[command[-1]] = ran.returncode
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in before:
                self.hides(path.read_bytes().decode(errors="replace"), path)
        for path, content in before.items():
            self.assertEqual(path.read_bytes(), content, path)
        return codes["check"], codes["doctor"]

    def hides(self, text, where):
        for half in HALVES:
            self.assertNotIn(half, text, where)

    def with_file(self, text):
        self.set_up_file("millrace.toml", text)

    def test_of_the_environment(self):
        self.with_file('[secrets]\nbroker = "env:BROKER_KEY"\n')
        codes = self.is_kept(*LOG, environment={"BROKER_KEY": SECRET})
        self.assertEqual(codes, (0, 0))

    def test_given_to_a_key_by_its_own_variable(self):
        self.assertEqual(self.is_kept(environment={"MILLRACE_SECRETS_BROKER": SECRET}), (0, 0))

    def test_of_dotenv(self):
        self.with_file('[secrets]\nbroker = "env:BROKER_KEY"\n')
        self.set_up_file(".env", f"BROKER_KEY={SECRET}\n")
        self.assertEqual(self.is_kept(*LOG), (0, 0))

    def test_of_a_dotenv_that_others_may_read(self):
        self.with_file('[secrets]\nbroker = "env:BROKER_KEY"\n')
        self.set_up_file(".env", f"BROKER_KEY={SECRET}\n", 0o644)
        self.assertEqual(self.is_kept(), (0, 3))  # only the doctor fetches secrets

    def test_of_a_dotenv_with_a_syntax_error(self):
        for line in (f"BROKER_KEY='{SECRET}\n", f"BROKER KEY={SECRET}\n", f"{SECRET}\n",
                     f'BROKER_KEY="{SECRET}" {SECRET}\n', f"MILLRACE_SECRTS_A={SECRET}\n"):
            self.set_up_file(".env", line)
            self.assertEqual(self.is_kept(), (3, 3), line)

    def test_of_a_file(self):
        self.set_up_file("key", SECRET + "\n")
        self.with_file('[secrets]\nbroker = "file:key"\n')
        self.assertEqual(self.is_kept(*LOG), (0, 0))

    def test_of_a_file_that_others_may_read(self):
        self.set_up_file("key", SECRET + "\n", 0o644)
        self.with_file('[secrets]\nbroker = "file:key"\n')
        self.assertEqual(self.is_kept(), (0, 3))

    def test_written_into_the_configuration(self):
        for line in (f'[secrets]\nbroker = "{SECRET}"\n', f'[secrts]\nbroker = "{SECRET}"\n',
                     f'broker_password = "{SECRET}"\n', f'[log]\nlevle = "{SECRET}"\n',
                     f'[log]\nlevel = "{SECRET}"\n', f'[secrets]\nbroker = ["{SECRET}"]\n',
                     f'[journal]\nsegment_bytes = "{SECRET}"\n',
                     f'[profile.live.secrets]\nbroker = "{SECRET}"\n'):
            self.with_file(line)
            self.assertEqual(self.is_kept(), (3, 3), line)

    def test_on_a_line_that_is_no_toml(self):
        for line in (f'[secrets]\nbroker = "{SECRET}\n', f"[secrets]\nbroker = {SECRET}\n",
                     f'[secrets]\nbroker = "{SECRET}" "{SECRET}"\n', f'"{SECRET}" 1\n',
                     f'[secrets]\nbroker = "\\q{SECRET}"\n',
                     f'[secrets]\nbroker = """{SECRET}\n{SECRET}\n'):
            self.with_file(line)
            self.assertEqual(self.is_kept(), (3, 3), line)

    def test_on_the_command_line(self):
        for setting in (f"secrets.broker={SECRET}", f"secrts.broker={SECRET}",
                        f"log.level={SECRET}", f"journal.segment_bytes={SECRET}"):
            self.assertEqual(self.is_kept(settings=("--set", setting)), (3, 3), setting)

    def test_in_a_variable_that_nobody_knows(self):
        for name in ("MILLRACE_SECRT_BROKER", "MILLRACE_LOG_LEVEL", "LOG_LEVEL"):
            self.assertEqual(self.is_kept(environment={name: SECRET}), (3, 3), name)


if __name__ == "__main__":
    main()
