#include "millrace/base/utf8.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"

namespace millrace {
namespace {

TEST(Utf8, Knows_the_first_and_last_character_of_each_length) {
    EXPECT_EQ(utf8_length("\x7f"), 1U);
    EXPECT_EQ(utf8_length("\xc2\x80"), 2U);
    EXPECT_EQ(utf8_length("\xdf\xbf"), 2U);
    EXPECT_EQ(utf8_length("\xe0\xa0\x80"), 3U);
    EXPECT_EQ(utf8_length("\xed\x9f\xbf"), 3U);
    EXPECT_EQ(utf8_length("\xef\xbf\xbf"), 3U);
    EXPECT_EQ(utf8_length("\xf0\x90\x80\x80"), 4U);
    EXPECT_EQ(utf8_length("\xf4\x8f\xbf\xbf"), 4U);
}

TEST(Utf8, Refuses_overlong_forms_surrogates_and_what_lies_beyond_unicode) {
    EXPECT_EQ(utf8_length("\xc0\x80"), 0U);
    EXPECT_EQ(utf8_length("\xc1\xbf"), 0U);
    EXPECT_EQ(utf8_length("\xe0\x9f\xbf"), 0U);
    EXPECT_EQ(utf8_length("\xed\xa0\x80"), 0U);
    EXPECT_EQ(utf8_length("\xf0\x8f\xbf\xbf"), 0U);
    EXPECT_EQ(utf8_length("\xf4\x90\x80\x80"), 0U);
    EXPECT_EQ(utf8_length("\xf5\x80\x80\x80"), 0U);
    EXPECT_EQ(utf8_length("\xff"), 0U);
}

TEST(Utf8, Refuses_characters_that_are_cut_short) {
    EXPECT_EQ(utf8_length(""), 0U);
    EXPECT_EQ(utf8_length("\xc3"), 0U);
    EXPECT_EQ(utf8_length("\xe2\x82"), 0U);
    EXPECT_EQ(utf8_length("\xf0\x9f\x98"), 0U);
    EXPECT_EQ(utf8_length("\x80"), 0U);
}

TEST(Utf8, Reads_code_points) {
    EXPECT_EQ(utf8_code_point("A"), U'A');
    EXPECT_EQ(utf8_code_point("\xc3\xa9"), U'\u00e9');
    EXPECT_EQ(utf8_code_point("\xe2\x82\xac"), U'\u20ac');
    EXPECT_EQ(utf8_code_point("\xf0\x9f\x98\x80"), U'\U0001f600');
    EXPECT_THROW(static_cast<void>(utf8_code_point("\xff")), AssertionFailed);
}

TEST(Utf8, Names_the_offset_of_the_first_bad_byte) {
    EXPECT_EQ(first_invalid_utf8("caf\xc3\xa9"), std::nullopt);
    EXPECT_EQ(first_invalid_utf8("ab\xc3\xa9\xffz"), 4U);
    EXPECT_EQ(first_invalid_utf8(""), std::nullopt);
}

}  // namespace
}  // namespace millrace
