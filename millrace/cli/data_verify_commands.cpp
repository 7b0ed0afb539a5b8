// `millrace data verify`: what files of market data are worth.
#include <algorithm>
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/cli/table_options.hpp"
#include "millrace/cli/verify_text.hpp"

namespace millrace::cli {
namespace {

constexpr int kTooPoor = 4;  // the exit code of bad data

Result<data::VerifySettings> settings_of(const Invocation& invocation) {
    data::VerifySettings settings;
    settings.calendar = invocation.text("--calendar");
    auto table = table_options(invocation, invocation.text("--symbol"));
    if (!table) return failure(std::move(table.error()));
    settings.table = std::move(*table);
    if (!invocation.given("--every")) return settings;
    auto every = parse_duration(invocation.text("--every"));
    if (!every || *every <= Duration())
        return failure(ErrorCode::usage, "this is no length of a period", "--every",
                       every ? "it is not above zero" : every.error().what, "write --every 1m");
    settings.every = *every;
    return settings;
}

Result<data::Verified> verify_one(Invocation& invocation, data::VerifySettings settings,
                                  const std::string& file) {
    settings.file = file;
    std::optional<Progress> progress;
    std::uint64_t expected = 0;
    return data::verify(settings, {.rows_expected =
                                       [&](std::uint64_t rows) {
                                           expected = rows;
                                           progress.emplace(invocation, "rows", rows);
                                       },
                                   .go_on =
                                       [&](std::uint64_t rows) {
                                           progress->update(std::min(rows, expected));
                                           return !Invocation::interrupted();
                                       }});
}

Result<std::vector<data::Verified>> verify_all(Invocation& invocation) {
    const auto settings = settings_of(invocation);
    if (!settings) return failure(Error(settings.error()));
    std::vector<data::Verified> all;
    for (const std::string& file : invocation.texts("FILE")) {
        const auto names = data::series_in(file);
        if (!names) return failure(Error(names.error()));
        for (const std::string& name : *names) {
            auto verified = verify_one(invocation, *settings, name);
            if (!verified) return failure(std::move(verified.error()));
            all.push_back(std::move(*verified));
        }
    }
    return all;
}

int verify(Invocation& invocation) {
    const auto all = verify_all(invocation);
    if (!all) return invocation.fail(all.error());
    char worst = 'A';
    for (const data::Verified& verified : *all)
        worst = std::max(worst, verified.verdict.grade);
    const char required = invocation.text("--require").front();
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("grade", std::string_view(&worst, 1));
        document.member("required", std::string_view(&required, 1));
        document.member("passed", worst <= required).key("files").begin_array();
        for (const data::Verified& verified : *all)
            write_verified(document, verified);
        document.end_array().end_object();
        invocation.print(document);
    } else {
        for (const data::Verified& verified : *all)
            print_verified(invocation.out(), verified);
    }
    if (worst <= required) return 0;
    invocation.say(std::string("grade ") + worst + " is below the " + required +
                   " that is required (--require)");
    return kTooPoor;
}

std::vector<std::string> calendar_names() {
    const auto names = market::Calendar::names();
    return {names.begin(), names.end()};
}

}  // namespace

void add_data_verify_commands(Table& table) {
    std::vector<Option> options = {
        {.name = "--calendar",
         .value_name = "CALENDAR",
         .doc = "The market by whose sessions coverage is measured",
         .kind = Kind::text,
         .suggest = calendar_names},
        {.name = "--every",
         .value_name = "LENGTH",
         .doc = "Of bars their length; of ticks the periods in which one is expected, 1m unless "
                "given",
         .kind = Kind::text},
        {.name = "--require",
         .value_name = "GRADE",
         .doc = "The worst grade that ends with exit code 0",
         .kind = Kind::choice,
         .default_text = "C",
         .choices = {"A", "B", "C", "D", "F"}},
        {.name = "--symbol",
         .value_name = "NAME",
         .doc = "Which, of a file with several",
         .kind = Kind::text}};
    for (Option& option : table_option_list())
        options.push_back(std::move(option));
    table.add(Command{
        .path = "data verify",
        .summary = "Look for gaps and errors in market data, and grade them",
        .description =
            "Reads files once, in constant memory, and tells what is wrong: rows that cannot be "
            "believed, gaps, coverage of a market's sessions by day and month, outliers, suspected "
            "splits, prices that do not move. Exit code 4 when a grade is worse than --require or "
            "a file cannot be read.",
        .arguments = {{.name = "FILE",
                       .doc = "CSV, gzip, zip, Parquet or a tape",
                       .kind = Kind::path,
                       .repeatable = true}},
        .options = std::move(options),
        .examples = {{"millrace data verify minutes.csv --calendar us-equities", "One file"},
                     {"millrace data verify *.tape --calendar fx --require B --json",
                      "For a script: exit code 4 below a B"}},
        .run = verify,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
