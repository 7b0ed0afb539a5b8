// `millrace report` makes the tear sheet of a kept run; `millrace demo` makes a run to look at.
#include <array>
#include <fmt/format.h>
#include <ostream>
#include <spawn.h>
#include <sys/wait.h>

#include "millrace/app/runs/demo_market.hpp"
#include "millrace/app/runs/kept_backtest.hpp"
#include "millrace/app/runs/tear_sheet.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/kept_runs.hpp"
#include "millrace/cli/output_file.hpp"

namespace millrace::cli {
namespace {

Result<std::size_t> write_sheet(const runs::KeptRun& run, const std::string& path) {
    const auto page = runs::tear_sheet(run);
    if (!page) return failure(Error(page.error()));
    if (auto written = write_output(path, *page); !written)
        return failure(std::move(written.error()));
    return page->size();
}

// Only where somebody sits in front of it.
bool can_open(const Invocation& invocation) {
    const auto& environment = invocation.environment();
    return invocation.err_is_terminal() &&
           (environment.contains("DISPLAY") || environment.contains("WAYLAND_DISPLAY"));
}

// Leaves the opening to the desktop; what comes of it is not ours to know.
bool open_in_browser(const std::string& path) {
    std::string program = "xdg-open";
    std::string file = path;
    std::array<char*, 3> words = {program.data(), file.data(), nullptr};
    pid_t process = 0;
    if (::posix_spawnp(&process, program.c_str(), nullptr, nullptr, words.data(), environ) != 0)
        return false;
    int status = 0;
    return ::waitpid(process, &status, 0) == process && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

int make_report(Invocation& invocation) {
    const auto run = run_named(invocation, invocation.text("RUN"));
    if (!run) return invocation.fail(run.error());
    const std::string path = invocation.given("--out")
                                 ? invocation.text("--out")
                                 : "report-" + run->hash.substr(0, 12) + ".html";
    const auto bytes = write_sheet(*run, path);
    if (!bytes) return invocation.fail(bytes.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("run", run->hash).member("file", path);
        document.member("bytes", std::uint64_t{*bytes}).end_object();
        invocation.print(document);
    } else {
        invocation.out() << path << '\n';
    }
    if (invocation.flag("--open") && !open_in_browser(path))
        invocation.say("note: nothing here opens it; open it yourself: " + path);
    return 0;
}

backtest::BacktestSettings demo_settings(const std::vector<std::string>& files) {
    backtest::BacktestSettings settings;
    for (const std::string& file : files)
        settings.data.push_back({.files = {file}, .symbol = {}, .table = {}});
    backtest::StrategyTerms& terms = settings.strategies["ema-cross"];
    terms.type = "ema-cross";
    terms.parameters = {{"fast", "40"}, {"slow", "200"}, {"quantity", "400"}};
    settings.venue.fees.taker = settings.venue.fees.maker = Ratio::from_raw(Ratio::kOne / 10'000);
    return settings;
}

int run_demo(Invocation& invocation) {
    const auto registry = registry_of(invocation);
    if (!registry) return invocation.fail(registry.error());
    const std::filesystem::path folder = registry->folder().parent_path() / "demo";
    const auto files = runs::write_demo_market(folder.string());
    if (!files) return invocation.fail(files.error());
    const auto kept = runs::run_and_keep(demo_settings(*files), {{}, registry->folder()});
    if (!kept) return invocation.fail(kept.error());
    const auto run = registry->find(kept->hash);
    if (!run) return invocation.fail(run.error());
    const std::string path = (folder / "report.html").string();
    const auto bytes = write_sheet(*run, path);
    if (!bytes) return invocation.fail(bytes.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("run", kept->hash).member("report", path);
        document.member("bytes", std::uint64_t{*bytes});
        document.member("data", folder.string()).end_object();
        invocation.print(document);
    } else {
        auto& out = invocation.out();
        const std::string name = kept->hash.substr(0, 12);
        out << fmt::format("{:<10}{}\n", "report", path);
        out << fmt::format("{:<10}{}\n", "run", name);
        out << fmt::format("{:<10}{} (invented)\n", "data", folder.string());
        invocation.say("the figures in the terminal: millrace runs show " + name);
        invocation.say("the same with your own: millrace backtest ema-cross --data FILE --keep");
    }
    if (!invocation.flag("--no-open") && can_open(invocation) && !open_in_browser(path))
        invocation.say("note: nothing here opens it; open it yourself: " + path);
    return 0;
}

}  // namespace

void add_report_commands(Table& table) {
    Option out{.name = "--out",
               .value_name = "FILE",
               .doc = "Where to; report-RUN.html here unless given",
               .kind = Kind::path};
    table.add(
        Command{.path = "report",
                .section = "Research",
                .summary = "Make the tear sheet of a kept run",
                .description =
                    "One HTML file, at most 400 KiB, that needs no network: headline figures, "
                    "equity, drawdown, months, the distribution of returns, trades on candles and "
                    "everything the run was made of. It is light or dark as the reader's "
                    "system is, and prints well.",
                .arguments = {{.name = "RUN",
                               .doc = "The beginning of its hash or run id, or the folder of --out",
                               .suggest = kept_run_names}},
                .options = {out, {.name = "--open", .doc = "Open it in the browser"}},
                .examples = {{"millrace report 3f9c --out march.html", "Under a name of your own"}},
                .run = make_report});
    table.add(Command{.path = "demo",
                      .section = "Get started",
                      .summary = "Run a backtest on an invented market and open its report",
                      .description =
                          "Needs no data, no account and no network, and takes a few seconds. The "
                          "market, the run and the report are in DATA_DIR.",
                      .options = {{.name = "--no-open", .doc = "Only print where the report is"}},
                      .examples = {{"millrace demo", "From the program to a report"}},
                      .run = run_demo});
}

}  // namespace millrace::cli
