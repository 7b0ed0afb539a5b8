#include "millrace/cli/help.hpp"

#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/test_run.hpp"

namespace millrace::cli {
namespace {

int nothing(Invocation&) {
    return 0;
}

Command play() {
    return Command{
        .path = "tape play",
        .summary = "Play a tape",
        .description =
            "Plays a tape from its first record to its last, and says what it met on the way, "
            "which is wrapped at the hundredth column.",
        .arguments = {{.name = "FILE", .doc = "The tape", .kind = Kind::path}},
        .options = {{.name = "--seeds",
                     .value_name = "N",
                     .doc = "How many",
                     .kind = Kind::integer,
                     .default_text = "100",
                     .minimum = 1},
                    {.name = "--secret", .doc = "Not shown", .hidden = true}},
        .examples = {{"millrace tape play a.tape", "The common case"}},
        .run = nothing};
}

TEST(Help, Shows_usage_description_arguments_options_examples_and_exit_codes) {
    const std::string page = help_of_command(play(), Paint(false));
    EXPECT_TRUE(page.starts_with(
        "Usage: millrace tape play [OPTIONS] FILE\n"
        "\n"
        "Plays a tape from its first record to its last, and says what it met on the way, which is "
        "wrapped at\n"
        "the hundredth column.\n"
        "\n"
        "Arguments:\n"
        "  FILE  The tape\n"
        "\n"
        "Options:\n"
        "      --seeds N  How many [at least 1; default 100]\n"
        "\n"
        "Options of every command:\n"
        "      --config FILE    Read this configuration file instead of millrace.toml\n"))
        << page;
    EXPECT_TRUE(page.ends_with(
        "Examples:\n"
        "  millrace tape play a.tape\n"
        "      The common case\n"
        "\n"
        "Exit codes: 0 done, 1 a fault of millrace, 2 usage, 3 configuration, 4 data,\n"
        "            5 network or venue, 6 rejected by risk, 7 timeout, 8 not running, 130 "
        "interrupted.\n"))
        << page;
}

TEST(Help, Marks_headings_on_a_terminal_only) {
    EXPECT_EQ(help_of_command(play(), Paint(false)).find('\x1b'), std::string::npos);
    EXPECT_NE(help_of_command(play(), Paint(true)).find("\x1b[1mOptions:\x1b[0m"),
              std::string::npos);
}

TEST(Help, Comes_on_stdout_with_exit_0_for_nothing_a_noun_a_verb_and_the_flag) {
    Table table;
    table.add(Group{.name = "tape", .section = "Work", .summary = "Look at tapes"});
    table.add(play());
    const std::string all = ran(table, {}).out;
    EXPECT_NE(all.find("\nWork:\n  tape  Look at tapes\n"), std::string::npos) << all;
    EXPECT_EQ(ran(table, {"--help"}).out, all);
    EXPECT_EQ(ran(table, {"-h"}).out, all);
    const std::string group = ran(table, {"tape"}).out;
    EXPECT_NE(group.find("\nVerbs:\n  play  Play a tape\n"), std::string::npos) << group;
    EXPECT_EQ(ran(table, {"tape", "-h"}).out, group);
    const Ran verb = ran(table, {"tape", "play", "--help"});
    EXPECT_EQ(verb.out, help_of_command(play(), Paint(false)));
    EXPECT_EQ(verb.code, 0);
    EXPECT_EQ(verb.err, "");
}

// A promise about every command that exists: it fits the page, and it can be shown.
TEST(Help, Of_every_command_fits_a_hundred_columns) {
    const Table& table = all_commands();
    std::vector<std::string> pages = {help_of_all(table, Paint(false))};
    for (const Noun& noun : table.nouns())
        if (const Group* group = table.find_group(noun.name))
            pages.push_back(help_of_group(table, *group, Paint(false)));
    for (const Command& command : table.commands()) {
        pages.push_back(help_of_command(command, Paint(false)));
        const auto shown = std::ranges::count(command.options, false, &Option::hidden);
        EXPECT_LE(shown, 15) << command.path << " has too many options";
        EXPECT_FALSE(command.examples.empty()) << command.path << " has no example";
    }
    ASSERT_GE(pages.size(), 8u);
    for (const std::string& page : pages) {
        std::istringstream lines(page);
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(line.size(), 100u) << line;
    }
}

TEST(Help, Command_shows_the_same_pages_and_the_whole_table_as_json) {
    const Table& table = all_commands();
    EXPECT_EQ(ran(table, {"help"}).out, ran(table, {}).out);
    EXPECT_EQ(ran(table, {"help", "config", "show"}).out,
              ran(table, {"config", "show", "--help"}).out);
    EXPECT_EQ(ran(table, {"help", "confgi"}).code, 2);
    const Ran json = ran(table, {"help", "version", "--json"});
    EXPECT_NE(json.out.find("\"path\": \"version\""), std::string::npos);
    EXPECT_EQ(json.out.find("\"path\": \"doctor\""), std::string::npos);
    EXPECT_EQ(ran(table, {"version", "--help", "--json"}).out, json.out);
}

}  // namespace
}  // namespace millrace::cli
