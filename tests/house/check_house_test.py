"""Plants one violation of each house rule in a small tree and sees exactly that one caught."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import check_house  # noqa: E402

CLEAN = {
    "millrace/base/CMakeLists.txt": "millrace_room(ROOM base\n    LIBRARIES fmt::fmt)\n",
    "millrace/base/README.md": "# base\n",
    "millrace/base/time.hpp": "// Time.\n#pragma once\n#include <cstdint>\n",
    "millrace/base/log.cpp": "// The logger.\n#include <spdlog/spdlog.h>\n",
    "millrace/core/model/CMakeLists.txt": "millrace_room(ROOM core/model LINKS base)\n",
    "millrace/core/model/README.md": "# model\n",
    "millrace/core/model/order.hpp": "// Orders.\n#pragma once\n"
                                     '#include "millrace/base/time.hpp"\n',
    "millrace/core/risk/CMakeLists.txt": "millrace_room(ROOM core/risk LINKS core/model)\n",
    "millrace/core/risk/README.md": "# risk\n",
    "millrace/core/risk/guardian.hpp": "// The guardian.\n#pragma once\n",
    "millrace/core/market/CMakeLists.txt": "millrace_room(ROOM core/market LINKS core/model)\n",
    "millrace/core/market/README.md": "# market\n",
    "millrace/core/market/book.hpp": "// The book.\n#pragma once\n",
    "millrace/edge/net/CMakeLists.txt": "millrace_room(ROOM edge/net LINKS base)\n",
    "millrace/edge/net/README.md": "# net\n",
    "millrace/edge/store/CMakeLists.txt": "millrace_room(ROOM edge/store LINKS core/model)\n",
    "millrace/edge/store/README.md": "# store\n",
    "millrace/edge/feeds/CMakeLists.txt": "millrace_room(ROOM edge/feeds LINKS edge/net)\n",
    "millrace/edge/feeds/README.md": "# feeds\n",
    "millrace/edge/feeds/files/CMakeLists.txt": "millrace_room(ROOM edge/feeds/files\n"
                                                "    LINKS edge/feeds core/model)\n",
    "millrace/edge/feeds/files/README.md": "# files\n",
    "millrace/app/drivers/CMakeLists.txt": "millrace_room(ROOM app/drivers LINKS core/risk)\n",
    "millrace/app/drivers/README.md": "# drivers\n",
    "millrace/app/up/CMakeLists.txt": "millrace_room(ROOM app/up LINKS app/drivers)\n",
    "millrace/app/up/README.md": "# up\n",
}
HEAD = "// A rule about money.\n"
CORE = "millrace/core/risk/limit.cpp"
CORE_TEST = "millrace/core/risk/limit_test.cpp"
BASE = "millrace/base/digits.cpp"


class CheckHouse(unittest.TestCase):
    def found(self, files):
        """(exit code, {(file, line, rule)}, output) for the clean tree with `files` over it."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**CLEAN, **files}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                if text is not None:
                    path.write_text(text, encoding="utf-8")
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                code = check_house.main(["--root", folder])
        violations = set()
        for line in output.getvalue().splitlines():
            parts = line.split(":", 3)
            if len(parts) == 4 and parts[1].isdigit():
                violations.add((parts[0], int(parts[1]), parts[2].strip()))
        return code, violations, output.getvalue()

    def assert_clean(self, files):
        code, violations, output = self.found(files)
        self.assertEqual((code, violations), (0, set()), output)

    def assert_caught(self, files, *expected):
        code, violations, output = self.found(files)
        self.assertEqual((code, violations), (1, set(expected)), output)

    def assert_each_caught(self, path, rule, lines):
        for line in lines:
            with self.subTest(rule=rule, line=line):
                self.assert_caught({path: HEAD + line + "\n"}, (path, 2, rule))

    # who may see whom

    def test_a_tree_that_keeps_the_rules_passes(self):
        self.assert_clean({})

    def test_an_include_runs_only_along_links(self):
        guardian = '#include "millrace/core/risk/guardian.hpp"\n'
        book = '#include "millrace/core/market/book.hpp"\n'
        self.assert_caught({BASE: HEAD + guardian}, (BASE, 2, "include"))  # upward
        self.assert_caught({CORE: HEAD + book}, (CORE, 2, "include"))  # sideways
        self.assert_caught({CORE_TEST: book}, (CORE_TEST, 1, "include"))  # tests as well
        self.assert_caught({CORE: HEAD + '#include "guardian.hpp"\n'}, (CORE, 2, "include"))
        self.assert_caught({CORE: HEAD + '#include "millrace/tax/tax.hpp"\n'},
                           (CORE, 2, "include"))
        self.assert_clean({CORE: HEAD + '#include "millrace/base/time.hpp"\n'})  # through model
        support = '#include "tests/support/nouns.hpp"\n'
        self.assert_caught({CORE: HEAD + support}, (CORE, 2, "include"))
        self.assert_clean({CORE_TEST: support})
        self.assert_clean({CORE: HEAD + "// " + book, "tests/all.cpp": HEAD + book + guardian})

    def test_a_link_runs_only_downward(self):
        def linked(room, links):
            lists = f"millrace_room(ROOM {room} LINKS {links})\n"
            return {f"millrace/{room}/CMakeLists.txt": lists}

        for room, links in [("base", "core/model"), ("core/risk", "core/market"),
                            ("edge/feeds", "edge/store"), ("edge/feeds", "app/up"),
                            ("core/risk", "core/tax edge/net")]:
            with self.subTest(room=room, links=links):
                self.assert_caught(linked(room, links),
                                   (f"millrace/{room}/CMakeLists.txt", 1, "link"))
        self.assert_caught(linked("app/drivers", "app/up"),  # rooms that link to each other
                           ("millrace/app/drivers/CMakeLists.txt", 1, "link"),
                           ("millrace/app/up/CMakeLists.txt", 1, "link"))

    def test_a_file_stands_in_a_room_that_is_named_for_its_folder(self):
        self.assert_caught({"millrace/core/tax/tax.cpp": HEAD},
                           ("millrace/core/tax/tax.cpp", 1, "room"))
        self.assert_caught({"millrace/base/CMakeLists.txt": "millrace_room(ROOM basement)\n"},
                           ("millrace/base/CMakeLists.txt", 1, "room"))

    def test_a_room_has_a_short_readme(self):
        readme = "millrace/core/risk/README.md"
        self.assert_caught({readme: "line\n" * 41}, (readme, 41, "room-readme"))
        room = {"millrace/cli/CMakeLists.txt": "\nmillrace_room(ROOM cli LINKS base)\n"}
        self.assert_caught(room, ("millrace/cli/CMakeLists.txt", 2, "room-readme"))

    def test_a_heavy_header_stays_at_home(self):
        for header in ["simdjson.h", "toml++/toml.h", "spdlog/spdlog.h", "CLI/CLI.hpp", "date/tz.h",
                       "benchmark/benchmark.h", "boost/asio.hpp", "gtest/gtest.h"]:
            path = "millrace/app/up/up.cpp"
            with self.subTest(header=header):
                self.assert_caught({path: HEAD + f"#include <{header}>\n"},
                                   (path, 2, "heavy-header"))
        header = "millrace/base/json.hpp"
        self.assert_caught({header: HEAD + "#pragma once\n#include <simdjson.h>\n"},
                           (header, 3, "heavy-header"))
        self.assert_clean({"bench/engine_bench.cpp": HEAD + "#include <benchmark/benchmark.h>\n",
                           BASE: HEAD + "#include <simdjson.h>\n#include <unistd.h>\n",
                           CORE_TEST: "#include <gtest/gtest.h>\n"})
        self.assert_each_caught(CORE, "system-header", ["#include <sys/mman.h>",
                                                        "#include <unistd.h>"])

    # what core may not do

    def test_core_reads_no_clock(self):
        self.assert_each_caught(CORE, "clock", [
            "auto now = std::chrono::system_clock::now();", "auto now = steady_clock::now();",
            "auto now = time(nullptr);", "auto now = ::time(&seconds);", "auto now = std::time(0);",
            "clock_gettime(CLOCK_REALTIME, &now);", "auto ticks = __rdtsc();",
            "gettimeofday(&now, nullptr);", "#include <ctime>", "auto built = __DATE__;"])
        self.assert_clean({CORE: HEAD + "auto at = quote.time();\nTime time() const;\n"})

    def test_core_has_no_random_device(self):
        self.assert_each_caught(CORE, "random", [
            "std::random_device device;", "std::mt19937_64 generator(1);", "auto die = rand() % 6;",
            "srand(42);", "#include <random>"])
        self.assert_clean({CORE: HEAD + "auto next = generator.rand();\nint operand(int);\n",
                           CORE_TEST: "#include <random>\nstd::mt19937 generator(7);\n"})

    def test_core_reads_no_environment(self):
        self.assert_each_caught(CORE, "environment", ['auto home = std::getenv("HOME");',
                                                      'setenv("A", "b", 1);'])

    def test_core_has_no_thread_file_or_socket(self):
        self.assert_each_caught(CORE, "thread", [
            "#include <thread>", "#include <mutex>", "std::jthread worker;", "std::mutex lock;",
            "std::scoped_lock held(lock);", "usleep(10);", "thread_local int depth = 0;"])
        self.assert_each_caught(CORE, "file", [
            "#include <fstream>", "#include <iostream>", 'auto* file = fopen("a", "r");',
            "std::filesystem::path path;", "std::cout << 1;", 'auto file = ::open("a", 0);'])
        self.assert_each_caught(CORE, "socket", ["auto handle = ::socket(1, 2, 3);"])
        self.assert_clean({CORE_TEST: "#include <fstream>\n#include <thread>\nstd::thread one;\n",
                           CORE: HEAD + "orders.open(1);\nSegment::open(2);\nfuture = threads;\n"})

    def test_core_iterates_in_a_stated_order(self):
        self.assert_each_caught(CORE, "unordered", [
            "std::unordered_map<int, int> orders;", "std::unordered_set<int> ids;",
            "#include <unordered_map>", "auto key = std::hash<int>{}(1);"])
        self.assert_each_caught(CORE, "pointer-order", [
            "std::map<const Order*, int> ranks;", "std::set<Order*> ranks;",
            "std::less<Order*> before;", "auto key = reinterpret_cast<std::uintptr_t>(order);"])
        self.assert_clean({CORE: HEAD + "std::map<OrderId, Order*> orders;\nauto h = hash(1);\n"})

    def test_core_computes_the_same_bits_everywhere(self):
        self.assert_each_caught(CORE, "libm", [
            "double y = std::exp(x);", "double y = log(x);", "double y = 2 * pow(x, 3);",
            "return sin(x);", "double y = ::cbrt(x);"])
        self.assert_clean({CORE: HEAD + "double y = std::sqrt(x) + std::abs(x) + math::exp(x);\n"
                                        "void log(Level level);\nauto z = book.log(1);\n"})
        self.assert_each_caught(BASE, "fast-math", [
            '#pragma GCC optimize("O3")', "#pragma STDC FP_CONTRACT ON"])
        flags = "add_compile_options(-f" + "fast-math)\n"
        self.assert_caught({"cmake/fast.cmake": flags}, ("cmake/fast.cmake", 1, "fast-math"))
        self.assert_clean({"cmake/fast.cmake": "# never -f" + "fast-math\nset(a -fno-fast-math)\n"})

    def test_outside_core_the_world_may_be_used(self):
        self.assert_clean({"millrace/app/up/up.cpp": HEAD + "#include <thread>\n#include <ctime>\n"
                                                     "auto now = std::time(nullptr);\n"})

    def test_comments_and_strings_accuse_nobody(self):
        self.assert_clean({CORE: HEAD + "\n".join([
            "// never std::system_clock, rand() or getenv()",
            "/* std::thread worker;", "   rand(); */",
            'auto a = "std::cout << rand() // \\" getenv(";', "auto quote = '\"';",
            'auto b = R"(std::mutex "quoted" rand();', 'time(nullptr))";',
            'auto c = R"json({"a": ")"} rand())json";', "auto d = 1'000'000 + 0x1'f;",
            "#define X 1  // #include <thread>", ""])})
        self.assert_caught({CORE: HEAD + 'auto a = "//"; std::thread worker;\n'},
                           (CORE, 2, "thread"))
        self.assert_caught({CORE: HEAD + "auto d = 1'000; std::thread e; auto f = 'x';\n"},
                           (CORE, 2, "thread"))

    # how it is written

    def test_lines_files_and_functions_have_an_end(self):
        self.assert_caught({BASE: HEAD + "//" + "x" * 99 + "\n"}, (BASE, 2, "line-length"))
        self.assert_clean({BASE: HEAD + "//" + "é" * 98 + "\n"})
        self.assert_clean({BASE: HEAD + 'auto json = R"(\n' + "x" * 120 + '\n)";\n'})
        self.assert_caught({BASE: HEAD + "\n" * 600}, (BASE, 1, "file-length"))
        code, violations, output = self.found({BASE: HEAD + "\n" * 500})
        self.assertEqual((code, violations), (0, set()), output)
        self.assertIn(f"warning: {BASE}: 501 lines", output)

    def test_a_function_fits_a_screen(self):
        def body(lines):
            return "    if (a) {\n    }\n" * (lines // 2)

        before = HEAD + "namespace millrace {\nstruct Price {\n    int raw_ = 0;\n};\n"
        openings = ["int f(int a) {", "Price::Price(int a)\n    : raw_{a}, b_(1) {",
                    "template <class T>\nResult<T> f(T a) {", "TEST(A, B) {",
                    "class A final : public B<int> {\n    void f() const override {"]
        for opening in openings:
            last = opening.count("\n") + 6
            close = "    }\n};\n" if opening.startswith("class") else "}\n"
            with self.subTest(opening=opening):
                self.assert_clean({BASE: before + opening + "\n" + body(68) + close + "}\n"})
                self.assert_caught({BASE: before + opening + "\n" + body(70) + close + "}\n"},
                                   (BASE, last, "function-length"))
        table = "constexpr std::array<Row, 99> kRows = {{\n" + "    Row{f(1)},\n" * 99 + "}};\n"
        members = "class A {\n" + "    int f();\n" * 99 + "};\n"
        members += "enum class B {\n" + "    b,\n" * 99 + "};\n"
        macro = "#define BLOCK(x) \\\n    if (x) { \\\n    } else {\n"
        self.assert_clean({BASE: before + table + members + macro + "}  // namespace\n"})
        script = "tools/report.py"
        self.assert_caught({script: "def f():\n" + "    pass\n" * 70},
                           (script, 1, "function-length"))

    def test_a_file_opens_with_what_it_is_for(self):
        self.assert_caught({BASE: "#include <vector>\n"}, (BASE, 1, "opening-comment"))
        self.assert_clean({"millrace/base/digits_test.cpp": "#include <vector>\n"})
        header = "millrace/base/digits.hpp"
        self.assert_caught({header: HEAD + "// #pragma once\n"}, (header, 1, "pragma-once"))

    def test_unfinished_work_does_not_stay(self):
        page = "docs/a.md"
        for word in ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]:
            with self.subTest(word=word):
                self.assert_caught({page: f"{word}: later\n"}, (page, 1, "unfinished"))
        self.assert_clean({BASE: HEAD + 'auto name = "fileXXXXXX";\n'})

    def test_names_are_written_out_and_say_something(self):
        self.assert_each_caught(BASE, "using-namespace", ["using namespace std;",
                                                          "using namespace date;"])
        self.assert_clean({BASE: HEAD + "using namespace std::string_view_literals;\n"})
        for name in ["millrace/base/utils.cpp", "millrace/base/order_manager.cpp", "tools/misc"]:
            with self.subTest(name=name):
                self.assert_caught({name: HEAD}, (name, 1, "vague-name"))
        self.assert_caught({"tests/helpers/a.cpp": HEAD}, ("tests/helpers", 1, "vague-name"))

    def test_no_path_of_one_machine(self):
        page = "docs/a.md"
        for path in ["/ho" + "me/ann/data", "/wo" + "rk/main", "/ro" + "ot/.cache"]:
            with self.subTest(path=path):
                self.assert_caught({page: f"see {path}\n"}, (page, 1, "absolute-path"))
        self.assert_clean({page: "https://example.org/ho" + "me/a ./wo" + "rk/b /usr/share\n"})

    def test_a_link_between_pages_leads_somewhere(self):
        page = "docs/a.md"
        self.assert_caught({page: "see [b](b.md#top)\n"}, (page, 1, "dead-link"))
        self.assert_clean({page: "[b](b.md#top) [c](../docs/) [d](#d) [e](https://e.org/f)\n",
                           "docs/b.md": "# b\n"})

    # waivers

    def test_a_waiver_with_a_reason_is_counted_and_printed(self):
        waiver = "// house: allow thread because the parser's scratch memory is no state"
        for text in [f"std::mutex lock;  {waiver}\n", f"{waiver}\nstd::mutex lock;\n"]:
            code, violations, output = self.found({CORE: HEAD + text})
            self.assertEqual((code, violations), (0, set()), output)
            self.assertIn("thread: the parser's scratch memory is no state", output)
            self.assertIn("1 waived", output)

    def test_a_waiver_without_a_reason_or_a_use_is_refused(self):
        broken = HEAD + "std::mutex lock;  // house: allow thread\n"
        self.assert_caught({CORE: broken}, (CORE, 2, "thread"), (CORE, 2, "waiver"))
        other = HEAD + "std::mutex lock;  // house: allow clock because it ticks\n"
        self.assert_caught({CORE: other}, (CORE, 2, "thread"), (CORE, 2, "waiver"))
        idle = HEAD + "int a;  // house: allow thread because there was one\n"
        self.assert_caught({CORE: idle}, (CORE, 2, "waiver"))
        text = HEAD + 'std::mutex lock; auto a = "// house: allow thread because of this";\n'
        self.assert_caught({CORE: text}, (CORE, 2, "thread"))


if __name__ == "__main__":
    unittest.main()
