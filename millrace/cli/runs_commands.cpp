// `millrace runs`: what `backtest --out` and `--keep` left behind: listed, shown, compared, taken
// away, and their orders as a file for somebody who sends them.
#include <algorithm>
#include <fmt/format.h>
#include <istream>
#include <ostream>

#include "millrace/app/runs/comparison_page.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/kept_runs.hpp"
#include "millrace/cli/output_file.hpp"
#include "millrace/core/report/report_json.hpp"
#include "millrace/core/report/report_text.hpp"

namespace millrace::cli {
namespace {

using report::MetricId;
using runs::KeptRun;

constexpr std::size_t kShownDigits = 12;  // of a hash, for people

std::string brief(std::string_view hash) {
    return std::string(hash.substr(0, kShownDigits));
}

std::string day_of(const runs::JsonValue& instant) {
    return instant.text().substr(0, 10);
}

void write_brief(JsonWriter& writer, const KeptRun& run) {
    writer.member("run", run.hash).member("run_id", run.run_id());
    writer.member("strategy", run.strategy()).member("symbols", run.symbols());
    writer.member("from", run.result["input"]["from"].text());
    writer.member("to", run.result["input"]["to"].text());
    writer.member("result_hash", run.result_hash()).member("kept_at", run.kept_at());
    writer.member("folder", run.folder.string());
    writer.member("currency", run.result["currency"].text());
}

int list_runs(Invocation& invocation) {
    const auto registry = registry_of(invocation);
    if (!registry) return invocation.fail(registry.error());
    const runs::Listing listing = registry->list();
    for (const runs::DamagedRun& damaged : listing.damaged)
        invocation.say("note: " + damaged.name.substr(0, kShownDigits) +
                       " is damaged: " + damaged.error.what + " (" + damaged.error.where +
                       "); millrace runs rm " + damaged.name.substr(0, kShownDigits));
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("runs").begin_array();
        for (const KeptRun& run : listing.runs) {
            document.begin_object();
            write_brief(document, run);
            report::write_metrics(document, run.metrics);
            document.end_object();
        }
        document.end_array().key("damaged").begin_array();
        for (const runs::DamagedRun& damaged : listing.damaged) {
            document.begin_object().member("run", damaged.name);
            document.member("what", damaged.error.what).member("where", damaged.error.where);
            document.end_object();
        }
        document.end_array().end_object();
        invocation.print(document);
        return 0;
    }
    if (listing.runs.empty()) {
        invocation.say("no run is kept in " + registry->folder().string() +
                       "; keep one: millrace backtest ema-cross --data FILE --keep");
        return 0;
    }
    auto& out = invocation.out();
    out << fmt::format("{:<12}  {:<20}  {:<16}  {:<23}  {:>10}  {:>7}  {:>10}  {:>7}\n", "run",
                       "strategy", "symbols", "period", "return", "Sharpe", "drawdown", "trades");
    for (const KeptRun& run : listing.runs) {
        const auto cell = [&](MetricId id) { return report::format_metric(id, run.metrics[id]); };
        out << fmt::format("{:<12}  {:<20}  {:<16}  {}..{}  {:>10}  {:>7}  {:>10}  {:>7}\n",
                           brief(run.hash), run.strategy().substr(0, 20),
                           run.symbols().substr(0, 16), day_of(run.result["input"]["from"]),
                           day_of(run.result["input"]["to"]), cell(MetricId::net_return),
                           cell(MetricId::sharpe_ratio), cell(MetricId::max_drawdown),
                           cell(MetricId::trade_count));
    }
    return 0;
}

void print_run(Invocation& invocation, const KeptRun& run) {
    auto& out = invocation.out();
    const auto line = [&](std::string_view name, const std::string& value) {
        out << fmt::format("{:<14}{}\n", name, value);
    };
    line("run", run.hash);
    line("run id", run.run_id());
    line("result hash", run.result_hash());
    line("kept at", run.kept_at());
    line("folder", run.folder.string());
    line("program", "millrace " + run.manifest["millrace"]["version"].text() + " " +
                        run.manifest["millrace"]["commit"].text());
    for (const auto& input : run.manifest["inputs"].items())
        line("input", fmt::format("{}  {}  {}", input["role"].text(), input["path"].text(),
                                  brief(input["sha256"].text())));
    for (const auto& [name, value] : run.manifest["config"].members())
        line("config", name + " = " + value.text());
    report::Report figures;
    figures.metrics = run.metrics;
    out << '\n' << report::to_text(figures, run.result["currency"].text());
    for (const auto& warning : run.result["warnings"].items())
        out << "note: " << warning.text() << '\n';
}

int show_run(Invocation& invocation) {
    const auto run = run_named(invocation, invocation.text("RUN"));
    if (!run) return invocation.fail(run.error());
    if (invocation.flag("--verify"))
        if (auto sound = runs::verify(*run); !sound) return invocation.fail(sound.error());
    if (!invocation.json()) {
        print_run(invocation, *run);
        if (invocation.flag("--verify")) invocation.say("every file is as it was written");
        return 0;
    }
    JsonWriter document = Invocation::document();
    write_brief(document, *run);
    document.key("config").begin_object();
    for (const auto& [name, value] : run->manifest["config"].members())
        document.member(name, value.text());
    document.end_object().key("inputs").begin_array();
    for (const auto& input : run->manifest["inputs"].items()) {
        document.begin_object().member("role", input["role"].text());
        document.member("path", input["path"].text());
        document.member("sha256", input["sha256"].text()).end_object();
    }
    document.end_array().key("artifacts").begin_array();
    for (const auto& artifact : run->manifest["artifacts"].items()) {
        document.begin_object().member("name", artifact["name"].text());
        document.member("sha256", artifact["sha256"].text()).end_object();
    }
    document.end_array().member("verified", invocation.flag("--verify"));
    report::write_metrics(document, run->metrics);
    document.key("warnings").begin_array();
    for (const auto& warning : run->result["warnings"].items())
        document.text(warning.text());
    document.end_array().end_object();
    invocation.print(document);
    return 0;
}

void write_rows(JsonWriter& writer, std::string_view name,
                const std::vector<runs::ComparedRow>& rows) {
    writer.key(name).begin_array();
    for (const runs::ComparedRow& row : rows) {
        writer.begin_object().member("name", row.name).key("values").begin_array();
        for (const auto& value : row.values) {
            if (value)
                writer.text(*value);
            else
                writer.null();
        }
        writer.end_array().end_object();
    }
    writer.end_array();
}

void print_rows(std::ostream& out, std::string_view title,
                const std::vector<runs::ComparedRow>& rows) {
    if (rows.empty()) return;
    out << title << '\n';
    for (const runs::ComparedRow& row : rows) {
        out << fmt::format("  {:<30}", row.name);
        for (const auto& value : row.values)
            out << fmt::format(" {:>22}", value.value_or("-").substr(0, 22));
        out << '\n';
    }
}

void print_comparison(Invocation& invocation, const std::vector<KeptRun>& all,
                      const runs::Comparison& comparison) {
    auto& out = invocation.out();
    out << fmt::format("{:<32}", "run");
    for (const KeptRun& run : all)
        out << fmt::format(" {:>22}", brief(run.hash));
    out << fmt::format("\n{:<32}", "result hash");
    for (const KeptRun& run : all)
        out << fmt::format(" {:>22}", run.result_hash());
    out << '\n';
    print_rows(out, "code", comparison.code);
    print_rows(out, "config", comparison.config);
    print_rows(out, "data", comparison.inputs);
    std::string_view section;
    for (std::size_t at = 0; at < report::kMetricCount; ++at) {
        const auto id = static_cast<MetricId>(at);
        const report::MetricDescription& description = report::description_of(id);
        if (std::none_of(all.begin(), all.end(),
                         [&](const KeptRun& run) { return run.metrics[id].has_value(); }))
            continue;
        if (section != description.section) out << (section = description.section) << '\n';
        out << fmt::format("  {:<30}", description.label);
        for (const KeptRun& run : all)
            out << fmt::format(" {:>22}", report::format_metric(id, run.metrics[id]));
        out << '\n';
    }
    out << (comparison.is_same_result ? "the results are the same\n" : "the results differ\n");
}

int compare_runs(Invocation& invocation) {
    std::vector<KeptRun> all;
    for (const std::string& name : invocation.texts("RUN")) {
        auto run = run_named(invocation, name);
        if (!run) return invocation.fail(run.error());
        all.push_back(std::move(*run));
    }
    if (all.size() < 2)
        return invocation.fail({ErrorCode::usage,
                                "there is nothing to compare it with",
                                {},
                                {},
                                "name two runs or more; see them with: millrace runs ls"});
    const runs::Comparison comparison = runs::compare(all);
    if (invocation.given("--html")) {
        const auto page = runs::comparison_page(all, comparison);
        if (!page) return invocation.fail(page.error());
        if (auto written = write_output(invocation.text("--html"), *page); !written)
            return invocation.fail(written.error());
        invocation.say("the page is " + invocation.text("--html"));
    }
    if (!invocation.json()) {
        print_comparison(invocation, all, comparison);
        return 0;
    }
    JsonWriter document = Invocation::document();
    document.member("is_same_result", comparison.is_same_result).key("runs").begin_array();
    for (const KeptRun& run : all) {
        document.begin_object();
        write_brief(document, run);
        report::write_metrics(document, run.metrics);
        document.end_object();
    }
    document.end_array();
    write_rows(document, "code", comparison.code);
    write_rows(document, "config", comparison.config);
    write_rows(document, "inputs", comparison.inputs);
    document.end_object();
    invocation.print(document);
    return 0;
}

bool agrees(Invocation& invocation, std::size_t count) {
    if (invocation.flag("--yes")) return true;
    invocation.err() << fmt::format("remove {} kept run{} for good? [y/N] ", count,
                                    count == 1 ? "" : "s")
                     << std::flush;
    std::string answer;
    std::getline(invocation.in(), answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int remove_runs(Invocation& invocation) {
    const auto registry = registry_of(invocation);
    if (!registry) return invocation.fail(registry.error());
    std::vector<std::filesystem::path> folders;
    for (const std::string& name : invocation.texts("RUN")) {
        const auto folder = registry->folder_of(name);
        if (!folder) return invocation.fail(folder.error());
        if (std::find(folders.begin(), folders.end(), *folder) == folders.end())
            folders.push_back(*folder);
    }
    if (!invocation.flag("--yes") && !invocation.err_is_terminal())
        return invocation.fail({ErrorCode::usage,
                                "nobody is there to ask",
                                {},
                                "a run is removed for good",
                                "add --yes"});
    if (!agrees(invocation, folders.size())) {
        invocation.say("nothing was removed");
        return 0;
    }
    for (const std::filesystem::path& folder : folders)
        if (auto removed = registry->remove(folder); !removed)
            return invocation.fail(removed.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("removed").begin_array();
        for (const std::filesystem::path& folder : folders)
            document.text(folder.filename().string());
        document.end_array().end_object();
        invocation.print(document);
    } else {
        for (const std::filesystem::path& folder : folders)
            invocation.say("removed " + brief(folder.filename().string()));
    }
    return 0;
}

}  // namespace

void add_runs_commands(Table& table) {
    const Argument run{.name = "RUN",
                       .doc = "The beginning of its hash or run id, or the folder of --out",
                       .suggest = kept_run_names};
    Argument several = run;
    several.repeatable = true;
    table.add(Group{.name = "runs",
                    .section = "Research",
                    .summary = "See, compare and remove the runs that are kept"});
    table.add(Command{.path = "runs ls",
                      .summary = "List the kept runs, newest first",
                      .description = "Every backtest with --keep or --out is kept in "
                                     "DATA_DIR/runs, under a hash of program, configuration and "
                                     "data. A damaged one is told of and left out.",
                      .examples = {{"millrace runs ls", "What is kept"}},
                      .run = list_runs});
    table.add(
        Command{.path = "runs show",
                .summary = "Show what a kept run was made of and came to",
                .description = "With --verify every file is read and compared with the "
                               "sha256 in the manifest.",
                .arguments = {run},
                .options = {{.name = "--verify", .doc = "Check every file against its digest"}},
                .examples = {{"millrace runs show 3f9c", "By the beginning of its hash"}},
                .run = show_run});
    table.add(Command{.path = "runs compare",
                      .summary = "Put kept runs side by side",
                      .description = "Tells in what code, configuration and data they differ, "
                                     "whether they came to the same result, and every figure of "
                                     "each.",
                      .arguments = {several},
                      .options = {{.name = "--html",
                                   .value_name = "FILE",
                                   .doc = "Write a page as well, with their equity laid over "
                                          "each other",
                                   .kind = Kind::path}},
                      .examples = {{"millrace runs compare 3f9c a01b", "Two of them"},
                                   {"millrace runs compare 3f9c a01b --html both.html",
                                    "As a page for the browser"}},
                      .run = compare_runs});
    table.add(Command{.path = "runs rm",
                      .summary = "Remove kept runs for good",
                      .description = "Asks first; without a terminal it needs --yes. What --out "
                                     "wrote elsewhere stays.",
                      .arguments = {several},
                      .options = {{.name = "--yes", .doc = "Do not ask"}},
                      .examples = {{"millrace runs rm 3f9c --yes", "Without being asked"}},
                      .run = remove_runs});
    add_runs_export_command(table);
}

}  // namespace millrace::cli
