#include "millrace/core/strategy/strategy_type.hpp"

#include <gtest/gtest.h>

namespace millrace::strategy {
namespace {

constexpr StrategyType kTypes[] = {{"golden-cross", "One.", nullptr}, {"dip", "Two.", nullptr}};

TEST(StrategyName, Is_words_of_small_letters_and_digits) {
    for (const char* good : {"a", "ema-cross", "x2", "a-1", "abcdefghijklmnopqrstuvwxyz-12345"})
        EXPECT_TRUE(is_strategy_name(good)) << good;
    for (const char* bad : {"", "-a", "a-", "a--b", "2x", "Ema", "a_b", "a b", "a/b", "a:b", "\xc3",
                            "abcdefghijklmnopqrstuvwxyz-123456"})
        EXPECT_FALSE(is_strategy_name(bad)) << bad;
}

TEST(StrategyName, Is_read_without_regard_to_capitals_and_underscores) {
    EXPECT_EQ(plain_strategy_name("Golden_Cross"), "golden-cross");
    EXPECT_EQ(plain_strategy_name(std::string(1000, 'a')).size(), 64U);
}

TEST(StrategyType, Is_found_by_its_name_or_the_nearest_is_told) {
    EXPECT_EQ(find_strategy(kTypes, "GOLDEN_cross")->summary, "One.");
    const auto missing = find_strategy(kTypes, "golden-cros", "lib.so");
    EXPECT_EQ(missing.error().code, ErrorCode::config);
    EXPECT_EQ(missing.error().what, "there is no strategy \"golden-cros\"");
    EXPECT_EQ(missing.error().where, "lib.so");
    EXPECT_EQ(missing.error().why, "there are: golden-cross, dip");
    EXPECT_EQ(missing.error().mend, "did you mean \"golden-cross\"?");
    EXPECT_EQ(find_strategy(kTypes, "momentum").error().mend, "use one of those");
}

}  // namespace
}  // namespace millrace::strategy
