#include "millrace/base/text.hpp"

#include <gtest/gtest.h>

#include "millrace/base/hash.hpp"
#include "millrace/base/id.hpp"
#include "millrace/base/random.hpp"

namespace millrace {
namespace {

TEST(Text, Holds_up_to_its_capacity_and_refuses_more) {
    EXPECT_EQ(Text<8>("AAPL").view(), "AAPL");
    EXPECT_EQ(Text<4>::from("ABCD").value().view(), "ABCD");
    EXPECT_EQ(Text<4>::from("ABCDE").error().why, "at most 4 bytes are allowed here");
    EXPECT_FALSE(Text<8>::from(std::string_view("A\0B", 3)));
    EXPECT_TRUE(Text<8>().empty());
}

TEST(Text, Compares_by_content) {
    EXPECT_EQ(Text<8>("AAPL"), Text<8>::from("AAPL").value());
    EXPECT_LT(Text<8>("AAPL"), Text<8>("MSFT"));
}

TEST(Id, Does_not_mix_with_another_kind) {
    static_assert(!std::is_convertible_v<InstrumentId, SourceId>);
    static_assert(!std::is_constructible_v<InstrumentId, SourceId>);
    EXPECT_LT(InstrumentId(1), InstrumentId(2));
}

TEST(RunningHash, Tells_any_flipped_bit_and_any_length_apart) {
    std::array<std::byte, 96> bytes{};
    const auto hash_of = [&](std::size_t size) {
        RunningHash hash;
        hash.add(std::span(bytes.data(), size));
        return hash.value();
    };
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const std::uint64_t before = hash_of(size);
        EXPECT_NE(before, hash_of(size - 1));
        for (std::size_t bit = 0; bit < size * 8; ++bit) {
            bytes[bit / 8] ^= std::byte{1} << (bit % 8);
            EXPECT_NE(before, hash_of(size)) << "size " << size << " bit " << bit;
            bytes[bit / 8] ^= std::byte{1} << (bit % 8);
        }
    }
}

TEST(RunningHash, Depends_on_order) {
    RunningHash ab;
    ab.add(1);
    ab.add(2);
    RunningHash ba;
    ba.add(2);
    ba.add(1);
    EXPECT_NE(ab.value(), ba.value());
}

// Pinned: a change of these numbers breaks every recorded journal and result hash.
TEST(RunningHash, Gives_the_published_value) {
    RunningHash hash;
    constexpr std::string_view kText = "whatever happens is an input in one ordered journal";
    hash.add(std::as_bytes(std::span(kText)));
    EXPECT_EQ(hash.value(), 9488069067321605269U);
}

TEST(Random, Gives_the_same_numbers_from_the_same_seed_everywhere) {
    Random random(42);
    EXPECT_EQ(random.next(), 1546998764402558742U);
    EXPECT_EQ(random.next(), 6990951692964543102U);
    EXPECT_EQ(Random(7), Random(7));
}

TEST(Random, Stays_within_its_bounds_and_reaches_both_ends) {
    Random random(5);
    std::array<int, 6> seen{};
    for (int i = 0; i < 10'000; ++i)
        ++seen[static_cast<std::size_t>(random.between(-2, 3) + 2)];
    for (const int count : seen)
        EXPECT_GT(count, 1'400);
    EXPECT_EQ(random.between(5, 5), 5);
    (void)random.between(INT64_MIN, INT64_MAX);
    EXPECT_THROW((void)random.below(0), AssertionFailed);
    for (int i = 0; i < 1'000; ++i) {
        const double unit = random.unit();
        EXPECT_TRUE(unit >= 0 && unit < 1);
    }
}

}  // namespace
}  // namespace millrace
