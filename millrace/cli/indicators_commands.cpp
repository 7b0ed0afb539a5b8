// `millrace indicators`: which indicators there are, and what they say about a file of bars.
#include <charconv>
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/data/indicator_job.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/row_output.hpp"
#include "millrace/cli/table_options.hpp"

namespace millrace::cli {
namespace {

using Row = std::span<const std::optional<double>>;

int list_indicators(Invocation& invocation) {
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("indicators").begin_array();
        for (const indicators::IndicatorFamily& family : indicators::all_indicators())
            for (const indicators::IndicatorType& type : family.types)
                indicators::write_json(type, family.name, document);
        document.end_array().end_object();
        invocation.print(document);
        return 0;
    }
    for (const indicators::IndicatorFamily& family : indicators::all_indicators()) {
        invocation.out() << invocation.paint().bold(family.name) << '\n';
        for (const indicators::IndicatorType& type : family.types) {
            const auto indicator = type.make();
            invocation.out() << fmt::format("  {:<28}{}\n", indicators::text_of(type, *indicator),
                                            type.title);
        }
    }
    return 0;
}

// The shortest text that reads back as the same number, as in JSON.
void add_number(std::string& text, double number) {
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    MILLRACE_ASSERT(error == std::errc(), "a double has at most 24 characters");
    text.append(digits.data(), end);
}

// Rows of numbers as CSV, as one JSON document or as JSON lines.
class RowText {
  public:
    enum class Form { csv, json, jsonl };

    RowText(Form form, std::vector<std::string> columns)
        : form_(form), columns_(std::move(columns)) {}

    std::string head(std::string_view symbol) const {
        if (form_ == Form::jsonl) return {};
        if (form_ == Form::csv) {
            std::string text = "time";
            for (const std::string& column : columns_)
                text += "," + column;
            return text + "\n";
        }
        JsonWriter document = Invocation::document();
        document.member("symbol", symbol).key("columns").begin_array();
        for (const std::string& column : columns_)
            document.text(column);
        document.end_array().key("rows").begin_array();
        return document.str();
    }

    // The view lives until the next call.
    std::string_view row(Time time, Row row) {
        text_.clear();
        if (form_ == Form::csv) {
            text_ += format_time(time);
            for (const std::optional<double>& value : row) {
                text_ += ',';
                if (value) add_number(text_, *value);
            }
            text_ += '\n';
            return text_;
        }
        json_.clear();
        json_.begin_object().member("time", format_time(time));
        for (std::size_t i = 0; i < row.size(); ++i) {
            json_.key(columns_[i]);
            if (row[i])
                json_.number(*row[i]);
            else
                json_.null();
        }
        json_.end_object();
        if (form_ == Form::json) text_ = is_first_ ? "\n    " : ",\n    ";
        is_first_ = false;
        text_ += json_.str();
        if (form_ == Form::jsonl) text_ += '\n';
        return text_;
    }

    std::string_view tail() const { return form_ == Form::json ? "\n  ]\n}\n" : ""; }

  private:
    Form form_;
    std::vector<std::string> columns_;
    bool is_first_ = true;
    std::string text_;
    JsonWriter json_;
};

void tell(Invocation& invocation, const data::IndicatorJob& job, std::uint64_t bars) {
    for (const data::IndicatorJob::NotReady& each : job.not_ready())
        invocation.say(fmt::format("{} is ready with bar {}; there {} {}", each.indicator, each.bar,
                                   bars == 1 ? "is" : "are", bars));
    for (const std::string& note : job.row_notes())
        invocation.say(note);
}

Result<data::IndicatorJobSettings> settings_of(const Invocation& invocation) {
    data::IndicatorJobSettings settings;
    settings.file = invocation.text("FILE");
    settings.indicators = invocation.texts("--with");
    auto table = table_options(invocation, invocation.text("--symbol"));
    if (!table) return failure(std::move(table.error()));
    settings.table = std::move(*table);
    if (auto checked = check_output(invocation.text("--out"), {settings.file}); !checked)
        return failure(std::move(checked.error()));
    return settings;
}

Result<std::uint64_t> write_rows(Invocation& invocation, data::IndicatorJob& job,
                                 RowText::Form form) {
    RowText text(form, job.columns());
    RowOutput output(invocation, form == RowText::Form::json);
    if (invocation.given("--out"))
        if (auto opened = output.open_file(invocation.text("--out")); !opened)
            return failure(std::move(opened.error()));
    const std::string symbol =
        invocation.given("--symbol") ? invocation.text("--symbol") : job.symbol();
    if (auto added = output.add(text.head(symbol)); !added)
        return failure(std::move(added.error()));
    const std::uint64_t expected = job.rows_expected();
    Progress progress(invocation, "rows", expected);
    auto bars = job.run(
        [&](const model::Bar& bar, Row row) { return output.add(text.row(bar.open_time, row)); },
        [&](std::uint64_t rows) {
            progress.update(std::min(rows, expected));
            return !Invocation::interrupted();
        });
    if (!bars) return bars;
    auto ended = output.add(text.tail());
    if (ended) ended = output.finish();
    if (!ended) return failure(std::move(ended.error()));
    return bars;
}

int compute(Invocation& invocation, RowText::Form form) {
    const auto settings = settings_of(invocation);
    if (!settings) return invocation.fail(settings.error());
    auto job = data::IndicatorJob::open(*settings);
    if (!job) return invocation.fail(job.error());
    const auto bars = write_rows(invocation, *job, form);
    if (!bars) return invocation.fail(bars.error());
    tell(invocation, *job, *bars);
    return 0;
}

int wrong_use(Invocation& invocation, std::string what, std::string mend) {
    return invocation.fail(Error{ErrorCode::usage, std::move(what), {}, {}, std::move(mend)});
}

int run_indicators(Invocation& invocation) {
    if (invocation.flag("--markdown")) {
        invocation.out() << indicators::catalog_markdown();
        return 0;
    }
    const bool computes = invocation.given("FILE") || invocation.given("--with");
    if (invocation.flag("--list") && computes)
        return wrong_use(invocation, "--list stands alone", "leave out FILE and --with");
    if (invocation.flag("--list")) return list_indicators(invocation);
    if (!invocation.given("FILE"))
        return wrong_use(invocation, "no file was named",
                         "name one, or see which there are: millrace indicators --list");
    if (!invocation.given("--with"))
        return wrong_use(invocation, "no indicator was named",
                         "say which, as in --with rsi:14,ema:20; see millrace indicators --list");
    const bool is_json = invocation.json() || invocation.jsonl();
    if (invocation.flag("--csv") && is_json)
        return wrong_use(invocation, "--csv and --json exclude each other",
                         "leave one of them out");
    if (invocation.jsonl()) return compute(invocation, RowText::Form::jsonl);
    return compute(invocation, is_json ? RowText::Form::json : RowText::Form::csv);
}

std::vector<std::string> suggested_indicators() {
    std::vector<std::string> names;
    for (const indicators::IndicatorFamily& family : indicators::all_indicators())
        for (const indicators::IndicatorType& type : family.types)
            names.emplace_back(type.name);
    return names;
}

}  // namespace

void add_indicators_commands(Table& table) {
    std::vector<Option> options = {
        {.name = "--with",
         .value_name = "LIST",
         .doc = "NAME[:VALUE…][@PRICE] with commas between: rsi:14:cutler,ema:20@hl2",
         .kind = Kind::text,
         .repeatable = true,
         .suggest = suggested_indicators},
        {.name = "--list", .doc = "List all indicators with their defaults"},
        {.name = "--csv", .doc = "Print CSV, as without --json and --jsonl"},
        {.name = "--out",
         .value_name = "PATH",
         .doc = "Write there instead of to stdout, whole or not at all",
         .kind = Kind::path},
        {.name = "--symbol",
         .value_name = "NAME",
         .doc = "Which, of a file with several; the file's own or its name unless given",
         .kind = Kind::text},
        {.name = "--markdown",
         .doc = "Print the reference page of all indicators",
         .hidden = true}};
    for (Option& option : table_option_list())
        options.push_back(std::move(option));
    table.add(Command{
        .path = "indicators",
        .section = "Research",
        .summary = "Compute indicators over a file of bars, or list them",
        .description =
            "Reads a file of bars and prints a row for each: its time and a column for each "
            "indicator, named as it was written, empty until the indicator is ready. Other outputs "
            "of an indicator follow in columns of their own, such as bollinger:20:2.upper. Bars "
            "stream through; only a --json document on stdout is held until it is whole.",
        .arguments = {{.name = "FILE",
                       .doc = "Text (plain, gzip or zip) or Parquet of bars",
                       .kind = Kind::path,
                       .required = false}},
        .options = std::move(options),
        .examples = {{"millrace indicators --list", "Which are there?"},
                     {"millrace indicators bars.csv --with rsi:14,ema:20", "Two, as CSV"},
                     {"millrace indicators bars.csv --with bollinger:20:2@hlc3 --json",
                      "Bands of the typical price"}},
        .run = run_indicators,
        .streams = true,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
