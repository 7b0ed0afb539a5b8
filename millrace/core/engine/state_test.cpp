#include "millrace/core/engine/state.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "millrace/base/text.hpp"

namespace millrace::engine {
namespace {

std::vector<std::byte> bytes_of(const StateWriter& writer) {
    return {writer.bytes().begin(), writer.bytes().end()};
}

TEST(State, Comes_back_in_the_order_of_writing) {
    StateWriter writer;
    writer.put(std::uint64_t{1} << 63);
    writer.put(std::int8_t{-5});
    writer.put_double(0.1);
    writer.put_text("naïve");
    writer.put(Text<8>("abc"));
    writer.put_text("");
    const auto bytes = bytes_of(writer);
    StateReader reader(bytes);
    EXPECT_EQ(reader.get<std::uint64_t>(), 9'223'372'036'854'775'808U);
    EXPECT_EQ(reader.get<std::int8_t>(), -5);
    EXPECT_EQ(reader.get_double(), 0.1);
    EXPECT_EQ(reader.get_text(), "naïve");
    EXPECT_EQ(reader.get<Text<8>>(), Text<8>("abc"));
    EXPECT_EQ(reader.get_text(), "");
    EXPECT_EQ(reader.left(), 0U);
    EXPECT_TRUE(reader.finish("a test"));
}

TEST(State, Keeps_the_bits_of_doubles) {
    StateWriter writer;
    writer.put_double(-0.0);
    writer.put_double(std::numeric_limits<double>::quiet_NaN());
    writer.put_double(-std::numeric_limits<double>::infinity());
    const auto bytes = bytes_of(writer);
    StateReader reader(bytes);
    EXPECT_TRUE(std::signbit(reader.get_double()));
    EXPECT_TRUE(std::isnan(reader.get_double()));
    EXPECT_EQ(reader.get_double(), -std::numeric_limits<double>::infinity());
}

TEST(State, Bytes_are_little_endian_and_without_padding) {
    StateWriter writer;
    writer.put(std::uint16_t{0x0102});
    writer.put_text("A");
    const std::vector<std::byte> expected = {std::byte{0x02}, std::byte{0x01}, std::byte{1},
                                             std::byte{0},    std::byte{0},    std::byte{0},
                                             std::byte{'A'}};
    EXPECT_EQ(bytes_of(writer), expected);
    writer.clear();
    EXPECT_TRUE(writer.bytes().empty());
}

TEST(State, A_read_beyond_the_end_gives_zero_and_is_told_once_at_the_end) {
    StateWriter writer;
    writer.put(std::uint32_t{7});
    const auto bytes = bytes_of(writer);
    StateReader reader(bytes);
    EXPECT_EQ(reader.get<std::uint64_t>(), 0U);
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.get<std::uint32_t>(), 0U);
    EXPECT_EQ(reader.get_text(), "");
    const auto finished = reader.finish("bars");
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().what, "the saved state of bars does not fit");
    EXPECT_EQ(finished.error().why, "it is shorter than expected");
}

TEST(State, Bytes_left_over_are_an_error) {
    const std::array<std::byte, 3> bytes{};
    StateReader reader(bytes);
    EXPECT_EQ(reader.take(2).size(), 2U);
    const auto finished = reader.finish("bars");
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().why, "it is longer than expected");
}

TEST(State, A_text_that_claims_more_than_there_is_fails) {
    StateWriter writer;
    writer.put(std::uint32_t{4'000'000'000});
    writer.put(std::uint8_t{1});
    const auto bytes = bytes_of(writer);
    StateReader reader(bytes);
    EXPECT_EQ(reader.get_text(), "");
    EXPECT_TRUE(reader.failed());
}

}  // namespace
}  // namespace millrace::engine
