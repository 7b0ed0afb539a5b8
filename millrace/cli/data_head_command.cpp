// `millrace data head`: what a file of market data is taken for, and why.
#include "millrace/cli/data_head_command.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/data/head_job.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/table_options.hpp"

namespace millrace::cli {
namespace {

using data::Head;

constexpr std::size_t kFindingsShown = 10;

std::string time_text(const std::optional<Time>& time) {
    return time ? format_time(*time) : "none";
}

// The names of a row's cells and what stands in them.
using Cells = std::vector<std::pair<std::string_view, std::string>>;

Cells cells_of(const model::Datum& datum) {
    if (const auto* bar = std::get_if<model::Bar>(&datum))
        return {{"time", format_time(bar->open_time)}, {"open", bar->open.to_string()},
                {"high", bar->high.to_string()},       {"low", bar->low.to_string()},
                {"close", bar->close.to_string()},     {"volume", bar->volume.to_string()}};
    if (const auto* quote = std::get_if<model::Quote>(&datum))
        return {{"time", format_time(quote->known_at)},
                {"bid", quote->bid.to_string()},
                {"ask", quote->ask.to_string()},
                {"bid_size", quote->bid_size.to_string()},
                {"ask_size", quote->ask_size.to_string()}};
    const auto& trade = std::get<model::Trade>(datum);
    return {{"time", format_time(trade.known_at)},
            {"price", trade.price.to_string()},
            {"size", trade.size.to_string()}};
}

void print_rows(std::ostream& out, const std::vector<model::Datum>& rows) {
    std::vector<std::size_t> widths;
    std::vector<Cells> table;
    for (const model::Datum& row : rows) {
        table.push_back(cells_of(row));
        widths.resize(table.back().size());
        for (std::size_t i = 0; i < widths.size(); ++i)
            widths[i] =
                std::max({widths[i], table.back()[i].first.size(), table.back()[i].second.size()});
    }
    if (table.empty()) return;
    const auto print = [&](auto text_of) {  // times to the left, numbers to the right
        std::string line = fmt::format("  {:<{}}", text_of(std::size_t{0}), widths[0]);
        for (std::size_t i = 1; i < widths.size(); ++i)
            line += fmt::format("  {:>{}}", text_of(i), widths[i]);
        out << line << '\n';
    };
    print([&](std::size_t i) { return table.front()[i].first; });
    for (const Cells& cells : table)
        print([&](std::size_t i) { return cells[i].second; });
}

// What the first look found.
void print_found(std::ostream& out, const Head& head) {
    out << head.file << '\n';
    out << fmt::format("  {:<15}{} ({})\n", "is", head.format, head.description);
    for (const files::Reason& reason : head.reasons)
        out << fmt::format("  {:<15}{}{}{}\n", reason.what, reason.value,
                           reason.value.empty() ? "" : ": ", reason.why);
}

void print_counted(std::ostream& out, const Head& head) {
    out << fmt::format("  {:<15}{}, {} to {}\n", "rows", head.rows, time_text(head.first_time),
                       time_text(head.last_time));
    if (!head.findings.empty()) {
        out << fmt::format("  {:<15}{}\n", "bad rows", head.findings.describe());
        std::size_t shown = 0;
        for (const model::RowFinding& finding : head.findings.first())
            if (++shown <= kFindingsShown)
                out << fmt::format("  {:<15}{}\n", finding.is_mended ? "  mended" : "  left out",
                                   finding.why);
    }
    print_rows(out, head.first);
}

void write_dialect(JsonWriter& json, const files::TableDialect& dialect) {
    json.member("delimiter", std::string(1, dialect.delimiter));
    json.member("decimal_mark", std::string(1, dialect.decimal_mark));
    json.member("has_header", dialect.has_header);
    json.member("lines_before", dialect.lines_before);
    json.key("columns").begin_array();
    for (const files::ColumnRole role : dialect.columns)
        json.text(model::name_of(role));
    json.end_array();
    json.member("time_format", model::name_of(dialect.time_format));
    json.member("zone", dialect.zone.name());
    json.member("price_decimals", static_cast<std::uint64_t>(dialect.price_decimals));
    json.member("prices", dialect.prices == files::Prices::raw ? "raw" : "adjusted");
}

void write_findings(JsonWriter& json, const model::RowFindings& findings) {
    json.key("bad_rows").begin_object();
    json.member("mended", findings.mended()).member("left_out", findings.left_out());
    json.key("by_fault").begin_object();
    for (std::size_t i = 0; i < model::kRowFaults; ++i) {
        const auto fault = static_cast<model::RowFault>(i);
        if (findings.mended(fault) + findings.left_out(fault) == 0) continue;
        json.key(model::name_of(fault)).begin_object();
        json.member("mended", findings.mended(fault));
        json.member("left_out", findings.left_out(fault)).end_object();
    }
    json.end_object().key("first").begin_array();
    for (const model::RowFinding& finding : findings.first()) {
        json.begin_object().member("line", finding.line);
        json.member("fault", model::name_of(finding.fault));
        json.member("is_mended", finding.is_mended).member("why", finding.why).end_object();
    }
    json.end_array().end_object();
}

void write_head(JsonWriter& json, const Head& head) {
    json.begin_object();
    json.member("file", head.file).member("symbol", head.symbol).member("packed", head.packed);
    json.key("member");
    if (head.member.empty())
        json.null();
    else
        json.text(head.member);
    json.member("format", head.format).member("kind", model::name_of(head.kind));
    if (head.dialect) write_dialect(json, *head.dialect);
    json.key("bar_length");
    if (head.bar_length.ns() > 0)
        json.text(format_duration(head.bar_length));
    else
        json.null();
    json.member("rows", head.rows);
    for (const auto& [name, time] :
         {std::pair("first_time", head.first_time), std::pair("last_time", head.last_time)}) {
        json.key(name);
        if (time)
            json.text(format_time(*time));
        else
            json.null();
    }
    json.key("reasons").begin_array();
    for (const files::Reason& reason : head.reasons)
        json.begin_object()
            .member("what", reason.what)
            .member("value", reason.value)
            .member("why", reason.why)
            .end_object();
    json.end_array();
    write_findings(json, head.findings);
    json.key("preview").begin_array();
    for (const std::string& line : head.preview)
        json.text(line);
    json.end_array().key("first_rows").begin_array();
    for (const model::Datum& datum : head.first) {
        json.begin_object();
        for (const auto& [name, text] : cells_of(datum))
            json.member(name, text);
        json.end_object();
    }
    json.end_array().end_object();
}

Result<void> look_at(Invocation& invocation, const data::HeadSettings& settings,
                     JsonWriter* document) {
    auto job = data::HeadJob::open(settings);
    if (!job) return failure(std::move(job.error()));
    // Before all is read, so that a bad row is told below what its file was taken for.
    if (document == nullptr) print_found(invocation.out(), job->head());
    const std::uint64_t expected = job->rows_expected();
    Progress progress(invocation, "rows", expected);
    auto read = job->run([&](std::uint64_t rows) {
        progress.update(std::min(rows, expected));
        return !Invocation::interrupted();
    });
    if (!read) return read;
    if (document != nullptr)
        write_head(*document, job->head());
    else
        print_counted(invocation.out(), job->head());
    return {};
}

int head(Invocation& invocation) {
    data::HeadSettings settings;
    const auto table = table_options(invocation, invocation.text("--symbol"));
    if (!table) return invocation.fail(table.error());
    settings.table = *table;
    settings.rows = static_cast<std::size_t>(invocation.integer("--rows"));
    JsonWriter document = Invocation::document();
    document.key("files").begin_array();
    for (const std::string& file : invocation.texts("FILE")) {
        settings.file = file;
        auto looked = look_at(invocation, settings, invocation.json() ? &document : nullptr);
        if (!looked) return invocation.fail(looked.error());
    }
    if (!invocation.json()) return 0;
    document.end_array().end_object();
    invocation.print(document);
    return 0;
}

}  // namespace

Command data_head_command() {
    std::vector<Option> options = {{.name = "--rows",
                                    .value_name = "N",
                                    .doc = "How many rows are shown",
                                    .kind = Kind::integer,
                                    .default_text = "5",
                                    .minimum = 0,
                                    .maximum = data::HeadSettings::kRowsMax},
                                   {.name = "--symbol",
                                    .value_name = "NAME",
                                    .doc = "Which, of a file with several",
                                    .kind = Kind::text}};
    for (Option& option : table_option_list())
        options.push_back(std::move(option));
    return Command{
        .path = "data head",
        .summary = "Show what files of market data are taken for, and why",
        .description =
            "Looks at each file as every other command does, and tells what it found: whose form "
            "it is, bars, quotes or trades, delimiter, columns, how times are written and in which "
            "zone, each with its reason. Then it reads all of it, and prints the first rows as "
            "they are understood, how many there are, and from when to when. A row that cannot be "
            "believed is an error with its line, unless --read bad-rows=skip or repair.",
        .arguments = {{.name = "FILE",
                       .doc = "Text (plain, gzip or zip) or Parquet",
                       .kind = Kind::path,
                       .repeatable = true}},
        .options = std::move(options),
        .examples = {{"millrace data head prices.csv", "What is it?"},
                     {"millrace data head ticks.zip --zone America/New_York --json",
                      "In a zone that the file does not tell, as JSON"},
                     {"millrace data head dirty.csv --read bad-rows=repair",
                      "How many rows are bad, and what becomes of them"}},
        .run = head,
        .interrupt = Interrupt::is_asked_for};
}

}  // namespace millrace::cli
