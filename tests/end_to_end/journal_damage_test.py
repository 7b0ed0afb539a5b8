#!/usr/bin/env python3
"""A journal that was changed is refused with its place; one that a crash cut short is mended."""
import os
import re

from program import HEADER, SEAL, Program, copy_of, digest, main, record_starts, seeded, segments_of

FLIPS = 200
LARGE_CUTS = 50


class Flips(Program):
    def setUp(self):
        super().setUp()
        self.journal = self.generate()
        self.segments = segments_of(self.journal)
        self.assertGreaterEqual(len(self.segments), 5)
        self.starts = {segment: record_starts(segment) for segment in self.segments}
        self.assertEqual(self.answer("journal", "verify", "journal")["records"], 20_000)

    def begin_of_damage(self, segment, place):
        """Where the record (or the header) that holds the byte begins."""
        return max((start for start in self.starts[segment] if start <= place), default=0)

    def flip(self, segment, place, change):
        whole = segment.read_bytes()
        broken = whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1:]
        segment.write_bytes(broken)
        error = self.answer("journal", "verify", "journal", code=4)["error"]
        told = f"byte {place} of {segment.name} ^ {change}: {error}"
        where = re.fullmatch(r"journal/(\d+\.journal), offset (\d+)", error["where"])
        self.assertTrue(where, told)
        self.assertEqual(where.group(1), segment.name, told)
        self.assertEqual(int(where.group(2)), self.begin_of_damage(segment, place), told)
        self.assertTrue(error["mend"], told)
        self.assertEqual(segment.read_bytes(), broken, told + " was changed by verify")
        segment.write_bytes(whole)

    def test_a_flip_anywhere_exits_4_and_names_segment_and_record(self):
        chance = seeded("flips")
        for _ in range(FLIPS):
            segment = chance.choice(self.segments)
            place, change = chance.randrange(segment.stat().st_size), chance.randrange(1, 256)
            self.flip(segment, place, change)

    def test_every_byte_of_a_seal_is_watched(self):
        for segment in (self.segments[1], self.segments[-1]):
            size = segment.stat().st_size
            self.assertEqual(self.starts[segment][-2:], [size - SEAL, size])
            for place in range(size - SEAL, size):
                self.flip(segment, place, 0x01)
                if place + 1 < size:
                    self.flip(segment, place, segment.read_bytes()[place] or 0xFF)  # becomes zero

    def test_a_seal_whose_last_byte_became_zero_counts_as_unwritten(self):
        # It looks like a write that stopped one byte early, so it is mended; no record is lost.
        with open(self.segments[-1], "r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\0")
        verified = self.answer("journal", "verify", "journal")
        self.assertEqual((verified["cut_bytes"], verified["records"]), (SEAL - 1, 20_000))

    def test_first_and_last_byte_of_each_segment(self):
        for segment in self.segments:
            for place in (0, HEADER - 1, HEADER, segment.stat().st_size - 1):
                self.flip(segment, place, 0xFF)

    def test_length_and_checksum_of_first_and_last_record(self):
        for segment in (self.segments[0], self.segments[-1]):
            starts = self.starts[segment]
            for begin, end in (starts[0:2], starts[-3:-1]):
                for place in (*range(begin, begin + 8), *range(end - 8, end)):
                    self.flip(segment, place, 0x80)


class Cuts(Program):
    def setUp(self):
        super().setUp()
        self.whole = self.generate(records=10_000)
        self.last = segments_of(self.whole)[-1]
        self.starts = record_starts(self.last)
        self.before = len(self.starts) - 2  # records in the last segment

    def cut(self, count):
        journal = copy_of(self.whole, "cut")
        segment = segments_of(journal)[-1]
        left = segment.stat().st_size - count
        os.truncate(segment, left)
        first = self.answer("journal", "verify", "cut")
        again = self.answer("journal", "verify", "cut")
        told = f"{count} bytes cut off: {first}, then {again}"
        if left < HEADER:
            self.assertEqual(first["removed_segment"], f"cut/{segment.name}", told)
            self.assertFalse(segment.exists(), told)
            survivors, boundary, rest = 0, 0, 0
        else:
            boundary = max(start for start in (HEADER, *self.starts) if start <= left)
            survivors = sum(1 for end in self.starts[1:-1] if end <= left)
            # The seal begins with zeros, and zeros alone are room, not a record.
            in_seal = boundary == self.starts[-2]
            rest = 0 if in_seal and left - boundary <= 4 else left - boundary
            self.assertEqual(segment.stat().st_size, left - rest, told)
        self.assertEqual(first["cut_bytes"], rest, told)
        self.assertEqual(again["cut_bytes"], 0, told)
        self.assertEqual(again["removed_segment"], "", told)
        self.assertEqual(first["records"], 10_000 - self.before + survivors, told)
        self.assertEqual(again["records"], first["records"], told)

    def test_every_cut_of_1_to_200_bytes_is_mended_and_told(self):
        for count in range(1, 201):
            self.cut(count)

    def test_larger_cuts_are_mended_too(self):
        chance, size = seeded("cuts"), self.last.stat().st_size
        for count in [size, size - 1, size - HEADER + 1, size - HEADER,
                      *(chance.randrange(201, size) for _ in range(LARGE_CUTS))]:
            self.cut(count)

    def test_people_are_told_how_much_was_cut(self):
        os.truncate(self.last, self.starts[-2] - 5)
        ran = self.run_program("journal", "verify", "journal")
        size = self.starts[-2] - self.starts[-3]
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn(f"cut {size - 5} bytes of an unfinished record from "
                      f"journal/{self.last.name}", ran.stdout)

    def test_a_mended_journal_replays(self):
        os.truncate(self.last, self.last.stat().st_size - 1_000)
        verified = self.answer("journal", "verify", "journal")
        self.assertGreater(verified["cut_bytes"], 0)
        replayed = self.answer("journal", "replay", "journal")
        self.assertEqual(replayed["applied"], verified["records"])

    def test_inspect_and_replay_change_nothing(self):
        os.truncate(self.last, self.last.stat().st_size - 1_000)
        before = digest(self.whole)
        self.assertGreater(self.answer("journal", "inspect", "journal")["torn_bytes"], 0)
        self.answer("journal", "replay", "journal")
        self.assertEqual(digest(self.whole), before)


class Strangers(Program):
    def refused(self, path, what):
        error = self.answer("journal", "verify", path, code=4)["error"]
        self.assertEqual(error["what"], what, error)
        self.assertTrue(error["where"].startswith(path), error)
        self.assertTrue(error["mend"], error)

    def test_a_missing_middle_segment_is_refused(self):
        segments = segments_of(self.generate())
        segments[2].unlink()
        error = self.answer("journal", "verify", "journal", code=4)["error"]
        self.assertEqual(error["what"], "a segment is missing before this one")
        self.assertEqual(error["where"], f"journal/{segments[3].name}, offset 0")

    def test_a_segment_that_lost_its_end_is_named(self):
        segments = segments_of(self.generate())
        end = record_starts(segments[2])[-3]
        os.truncate(segments[2], end + 1)
        error = self.answer("journal", "verify", "journal", code=4)["error"]
        self.assertEqual(error["what"], "a segment has lost its end")
        self.assertEqual(error["where"], f"journal/{segments[2].name}, offset {end}")

    def test_a_segment_of_another_journal_is_refused(self):
        mine, other = self.generate("mine", seed=1), self.generate("other", seed=2)
        segments_of(mine)[3].write_bytes(segments_of(other)[3].read_bytes())
        error = self.answer("journal", "verify", "mine", code=4)["error"]
        self.assertEqual(error["what"], "a segment of another journal stands among these")

    def test_what_is_no_journal_is_refused_and_left_alone(self):
        (self.folder / "notes.txt").write_text("buy low\n")
        (self.folder / "00000001.journal").write_text("sell high\n" * 100)
        (self.folder / "empty").mkdir()
        self.refused("notes.txt", "cannot list")
        self.refused("00000001.journal", "this is not a journal segment")
        self.refused("empty", "there is no journal here")
        self.refused("nowhere", "there is no journal here")
        self.assertEqual((self.folder / "notes.txt").read_text(), "buy low\n")

    def test_a_strange_file_behind_the_segments_is_not_removed(self):
        journal = self.generate(records=1_000)
        stranger = journal / "00000002.journal"
        for text in ("x", "note to self\n", "note to self\n" * 100):
            stranger.write_text(text)
            self.answer("journal", "verify", "journal", code=4)
            self.assertEqual(stranger.read_text(), text)

    def test_a_segment_whose_header_was_erased_is_not_removed(self):
        last = segments_of(self.generate())[-1]
        data = bytes(HEADER) + last.read_bytes()[HEADER:]
        last.write_bytes(data)
        error = self.answer("journal", "verify", "journal", code=4)["error"]
        self.assertEqual(error["where"], f"journal/{last.name}, offset 0")
        self.assertEqual(last.read_bytes(), data)


if __name__ == "__main__":
    main()
