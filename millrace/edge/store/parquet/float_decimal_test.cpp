#include "millrace/edge/store/parquet/float_decimal.hpp"

#include <bit>
#include <gtest/gtest.h>
#include <limits>

#include "millrace/base/random.hpp"

namespace millrace::parquet {
namespace {

TEST(FloatDecimal, Is_the_shortest_text_rounded_to_the_scale) {
    EXPECT_EQ(parse_shortest(1.1, 9).value(), 1'100'000'000);
    EXPECT_EQ(parse_shortest(1.1F, 9).value(), 1'100'000'000);
    EXPECT_EQ(parse_shortest(0.1 + 0.2, 9).value(), 300'000'000);
    EXPECT_EQ(parse_shortest(0.0000000005, 9).value(), 0) << "half goes to the even neighbour";
    EXPECT_EQ(parse_shortest(0.0000000015, 9).value(), 2);
    EXPECT_EQ(parse_shortest(-2.5, 0).value(), -2);
    EXPECT_FALSE(parse_shortest(std::numeric_limits<double>::quiet_NaN(), 9));
    EXPECT_FALSE(parse_shortest(std::numeric_limits<double>::infinity(), 9));
    EXPECT_FALSE(parse_shortest(1e19, 0));
}

TEST(FloatDecimal, Is_certain_for_usual_prices_and_sizes) {
    std::int64_t raw = 0;
    EXPECT_TRUE(round_certainly(1.08765, 9, raw));
    EXPECT_EQ(raw, 1'087'650'000);
    EXPECT_TRUE(round_certainly(46'319.5, 9, raw));
    EXPECT_EQ(raw, 46'319'500'000'000);
    EXPECT_TRUE(round_certainly(-0.00000001, 8, raw));
    EXPECT_EQ(raw, -1);
    EXPECT_TRUE(round_certainly(8'000'000'000.0, 9, raw));
    EXPECT_EQ(raw, 8'000'000'000'000'000'000);
    EXPECT_FALSE(round_certainly(0.0000000005, 9, raw)) << "half is for the long way";
    EXPECT_FALSE(round_certainly(std::numeric_limits<double>::quiet_NaN(), 9, raw));
    EXPECT_FALSE(round_certainly(std::numeric_limits<double>::infinity(), 9, raw));
    EXPECT_FALSE(round_certainly(1e10, 9, raw));
}

// The two ways agree wherever the short one answers: near decimals, near halves, anywhere.
TEST(FloatDecimal, Is_the_same_both_ways) {
    constexpr std::uint64_t kSeed = 20'261'121;
    Random random(kSeed);
    int answered = 0;
    for (int i = 0; i < 300'000; ++i) {
        const auto digits = static_cast<int>(random.below(16));
        const double decimal = static_cast<double>(random.below(1ULL << 53)) /
                               static_cast<double>(power_of_ten(digits));
        const auto near = std::bit_cast<std::uint64_t>(decimal) + random.below(5) - 2;
        const double value = decimal == 0 ? 0 : std::bit_cast<double>(near);
        for (const int scale : {8, 9}) {
            std::int64_t raw = 0;
            if (!round_certainly(value, scale, raw)) continue;
            ++answered;
            const auto exact = parse_shortest(value, scale);
            ASSERT_TRUE(exact) << value << ", seed " << kSeed;
            ASSERT_EQ(raw, *exact) << value << " at scale " << scale << ", seed " << kSeed;
        }
    }
    EXPECT_GT(answered, 100'000);
}

}  // namespace
}  // namespace millrace::parquet
