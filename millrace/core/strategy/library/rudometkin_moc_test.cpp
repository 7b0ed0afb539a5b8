#include "millrace/core/strategy/library/rudometkin_moc.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

using Prices = std::array<std::int64_t, 4>;  // open, high, low, close

constexpr Prices kFlat = {100, 101, 99, 100};
constexpr Duration kDay = Duration::days(1);

// Short lengths, so that a hundred flat days are enough to begin with. A day's move then makes an
// ADX of (0 + 100) / 2.
Values with(const Values& more = {}) {
    Values values = {{"min_bars", "41"},
                     {"min_volume", "1"},
                     {"volume_length", "1"},
                     {"sma_length", "5"},
                     {"adx_length", "2"}};
    for (const auto& [name, text] : more)
        values[name] = text;
    return values;
}

class Days {
  public:
    explicit Days(const Values& values, std::uint32_t instruments = 1)
        : trial(trial_of("rudometkin-moc", with(values))), instruments_(instruments) {
        for (std::uint32_t i = 1; i < instruments; ++i)
            list_instrument(trial, i);
    }
    void flat(int days) {
        for (int i = 0; i < days; ++i)
            day(std::vector<Prices>(instruments_, kFlat));
    }
    // One bar of each instrument, all known at one moment.
    void day(const std::vector<Prices>& bars) {
        for (std::uint32_t i = 0; i < instruments_; ++i)
            trial.tell(bar_at(time_, bars[i], kDay, i));
        time_ = time_ + kDay;
    }

    StrategyTrial trial;

  private:
    std::uint32_t instruments_;
    Time time_ = utc("2024-01-01T00:00");
};

// Mean 101 of five closes; fallen 4.5 percent from the open; ATR 40 = 2 + 8/40 = 2.2. The limit is
// 105 less 3.5 percent = 101.325, down to a whole unit; the size 100,000 · 0.005 / 2.2.
constexpr Prices kFall = {110, 110, 104, 105};

TEST(RudometkinMoc, Buys_below_a_fall_in_a_rising_trend_and_sells_at_the_close) {
    Days days({});
    days.flat(40);
    EXPECT_TRUE(days.trial.orders().empty());
    days.day({kFall});
    EXPECT_EQ(asked(days.trial), (Asked{"00:00 buy 227.27272727 limit 101",
                                        "00:00 sell 227.27272727 market_on_close reduce child"}));
    EXPECT_EQ(days.trial.orders()[0].time_in_force, model::TimeInForce::day);
    // What did not deal in its day is taken away with the next.
    days.day({kFlat});
    EXPECT_EQ(asked(days.trial)[2], "00:00 cancel buy 227.27272727 limit 101");
}

TEST(RudometkinMoc, Buys_only_what_its_rules_allow) {
    const auto orders = [](const Values& values, const Prices& last, int flat_days = 40) {
        Days days(values);
        days.flat(flat_days);
        days.day({last});
        return days.trial.orders().size();
    };
    EXPECT_EQ(orders({}, kFall), 2U);
    EXPECT_EQ(orders({{"sides", "short"}}, kFall), 0U);
    EXPECT_EQ(orders({{"min_price", "105.01"}}, kFall), 0U);
    EXPECT_EQ(orders({{"min_volume", "2"}}, kFall), 0U);
    EXPECT_EQ(orders({{"adx_min", "50"}}, kFall), 0U) << "50 is not above 50";
    EXPECT_EQ(orders({}, kFall, 39), 0U) << "one day too few";
    EXPECT_EQ(orders({}, {103, 110, 99, 100}), 0U) << "2.9 percent, and not above the mean";
}

// CRSI is 100: the first rise ever, larger than all changes before. ATR 40 = 2 + 19/40 = 2.475, ATR
// 2 = 11.5. The limit is 120 and 5 percent; the size 500 / 2.475.
constexpr Prices kJump = {100, 121, 100, 120};

TEST(RudometkinMoc, Sells_above_an_overbought_day_and_buys_back_at_the_close) {
    Days days({});
    days.flat(110);
    days.day({kJump});
    EXPECT_EQ(asked(days.trial), (Asked{"00:00 sell 202.02020202 limit 126",
                                        "00:00 buy 202.02020202 market_on_close reduce child"}));
}

TEST(RudometkinMoc, Sells_only_what_its_rules_allow) {
    const auto orders = [](const Values& values) {
        Days days(values);
        days.flat(110);
        days.day({kJump});
        return days.trial.orders().size();
    };
    EXPECT_EQ(orders({{"sides", "long"}}), 0U);
    EXPECT_EQ(orders({{"crsi_min", "100"}}), 0U);
    EXPECT_EQ(orders({{"atr40_max", "0.02"}}), 0U);  // 2.475 / 120 = 0.0206
    EXPECT_EQ(orders({{"atr2_max", "0.095"}}), 0U);  // 11.5 / 120 = 0.0958
    EXPECT_EQ(orders({{"atr2_min", "0.096"}}), 0U);
}

// By ATR 10 / close: the second has 2 + 18/10 over 105 against 2 + 8/10, the third as the first.
TEST(RudometkinMoc, Keeps_the_best_of_a_day) {
    Days days({{"candidates", "1"}}, 3);
    days.flat(40);
    days.day({kFall, {110, 120, 104, 105}, kFall});
    const Asked orders = asked(days.trial);
    ASSERT_EQ(orders.size(), 5U);
    EXPECT_EQ(orders[0], "00:00 buy 227.27272727 limit 101");
    EXPECT_EQ(days.trial.orders()[2].instrument, InstrumentId(1));
    EXPECT_EQ(orders[4], "00:00 cancel buy 227.27272727 limit 101");
    EXPECT_EQ(days.trial.signals().size(), 3U) << "every setup is told";
}

// Two to buy and one to sell, and room for two: the longer list gives up its worst.
TEST(RudometkinMoc, Has_so_many_positions_at_most_on_both_sides) {
    Days days({{"max_positions", "2"}}, 3);
    days.flat(110);
    days.day({kFall, {110, 120, 104, 105}, kJump});
    const Asked orders = asked(days.trial);
    ASSERT_EQ(orders.size(), 7U);
    EXPECT_EQ(orders[6], "00:00 cancel buy 227.27272727 limit 101");
}

TEST(RudometkinMoc, Closes_what_outlived_its_day) {
    Days days({});
    days.flat(40);
    days.day({kFall});
    days.trial.fill(days.trial.orders()[0]);  // but its child for the close does not deal
    days.day({kFlat});
    EXPECT_EQ(asked(days.trial).back(), "00:00 sell 227.27272727 market reduce");
    EXPECT_EQ(days.trial.position(), Quantity());
}

}  // namespace
}  // namespace millrace::strategy::test
