// `millrace data import`: files of market data into the native store or Parquet.
#include <filesystem>
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/data/import_job.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/table_options.hpp"

namespace millrace::cli {
namespace {

using data::ImportSeries;

Result<data::ImportSettings> settings_of(const Invocation& invocation) {
    data::ImportSettings settings;
    settings.files = invocation.texts("FILE");
    settings.symbol = invocation.text("--symbol");
    settings.currency = invocation.text("--currency");
    settings.out = invocation.text("--out");
    settings.catalog = invocation.text("--catalog");
    settings.replaces = invocation.flag("--replace");
    auto table = table_options(invocation, settings.symbol);
    if (!table) return failure(std::move(table.error()));
    settings.table = std::move(*table);
    if (invocation.given("--policy"))
        if (auto set =
                files::set_table_option(settings.table, "bad-rows", invocation.text("--policy"));
            !set)
            return failure(std::move(set.error()));
    settings.format = data::format_of_path(settings.out);
    if (invocation.given("--format"))
        settings.format = invocation.text("--format") == "parquet" ? data::StoreFormat::parquet
                                                                   : data::StoreFormat::tape;
    return settings;
}

// "bars of 1m", "quotes"
std::string kind_of(const ImportSeries& series) {
    const std::string kind(name_of(series.kind));
    return series.kind == model::TableKind::bars
               ? kind + " of " + format_duration(series.bar_length)
               : kind;
}

std::string files_of(const ImportSeries& series) {
    return series.files.size() == 1 ? series.files.front()
                                    : fmt::format("{} files", series.files.size());
}

void write_series(JsonWriter& document, const ImportSeries& series, bool is_done) {
    document.begin_object().member("symbol", series.symbol).member("kind", name_of(series.kind));
    document.key("bar_length");
    if (series.kind == model::TableKind::bars)
        document.text(format_duration(series.bar_length));
    else
        document.null();
    document.key("files").begin_array();
    for (const std::string& file : series.files)
        document.text(file);
    document.end_array().member("output", series.output);
    if (is_done) {
        document.member("rows", series.rows);
        document.key("first").text(format_time(series.first));
        document.key("last").text(format_time(series.last));
        document.member("without_size", series.without_size);
        document.member("mended", series.findings.mended());
        document.member("left_out", series.findings.left_out());
        document.key("bad_rows").begin_object();
        for (std::size_t fault = 0; fault < model::kRowFaults; ++fault) {
            const auto which = static_cast<model::RowFault>(fault);
            document.member(model::kRowFaultNames[fault],
                            series.findings.mended(which) + series.findings.left_out(which));
        }
        document.end_object().key("first_bad_rows").begin_array();
        for (const model::RowFinding& finding : series.findings.first())
            document.text(finding.why);
        document.end_array();
    }
    document.end_object();
}

void print_json(Invocation& invocation, const data::ImportJob& job,
                const data::ImportSettings& settings,
                const std::vector<data::ImportOutput>& outputs, bool is_done) {
    JsonWriter document = Invocation::document();
    document.member("format", name_of(settings.format)).member("dry_run", !is_done);
    document.key("series").begin_array();
    for (const ImportSeries& series : job.series())
        write_series(document, series, is_done);
    document.end_array().key("outputs").begin_array();
    for (const data::ImportOutput& output : outputs)
        document.begin_object()
            .member("path", output.path)
            .member("rows", output.written.rows)
            .member("bytes", output.written.bytes)
            .end_object();
    document.end_array().end_object();
    invocation.print(document);
}

void print_plan(Invocation& invocation, const data::ImportJob& job) {
    for (const ImportSeries& series : job.series())
        invocation.out() << fmt::format("{}: {} from {} to {}\n", series.symbol, kind_of(series),
                                        files_of(series), series.output);
    invocation.say(
        fmt::format("about {} rows; nothing was written (--dry-run)", job.rows_expected()));
}

void print_done(Invocation& invocation, const data::ImportJob& job,
                const std::vector<data::ImportOutput>& outputs) {
    for (const ImportSeries& series : job.series()) {
        invocation.out() << fmt::format("{}: {} rows of {}", series.symbol, series.rows,
                                        kind_of(series));
        if (series.rows > 0)
            invocation.out() << fmt::format(", {} to {}", format_time(series.first),
                                            format_time(series.last));
        invocation.out() << '\n';
        if (!series.findings.empty()) {
            invocation.out() << "  " << series.findings.describe() << '\n';
            invocation.say("  first: " + series.findings.first().front().why);
        }
        if (series.without_size > 0)
            invocation.out() << fmt::format("  {} trades without size left out\n",
                                            series.without_size);
    }
    for (const data::ImportOutput& output : outputs)
        invocation.out() << fmt::format("{}: {} rows, {} bytes\n", output.path, output.written.rows,
                                        output.written.bytes);
}

int import(Invocation& invocation) {
    const auto settings = settings_of(invocation);
    if (!settings) return invocation.fail(settings.error());
    auto job = data::ImportJob::open(*settings);
    if (!job) return invocation.fail(job.error());
    if (invocation.flag("--dry-run")) {
        if (invocation.json())
            print_json(invocation, *job, *settings, {}, false);
        else
            print_plan(invocation, *job);
        return 0;
    }
    const std::uint64_t expected = job->rows_expected();
    Result<std::vector<data::ImportOutput>> outputs;
    {
        Progress progress(invocation, "rows", expected);
        outputs = job->run([&](std::uint64_t rows) {
            progress.update(std::min(rows, expected));
            return !Invocation::interrupted();
        });
    }
    if (!outputs) return invocation.fail(outputs.error());
    if (invocation.json())
        print_json(invocation, *job, *settings, *outputs, true);
    else
        print_done(invocation, *job, *outputs);
    return 0;
}

std::vector<Option> own_options() {
    return {{.name = "--out",
             .value_name = "PATH",
             .doc = "One file for all: a tape, or Parquet when it ends so",
             .kind = Kind::path},
            {.name = "--catalog",
             .value_name = "DIR",
             .doc = "A file for each series in this folder: DIR/1m/ACME.tape",
             .kind = Kind::path},
            {.name = "--format",
             .value_name = "FORMAT",
             .doc = "Of what is written; by the ending of --out unless given",
             .kind = Kind::choice,
             .default_text = "tape",
             .choices = {"tape", "parquet"}},
            {.name = "--policy",
             .value_name = "WHAT",
             .doc = "What becomes of a row that cannot be believed",
             .kind = Kind::choice,
             .default_text = "fail",
             .choices = {"fail", "skip", "repair"}},
            {.name = "--symbol",
             .value_name = "NAME",
             .doc = "Of all files; what they say, or their names, unless given",
             .kind = Kind::text},
            {.name = "--currency",
             .value_name = "CODE",
             .doc = "Of the prices, kept in a tape",
             .kind = Kind::text,
             .default_text = "USD"},
            {.name = "--replace", .doc = "Write over a file that is there"},
            {.name = "--dry-run", .doc = "Say what would go where, and write nothing"}};
}

}  // namespace

void add_data_import_commands(Table& table) {
    std::vector<Option> options = own_options();
    for (Option& option : table_option_list())
        options.push_back(std::move(option));
    table.add(Command{
        .path = "data import",
        .summary = "Bring files into the native store or Parquet",
        .description =
            "Reads files of any number of symbols and writes tapes or Parquet files, which load "
            "many times faster. Files of one symbol are joined in order of time. Any amount of "
            "data streams through in constant memory. An output is there whole or not at all, "
            "whatever ends the import; nothing is overwritten without --replace.",
        .arguments = {{.name = "FILE",
                       .doc = "CSV, gzip, zip, Parquet or a tape",
                       .kind = Kind::path,
                       .repeatable = true}},
        .options = std::move(options),
        .examples =
            {{"millrace data import ACME.csv --out ACME.tape", "One file"},
             {"millrace data import *.csv.gz --catalog data --policy repair",
              "A tape for each symbol; bad rows are mended or left out, and counted"},
             {"millrace data import EURUSD.csv --zone America/New_York --out EURUSD.parquet",
              "Parquet, of times by New York's clock"}},
        .run = import,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
