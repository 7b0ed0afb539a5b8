#include "millrace/base/nearest.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace millrace {
namespace {

constexpr std::array<std::string_view, 4> kCommands = {"backtest", "journal", "doctor", "config"};

TEST(Nearest, Finds_the_word_behind_a_dropped_doubled_wrong_or_swapped_letter) {
    EXPECT_EQ(nearest("backtst", kCommands), "backtest");
    EXPECT_EQ(nearest("jjournal", kCommands), "journal");
    EXPECT_EQ(nearest("doktor", kCommands), "doctor");
    EXPECT_EQ(nearest("cofnig", kCommands), "config");
}

TEST(Nearest, Does_not_care_about_case) {
    EXPECT_EQ(nearest("Europe/berlin", std::vector<std::string>{"Europe/Berlin", "Europe/Bern"}),
              "Europe/Berlin");
}

TEST(Nearest, Stays_silent_when_nothing_is_near) {
    EXPECT_EQ(nearest("zzz", kCommands), "");
    EXPECT_EQ(nearest("", kCommands), "");
    EXPECT_EQ(nearest("x", std::vector<std::string>{"y"}), "");
    EXPECT_EQ(nearest("doctor", std::vector<std::string>{}), "");
}

TEST(Nearest, Takes_the_first_of_two_that_are_equally_near) {
    EXPECT_EQ(nearest("port", std::vector<std::string>{"part", "pork"}), "part");
    EXPECT_EQ(nearest("port", std::vector<std::string>{"pork", "part"}), "pork");
}

TEST(Nearest, Compares_no_word_beyond_its_limit) {
    const std::string long_word(97, 'a');
    EXPECT_EQ(nearest(long_word, std::vector<std::string>{long_word}), "");
}

TEST(EditDistance, Counts_the_edits_of_known_pairs) {
    EXPECT_EQ(edit_distance("kitten", "sitting", 9), 3U);  // k>s, e>i, +g
    EXPECT_EQ(edit_distance("ab", "ba", 9), 1U);
    EXPECT_EQ(edit_distance("", "abc", 9), 3U);
    EXPECT_EQ(edit_distance("same", "SAME", 9), 0U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U);  // limit + 1: "more than the limit"
}

}  // namespace
}  // namespace millrace
