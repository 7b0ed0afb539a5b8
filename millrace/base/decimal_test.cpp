#include "millrace/base/decimal.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <string>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

TEST(Decimal, Parses_exactly_at_the_scale) {
    EXPECT_EQ(parse_decimal("0", 8).value(), 0);
    EXPECT_EQ(parse_decimal("-0", 8).value(), 0);
    EXPECT_EQ(parse_decimal("1", 8).value(), 100'000'000);
    EXPECT_EQ(parse_decimal("+1.5", 2).value(), 150);
    EXPECT_EQ(parse_decimal("-.5", 2).value(), -50);
    EXPECT_EQ(parse_decimal("5.", 2).value(), 500);
    EXPECT_EQ(parse_decimal("0.100000000000000000000000000", 2).value(), 10);
    EXPECT_EQ(parse_decimal("1.25e-3", 5).value(), 125);
    EXPECT_EQ(parse_decimal("1e-05", 5).value(), 1);
    EXPECT_EQ(parse_decimal("12E2", 0).value(), 1200);
    EXPECT_EQ(parse_decimal("0e60", 8).value(), 0);
    EXPECT_EQ(parse_decimal("92233720368.54775807", 8).value(), INT64_MAX);
    EXPECT_EQ(parse_decimal("-92233720368.54775807", 8).value(), -INT64_MAX);
}

TEST(Decimal, Takes_a_short_way_for_plain_numbers_only) {
    EXPECT_EQ(parse_plain_decimal("46319.05", 9).value(), 46'319'050'000'000);
    EXPECT_EQ(parse_plain_decimal("5.", 2).value(), 500);
    EXPECT_EQ(parse_plain_decimal(".5", 2).value(), 50);
    EXPECT_EQ(parse_plain_decimal("9223372036854775807", 0).value(), INT64_MAX);
    for (const char* text : {"", ".", "-1", "+1", "1e2", "1.234", "1..2", "9223372036854775808",
                             "92233720368547758.08", "00000000000000000001", "1x", "\xff"})
        EXPECT_FALSE(parse_plain_decimal(text, 2)) << text;
}

TEST(Decimal, Is_the_same_by_the_short_way_and_the_long_one) {
    Random random(7);
    int plain = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text;
        for (std::uint64_t length = random.below(21); text.size() < length;)
            text += "0123456789."[random.below(random.below(4) == 0 ? 11 : 10)];
        const int scale = static_cast<int>(random.below(kDecimalScaleMax + 1));
        const auto found = parse_plain_decimal(text, scale);
        // A sign and an exponent say nothing new, but only the long way reads them.
        const auto expected = parse_decimal("+" + text + "e0", scale);
        if (found) {
            ASSERT_TRUE(expected) << text << " at " << scale;
            ASSERT_EQ(*found, *expected) << text << " at " << scale;
        }
        ASSERT_EQ(parse_decimal(text, scale).has_value(), expected.has_value()) << text;
        plain += found ? 1 : 0;
    }
    EXPECT_GT(plain, 10'000);
}

TEST(Decimal, Refuses_what_is_not_a_number_and_what_cannot_be_kept) {
    for (const char* text :
         {"",    "+",   "-",   ".",  "-.",  "1..2",  "1.2.3", "1,5", " 1", "1 ", "0x10",
          "NaN", "nan", "inf", "1e", "1e+", "1e999", "1e65",  "--1", "1-", "e5", "1_000"})
        EXPECT_FALSE(parse_decimal(text, 8)) << text;
    EXPECT_EQ(parse_decimal("0.123456789", 8).error().why, "it has more than 8 decimals");
    EXPECT_EQ(parse_decimal("92233720368.54775808", 8).error().why,
              "it is beyond ±92233720368.54775807");
    EXPECT_EQ(parse_decimal("1e40", 8).error().why, "it is out of range");
    EXPECT_EQ(parse_decimal("1" + std::string(60, '0'), 8).error().why, "it is out of range");
    EXPECT_EQ(parse_decimal(std::string(129, '1'), 8).error().why,
              "it is longer than 128 characters");
    EXPECT_EQ(parse_decimal("0." + std::string(100, '3'), 8).error().why,
              "it has more digits than can be kept");
}

TEST(Decimal, Rounds_as_stated_when_asked_to) {
    EXPECT_EQ(parse_decimal("0.125", 2, Rounding::half_even).value(), 12);
    EXPECT_EQ(parse_decimal("0.135", 2, Rounding::half_even).value(), 14);
    EXPECT_EQ(parse_decimal("0.125", 2, Rounding::half_away).value(), 13);
    EXPECT_EQ(parse_decimal("-0.125", 2, Rounding::half_away).value(), -13);
    EXPECT_EQ(parse_decimal("-0.129", 2, Rounding::toward_zero).value(), -12);
    EXPECT_EQ(parse_decimal("0.121", 2, Rounding::away_from_zero).value(), 13);
    EXPECT_EQ(parse_decimal("-0.121", 2, Rounding::floor).value(), -13);
    EXPECT_EQ(parse_decimal("-0.129", 2, Rounding::ceiling).value(), -12);
    // A tie that is none: the digit that breaks it stands beyond the 37 that are held.
    EXPECT_EQ(parse_decimal("0.125" + std::string(60, '0') + "1", 2, Rounding::half_even).value(),
              13);
    // So small that only its sign and presence count.
    EXPECT_EQ(parse_decimal("9.9e-60", 2, Rounding::half_even).value(), 0);
    EXPECT_EQ(parse_decimal("9.9e-60", 2, Rounding::away_from_zero).value(), 1);
    EXPECT_EQ(parse_decimal("-9.9e-60", 2, Rounding::floor).value(), -1);
}

TEST(Decimal, Prints_the_shortest_exact_text) {
    EXPECT_EQ(format_decimal(0, 8), "0");
    EXPECT_EQ(format_decimal(100'000'000, 8), "1");
    EXPECT_EQ(format_decimal(-150, 2), "-1.5");
    EXPECT_EQ(format_decimal(5, 9), "0.000000005");
    EXPECT_EQ(format_decimal(1'000, 0), "1000");
    EXPECT_EQ(format_decimal(INT64_MAX, 18), "9.223372036854775807");
    EXPECT_EQ(format_decimal(-INT64_MAX, 8), "-92233720368.54775807");
    EXPECT_EQ(format_decimal(INT64_MIN, 0), "-9223372036854775808");
}

TEST(Decimal, Prints_fixed_decimals_for_tables) {
    EXPECT_EQ(format_decimal_fixed(12'345, 4, 2), "1.23");
    EXPECT_EQ(format_decimal_fixed(12'350, 4, 2), "1.24");
    EXPECT_EQ(format_decimal_fixed(12'250, 4, 2), "1.22");
    EXPECT_EQ(format_decimal_fixed(-5, 1, 0), "0");
    EXPECT_EQ(format_decimal_fixed(-15, 1, 0), "-2");
    EXPECT_EQ(format_decimal_fixed(7, 0, 3), "7.000");
    EXPECT_EQ(format_decimal_fixed(-7, 2, 2), "-0.07");
}

TEST(Decimal, A_million_random_numbers_survive_print_and_parse) {
    constexpr std::uint64_t kSeed = 20'261'121;
    Random random(kSeed);
    for (int i = 0; i < 1'000'000; ++i) {
        const auto shift = random.below(63);
        const auto raw =
            static_cast<std::int64_t>(random.next() >> 1 >> shift) * (random.one_in(2) ? -1 : 1);
        const int scale = static_cast<int>(random.below(19));
        const std::string text = format_decimal(raw, scale);
        const auto parsed = parse_decimal(text, scale);
        ASSERT_TRUE(parsed) << "seed " << kSeed << " step " << i << ' ' << text;
        ASSERT_EQ(*parsed, raw) << "seed " << kSeed << " step " << i << ' ' << text;
    }
}

TEST(Decimal, Multiplies_and_divides_through_128_bits) {
    EXPECT_EQ(multiply_divide(INT64_MAX, INT64_MAX, INT64_MAX, Rounding::half_even).value(),
              INT64_MAX);
    EXPECT_EQ(multiply_divide(7, 3, 2, Rounding::half_even).value(), 10);
    EXPECT_EQ(multiply_divide(7, 3, -2, Rounding::floor).value(), -11);
    EXPECT_EQ(multiply_divide(1, 1, 0, Rounding::floor).error(), ArithmeticError::division_by_zero);
    EXPECT_EQ(multiply_divide(INT64_MAX, 2, 1, Rounding::floor).error(), ArithmeticError::overflow);
    EXPECT_EQ(multiply_divide(-INT64_MAX, 1, 1, Rounding::floor).value(), -INT64_MAX);
    EXPECT_EQ(narrow(int128{INT64_MIN}).error(), ArithmeticError::overflow);
}

// The definition of each rounding, checked on every small quotient against plain integer
// arithmetic.
TEST(Decimal, Rounding_holds_for_every_small_quotient) {
    for (int numerator = -40; numerator <= 40; ++numerator) {
        for (int denominator : {-7, -4, -2, -1, 1, 2, 3, 4, 10}) {
            const double exact = static_cast<double>(numerator) / denominator;
            const auto rounded = [&](Rounding rounding) {
                return static_cast<int>(divide_rounded(numerator, denominator, rounding));
            };
            EXPECT_EQ(rounded(Rounding::floor), static_cast<int>(std::floor(exact)));
            EXPECT_EQ(rounded(Rounding::ceiling), static_cast<int>(std::ceil(exact)));
            EXPECT_EQ(rounded(Rounding::toward_zero), static_cast<int>(std::trunc(exact)));
            EXPECT_EQ(rounded(Rounding::half_away), static_cast<int>(std::round(exact)));
            EXPECT_EQ(rounded(Rounding::half_even), static_cast<int>(std::nearbyint(exact)));
            const double away = exact < 0 ? std::floor(exact) : std::ceil(exact);
            EXPECT_EQ(rounded(Rounding::away_from_zero), static_cast<int>(away));
        }
    }
}

// The three ways in which sizes are divided: by 64 bits with a quotient of 64 bits, by 64 bits with
// a longer one, and by more than 64 bits.
TEST(Decimal, Divides_numbers_of_128_bits) {
    constexpr int128 kBig = int128{1'000'000'000'000'000'000} * 1'000'000'000'000;  // 1e30
    EXPECT_EQ(static_cast<std::int64_t>(
                  divide_rounded(kBig * 3 / 2, 1'000'000'000'000'000'000, Rounding::half_even)),
              1'500'000'000'000);
    EXPECT_EQ(static_cast<std::int64_t>(
                  divide_rounded(-kBig - 1, 1'000'000'000'000'000'000, Rounding::floor)),
              -1'000'000'000'001);
    EXPECT_TRUE(divide_rounded(kBig * 3 + 2, 3, Rounding::half_even) == kBig + 1);
    EXPECT_TRUE(divide_rounded(-kBig * 3 - 1, 3, Rounding::half_even) == -kBig);
    EXPECT_EQ(static_cast<int>(divide_rounded(kBig * 5, kBig * 2, Rounding::half_even)), 2);
    EXPECT_EQ(static_cast<int>(divide_rounded(kBig * 5 + 1, kBig * 2, Rounding::half_even)), 3);
    EXPECT_EQ(static_cast<int>(divide_rounded(-kBig * 7, kBig * 2, Rounding::half_even)), -4);
}

}  // namespace
}  // namespace millrace
