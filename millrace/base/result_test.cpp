#include "millrace/base/result.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"

namespace millrace {
namespace {

Result<int> half_of(int value) {
    if (value % 2 != 0)
        return failure(ErrorCode::data, "7 is odd", "$.count", "only even counts halve", "use 8");
    return value / 2;
}

TEST(Result, Carries_the_value_or_what_where_why_and_the_mend) {
    EXPECT_EQ(half_of(8).value(), 4);
    const auto refused = half_of(7);
    ASSERT_FALSE(refused);
    EXPECT_EQ(describe(refused.error()),
              "error: 7 is odd\n  at: $.count\n  why: only even counts halve\n  mend: use 8");
}

TEST(Result, Leaves_out_the_lines_that_have_nothing_to_say) {
    EXPECT_EQ(describe(Error{ErrorCode::internal, "it broke", "", "", ""}), "error: it broke");
}

TEST(Result, Exit_codes_are_the_documented_ones) {
    EXPECT_EQ(exit_code_of(ErrorCode::internal), 1);
    EXPECT_EQ(exit_code_of(ErrorCode::usage), 2);
    EXPECT_EQ(exit_code_of(ErrorCode::config), 3);
    EXPECT_EQ(exit_code_of(ErrorCode::data), 4);
    EXPECT_EQ(exit_code_of(ErrorCode::network), 5);
    EXPECT_EQ(exit_code_of(ErrorCode::rejected), 6);
    EXPECT_EQ(exit_code_of(ErrorCode::timeout), 7);
    EXPECT_EQ(exit_code_of(ErrorCode::not_running), 8);
    EXPECT_EQ(exit_code_of(ErrorCode::interrupted), 130);
}

TEST(Assertion, Throws_with_the_condition_and_the_place) {
    try {
        MILLRACE_ASSERT(1 + 1 == 3, "sums must hold");
        FAIL() << "the assertion did not throw";
    } catch (const AssertionFailed& failed) {
        const std::string text = failed.what();
        EXPECT_NE(text.find("result_test.cpp:"), std::string::npos) << text;
        EXPECT_NE(text.find("`1 + 1 == 3` failed: sums must hold"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace millrace
