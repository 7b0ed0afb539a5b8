#include "millrace/base/code.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(Code, Holds_up_to_eight_printable_characters) {
    EXPECT_EQ(Code("USD").text(), "USD");
    EXPECT_EQ(Code::from("USDT-PER").value().text(), "USDT-PER");
    EXPECT_EQ(Code().text(), "");
    EXPECT_TRUE(Code().empty());
    for (const std::string_view text : {"123456789", "U S", "U\tD", "\xc3\xa9", "\x7f"})
        EXPECT_FALSE(Code::from(text)) << text;
}

TEST(Code, Knows_which_numbers_it_could_have_packed) {
    EXPECT_TRUE(Code::is_packed(Code("USD").packed()));
    EXPECT_EQ(Code::from_packed(Code("EUR").packed()), Code("EUR"));
    EXPECT_TRUE(Code::is_packed(0));
    EXPECT_FALSE(Code::is_packed(0x20));           // a space
    EXPECT_FALSE(Code::is_packed(0x4100));         // begins with nothing
    EXPECT_FALSE(Code::is_packed(0x41004100'41));  // a hole
}

}  // namespace
}  // namespace millrace
