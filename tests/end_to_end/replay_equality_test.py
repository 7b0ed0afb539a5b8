#!/usr/bin/env python3
"""The same journal gives the same hashes, wherever, whenever and by whomever it is replayed."""
from program import Program, digest, main

HASHES = ("running_hash", "state_hash", "applied", "engine_time")


class Equality(Program):
    def hashes(self, path="journal", **options):
        answer = self.answer("journal", "replay", str(path), **options)
        return {name: answer[name] for name in HASHES}

    def test_two_journals_of_one_seed_are_equal_to_the_byte(self):
        first, second = self.generate("first", seed=7), self.generate("second", seed=7)
        self.assertEqual(digest(first), digest(second))
        self.assertNotEqual(digest(first), digest(self.generate("third", seed=8)))

    def test_the_size_of_segments_does_not_change_the_outcome(self):
        small = self.hashes(self.generate("small", segment="64KiB"))
        large = self.hashes(self.generate("large", segment="64MiB"))
        self.assertEqual(small, large)

    def test_every_replay_comes_to_the_same_hashes(self):
        journal = self.generate()
        first = self.hashes()
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        self.assertEqual(first["applied"], 20_000)
        self.assertEqual(self.hashes(), first)
        for environment in ({"TZ": "Pacific/Chatham"}, {"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "C"},
                            {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}):
            self.assertEqual(self.hashes(environment=environment), first, environment)
        self.assertEqual(self.hashes(journal, cwd=elsewhere), first)

    def test_verify_compares_the_states_that_were_recorded(self):
        self.generate(records=200_000, segment="4MiB")
        verified = self.answer("journal", "verify", "journal")
        self.assertTrue(verified["state_compared"])
        self.assertEqual(verified["checkpoints"], 4)  # after each 65,536 records, and at the end


if __name__ == "__main__":
    main()
