"""Tokens by the program: shown once, listed without secrets, revoked, and kept private."""
import stat
import unittest

import program


class Token(program.Program):
    def test_is_made_listed_and_revoked(self):
        made = self.answer("token", "create", "desk", "--scope", "trade", "--expires", "90d")
        self.assertRegex(made["token"], r"^mr1_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$")
        self.assertEqual((made["scope"], made["state"]), ("trade", "valid"))
        plain = self.run_program("token", "create", "screen")
        self.assertEqual(plain.returncode, 0)
        self.assertEqual(len(plain.stdout), 61)  # the token and a line end, for a pipe

        listed = self.run_program("token", "list")
        self.assertNotIn(made["token"][17:], listed.stdout + listed.stderr)
        tokens = self.answer("token", "list")["tokens"]
        self.assertEqual([token["name"] for token in tokens], ["desk", "screen"])
        self.assertEqual([token["scope"] for token in tokens], ["trade", "read"])

        revoked = self.answer("token", "revoke", made["id"])
        self.assertEqual(revoked["state"], "revoked")
        again = self.answer("token", "revoke", made["id"])
        self.assertEqual(again["revoked"], revoked["revoked"])
        self.answer("token", "revoke", "0123456789ab", code=2)

    def test_is_kept_by_its_hash_in_a_private_file(self):
        made = self.answer("token", "create", "desk")
        store = self.folder / "millrace-data" / "tokens"
        self.assertEqual(stat.S_IMODE(store.stat().st_mode), 0o600)
        self.assertNotIn(made["token"][17:], store.read_text())
        store.chmod(0o644)
        error = self.answer("token", "list", code=3)["error"]
        self.assertIn("chmod 600", error["mend"])

    def test_wants_a_name_a_scope_and_a_time_that_make_sense(self):
        self.answer("token", "create", "", code=2)
        self.answer("token", "create", "x" * 65, code=4)
        self.answer("token", "create", "x", "--scope", "root", code=2)
        soon = self.run_program("token", "create", "x", "--expires", "soon")
        self.assertNotEqual(soon.returncode, 0)
        self.answer("token", "create", "x", "--expires", "-1h", code=2)


if __name__ == "__main__":
    program.main()
