#include "millrace/cli/command.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"

namespace millrace::cli {
namespace {

int nothing(Invocation&) {
    return 0;
}

Command good() {
    return Command{.path = "play",
                   .section = "Work",
                   .summary = "Play",
                   .description = "Plays.",
                   .run = nothing};
}

void refuses(const Command& command) {
    Table table;
    EXPECT_THROW(table.add(command), AssertionFailed);
}

TEST(Table, Refuses_commands_that_are_not_well_formed) {
    Table table;
    table.add(good());
    EXPECT_THROW(table.add(good()), AssertionFailed) << "twice";

    Command without_function = good();
    without_function.run = nullptr;
    refuses(without_function);
    Command without_section = good();
    without_section.section = "";
    refuses(without_section);
    Command without_group = good();
    without_group.path = "tape play";
    refuses(without_group);
    Command too_deep = good();
    too_deep.path = "tape play loud";
    refuses(too_deep);
}

TEST(Table, Refuses_options_that_are_not_well_formed) {
    const auto with = [](Option option) {
        Command command = good();
        command.options.push_back(std::move(option));
        return command;
    };
    refuses(with({.name = "seeds", .doc = "d"}));
    refuses(with({.name = "--seeds"}));
    refuses(with({.name = "--seeds", .doc = "no value name", .kind = Kind::integer}));
    refuses(with({.name = "--mode", .value_name = "M", .doc = "no choices", .kind = Kind::choice}));
    refuses(with({.name = "--json", .doc = "a global one"}));
    refuses(with({.name = "--vast", .short_name = 'v', .doc = "a global short one"}));
}

TEST(Table, Refuses_arguments_in_an_order_that_nobody_could_type) {
    Command optional_first = good();
    optional_first.arguments = {{.name = "A", .doc = "a", .required = false},
                                {.name = "B", .doc = "b"}};
    refuses(optional_first);
    Command repeated_first = good();
    repeated_first.arguments = {{.name = "A", .doc = "a", .repeatable = true},
                                {.name = "B", .doc = "b"}};
    refuses(repeated_first);
}

TEST(Table, Lists_nouns_in_the_order_they_were_added) {
    Table table;
    table.add(Group{.name = "tape", .section = "Work", .summary = "Tapes"});
    table.add(good());
    Command verb = good();
    verb.path = "tape play";
    table.add(verb);
    ASSERT_EQ(table.nouns().size(), 2u);
    EXPECT_EQ(table.nouns()[0].name, "tape");
    EXPECT_EQ(table.nouns()[1].name, "play");
    ASSERT_EQ(table.verbs_of("tape").size(), 1u);
    EXPECT_EQ(last_word(table.verbs_of("tape")[0]->path), "play");
    EXPECT_EQ(table.find("tape"), nullptr);
}

}  // namespace
}  // namespace millrace::cli
