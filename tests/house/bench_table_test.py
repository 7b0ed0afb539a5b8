"""tools/bench_table.py gives a verdict only where the run allows one."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import bench_table  # noqa: E402


def run(family, benchmark, ns, **more):
    """One repetition as Google Benchmark writes it."""
    return {"name": benchmark, "run_name": benchmark, "run_type": "iteration",
            "family_index": family, "per_family_instance_index": 0,
            "items_per_second": 1e9 / ns, **more}


def table_of(floor, measured, stolen=0.0, **more):
    """The table of one program: the floor's repetitions, and those of Engine/loop."""
    runs = [run(0, "Floor", ns) for ns in floor]
    runs.append(run(1, "Machine", 25, stolen_percent=stolen))
    runs += [run(2, "Engine/loop", ns, **more) for ns in measured]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "engine_bench.json"
        path.write_text(json.dumps({"context": {"num_cpus": 2}, "benchmarks": runs}))
        words = io.StringIO()
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
            code = bench_table.main([str(path)])
    return code, words.getvalue()


class BenchTable(unittest.TestCase):
    def test_shows_the_median_the_ratio_and_the_spread(self):
        _, words = table_of(floor=[2, 2, 2], measured=[10, 30, 11])
        self.assertIn("11 ns    5.5 F  10 ns .. 30 ns", words)

    def test_says_whether_a_budget_holds(self):
        self.assertIn("at most 25 ns: holds", table_of([2, 2], [24, 24], budget_ns=25)[1])
        self.assertIn("at most 25 ns: BROKEN", table_of([2, 2], [26, 26], budget_ns=25)[1])
        self.assertIn("at most 8 F: BROKEN", table_of([2, 2], [17, 17], budget_ratio=8)[1])
        self.assertIn("at most 8 F, aim 4: holds",
                      table_of([2, 2], [16, 16], budget_ratio=8, aim_ratio=4)[1])

    def test_shows_amounts_that_are_no_times(self):
        shown = {"show: orders an event": 0.25}
        self.assertIn("0.25 orders an event", table_of([2], [9], **shown)[1])
        grown = {"show: MiB a million": 0.5, "most: MiB a million": 1}
        self.assertIn("0.5 MiB a million, at most 1: holds", table_of([2], [9], **grown)[1])
        grown["show: MiB a million"] = 1.5
        self.assertIn("1.5 MiB a million, at most 1: BROKEN", table_of([2], [9], **grown)[1])

    def test_gives_no_verdict_when_the_floor_moved_by_more_than_a_tenth(self):
        words = table_of([2, 2.3], [24, 24], budget_ns=25)[1]
        self.assertIn("at most 25 ns: no verdict", words)
        self.assertIn("the floor itself moved by more than 10 %", words)

    def test_gives_no_verdict_on_waiting_while_others_use_the_core(self):
        waits = {"name": "Engine/loop/real_time", "budget_ns": 25}
        self.assertIn("holds", table_of([2, 2], [24], stolen=5, **waits)[1])
        self.assertIn("no verdict", table_of([2, 2], [24], stolen=30, **waits)[1])

    def test_fails_when_a_benchmark_reports_an_error(self):
        code, words = table_of([2], [24], error_occurred=True, error_message="a message is lost")
        self.assertEqual(code, 1)
        self.assertIn("BROKEN Engine/loop: a message is lost", words)


if __name__ == "__main__":
    unittest.main()
