// `millrace data`: work on market data without an engine.
#include <fmt/format.h>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/cli/bar_text.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/data_head_command.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/row_output.hpp"
#include "millrace/cli/table_options.hpp"

namespace millrace::cli {
namespace {

tl::unexpected<Error> wrong_option(std::string_view option, Error error) {
    error.code = ErrorCode::usage;
    if (error.where.empty()) error.where = option;
    return failure(std::move(error));
}

Result<std::optional<Time>> time_option(const Invocation& invocation, std::string_view option,
                                        const Zone& zone) {
    if (!invocation.given(option)) return std::nullopt;
    auto time = model::parse_table_time(invocation.text(option), zone);
    if (!time) return wrong_option(option, std::move(time.error()));
    return *time;
}

Result<data::BarJobSettings> bar_settings(const Invocation& invocation) {
    data::BarJobSettings settings;
    settings.files = invocation.texts("FILE");
    settings.rule = invocation.text("--every");
    settings.calendar = invocation.text("--session");
    auto table = table_options(invocation, invocation.text("--symbol"));
    if (!table) return failure(std::move(table.error()));
    settings.table = std::move(*table);
    settings.actions = invocation.texts("--actions");
    if (auto read = backtest::read_price_view(settings.prices, invocation.text("--prices")); !read)
        return wrong_option("--prices", std::move(read.error()));
    const Zone zone = settings.table.zone.value_or(Zone::utc());
    auto from = time_option(invocation, "--from", zone);
    if (!from) return failure(std::move(from.error()));
    settings.from = *from;
    auto to = time_option(invocation, "--to", zone);
    if (!to) return failure(std::move(to.error()));
    settings.to = *to;
    if (settings.from && settings.to && *settings.from >= *settings.to)
        return failure(ErrorCode::usage, "the span is empty", "--to", "it ends before it begins",
                       "give a --to that is later than --from");
    if (invocation.text("--partial") == "drop") settings.partial_last = data::PartialLast::drop;
    return settings;
}

Result<BarForm> form_of(const Invocation& invocation) {
    const bool is_json = invocation.json() || invocation.jsonl();
    if (invocation.flag("--csv") && is_json)
        return failure(ErrorCode::usage, "--csv and --json exclude each other", {},
                       "the bars are written in one form", "leave one of them out");
    if (invocation.jsonl()) return BarForm::jsonl;
    return invocation.json() ? BarForm::json : BarForm::csv;
}

void tell(Invocation& invocation, const data::BarJob& job, const data::BarJobCounts& counts) {
    const auto plural = [](std::uint64_t count, std::string_view noun) {
        return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
    };
    invocation.say(fmt::format("{}: {} in, {} out, {}", market::format_bar_rule(job.rule()),
                               plural(counts.rows, "row"), plural(counts.bars, "bar"),
                               plural(counts.gaps, "gap")));
    const auto left_out = [&](std::uint64_t count, std::string_view why) {
        if (count > 0) invocation.say(fmt::format("  {} in no bar: {}", plural(count, "row"), why));
    };
    left_out(counts.outside_session, "outside the sessions");
    left_out(counts.without_price, "a quote without a price on that side");
    left_out(counts.late, "of a bar that was closed already");
    left_out(counts.refused, "a trade without size, or a price that no bar can hold");
    if (job.actions())
        invocation.say(
            fmt::format("  prices are adjusted by {} of what --actions names", *job.actions()));
    for (const std::string& note : job.row_notes())
        invocation.say("  " + note);
    if (counts.first_is_partial) invocation.say("  the first bar began before the data");
    if (counts.first_was_dropped)
        invocation.say("  a first bar that began before the data was left out");
    if (counts.last_is_partial)
        invocation.say("  the last bar is cut off by the end of the data (--partial drop)");
    if (counts.last_was_dropped)
        invocation.say("  a last bar that is cut off by the end of the data was left out");
}

Result<data::BarJobCounts> write_bars(Invocation& invocation, data::BarJob& job,
                                      const std::string& symbol, BarForm form) {
    const auto edge = invocation.text("--label-out") == "right" ? BarEdge::right : BarEdge::left;
    BarText text(form, edge, job.rule());
    RowOutput output(invocation, form == BarForm::json);
    if (invocation.given("--out"))
        if (auto opened = output.open_file(invocation.text("--out")); !opened)
            return failure(std::move(opened.error()));
    const std::uint64_t expected = job.rows_expected();
    Progress progress(invocation, "rows", expected);
    if (auto added = output.add(text.head(symbol)); !added)
        return failure(std::move(added.error()));
    auto counts = job.run([&](const data::MadeBar& made) { return output.add(text.row(made)); },
                          [&](std::uint64_t rows) {
                              progress.update(std::min(rows, expected));
                              return !Invocation::interrupted();
                          });
    if (!counts) return counts;
    auto ended = output.add(text.tail(*counts));
    if (ended) ended = output.finish();
    if (!ended) return failure(std::move(ended.error()));
    return counts;
}

int bars(Invocation& invocation) {
    const auto form = form_of(invocation);
    if (!form) return invocation.fail(form.error());
    const auto settings = bar_settings(invocation);
    if (!settings) return invocation.fail(settings.error());
    if (auto checked = check_output(invocation.text("--out"), settings->files); !checked)
        return invocation.fail(checked.error());
    auto job = data::BarJob::open(*settings);
    if (!job) return invocation.fail(job.error());
    const std::string symbol =
        invocation.given("--symbol") ? invocation.text("--symbol") : job->symbol();
    const auto counts = write_bars(invocation, *job, symbol, *form);
    if (!counts) return invocation.fail(counts.error());
    tell(invocation, *job, *counts);
    return 0;
}

std::vector<std::string> calendar_names() {
    const auto names = market::Calendar::names();
    return {names.begin(), names.end()};
}

std::vector<Option> span_options() {
    return {{.name = "--actions",
             .value_name = "FILE",
             .doc = "Splits and dividends by which --prices adjusts",
             .kind = Kind::path,
             .repeatable = true},
            price_view_option(),
            {.name = "--from",
             .value_name = "TIME",
             .doc = "Leave out what begins earlier",
             .kind = Kind::text},
            {.name = "--to",
             .value_name = "TIME",
             .doc = "Leave out what begins then or later",
             .kind = Kind::text}};
}

std::vector<Option> output_options() {
    return {{.name = "--session",
             .value_name = "CALENDAR",
             .doc = "Time bars that begin and end with its sessions",
             .kind = Kind::text,
             .suggest = calendar_names},
            {.name = "--partial",
             .value_name = "WHAT",
             .doc = "What becomes of a last bar that the end of the data cuts off",
             .kind = Kind::choice,
             .default_text = "keep",
             .choices = {"keep", "drop"}},
            {.name = "--label-out",
             .value_name = "EDGE",
             .doc = "Label bars by their begin (left) or by their end (right)",
             .kind = Kind::choice,
             .default_text = "left",
             .choices = {"left", "right"}},
            {.name = "--symbol",
             .value_name = "NAME",
             .doc = "Which, of a file with several; the file's own or its name unless given",
             .kind = Kind::text},
            {.name = "--csv", .doc = "Print CSV, as without --json and --jsonl", .hidden = true},
            {.name = "--out",
             .value_name = "PATH",
             .doc = "Write there instead of to stdout, whole or not at all",
             .kind = Kind::path}};
}

}  // namespace

void add_data_commands(Table& table) {
    table.add(
        Group{.name = "data", .section = "Market data", .summary = "Work on files of market data"});
    table.add(data_head_command());
    std::vector<Option> options = {
        {.name = "--every",
         .value_name = "RULE",
         .doc = "5m 100t 10000v 1000000$ renko:0.5 range:0.25 imbalance:100 run:50, with @bid, "
                "@ask, and options behind commas",
         .kind = Kind::text,
         .required = true}};
    for (auto& more : {table_option_list(), span_options(), output_options()})
        options.insert(options.end(), more.begin(), more.end());
    // --read delimiter=… says it too; the line of the help is for others.
    for (Option& option : options)
        if (option.name == "--delimiter") option.hidden = true;
    table.add(Command{
        .path = "data bars",
        .summary = "Build bars from trades, quotes or smaller bars",
        .description =
            "Reads files of one instrument and prints the bars of a rule, made as the engine "
            "makes them. Trades and smaller bars are taken as they are, quotes by their mid price. "
            "Several files are joined in order of time. Any amount of data streams through; only a "
            "--json document on stdout is held until it is whole. What was left out, and why, is "
            "told on stderr.",
        .arguments = {{.name = "FILE",
                       .doc = "Text (plain, gzip or zip) or Parquet of bars, quotes or trades",
                       .kind = Kind::path,
                       .repeatable = true}},
        .options = std::move(options),
        .examples = {{"millrace data bars trades.csv --every 5m", "Five minutes, as CSV"},
                     {"millrace data bars minutes.csv --every 1d --session us-equities --json",
                      "Trading days"},
                     {"millrace data bars quotes-*.csv --every renko:0.0005@bid --out bricks.csv",
                      "Bricks of the bid, into a file"}},
        .run = bars,
        .streams = true,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
