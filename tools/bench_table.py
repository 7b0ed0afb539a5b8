#!/usr/bin/env python3
"""The table of `make bench`: bench_table.py RESULT.json... (Google Benchmark's own form).

Every repetition gives one figure: nanoseconds an item, the median turn where the program reports
p50_ns. Shown are the median of the repetitions, their least and most, and the ratio to the floor
of the same run (or to the benchmark that the label names). docs/benchmarks.md explains.
"""
import json
import pathlib
import statistics
import sys

FLOOR = "Floor"
MACHINE = "Machine"
MOVED_MAX = 0.10  # a floor, or what the ratio is taken against, that moved more: no verdict
STOLEN_MAX = 10  # percent of the core's time: what waits then waits for a core, and no verdict


def figure_of(run):
    """Nanoseconds an item in one repetition."""
    return run["p50_ns"] if "p50_ns" in run else 1e9 / run["items_per_second"]


class Row:
    """One benchmark with its repetitions."""

    def __init__(self, name, runs):
        self.name, self.first, self.runs = name, runs[0], runs
        figures = [figure_of(run) for run in runs]
        self.median, self.least, self.most = statistics.median(figures), min(figures), max(figures)
        self.is_median_turn = "p50_ns" in self.first
        self.p99 = max(run.get("p99_ns", 0) for run in runs)
        self.stolen = statistics.median(run.get("stolen_percent", 0) for run in runs)
        self.bytes_rate = statistics.median(run.get("bytes_per_second", 0) for run in runs)
        self.is_waiting = self.first["name"].endswith("/real_time")
        self.moved = (self.most - self.least) / self.median

    def base(self, rows):
        """What the ratio is taken against: waiting (a disk, a thread) is none of the floor's."""
        return rows.get(self.first.get("label") or ("" if self.is_waiting else FLOOR))


def read(path):
    """(context, rows by name, words about errors) of one program's results."""
    text = path.read_text(encoding="utf-8")
    if not text.strip():
        return {}, {}, set()  # the filter left nothing of it
    document = json.loads(text)
    runs, errors = {}, set()
    in_source_order = sorted(document["benchmarks"], key=lambda run: (
        run["family_index"], run["per_family_instance_index"]))
    for run in in_source_order:
        if run.get("error_occurred"):
            errors.add(f"{run['run_name']}: {run['error_message']}")
        elif run["run_type"] == "iteration":
            name = run["run_name"].removesuffix("/real_time").removesuffix("/iterations:1")
            runs.setdefault(name, []).append(run)
    return document["context"], {name: Row(name, runs[name]) for name in runs}, errors


def time_text(ns):
    for limit, unit, size in ((1e3, "ns", 1), (1e6, "us", 1e3), (1e9, "ms", 1e6)):
        if ns < limit:
            return f"{ns / size:.3g} {unit}" if ns < 1e3 else f"{ns / size:.1f} {unit}"
    return f"{ns / 1e9:.1f} s"


def verdict(row, rows):
    """Whether the row keeps its budget, if it has one."""
    budget_ns, budget_ratio = row.first.get("budget_ns"), row.first.get("budget_ratio")
    if budget_ns is None and budget_ratio is None:
        return ""
    unit = "x" if row.first.get("label") else "F"
    held = f"at most {time_text(budget_ns)}" if budget_ns else f"at most {budget_ratio:g} {unit}"
    aim_ratio = row.first.get("aim_ratio")
    if aim_ratio is not None:
        held += f", aim {aim_ratio:g}"
    against = rows.get(FLOOR) if budget_ns else row.base(rows)
    machine = rows.get(MACHINE)
    is_disturbed = row.is_waiting and machine and machine.stolen > STOLEN_MAX
    floor = rows.get(FLOOR)
    has_moved = any(other and other.moved > MOVED_MAX for other in (against, floor))
    if against is None or has_moved or is_disturbed:
        return f"{held}: no verdict"
    holds = row.median <= budget_ns if budget_ns else row.median / against.median <= budget_ratio
    return f"{held}: {'holds' if holds else 'BROKEN'}"


def amounts(row):
    """Figures that are no times: in the median of the repetitions, some with a most."""
    words = []
    for key in row.first:
        if not key.startswith("show: "):
            continue
        amount = statistics.median(run[key] for run in row.runs)
        text = f"{amount:.3g} {key.removeprefix('show: ')}"
        most = row.first.get(key.replace("show: ", "most: "))
        if most is not None:
            text += f", at most {most:g}: {'holds' if amount <= most else 'BROKEN'}"
        words.append(text)
    return words


def notes(row, base, rows):
    words = [verdict(row, rows), *amounts(row)]
    if row.bytes_rate:
        words.append(f"{row.bytes_rate / 1e6:.0f} MB/s")
    if row.is_median_turn:
        words.append(f"median turn, p99 {time_text(row.p99)}")
    if base and base.name != FLOOR:
        words.append(f"x = {base.name}")
    return "; ".join(word for word in words if word)


def rate_text(ns):
    for limit, unit, size in ((1e4, "M/s", 1e3), (1e6, "k/s", 1e6)):
        if ns < limit:
            return f"{size / ns:.3g} {unit}"
    return f"{1e9 / ns:.3g} /s"


def ratio_text(row, base):
    if base is None:
        return "-"
    return f"{row.median / base.median:.3g} {'F' if base.name == FLOOR else 'x'}"


def print_program(rows, width):
    floor, machine = rows.get(FLOOR), rows.get(MACHINE)
    for row in rows.values():
        if row.name in (FLOOR, MACHINE):
            continue
        base = row.base(rows)
        spread = f"{time_text(row.least)} .. {time_text(row.most)}"
        line = f"{row.name:<{width}} {time_text(row.median):>9} {ratio_text(row, base):>8}"
        line += f"  {spread:<20} {rate_text(row.median):>9}  {notes(row, base, rows)}"
        print(line.rstrip())
    if floor:
        print(f"  F = {time_text(floor.median)} an event, moved by {floor.moved:.0%}")
        if floor.moved > MOVED_MAX:
            print("  no verdict: the floor itself moved by more than 10 %; run again on a quiet"
                  " machine")
    if machine:
        print(f"  others took {machine.stolen:.0f} % of this core's time"
              + ("; what waits for a disk or a thread waited for them: no verdict on it"
                 if machine.stolen > STOLEN_MAX else ""))


def print_machine(context, width):
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    load = context.get("load_avg") or [float("nan")]
    print(f"{model}, {context.get('num_cpus', '?')} cores at {context.get('mhz_per_cpu', '?')} MHz;"
          f" {context.get('compiler', '?')}; load {load[0]:.2f} at the start;"
          f" {context.get('date', '')}")
    print(f"\n{'':{width}} {'an item':>9} {'ratio':>8}  {'least .. most':<20} {'rate':>9}")


def main(arguments):
    results = [read(pathlib.Path(name)) for name in arguments]
    width = max((len(name) for _, rows, _ in results for name in rows), default=0)
    print_machine(next((context for context, _, _ in results if context), {}), width)
    broken = []
    for _, rows, errors in results:
        if rows:
            print_program(rows, width)
            print()
        broken += sorted(errors)
    for words in broken:
        print(f"bench: BROKEN {words}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
