#include "millrace/core/strategy/library/gotobi.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

// 09:00 and 09:55 in Tokyo are 00:00 and 00:55 in UTC, all year.
const Values kFixing = {{"entry_time", "09:00"}, {"exit_time", "09:55:00"}};

Values with(const Values& more) {
    Values values = kFixing;
    for (const auto& [name, text] : more)
        values[name] = text;
    return values;
}

// A bar of five minutes at one price that is known then.
void hear(StrategyTrial& trial, const char* known_at, std::int64_t price = 150) {
    trial.tell(bar_at(utc(known_at) - Duration::minutes(5), {price, price, price, price}));
}

TEST(GotobiTrade, Enters_with_the_first_bar_of_its_hours_and_leaves_at_their_end) {
    StrategyTrial trial = trial_of("gotobi", kFixing);
    hear(trial, "2024-01-04T23:55");
    EXPECT_TRUE(trial.orders().empty());
    hear(trial, "2024-01-05T00:00");
    hear(trial, "2024-01-05T00:05");
    // No bar comes at the exit: the clock takes it there all the same.
    hear(trial, "2024-01-05T01:00");
    EXPECT_EQ(asked(trial), (Asked{"00:00 buy 1 market", "00:55 sell 1 market reduce"}));
    EXPECT_EQ(trial.signals()[0].reason, Code("GOTOBI"));
    EXPECT_EQ(trial.signals()[1].reason, Code("TIME-OUT"));
}

TEST(GotobiTrade, Enters_late_when_the_bar_of_its_entry_is_missing) {
    StrategyTrial trial = trial_of("gotobi", with({{"trade_size", "-2.5"}}));
    hear(trial, "2024-01-05T00:10");
    EXPECT_EQ(asked(trial), (Asked{"00:10 sell 2.5 market"}));
}

TEST(GotobiTrade, Does_not_enter_when_its_hours_are_over) {
    StrategyTrial trial = trial_of("gotobi", kFixing);
    hear(trial, "2024-01-05T00:55");
    EXPECT_TRUE(trial.orders().empty());
}

// Sunday 25 February is settled on Thursday 22: Friday is the Emperor's Birthday.
TEST(GotobiTrade, Trades_the_day_to_which_a_base_day_rolls) {
    StrategyTrial trial = trial_of("gotobi", kFixing);
    for (const char* time : {"2024-02-22T00:00", "2024-02-23T00:00", "2024-02-25T00:00"})
        hear(trial, time);
    ASSERT_EQ(trial.signals().size(), 2U);  // in and out
    EXPECT_EQ(format_time(trial.signals()[0].known_at), "2024-02-22T00:00:00Z");

    StrategyTrial without = trial_of("gotobi", with({{"use_holidays", "false"}}));
    for (const char* time : {"2024-02-22T00:00", "2024-02-23T00:00"})
        hear(without, time);
    ASSERT_EQ(without.signals().size(), 1U);
    EXPECT_EQ(format_time(without.signals()[0].known_at), "2024-02-23T00:00:00Z");
}

TEST(GotobiTrade, Takes_days_of_your_own) {
    StrategyTrial trial =
        trial_of("gotobi", with({{"gotobi_days", "10"}, {"notrade_days", "2024-01-10"}}));
    for (const char* time : {"2024-01-05T00:00", "2024-01-09T00:00", "2024-01-10T00:00"})
        hear(trial, time);
    ASSERT_EQ(trial.signals().size(), 2U);
    EXPECT_EQ(format_time(trial.signals()[0].known_at), "2024-01-09T00:00:00Z");
}

// The date is that of the zone: 20:00 in New York on the 4th is the 5th in Tokyo.
TEST(GotobiTrade, Reads_date_and_time_by_its_zone) {
    StrategyTrial trial = trial_of("gotobi", with({{"trading_timezone", "America/New_York"}}));
    hear(trial, "2024-01-05T00:00");
    EXPECT_TRUE(trial.orders().empty()) << "it is 19:00 on the 4th";
    hear(trial, "2024-01-05T14:00");
    EXPECT_EQ(asked(trial), (Asked{"14:00 buy 1 market"}));
}

// 0.3 percent below 150 is 149.55, down to the step of a whole unit.
TEST(GotobiTrade, Is_stopped_out_once_a_day) {
    StrategyTrial trial = trial_of("gotobi", with({{"stop_loss_pct", "0.003"}}));
    hear(trial, "2024-01-05T00:00");
    ASSERT_EQ(asked(trial), (Asked{"00:00 buy 1 market", "00:00 sell 1 stop 149 reduce"}));
    hear(trial, "2024-01-05T00:05", 148);
    trial.fill(trial.orders()[1]);
    EXPECT_EQ(trial.signals().back().reason, Code("STOP-OUT"));
    hear(trial, "2024-01-05T00:10");
    hear(trial, "2024-01-05T01:00");
    EXPECT_EQ(trial.orders().size(), 2U) << "no entry again, and nothing to leave";
    EXPECT_EQ(trial.position(), Quantity());
}

TEST(GotobiTrade, Takes_its_stop_away_when_it_leaves) {
    StrategyTrial trial = trial_of("gotobi", with({{"stop_loss_pct", "0.003"}}));
    hear(trial, "2024-01-05T00:00");
    hear(trial, "2024-01-05T01:00");
    EXPECT_EQ(asked(trial),
              (Asked{"00:00 buy 1 market", "00:00 sell 1 stop 149 reduce",
                     "00:55 cancel sell 1 stop 149 reduce", "00:55 sell 1 market reduce"}));
}

TEST(GotobiTrade, Refuses_what_makes_no_trade) {
    const auto refuses = [](const Values& values) {
        return !make_strategy("gotobi").value()->set(values);
    };
    EXPECT_TRUE(refuses({{"trade_size", "0"}}));
    EXPECT_TRUE(refuses({{"exit_time", "01:30"}}));
    EXPECT_TRUE(refuses({{"entry_time", "9:00"}}));
    EXPECT_TRUE(refuses({{"notrade_days", "2024-02-30"}}));
    EXPECT_TRUE(refuses({{"gotobi_days", "5,32"}}));
    EXPECT_TRUE(refuses({{"bank_holidays", "true"}, {"use_holidays", "false"}}));
}

}  // namespace
}  // namespace millrace::strategy::test
