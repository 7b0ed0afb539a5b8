#include "millrace/cli/completion.hpp"

#include <gtest/gtest.h>

#include "millrace/cli/test_run.hpp"

namespace millrace::cli {
namespace {

int nothing(Invocation&) {
    return 0;
}
std::vector<std::string> tapes() {
    return {"monday", "tuesday"};
}
std::vector<std::string> keys() {
    return {"log.level=", "log.file="};
}

Table small_table() {
    Table table;
    table.add(Group{.name = "tape", .section = "Work", .summary = "Look at tapes"});
    table.add(Command{.path = "tape play",
                      .summary = "Play a tape",
                      .description = "Plays a tape.",
                      .arguments = {{.name = "TAPE", .doc = "The tape", .suggest = tapes},
                                    {.name = "FILE", .doc = "The file", .kind = Kind::path}},
                      .options = {{.name = "--mode",
                                   .value_name = "MODE",
                                   .doc = "How fast",
                                   .kind = Kind::choice,
                                   .choices = {"slow", "fast"}},
                                  {.name = "--key",
                                   .value_name = "KEY=VALUE",
                                   .doc = "A key",
                                   .kind = Kind::text,
                                   .repeatable = true,
                                   .suggest = keys},
                                  {.name = "--secret", .doc = "Not shown", .hidden = true}},
                      .run = nothing});
    table.add(Command{.path = "tune",
                      .section = "Work",
                      .summary = "Tune it",
                      .description = "Tunes it.",
                      .run = nothing});
    return table;
}

std::vector<std::string> words_for(const std::vector<std::string>& words) {
    const Table table = small_table();
    std::vector<std::string> offered;
    for (const Suggestion& suggestion : complete(table, words).suggestions)
        offered.push_back(suggestion.word);
    return offered;
}

using Words = std::vector<std::string>;

TEST(Completion, Offers_nouns_then_verbs_with_what_they_do) {
    const Table table = small_table();
    EXPECT_EQ(complete(table, Words{"t"}).suggestions,
              (std::vector<Suggestion>{{"tape", "Look at tapes"}, {"tune", "Tune it"}}));
    EXPECT_EQ(words_for({"--profile", "tape", "ta"}), Words{"tape"});
    EXPECT_EQ(words_for({"tape", ""}), Words{"play"});
    EXPECT_EQ(words_for({"tune", ""}), Words{});
    EXPECT_EQ(words_for({"nothing", ""}), Words{});
    EXPECT_EQ(words_for({}), Words{});
}

TEST(Completion, Offers_options_that_are_not_used_up_and_never_hidden_ones) {
    EXPECT_EQ(words_for({"tape", "play", "--m"}), Words{"--mode"});
    EXPECT_EQ(words_for({"tape", "play", "--mode=slow", "--m"}), Words{});
    EXPECT_EQ(words_for({"tape", "play", "--key", "a=b", "--k"}), Words{"--key"});
    EXPECT_EQ(words_for({"tape", "play", "--sec"}), Words{});
    EXPECT_EQ(words_for({"tape", "play", "--", "--m"}), Words{});
    EXPECT_EQ(words_for({"--j"}), Words{"--json"});
}

TEST(Completion, Offers_the_values_of_options_and_arguments) {
    EXPECT_EQ(words_for({"tape", "play", "--mode", ""}), (Words{"slow", "fast"}));
    EXPECT_EQ(words_for({"tape", "play", "--mode=f"}), Words{"--mode=fast"});
    EXPECT_EQ(words_for({"tape", "play", "--mode", "fast", "m"}), Words{"monday"});
    EXPECT_EQ(words_for({"tape", "play", "--key", "log.f"}), Words{"log.file="});
    EXPECT_TRUE(complete(small_table(), Words{"tape", "play", "monday", ""}).files);
    EXPECT_EQ(words_for({"tape", "play", "monday", "file", ""}), Words{});
}

TEST(Completion, Answers_each_shell_in_its_own_form) {
    const Table table = small_table();
    EXPECT_EQ(answer_completion(table, Words{"bash", "--", "ta"}), "tape\n");
    EXPECT_EQ(answer_completion(table, Words{"zsh", "--", "ta"}), "tape\tLook at tapes\n");
    EXPECT_EQ(answer_completion(table, Words{"fish", "--", "ta"}), "tape\tLook at tapes\n");
    EXPECT_EQ(answer_completion(table, Words{"zsh", "--", "tape", "play", "m", ""}), ":files\n");
    EXPECT_EQ(answer_completion(table, Words{}), "");
    EXPECT_EQ(answer_completion(table, Words{"bash", "ta"}), "");
}

TEST(Completion, Glues_together_what_bash_cuts_at_equal_signs) {
    const Table table = small_table();
    EXPECT_EQ(answer_completion(table, Words{"bash", "--", "tape", "play", "--mode", "=", "f"}),
              "fast\n");
    EXPECT_EQ(answer_completion(table, Words{"bash", "--", "tape", "play", "--mode", "="}),
              "slow\nfast\n");
    EXPECT_EQ(answer_completion(table, Words{"bash", "--", "tape", "play", "--key", "=", "log.l"}),
              "log.level=\n");
}

TEST(Completion, Is_reached_through_the_hidden_call) {
    const Ran answered = ran(small_table(), {"__complete", "bash", "--", "--json", "tu"});
    EXPECT_EQ(answered.out, "tune\n");
    EXPECT_EQ(answered.code, 0);
    EXPECT_EQ(ran(small_table(), {"__complete"}).code, 0);
}

}  // namespace
}  // namespace millrace::cli
