#include "millrace/core/strategy/library/inside_bar.hpp"

#include <gtest/gtest.h>

#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

using Prices = std::array<std::int64_t, 4>;  // open, high, low, close

// The ATR is that of one bar, so every mother is large enough.
Values with(const Values& more = {}) {
    Values values = {{"atr_period", "1"}};
    for (const auto& [name, text] : more)
        values[name] = text;
    return values;
}

// Bars of the timeframe one after the other; the first opens then.
void tell(StrategyTrial& trial, const char* from, const std::vector<Prices>& bars,
          Duration length = Duration::minutes(5)) {
    Time time = utc(from);
    for (const Prices& prices : bars) {
        trial.tell(bar_at(time, prices, length));
        time = time + length;
    }
}

// Bodies of 9/11 and 4/6. New York's first window is 14:30 to 16:00 in UTC in winter.
constexpr Prices kBefore = {100, 101, 99, 100};
constexpr Prices kMother = {100, 110, 99, 109};
constexpr Prices kInside = {108, 109, 103, 104};
constexpr Prices kQuiet = {105, 106, 104, 105};

// Both legs risk 11; both targets are as far.
const Asked kBothLegs = {
    "14:45 buy 1 stop 110 until 16:00 group", "14:45 sell 1 stop 99 reduce child",
    "14:45 sell 1 limit 121 reduce child",    "14:45 sell 1 stop 99 until 16:00 group",
    "14:45 buy 1 stop 110 reduce child",      "14:45 buy 1 limit 88 reduce child"};

TEST(InsideBar, Places_two_stop_orders_that_end_each_other_with_stops_and_targets) {
    StrategyTrial trial = trial_of("inside-bar", with());
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
    EXPECT_EQ(asked(trial), kBothLegs);
    EXPECT_EQ(trial.orders()[0].group_id, trial.orders()[3].group_id);
    EXPECT_NE(trial.orders()[1].group_id, trial.orders()[4].group_id);
    EXPECT_EQ(trial.orders()[1].parent_id, trial.orders()[0].order_id);
    EXPECT_EQ(trial.orders()[1].contingency, model::Contingency::oco_reduce);
    EXPECT_EQ(trial.signals().size(), 2U);
}

TEST(InsideBar, Joins_smaller_bars_to_those_of_its_timeframe) {
    StrategyTrial trial = trial_of("inside-bar", with());
    Time time = utc("2024-01-02T14:30");
    for (const Prices& prices : {kBefore, kMother, kInside}) {
        const auto [open, high, low, close] = prices;
        for (const Prices& minute : {Prices{open, open, open, open}, Prices{open, high, open, high},
                                     Prices{high, high, low, low}, Prices{low, close, low, close},
                                     Prices{close, close, close, close}}) {
            trial.tell(bar_at(time, minute, Duration::minutes(1)));
            time = time + Duration::minutes(1);
        }
    }
    EXPECT_EQ(asked(trial), kBothLegs);
}

// Four ticks of one unit: stops four away from the entries, targets one and a half times as far.
TEST(InsideBar, Caps_the_distance_of_the_stop) {
    StrategyTrial trial = trial_of(
        "inside-bar",
        with({{"stop_distance_cap_ticks", "4"}, {"tick_size", "1"}, {"risk_reward_ratio", "1.5"}}));
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
    EXPECT_EQ(
        asked(trial),
        (Asked{"14:45 buy 1 stop 110 until 16:00 group", "14:45 sell 1 stop 106 reduce child",
               "14:45 sell 1 limit 116 reduce child", "14:45 sell 1 stop 99 until 16:00 group",
               "14:45 buy 1 stop 103 reduce child", "14:45 buy 1 limit 93 reduce child"}));
}

// At the inside bar's own high and low, the stops still at the mother's ends.
TEST(InsideBar, May_enter_at_the_levels_of_the_inside_bar) {
    StrategyTrial trial = trial_of("inside-bar", with({{"entry_level_mode", "inside_bar"}}));
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
    const Asked orders = asked(trial);
    ASSERT_EQ(orders.size(), 6U);
    EXPECT_EQ(orders[0], "14:45 buy 1 stop 109 until 16:00 group");
    EXPECT_EQ(orders[2], "14:45 sell 1 limit 119 reduce child");
    EXPECT_EQ(orders[3], "14:45 sell 1 stop 103 until 16:00 group");
    EXPECT_EQ(orders[5], "14:45 buy 1 limit 96 reduce child");
}

TEST(InsideBar, Enters_the_first_of_a_window_alone_and_the_next_window_again) {
    StrategyTrial trial = trial_of("inside-bar", with());
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside, kMother, kInside});
    EXPECT_EQ(trial.orders().size(), 6U);
    tell(trial, "2024-01-02T19:00", {kBefore, kMother, kInside});  // 14:00 in New York
    EXPECT_EQ(trial.signals().size(), 4U);
    EXPECT_EQ(text_of(trial.orders().back()), "19:15 buy 1 limit 88 reduce child");
}

TEST(InsideBar, Takes_no_mother_from_outside_of_the_window_or_from_the_day_before) {
    StrategyTrial outside = trial_of("inside-bar", with());
    tell(outside, "2024-01-02T14:25", {kMother, kInside});
    EXPECT_TRUE(outside.signals().empty());

    // The same window of the list, but yesterday's: 15:55 and 09:30 in New York.
    StrategyTrial yesterday = trial_of("inside-bar", with({{"session_filter", "09:30-16:00"}}));
    tell(yesterday, "2024-01-02T20:50", {kBefore, kMother});
    tell(yesterday, "2024-01-03T14:30", {kInside});
    EXPECT_TRUE(yesterday.signals().empty());
}

TEST(InsideBar, Drops_what_is_only_known_when_the_window_is_over) {
    StrategyTrial trial = trial_of("inside-bar", with());
    tell(trial, "2024-01-02T15:45", {kBefore, kMother, kInside});  // known at 16:00
    EXPECT_TRUE(trial.signals().empty());
}

TEST(InsideBar, Asks_for_large_enough_mothers_and_bodies) {
    const auto signals = [](const Values& values, const std::vector<Prices>& bars) {
        StrategyTrial trial = trial_of("inside-bar", values);
        tell(trial, "2024-01-02T14:30", bars);
        return trial.signals().size();
    };
    const std::vector<Prices> bars = {kBefore, kMother, kInside};
    EXPECT_EQ(signals(with(), bars), 2U);
    // True ranges 2 and 11: their mean is 6.5, and 11 is less than twice that.
    EXPECT_EQ(signals(with({{"atr_period", "2"}, {"min_mother_bar_size", "2"}}), bars), 0U);
    EXPECT_EQ(signals(with({{"atr_period", "2"}, {"min_mother_bar_size", "1.69"}}), bars), 2U);
    EXPECT_EQ(signals(with({{"atr_period", "2"}, {"max_mother_bar_size", "1.5"}}), bars), 0U);
    EXPECT_EQ(signals(with({{"atr_period", "3"}}), bars), 0U) << "no ATR at the mother yet";
    EXPECT_EQ(signals(with({{"min_mother_body_fraction", "0.82"}}), bars), 0U);  // 9/11 = 0.818
    EXPECT_EQ(signals(with({{"min_inside_body_fraction", "0.67"}}), bars), 0U);  // 4/6 = 0.667
    // Levels 110 and 99 are 6 and 5 away from 104, of an ATR of 11.
    EXPECT_EQ(signals(with({{"max_deviation_atr", "0.5"}}), bars), 1U);
}

TEST(InsideBar, Begins_and_ends_its_orders_by_the_policies) {
    const auto first = [](const Values& values) {
        StrategyTrial trial = trial_of("inside-bar", with(values));
        tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside, kQuiet, kQuiet});
        return trial.orders().empty() ? std::string() : text_of(trial.orders().front());
    };
    EXPECT_EQ(first({}), "14:45 buy 1 stop 110 until 16:00 group");
    EXPECT_EQ(first({{"valid_from_policy", "next_bar"}}), "14:50 buy 1 stop 110 until 16:00 group");
    EXPECT_EQ(first({{"order_validity_policy", "one_bar"}}),
              "14:45 buy 1 stop 110 until 14:50 group");
    EXPECT_EQ(first({{"order_validity_policy", "one_bar"}, {"valid_from_policy", "next_bar"}}),
              "14:50 buy 1 stop 110 until 14:55 group");
    EXPECT_EQ(first({{"order_validity_policy", "fixed_minutes"}, {"order_validity_minutes", "30"}}),
              "14:45 buy 1 stop 110 until 15:15 group");
    EXPECT_EQ(
        first({{"order_validity_policy", "fixed_minutes"}, {"order_validity_minutes", "600"}}),
        "14:45 buy 1 stop 110 until 16:00 group");
    EXPECT_EQ(first({{"max_pattern_age_candles", "2"}}), "14:45 buy 1 stop 110 until 14:55 group");
}

TEST(InsideBar, Closes_what_it_holds_when_the_order_would_have_lapsed) {
    StrategyTrial trial = trial_of("inside-bar", with());
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
    trial.fill(trial.orders()[0]);
    tell(trial, "2024-01-02T16:00", {kQuiet});
    const Asked orders = asked(trial);
    ASSERT_EQ(orders.size(), 12U);  // five cancels: a venue would have ended the other leg itself
    EXPECT_EQ(orders[6], "16:00 cancel sell 1 stop 99 reduce child");
    EXPECT_EQ(orders[11], "16:00 sell 1 market reduce");
}

TEST(InsideBar, May_leave_at_the_close_of_the_last_bar) {
    StrategyTrial trial = trial_of("inside-bar", with({{"exit_order", "on_close"}}));
    tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
    trial.fill(trial.orders()[0]);
    tell(trial, "2024-01-02T15:45", {kQuiet});
    EXPECT_EQ(trial.orders().size(), 6U);
    tell(trial, "2024-01-02T15:50", {kQuiet});
    ASSERT_EQ(trial.orders().size(), 7U);
    EXPECT_EQ(text_of(trial.orders()[6]), "15:55 sell 1 market_on_close reduce");
}

// The day before Independence Day the exchange closes at 13:00, which is 17:00 in UTC.
TEST(InsideBar, Ends_with_a_short_day) {
    const Values all_day = with({{"session_filter", "09:30-16:00"}});
    StrategyTrial trial = trial_of("inside-bar", all_day);
    tell(trial, "2024-07-03T13:30", {kBefore, kMother, kInside});
    EXPECT_EQ(text_of(trial.orders().front()), "13:45 buy 1 stop 110 until 17:00 group");
    StrategyTrial holiday = trial_of("inside-bar", all_day);
    tell(holiday, "2024-07-04T13:30", {kBefore, kMother, kInside});
    EXPECT_TRUE(holiday.orders().empty());
}

// 10,000 at 110 and a risk of 11: half of it buys 45.45 units, one percent of loss 9.09.
TEST(InsideBar, Sizes_entries_by_an_equity) {
    const auto quantity = [](const Values& values) {
        StrategyTrial trial = trial_of("inside-bar", with(values));
        model::Instrument instrument;
        instrument.symbol = "LOTS";
        tell(trial, "2024-01-02T14:30", {kBefore, kMother, kInside});
        return trial.orders().front().quantity.to_string();
    };
    EXPECT_EQ(quantity({{"equity", "10000"}, {"max_position_pct", "50"}}), "45.45454545");
    EXPECT_EQ(quantity({{"equity", "10000"},
                        {"max_position_pct", "50"},
                        {"max_position_loss_pct_equity", "1"}}),
              "9.09090909");
    EXPECT_FALSE(
        make_strategy("inside_bar").value()->set({{"equity", "1"}, {"max_position_pct", "0"}}));
}

// The mother stays one while bars are inside it; else each bar is the mother of the next.
TEST(InsideBar, Carries_the_mother_along_a_sequence) {
    constexpr Prices kThin = {106, 109, 101, 105};    // inside, but of too small a body
    constexpr Prices kSecond = {102, 109, 100, 108};  // inside the mother, not inside kThin
    StrategyTrial apart = trial_of("inside-bar", with());
    tell(apart, "2024-01-02T14:30", {kBefore, kMother, kThin, kSecond});
    EXPECT_TRUE(apart.orders().empty());
    StrategyTrial sequence = trial_of("inside-bar", with({{"inside_bar_mode", "sequence"}}));
    tell(sequence, "2024-01-02T14:30", {kBefore, kMother, kThin, kSecond});
    EXPECT_EQ(text_of(sequence.orders().front()), "14:50 buy 1 stop 110 until 16:00 group");
}

TEST(InsideBar, Original_enters_at_the_market_when_a_close_breaks_out) {
    StrategyTrial trial = trial_of("inside-bar", with({{"version", "original"}}));
    tell(trial, "2024-01-02T03:00", {kBefore, kMother, kInside, {104, 112, 104, 110}});
    EXPECT_TRUE(trial.orders().empty()) << "110 is the level, not beyond it";
    // Risk 111 - 99 = 12, the target twice as far.
    tell(trial, "2024-01-02T03:20", {{110, 112, 109, 111}});
    EXPECT_EQ(asked(trial), (Asked{"03:25 buy 1 market", "03:25 sell 1 stop 99 reduce child",
                                   "03:25 sell 1 limit 135 reduce child"}));
}

TEST(InsideBar, Original_takes_a_wick_where_asked_and_long_wins_a_tie) {
    StrategyTrial trial =
        trial_of("inside-bar", with({{"version", "original"}, {"breakout_confirmation", "false"}}));
    tell(trial, "2024-01-02T03:00", {kBefore, kMother, kInside, {104, 111, 98, 105}});
    // From the close of 105: risk 6 to 99, target 117.
    EXPECT_EQ(asked(trial), (Asked{"03:20 buy 1 market", "03:20 sell 1 stop 99 reduce child",
                                   "03:20 sell 1 limit 117 reduce child"}));
}

TEST(InsideBar, Versions_fill_what_is_not_given) {
    const auto text = [](const Values& values, std::string_view name) {
        const auto strategy = make_strategy("inside-bar").value();
        EXPECT_TRUE(strategy->set(values));
        for (const Parameter* parameter : strategy->parameters())
            if (parameter->name() == name) return parameter->text();
        return std::string("?");
    };
    EXPECT_EQ(text({{"version", "1.0.1"}}, "atr_period"), "8");
    EXPECT_EQ(text({{"version", "1.0.2"}}, "atr_period"), "12");
    EXPECT_EQ(text({{"version", "1.0.2"}}, "stop_distance_cap_ticks"), "90");
    EXPECT_EQ(text({{"version", "1.0.2"}}, "risk_reward_ratio"), "1.5");
    EXPECT_EQ(text({{"version", "1.0.3"}}, "timeframe_minutes"), "15");
    EXPECT_EQ(text({{"version", "1.0.3"}, {"timeframe_minutes", "1"}}, "timeframe_minutes"), "1");
    EXPECT_EQ(text({{"version", "2.0.0"}}, "session_filter"), "09:30-16:00");
    EXPECT_EQ(text({{"version", "2.0.0"}}, "inside_bar_definition_mode"), "mb_body_oc__ib_body");
    // The first version is what stands when none is named.
    const auto plain = make_strategy("inside-bar").value();
    const auto first = make_strategy("inside-bar").value();
    ASSERT_TRUE(first->set({{"version", "1.0.0"}}));
    for (std::size_t i = 0; i < plain->parameters().size(); ++i)
        EXPECT_EQ(plain->parameters()[i]->text(), first->parameters()[i]->text());
}

// Range 10, then 8 of it (0.8), both green: the buy alone, with nothing that would end it.
TEST(ConfirmedBreakout, Enters_on_the_side_of_the_colour_alone) {
    StrategyTrial trial = trial_of("confirmed-breakout", with());
    tell(trial, "2024-01-02T14:30", {kBefore, {101, 110, 100, 109}, {102, 109, 101, 108}});
    EXPECT_EQ(asked(trial),
              (Asked{"14:45 buy 1 stop 110 until 16:00", "14:45 sell 1 stop 100 reduce child",
                     "14:45 sell 1 limit 120 reduce child"}));
    StrategyTrial red = trial_of("confirmed_breakout", with());
    tell(red, "2024-01-02T14:30", {kBefore, {109, 110, 100, 101}, {108, 109, 101, 102}});
    EXPECT_EQ(text_of(red.orders().front()), "14:45 sell 1 stop 100 until 16:00");
}

TEST(ConfirmedBreakout, Asks_for_one_colour_and_a_range_near_that_of_the_mother) {
    const auto orders = [](const Prices& mother, const Prices& bar) {
        StrategyTrial trial = trial_of("confirmed-breakout", with());
        tell(trial, "2024-01-02T14:30", {kBefore, mother, bar});
        return trial.orders().size();
    };
    const Prices green = {101, 110, 100, 109};
    EXPECT_EQ(orders(green, {108, 109, 101, 102}), 0U) << "red in green";
    EXPECT_EQ(orders(green, {105, 109, 101, 105}), 0U) << "a doji";
    EXPECT_EQ(orders(green, {102, 109, 102, 108}), 0U) << "0.7 is too little";
    EXPECT_EQ(orders(green, {102, 110, 100, 108}), 0U) << "1.0 is too much";
    EXPECT_EQ(orders(green, {105, 109, 101, 106}), 3U) << "its bodies may be small";
}

}  // namespace
}  // namespace millrace::strategy::test
