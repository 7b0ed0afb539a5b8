#include "millrace/base/fixed_point.hpp"

#include <gtest/gtest.h>
#include <string>
#include <type_traits>

#include "millrace/base/maybe.hpp"
#include "millrace/base/random.hpp"

namespace millrace {
namespace {

static_assert(std::is_trivially_copyable_v<Price> && sizeof(Price) == 8);
static_assert(std::has_unique_object_representations_v<Maybe<Price>>);
static_assert(!std::is_convertible_v<Price, Quantity>, "a price is not a quantity");

template <class T>
void expect_a_million_round_trips(std::uint64_t seed) {
    Random random(seed);
    for (int i = 0; i < 1'000'000; ++i) {
        const auto magnitude = static_cast<std::int64_t>(random.next() >> 1 >> random.below(63));
        const T value = T::from_raw(random.one_in(2) ? -magnitude : magnitude);
        const auto parsed = T::parse(value.to_string());
        ASSERT_TRUE(parsed && *parsed == value)
            << "seed " << seed << " value " << value.to_string();
    }
}

TEST(FixedPoint, A_million_prices_survive_print_and_parse) {
    expect_a_million_round_trips<Price>(1);
}
TEST(FixedPoint, A_million_quantities_survive_print_and_parse) {
    expect_a_million_round_trips<Quantity>(2);
}
TEST(FixedPoint, A_million_amounts_survive_print_and_parse) {
    expect_a_million_round_trips<Money>(3);
}

TEST(FixedPoint, Sums_and_differences_refuse_to_wrap) {
    const Money most = Money::from_raw(INT64_MAX);
    const Money unit = Money::from_raw(1);
    EXPECT_EQ(add(Money::whole(2), Money::whole(3)).value(), Money::whole(5));
    EXPECT_EQ(add(most, unit).error(), ArithmeticError::overflow);
    EXPECT_EQ(subtract(-most, unit).error(), ArithmeticError::overflow);
    EXPECT_EQ(subtract(most, most).value(), Money{});
    EXPECT_EQ(error_of(ArithmeticError::overflow, "equity").what, "equity is out of range");
}

// 10,000 random sums agree with 128-bit arithmetic: right when they fit, an error exactly when they
// do not.
TEST(FixedPoint, Every_overflow_is_an_error) {
    Random random(4);
    for (int i = 0; i < 10'000; ++i) {
        const auto a = static_cast<std::int64_t>(random.next() >> random.below(4)) | 1;
        const auto b = static_cast<std::int64_t>(random.next() >> random.below(4)) | 1;
        const int128 sum = int128{a} + b;
        const bool fits = sum <= INT64_MAX && sum >= -int128{INT64_MAX};
        const auto result = add(Quantity::from_raw(a), Quantity::from_raw(b));
        ASSERT_EQ(result.has_value(), fits);
        if (fits) {
            ASSERT_EQ(result->raw(), static_cast<std::int64_t>(sum));
        }
    }
}

TEST(FixedPoint, Notional_is_price_times_quantity_rounded_once) {
    const Price price = Price::parse("101.25").value();
    EXPECT_EQ(notional(price, Quantity::whole(3)).value().to_string(), "303.75");
    EXPECT_EQ(notional(-price, Quantity::whole(3)).value().to_string(), "-303.75");
    // 0.000000001 * 5.0 = 0.000000005: a tie between 0 and 0.00000001, so the even one.
    const Price billionth = Price::from_raw(1);
    EXPECT_EQ(notional(billionth, Quantity::whole(5)).value(), Money{});
    EXPECT_EQ(notional(billionth, Quantity::whole(5), Rounding::ceiling).value(),
              Money::from_raw(1));
    EXPECT_EQ(notional(Price::whole(9'000'000'000), Quantity::whole(90'000'000'000)).error(),
              ArithmeticError::overflow);
}

TEST(FixedPoint, Inverts_a_price_and_refuses_zero) {
    EXPECT_EQ(inverse(Price::whole(8)).value().to_string(), "0.125");
    EXPECT_EQ(inverse(Price::parse("151.234").value()).value().to_string(), "0.00661227");
    EXPECT_EQ(inverse(Price{}).error(), ArithmeticError::division_by_zero);
}

TEST(FixedPoint, Scales_by_ratios_and_divides_like_by_like) {
    const Ratio fee = Ratio::parse("0.0002").value();
    EXPECT_EQ(multiply(Money::whole(12'345), fee, Rounding::half_even).value().to_string(),
              "2.469");
    EXPECT_EQ(divide(Money::whole(1), Money::whole(3), Rounding::half_even).value().to_string(),
              "0.333333333");
    EXPECT_EQ(divide(Money::whole(1), Money{}, Rounding::floor).error(),
              ArithmeticError::division_by_zero);
}

TEST(FixedPoint, Rounds_to_the_tick) {
    const Price tick = Price::parse("0.05").value();
    const Price price = Price::parse("10.07").value();
    EXPECT_EQ(round_to(price, tick, Rounding::half_even).value().to_string(), "10.05");
    EXPECT_EQ(round_to(price, tick, Rounding::ceiling).value().to_string(), "10.1");
    EXPECT_EQ(round_to(-price, tick, Rounding::floor).value().to_string(), "-10.1");
    EXPECT_EQ(round_to(price, Price{}, Rounding::floor).error(), ArithmeticError::division_by_zero);
}

TEST(Maybe, Tells_absent_from_zero_in_the_same_eight_bytes) {
    Maybe<Price> price;
    EXPECT_FALSE(price.has_value());
    EXPECT_EQ(price.value_or(Price::whole(7)), Price::whole(7));
    price = Price{};
    EXPECT_TRUE(price.has_value());
    EXPECT_EQ(price.value(), Price{});
    EXPECT_THROW((void)Maybe<Price>{}.value(), AssertionFailed);
    EXPECT_THROW((void)Maybe<Price>{Price::from_raw(INT64_MIN)}, AssertionFailed);
}

}  // namespace
}  // namespace millrace
