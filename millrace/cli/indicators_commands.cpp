// `millrace indicators`: which indicators there are, and what they say about a file of bars.
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/data/indicator_job.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/cli/progress.hpp"

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
}

int compute(Invocation& invocation, RowText::Form form) {
    data::IndicatorJobSettings settings;
    settings.file = invocation.text("FILE");
    settings.indicators = invocation.texts("--with");
    auto job = data::IndicatorJob::open(settings);
    if (!job) return invocation.fail(job.error());
    RowText text(form, job->columns());
    Progress progress(invocation, "rows", job->rows_expected());
    // A document is held back until it is whole, because an error must be one as well.
    std::string held = text.head(std::filesystem::path(settings.file).stem().string());
    const auto bars = job->run(
        [&](const model::Bar& bar, Row row) {
            held += text.row(bar.open_time, row);
            if (form != RowText::Form::json) {
                invocation.out() << held;
                held.clear();
            }
            return Result<void>();
        },
        [&](std::uint64_t rows) {
            progress.update(std::min(rows, job->rows_expected()));
            return !Invocation::interrupted();
        });
    if (!bars) return invocation.fail(bars.error());
    invocation.out() << held << text.tail();
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
    table.add(Command{
        .path = "indicators",
        .section = "Research",
        .summary = "Compute indicators over a file of bars, or list them",
        .description =
            "Reads a text table of bars and prints a row for each: its time and a column for each "
            "indicator, named as it was written, empty until the indicator is ready. Other outputs "
            "of an indicator follow in columns of their own, such as bollinger:20:2.upper. Bars "
            "stream through; only a --json document is held until it is whole.",
        .arguments =
            {{.name = "FILE", .doc = "CSV of bars", .kind = Kind::path, .required = false}},
        .options = {{.name = "--with",
                     .value_name = "LIST",
                     .doc = "NAME[:VALUE…][@PRICE] with commas between: rsi:14:cutler,ema:20@hl2",
                     .kind = Kind::text,
                     .repeatable = true,
                     .suggest = suggested_indicators},
                    {.name = "--list", .doc = "List all indicators with their defaults"},
                    {.name = "--csv", .doc = "Print CSV, as without --json and --jsonl"},
                    {.name = "--markdown",
                     .doc = "Print the reference page of all indicators",
                     .hidden = true}},
        .examples = {{"millrace indicators --list", "Which are there?"},
                     {"millrace indicators bars.csv --with rsi:14,ema:20", "Two, as CSV"},
                     {"millrace indicators bars.csv --with bollinger:20:2@hlc3 --json",
                      "Bands of the typical price"}},
        .run = run_indicators,
        .streams = true,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
