#!/usr/bin/env python3
"""A process that dies while it writes leaves a journal that can be gone on with."""
import fcntl
import os
import pathlib
import signal

from program import Program, digest, main, seeded, segments_of

KILLS = 20
MANY = "10000000"  # records, about 900 MB; nobody waits for the last of them
MEBIBYTE = 1 << 20


class Crashes(Program):
    def written(self, journal):
        """Bytes that the segments have room for; grows while the journal is written."""
        return sum(segment.stat().st_size for segment in segments_of(journal))

    def grow(self, name, size, segment="1MiB"):
        """A process that is writing a journal, which has grown to the size."""
        process = self.start("journal", "generate", name, "--records", MANY,
                             "--set", f"journal.segment_bytes={segment}")
        journal = self.folder / name
        self.wait_until(lambda: self.written(journal) >= size, f"{name} does not grow")
        self.assertIsNone(process.poll())
        return process

    def test_kill_9_at_any_moment_leaves_a_sound_journal(self):
        chance = seeded("kills")
        torn = 0
        for number in range(KILLS):
            name = f"journal-{number}"
            process = self.grow(name, chance.randrange(2 * MEBIBYTE, 20 * MEBIBYTE))
            for _ in range(chance.randrange(300_000)):
                pass  # a little further, to another place of the write
            process.kill()
            self.assertEqual(process.wait(), -signal.SIGKILL)
            first = self.answer("journal", "verify", name)
            again = self.answer("journal", "verify", name)
            self.assertGreater(first["records"], 0)
            self.assertEqual((again["records"], again["cut_bytes"], again["removed_segment"]),
                             (first["records"], 0, ""))
            replayed = self.answer("journal", "replay", name)
            self.assertEqual(replayed["applied"], first["records"])
            torn += first["cut_bytes"] > 0 or first["removed_segment"] != ""
        print(f"{KILLS} kills, {torn} left an unfinished end")

    def test_an_interrupt_closes_the_journal_in_order(self):
        for number in range(5):
            process = self.grow(f"journal-{number}", (number + 2) * MEBIBYTE)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(), 130)
            verified = self.answer("journal", "verify", f"journal-{number}")
            self.assertEqual((verified["ending"], verified["cut_bytes"]), ("closed in order", 0))
            self.assertTrue(verified["state_compared"])

    def test_an_interrupt_ends_a_simulation_with_130(self):
        process = self.start("simulate", "--seeds", "100000000")
        stat = pathlib.Path(f"/proc/{process.pid}/stat")

        def is_at_work():  # has used some processor time; the 14th field counts it in ticks
            return int(stat.read_text().rpartition(")")[2].split()[11]) >= 10

        self.wait_until(is_at_work, "the simulation does not begin")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)

    def test_a_journal_that_another_process_has_open_is_not_mended(self):
        journal = self.generate(records=1_000)
        segment = segments_of(journal)[-1]
        os.truncate(segment, segment.stat().st_size - 50)
        before = segment.read_bytes()
        with open(journal / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            error = self.answer("journal", "verify", "journal", code=4)["error"]
        self.assertEqual(error["what"], "another process is writing here")
        self.assertEqual(segment.read_bytes(), before)
        self.assertGreater(self.answer("journal", "verify", "journal")["cut_bytes"], 0)

    def test_verify_beside_a_writer_changes_nothing(self):
        process = self.grow("journal", MEBIBYTE)
        journal = self.folder / "journal"
        for size in range(2, 12):
            self.wait_until(lambda: self.written(journal) >= size * MEBIBYTE, "it does not grow")
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            before = digest(journal)
            ran = self.run_program("journal", "verify", "journal")
            if ran.returncode != 0:
                self.assertIn("another process is writing here", ran.stderr)
            self.assertEqual(digest(journal), before)
            process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assertEqual(self.answer("journal", "verify", "journal")["ending"], "closed in order")


if __name__ == "__main__":
    main()
