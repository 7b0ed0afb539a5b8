#!/usr/bin/env python3
"""The rules of the house that a machine can check; `make lint` and the test suite run it.

A violation prints as `file:line: rule: message` and fails. A line that must differ carries a
waiver, on it or alone on the line above:  // house: allow <rule> because <reason>
Waivers are counted and printed, never silent.
"""
import argparse
import ast
import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True
from cpp_text import CppText  # noqa: E402

# The floors of docs/architecture.md. A room links only to lower floors; a room without a line of
# its own (a sub-room, such as edge/feeds) stands on the floor of the nearest folder above it.
FLOORS = {
    "base": 1,
    "core/model": 2,
    "core/engine": 3,
    "core/market": 4,
    "core/portfolio": 4,
    "core/strategy": 4,
    "core/strategy/library": 5,
    "core/risk": 4,
    "core/execution": 4,
    "core/venue": 5,
    "core/report": 5,
    "edge": 6,
    "app": 7,
    "cli": 8,
}

# Third-party headers and the only files that may see them; a header without a home is refused.
ANY_SOURCE = r"millrace/.*\.cpp|bench/.*|tests/.*|cmake/.*"
TESTS = r".*_test\.cpp|tests/.*"
HOMES = {
    r"fmt/.*": ANY_SOURCE,
    r"tl/expected\.hpp": r"millrace/base/result\.hpp|cmake/headers\.hpp",
    r"simdjson\.h": r"millrace/((base|core/model)/[^/]*|edge/feeds/files/contract_file"
    r"|app/runs/json_value|app/orders/http/intent_body)\.cpp",
    r"openssl/.*": r"millrace/(edge/net/.*|edge/store/sha256)\.cpp|tests/net/.*",
    r"boost/asio/.*": r"millrace/edge/net/driver/.*",
    r"boost/beast/.*": r"millrace/edge/net/http_parser\.cpp",
    r"sodium\.h": r"millrace/edge/net/.*\.cpp",
    r"toml\+\+/.*": r"millrace/base/[^/]*\.cpp",
    r"spdlog/.*": r"millrace/base/log\.cpp",
    r"CLI/.*": r"millrace/cli/[^/]*\.cpp",
    r"zlib\.h": r"millrace/edge/feeds/files/byte_source\.cpp|" + TESTS,
    r"prometheus/.*": r"millrace/edge/telemetry/metrics\.cpp",
    r"sqlite3\.h": r"millrace/edge/store/ledger/database\.cpp",
    r"duckdb\.h": r"millrace/edge/store/parquet/[^/]*\.cpp",
    r"date/.*": r"millrace/base/zone(_table)?\.cpp",
    r"benchmark/.*": r"bench/.*",
    r"gtest/.*|gmock/.*": TESTS,
    r"sanitizer/.*": TESTS,
    r"rapidcheck(/.*|\.h)": TESTS,
}
SYSTEM_HEADER = r"((sys|netinet|arpa|linux|net)/)?\w+\.h"  # any other of this form

# What may not stand in core/, and the reason that is printed.
CALL = r"(?:(?<![\w.:>])|\bstd::|(?<!\w)::)"  # a free function; not a member, nor one of ours
LIBM = (
    r"(?:exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh"
    r"|asinh|acosh|atanh|cbrt|hypot|erf|erfc|tgamma|lgamma)[fl]?\s*\("
)
FORBIDDEN_IN_CORE = [
    ("clock", "time comes from the input, never from a clock",
     r"\b(system|steady|high_resolution|utc|tai|gps|file)_clock\b|\b_{0,2}rdtscp?\b"
     r"|\b(clock_gettime|gettimeofday|timespec_get|(local|gm)time(_r)?|mktime|strftime)\b"
     r"|\bstd::(time|clock)\s*\(|\b__(DATE|TIME|TIMESTAMP)__\b"
     r"|" + CALL + r"time\s*\(\s*(nullptr|NULL|0|&[\w.]+)\s*\)"),
    ("random", "random numbers come from the seeded generator that is part of state",
     r"\b(random_device|mt19937(_64)?|minstd_rand0?|default_random_engine|knuth_b|ranlux\w+)\b"
     r"|" + CALL + r"(s?rand|rand_r|srandom|drand48|arc4random|getrandom|getentropy)\s*\("),
    ("environment", "settings come as inputs, never from the environment",
     r"\b(getenv|secure_getenv|setenv|unsetenv|putenv|environ)\b"),
    ("thread", "the engine has no thread, lock or sleep of its own",
     r"\bstd::(j?thread|this_thread|\w*mutex|(lock|shared|unique|scoped)_(guard|lock)|async|latch"
     r"|condition_variable\w*|promise|future|(counting|binary)_semaphore|barrier)\b"
     r"|\bpthread_\w+|\bthread_local\b|\bsleep_(for|until)\b"
     r"|" + CALL + r"(sleep|usleep|nanosleep)\s*\("),
    ("file", "files belong to edge/store and the drivers",
     r"\bstd::(filesystem|[io]?fstream|cout|cerr|clog|cin|fprintf|fputs|fwrite|fread|rename)\b"
     r"|" + CALL + r"(fopen|freopen|popen|printf|puts|system)\s*\(|\bfmt::print\b"
     r"|(?<![\w>])::(open|read|write|close|fsync|fdatasync|unlink)\s*\("),
    ("socket", "sockets belong to edge/net",
     r"(?<![\w>])::(socket|connect|bind|listen|accept|send|recv|sendto|recvfrom|poll)\s*\("),
    ("unordered", "an order that hangs on hashing differs between runs; index or sort instead",
     r"\bunordered_(multi)?(map|set)\b|\bstd::hash\b"),
    ("libm", "the C library's last bit differs by processor; sqrt, abs, floor and ceil are exact",
     r"\bstd::" + LIBM + r"|(?<!\w)::" + LIBM
     + r"|(?:[=(,+\-*/;{}?!<>&|\[]|\breturn|^)\s*" + LIBM),
    ("pointer-order", "addresses differ between runs; order by id",
     r"\bstd::(less|greater)(_equal)?<[^<>]*\*\s*>|\bu?intptr_t\b"
     r"|\bstd::(multi)?(map|set)<\s*(const\s+)?[\w:]+(\s+const)?\s*\*"),
]
FORBIDDEN_HEADERS_IN_CORE = {
    "clock": {"ctime"},
    "random": {"random"},
    "thread": {"thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore",
               "latch", "barrier", "stop_token"},
    "file": {"fstream", "iostream", "filesystem", "cstdio", "syncstream"},
    "unordered": {"unordered_map", "unordered_set"},
}
TEST_FILES = ("_test.cpp", "_fuzz.cpp")
EXEMPT_IN_TESTS = {"file", "thread", "random"}

COLUMNS = 100
FILE_LINES_WARN, FILE_LINES = 500, 600
FUNCTION_LINES = 70
ROOM_README_LINES = 40
VAGUE_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"}
# Spelled so that this file does not accuse itself.
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b")
ABSOLUTE_PATH = re.compile(r"(?<![\w.\-/~])/(?:ho[m]e|r[o]ot|w[o]rk|Us[e]rs)/[\w.]")
FAST_MATH = re.compile(
    r"-f[f]ast-math|-O[f]ast|-funs[a]fe-math|__attribute__\s*\(\(\s*optimize"
    r"|#\s*pragma\s+(?:GCC\s+optimize|STDC\s+FP_CONTRACT|clang\s+fp|float_control)")
USING_NAMESPACE = re.compile(r"^using namespace (?:::)?(?:std|std::chrono|date)\s*;")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)")  # of Markdown, to another file
WAIVER = re.compile(r"(?P<mark>//|#) house: (?P<rest>.*)")
WAIVER_FORM = re.compile(r"allow (?P<rule>[\w-]+) because (?P<reason>\S.*)")

SKIPPED_FOLDERS = {"build", "dist", "node_modules", "millrace-data", "__pycache__"}
SOURCE = (".hpp", ".cpp")
WITH_COLUMNS = (".hpp", ".cpp", ".py", ".sh")
TEXT = WITH_COLUMNS + ("", ".awk", ".cmake", ".css", ".html", ".json", ".md", ".scn", ".toml",
                       ".ts", ".tsx", ".txt", ".yaml", ".yml")


def is_vague(name):
    return bool(VAGUE_NAMES & set(re.split(r"[_.\-]", name.lower())))


def floor_of(room):
    """The floor of a room or of the nearest folder above it that has one; else None."""
    while room and room not in FLOORS:
        room = room.rpartition("/")[0]
    return FLOORS.get(room)


def may_link(room, other):
    """Why `room` may not link to `other`, or an empty string."""
    here, there = floor_of(room), floor_of(other)
    if there is None:
        return f"{other} has no floor in tools/check_house.py"
    if room.startswith(other + "/"):
        return ""  # a sub-room builds on the room around it
    if here == 6 and there == 6 and (other == "edge/net" or other.startswith("edge/net/")):
        return ""
    if here == 7 and there == 7:
        return ""
    if there < here:
        return ""
    return f"{room} (floor {here}) may not link to {other} (floor {there}): only to lower floors"


class House:
    """A tree of files, its rooms, and what was found wrong in it."""

    def __init__(self, root):
        self.root = root
        self.violations, self.warnings, self.waived = set(), [], []
        self.rooms = {}  # room -> {"links", "path" and "line" of its millrace_room(...)}
        self.files = 0
        self.waivers = {}  # (file, line) -> {"rule", "reason", "used", "alone"}

    def report(self, path, line, rule, message):
        for at in (line, line - 1):
            waiver = self.waivers.get((path, at))
            if waiver and waiver["rule"] == rule and (at == line or waiver["alone"]):
                waiver["used"] = True
                self.waived.append(f"{path}:{line}: {rule}: {waiver['reason']}")
                return
        self.refuse(path, line, rule, message)

    def refuse(self, path, line, rule, message):
        self.violations.add((path, line, rule, message))

    def check(self):
        paths = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS
                                and (name == ".ci" or not name.startswith(".")))
            here = pathlib.Path(folder).relative_to(self.root)
            for name in folders:
                if is_vague(name):
                    self.report(str(here / name), 1, "vague-name", "say what it holds")
            paths += [(here / name).as_posix() for name in sorted(names)]
        for path in paths:
            if path.startswith("millrace/") and path.endswith("/CMakeLists.txt"):
                self.read_room(path)
        self.check_rooms()
        for path in paths:
            self.check_file(path)

    # rooms and links

    def read_room(self, path):
        text = re.sub(r"#.*", "", (self.root / path).read_text(encoding="utf-8"))
        match = re.search(r"millrace_room\s*\(([^)]*)\)", text)
        if not match:
            return
        line = text.count("\n", 0, match.start()) + 1
        words, values, key = match.group(1).split(), {}, None
        for word in words:
            if word in ("ROOM", "LINKS", "LIBRARIES", "TEST_LIBRARIES"):
                key = values.setdefault(word, [])
            elif key is not None:
                key.append(word)
        folder = path[len("millrace/"):-len("/CMakeLists.txt")]
        name = (values.get("ROOM") or [""])[0]
        if name != folder:
            self.report(path, line, "room", f"room {name!r} stands in the folder {folder!r}")
        self.rooms[folder] = {"links": values.get("LINKS", []), "line": line, "path": path}

    def reach(self, room):
        """`room` and every room it links to, directly or through others."""
        reached, ahead = set(), [room]
        while ahead:
            at = ahead.pop()
            if at not in reached:
                reached.add(at)
                ahead += self.rooms.get(at, {"links": []})["links"]
        return reached

    def check_rooms(self):
        for room, known in self.rooms.items():
            at = known["path"], known["line"]
            if floor_of(room) is None:
                self.report(*at, "link", f"{room} has no floor in tools/check_house.py")
                continue
            for other in known["links"]:
                why = may_link(room, other)
                if not why and floor_of(room) == floor_of(other) and room in self.reach(other):
                    why = f"{room} and {other} link to each other"
                if why:
                    self.report(*at, "link", why)
            readme = self.root / "millrace" / room / "README.md"
            if not readme.exists():
                self.report(*at, "room-readme", f"millrace/{room}/README.md is missing: "
                            "what enters, what leaves, what it must never do")
            elif len(readme.read_text(encoding="utf-8").splitlines()) > ROOM_README_LINES:
                self.report(f"millrace/{room}/README.md", ROOM_README_LINES + 1, "room-readme",
                            f"more than {ROOM_README_LINES} lines: keep it to a screen")

    def room_of(self, path):
        """The room that a path under millrace/ (without that prefix) stands in, or None."""
        folder = path.rpartition("/")[0]
        while folder and folder not in self.rooms:
            folder = folder.rpartition("/")[0]
        return folder or None

    # files

    def check_file(self, path):
        name = path.rpartition("/")[2]
        suffix = pathlib.PurePosixPath(name).suffix
        if is_vague(name):
            self.report(path, 1, "vague-name", "name the file after the one noun it is about")
        if suffix not in TEXT or name in ("LICENSE", "package-lock.json") or "/corpus/" in path:
            return
        source = (self.root / path).read_text(encoding="utf-8", errors="replace")
        self.files += 1
        text = CppText(source) if suffix in SOURCE else None
        self.read_waivers(path, source, text)
        self.check_text(path, source, text)
        if suffix in WITH_COLUMNS or source.startswith("#!"):
            self.check_size(path, source, text)
        if suffix == ".md":
            self.check_links(path, source)
        if suffix == ".py":
            self.check_python_functions(path, source)
        if text:
            self.check_source(path, text)
        for (file, line), waiver in self.waivers.items():
            if file == path and not waiver["used"]:
                self.refuse(path, line, "waiver", f"nothing here breaks {waiver['rule']}")

    def read_waivers(self, path, source, text):
        for number, line in enumerate(source.split("\n"), 1):
            match = WAIVER.search(line)
            if not match or match["mark"] != ("//" if text else "#"):
                continue
            if text and text.code_lines[number - 1][match.start():].strip():
                continue  # in a string, not in a comment
            form = WAIVER_FORM.match(match["rest"])
            if form:
                alone = not line[:match.start()].strip()
                self.waivers[path, number] = {**form.groupdict(), "used": False, "alone": alone}
            else:
                self.refuse(path, number, "waiver", "write: house: allow <rule> because <reason>")

    def check_text(self, path, source, text):
        for number, line in enumerate(source.split("\n"), 1):
            if UNFINISHED.search(line):
                self.report(path, number, "unfinished", "finish it, or file an issue")
            if ABSOLUTE_PATH.search(line):
                self.report(path, number, "absolute-path", "a path of one machine")
            code = text.code_lines[number - 1] if text else line.partition("#")[0]
            if FAST_MATH.search(code) and not path.endswith(".md"):
                self.report(path, number, "fast-math", "results must be the same on every machine")

    def check_links(self, path, source):
        for number, line in enumerate(source.split("\n"), 1):
            for target in LINK.findall(line):
                if not (self.root / path).parent.joinpath(target).exists():
                    self.report(path, number, "dead-link", f"there is no {target}")

    def check_size(self, path, source, text):
        lines = source.split("\n")
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS and not (text and number in text.raw_literal_lines):
                self.report(path, number, "line-length", f"{len(line)} columns; at most {COLUMNS}")
        if len(lines) - 1 > FILE_LINES:
            self.report(path, 1, "file-length", f"{len(lines) - 1} lines; at most {FILE_LINES}")
        elif len(lines) - 1 > FILE_LINES_WARN:
            self.warnings.append(f"{path}: {len(lines) - 1} lines; does it do two jobs?")
        for first, last in text.functions() if text else []:
            self.check_function(path, first, last)

    def check_python_functions(self, path, source):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.check_function(path, node.lineno, node.end_lineno)

    def check_function(self, path, first, last):
        if last - first + 1 > FUNCTION_LINES:
            self.report(path, first, "function-length",
                        f"{last - first + 1} lines; at most {FUNCTION_LINES}")

    def check_source(self, path, text):
        first = next((line for line in text.lines if line.strip()), "")
        if not first.startswith(("//", "/*")) and not path.endswith("_test.cpp"):
            self.report(path, 1, "opening-comment", "open the file with what it is for")
        if path.endswith(".hpp") and "#pragma once" not in text.code_lines:
            self.report(path, 1, "pragma-once", "a header begins with #pragma once")
        for number, line in enumerate(text.code_lines, 1):
            if USING_NAMESPACE.match(line):
                self.report(path, number, "using-namespace", "std and date clash; write it out")
        self.check_includes(path, text)
        if path.startswith("millrace/core/"):
            self.check_core(path, text)

    def check_includes(self, path, text):
        inside = path.startswith("millrace/")
        room = self.room_of(path[len("millrace/"):]) if inside else None
        if inside and not room:
            self.report(path, 1, "room", "its folder has no CMakeLists.txt with millrace_room(...)")
        allowed = self.reach(room) if room else set()
        for number, include in text.includes():
            name = include[1:-1]
            if include.startswith("<"):
                self.check_outside_header(path, number, name)
            elif not name.startswith("millrace/"):
                tested = path.endswith(TEST_FILES) and name.startswith("tests/")
                if inside and not tested:
                    self.report(path, number, "include", f"write {include} from the top folder")
            elif room:
                other = self.room_of(name[len("millrace/"):])
                if not other:
                    self.report(path, number, "include", f"{include} is in no room")
                elif other not in allowed:
                    self.report(path, number, "include", f"{room} does not link to {other}")

    def check_outside_header(self, path, number, name):
        for header, home in HOMES.items():
            if re.fullmatch(header, name):
                if not re.fullmatch(home, path):
                    places = home.replace("\\", "")
                    self.report(path, number, "heavy-header", f"<{name}> belongs in {places}")
                return
        if re.fullmatch(SYSTEM_HEADER, name):
            if path.startswith("millrace/core/"):
                self.report(path, number, "system-header", f"core sees no system: <{name}>")
        elif "/" in name or "." in name:
            self.report(path, number, "heavy-header",
                        f"<{name}> has no home in tools/check_house.py")

    def check_core(self, path, text):
        exempt = EXEMPT_IN_TESTS if path.endswith(TEST_FILES) else set()
        for rule, why, pattern in FORBIDDEN_IN_CORE:
            if rule not in exempt:
                for match in re.finditer(pattern, text.code, re.MULTILINE):
                    line = text.code.count("\n", 0, match.end() - 1) + 1
                    self.report(path, line, rule, f"`{match.group().strip()}`: {why}")
        for number, include in text.includes():
            for rule, headers in FORBIDDEN_HEADERS_IN_CORE.items():
                if include[0] == "<" and include[1:-1] in headers and rule not in exempt:
                    self.report(path, number, rule, f"{include} has no place in core")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    here = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=pathlib.Path, default=here,
                        help="the tree to check; this repository by default")
    house = House(parser.parse_args(arguments).root.resolve())
    house.check()
    for path, line, rule, message in sorted(house.violations):
        print(f"{path}:{line}: {rule}: {message}")
    for warning in house.warnings:
        print(f"warning: {warning}")
    for waiver in house.waived:
        print(f"waived: {waiver}")
    print(f"house: {house.files} files, {len(house.rooms)} rooms, "
          f"{len(house.violations)} violations, {len(house.waived)} waived")
    return 1 if house.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
