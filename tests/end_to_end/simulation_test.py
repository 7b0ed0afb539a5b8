#!/usr/bin/env python3
"""Two thousand lives full of crashes, and not one promise broken."""
import time

from program import Program, main

SEEDS, SECONDS = 2_000, 60


class Simulation(Program):
    def test_every_seed_crashes_and_keeps_its_promises(self):
        slow = self.is_sanitized()  # ten times slower, and about other things than speed
        seeds = SEEDS // 10 if slow else SEEDS
        began = time.monotonic()
        answer = self.answer("simulate", "--seeds", str(seeds))
        took = time.monotonic() - began
        self.assertEqual((answer["seeds"], answer["failed"]), (seeds, 0), answer["failures"])
        self.assertEqual(answer["seeds_without_crash"], 0)
        self.assertGreater(answer["crashes"], 5 * seeds)
        print(f"{seeds} seeds with {answer['crashes']} crashes in {took:.1f} s")
        if not slow:
            self.assertLess(took, SECONDS)

    def test_the_outcome_does_not_depend_on_the_number_of_threads(self):
        one = self.answer("simulate", "--seeds", "200", "--jobs", "1")
        two = self.answer("simulate", "--seeds", "200", "--jobs", "2")
        one.pop("elapsed_s"), two.pop("elapsed_s")
        self.assertEqual(one, two)

    def test_one_seed_runs_alone_and_the_same_again(self):
        first = self.answer("simulate", "--seed", "42")
        again = self.answer("simulate", "--seed", "42")
        self.assertEqual(first["seeds"], 1)
        self.assertEqual(first["hash"], again["hash"])
        self.assertNotEqual(first["hash"], self.answer("simulate", "--seed", "43")["hash"])


if __name__ == "__main__":
    main()
