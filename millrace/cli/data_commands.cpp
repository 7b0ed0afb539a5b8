// `millrace data`: work on market data without an engine.
#include <filesystem>
#include <fmt/format.h>
#include <ostream>

#include "millrace/cli/bar_text.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/output_file.hpp"
#include "millrace/cli/progress.hpp"

namespace millrace::cli {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

tl::unexpected<Error> wrong_option(std::string_view option, Error error) {
    error.code = ErrorCode::usage;
    if (error.where.empty()) error.where = option;
    return failure(std::move(error));
}

Result<char> delimiter_of(const std::string& text) {
    if (text == "tab" || text == "\\t") return '\t';
    if (text.size() == 1) return text.front();
    return failure(ErrorCode::usage, "\"" + text.substr(0, 40) + "\" is no delimiter",
                   "--delimiter", "it is one character",
                   "write --delimiter ';' or --delimiter tab");
}

Result<files::TableOptions> table_options(const Invocation& invocation) {
    files::TableOptions options;
    if (invocation.given("--columns")) {
        auto columns = files::parse_columns(invocation.text("--columns"));
        if (!columns) return wrong_option("--columns", std::move(columns.error()));
        options.layout.columns = std::move(*columns);
    }
    if (invocation.given("--delimiter")) {
        const auto delimiter = delimiter_of(invocation.text("--delimiter"));
        if (!delimiter) return failure(Error(delimiter.error()));
        options.layout.delimiter = *delimiter;
    }
    if (invocation.given("--zone")) {
        auto zone = Zone::find(invocation.text("--zone"));
        if (!zone) return wrong_option("--zone", std::move(zone.error()));
        options.zone = *zone;
    }
    if (invocation.given("--bar-length")) {
        auto length = parse_duration(invocation.text("--bar-length"));
        if (!length) return wrong_option("--bar-length", std::move(length.error()));
        if (*length <= Duration())
            return failure(ErrorCode::usage, "bars last longer than nothing", "--bar-length", {},
                           "write --bar-length 1m");
        options.bar_length = *length;
    }
    if (invocation.text("--label") == "close") options.label = files::BarLabel::close;
    return options;
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
    auto table = table_options(invocation);
    if (!table) return failure(std::move(table.error()));
    settings.table = std::move(*table);
    auto from = time_option(invocation, "--from", settings.table.zone);
    if (!from) return failure(std::move(from.error()));
    settings.from = *from;
    auto to = time_option(invocation, "--to", settings.table.zone);
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

Result<void> check_output(const std::string& path, const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
        std::error_code ignored;
        if (std::filesystem::equivalent(path, input, ignored))
            return failure(ErrorCode::usage, "the output would replace its own input", path,
                           "--out names a file that is read", "name another file");
    }
    return {};
}

// Where the text goes: the file of --out, or stdout.
class BarOutput {
  public:
    // A document on stdout is held back until it is whole, because an error must be one as well.
    BarOutput(Invocation& invocation, bool is_held) : invocation_(invocation), is_held_(is_held) {}

    Result<void> open_file(const std::string& path) {
        auto file = OutputFile::create(path);
        if (!file) return failure(std::move(file.error()));
        file_ = std::move(*file);
        is_held_ = false;
        return {};
    }
    Result<void> add(std::string_view text) {
        waiting_ += text;
        return is_held_ || waiting_.size() < kPieceBytes ? Result<void>() : pass_on();
    }
    Result<void> finish() {
        if (auto passed = pass_on(); !passed) return passed;
        return file_ ? file_->finish() : Result<void>();
    }

  private:
    Result<void> pass_on() {
        Result<void> written;
        if (file_)
            written = file_->write(waiting_);
        else
            invocation_.out() << waiting_;
        waiting_.clear();
        return written;
    }

    Invocation& invocation_;
    bool is_held_;
    std::optional<OutputFile> file_;
    std::string waiting_;
};

void tell(Invocation& invocation, const market::BarRule& rule, const data::BarJobCounts& counts) {
    const auto plural = [](std::uint64_t count, std::string_view noun) {
        return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
    };
    invocation.say(fmt::format("{}: {} in, {} out, {}", market::format_bar_rule(rule),
                               plural(counts.rows, "row"), plural(counts.bars, "bar"),
                               plural(counts.gaps, "gap")));
    const auto left_out = [&](std::uint64_t count, std::string_view why) {
        if (count > 0) invocation.say(fmt::format("  {} in no bar: {}", plural(count, "row"), why));
    };
    left_out(counts.outside_session, "outside the sessions");
    left_out(counts.without_price, "a quote without a price on that side");
    left_out(counts.late, "of a bar that was closed already");
    left_out(counts.refused, "a trade without size, or a price that no bar can hold");
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
    BarOutput output(invocation, form == BarForm::json);
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
    const std::string symbol = invocation.given("--symbol")
                                   ? invocation.text("--symbol")
                                   : std::filesystem::path(settings->files.front()).stem().string();
    const auto counts = write_bars(invocation, *job, symbol, *form);
    if (!counts) return invocation.fail(counts.error());
    tell(invocation, job->rule(), *counts);
    return 0;
}

std::vector<std::string> calendar_names() {
    const auto names = market::Calendar::names();
    return {names.begin(), names.end()};
}

std::vector<Option> input_options() {
    return {{.name = "--columns",
             .value_name = "NAMES",
             .doc = "What the columns are, \"-\" for one to leave out; found in the header unless "
                    "given",
             .kind = Kind::text},
            {.name = "--delimiter",
             .value_name = "CHARACTER",
             .doc = "What separates the columns, or \"tab\"; found unless given",
             .kind = Kind::text},
            {.name = "--zone",
             .value_name = "ZONE",
             .doc = "Of times that do not name one; UTC unless given",
             .kind = Kind::text},
            {.name = "--bar-length",
             .value_name = "LENGTH",
             .doc = "Of bars that are read; found from their times unless given",
             .kind = Kind::text},
            {.name = "--label",
             .value_name = "END",
             .doc = "What the time of a bar that is read means",
             .kind = Kind::choice,
             .default_text = "open",
             .choices = {"open", "close"}},
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
             .doc = "Of the document; the first file's name unless given",
             .kind = Kind::text},
            {.name = "--csv", .doc = "Print CSV, as without --json and --jsonl"},
            {.name = "--out",
             .value_name = "PATH",
             .doc = "Write there instead of to stdout, whole or not at all",
             .kind = Kind::path}};
}

}  // namespace

void add_data_commands(Table& table) {
    table.add(
        Group{.name = "data", .section = "Market data", .summary = "Work on files of market data"});
    std::vector<Option> options = {
        {.name = "--every",
         .value_name = "RULE",
         .doc = "5m 100t 10000v 1000000$ renko:0.5 range:0.25 imbalance:100 run:50, with @bid, "
                "@ask, and options behind commas",
         .kind = Kind::text,
         .required = true}};
    for (auto& more : {input_options(), output_options()})
        options.insert(options.end(), more.begin(), more.end());
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
                       .doc = "CSV or Parquet of bars, quotes or trades",
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
