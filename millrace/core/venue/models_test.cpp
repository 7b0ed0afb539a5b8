// Slippage, settings, latency and the other small parts, each on its own.
#include <gtest/gtest.h>

#include "millrace/core/venue/bar_path.hpp"
#include "millrace/core/venue/buying_power.hpp"
#include "millrace/core/venue/calendar_hours.hpp"
#include "millrace/core/venue/expiries.hpp"
#include "millrace/core/venue/requests.hpp"
#include "millrace/core/venue/settings.hpp"

namespace millrace::venue {
namespace {

constexpr std::int64_t kCent = 10'000'000;
constexpr std::int64_t kHundred = 100 * Price::kOne;

TEST(Slippage, Goes_against_the_trader_on_either_side) {
    SlippageModel model;
    model.kind = SlippageKind::rate;
    model.rate = Ratio::from_raw(100'000);  // 1 bp of 100 is 0.01
    EXPECT_EQ(slipped(model, Side::buy, kHundred, kCent, 1, 1), kHundred + kCent);
    EXPECT_EQ(slipped(model, Side::sell, kHundred, kCent, 1, 1), kHundred - kCent);
    // Below zero, where futures have been, worse is still dearer for a buyer.
    EXPECT_EQ(slipped(model, Side::buy, -kHundred, kCent, 1, 1), -kHundred + kCent);
}

TEST(Slippage, A_volume_share_above_one_is_one) {
    SlippageModel model;
    model.kind = SlippageKind::volume_share;
    model.rate = Ratio::from_raw(100'000'000);  // 0.1
    // 0.1 * 1² * 100 = 10
    EXPECT_EQ(slipped(model, Side::buy, kHundred, kCent, 500, 100), 110 * Price::kOne);
    EXPECT_EQ(slipped(model, Side::buy, kHundred, kCent, 500, 0), 110 * Price::kOne);
}

TEST(Slippage, Refuses_what_makes_no_sense) {
    SlippageModel model;
    model.ticks = -1;
    EXPECT_FALSE(model.check());
    model.ticks = 0;
    model.rate = Ratio::from_raw(1'000'000'001);
    EXPECT_FALSE(model.check());
}

TEST(Settings, Defaults_are_sound) {
    EXPECT_TRUE(Settings().check());
}

TEST(Settings, Contradictions_are_named) {
    Settings latency_without_its_timing;
    latency_without_its_timing.latency.submit = Duration::milliseconds(1);
    const auto refused = latency_without_its_timing.check();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, "latency");
    Settings share_of_nothing;
    share_of_nothing.tick_share = Ratio();
    EXPECT_FALSE(share_of_nothing.check());
    Settings share_of_too_much;
    share_of_too_much.bar_share = Ratio::whole(2);
    EXPECT_FALSE(share_of_too_much.check());
    Settings late_by_nothing;
    late_by_nothing.faults.delay_one_in = 3;
    EXPECT_FALSE(late_by_nothing.check());
    Settings stale_before;
    stale_before.stale_after = Duration::seconds(-1);
    EXPECT_FALSE(stale_before.check());
}

TEST(Latency, Jitter_stays_within_its_bound_and_follows_the_seed) {
    LatencyModel model;
    model.jitter = Duration::microseconds(10);
    Random first(7), second(7);
    bool moved = false;
    for (int i = 0; i < 1'000; ++i) {
        const Duration drawn = model.draw(Duration::microseconds(5), first);
        EXPECT_GE(drawn, Duration::microseconds(5));
        EXPECT_LE(drawn, Duration::microseconds(15));
        EXPECT_EQ(drawn, model.draw(Duration::microseconds(5), second));
        moved = moved || drawn != Duration::microseconds(5);
    }
    EXPECT_TRUE(moved);
}

TEST(Expiries, Come_in_the_order_of_time_then_age_and_the_worthless_are_swept) {
    Expiries expiries;
    for (std::uint64_t i = 0; i < 1'000; ++i)
        expiries.add({Time::from_ns(static_cast<std::int64_t>(1'000 - i / 2)), i, i});
    // All but the even ones have ended.
    for (int i = 0; i < 800; ++i)
        expiries.leave_one([](const Expiries::Entry& entry) { return entry.order_id % 2 == 0; });
    EXPECT_EQ(expiries.next_due(), Time::from_ns(501));
    EXPECT_EQ(expiries.pop().order_id, 998U);
    EXPECT_EQ(expiries.pop().order_id, 996U);
}

TEST(RequestQueue, Keeps_its_order_through_growth) {
    RequestQueue queue;
    std::uint64_t in = 0, out = 0;
    for (int round = 0; round < 300; ++round) {
        for (int i = 0; i < 3; ++i) {
            Request request{};
            request.order.order_id = ++in;
            queue.push(request);
        }
        ASSERT_EQ(queue.front().order.order_id, ++out);
        queue.pop();
    }
    EXPECT_EQ(queue.size(), 600U);
    EXPECT_EQ(queue.at(599).order.order_id, 900U);
}

TEST(BarPath, Unsound_bars_are_told) {
    model::Bar bar;
    bar.open = bar.close = Price::whole(100);
    bar.high = Price::whole(101);
    bar.low = Price::whole(99);
    EXPECT_TRUE(is_sound(bar));
    bar.close = Price::whole(102);
    EXPECT_FALSE(is_sound(bar));
    bar.close = Price::whole(98);
    EXPECT_FALSE(is_sound(bar));
}

TEST(CalendarHours, Follow_the_calendar_over_a_weekend_of_clock_change) {
    CalendarHours hours(*market::Calendar::find("us-equities"));
    const auto at = [](const char* text) { return *parse_time(text); };
    EXPECT_FALSE(hours.is_open(at("2024-03-08T21:00:00Z")));
    EXPECT_TRUE(hours.is_open(at("2024-03-08T20:59:59Z")));
    EXPECT_EQ(hours.next_open(at("2024-03-08T21:00:00Z")), at("2024-03-11T13:30:00Z"));
    EXPECT_EQ(hours.next_open(at("2024-03-11T13:30:00Z")), at("2024-03-11T13:30:00Z"));
    EXPECT_EQ(hours.day_end(at("2024-03-09T12:00:00Z")), at("2024-03-11T20:00:00Z"));
    EXPECT_EQ(hours.day_end(at("2024-03-08T16:00:00Z")), at("2024-03-08T21:00:00Z"));
}

TEST(CalendarHours, A_day_opens_once_and_ends_once_whatever_its_breaks) {
    CalendarHours hours(*market::Calendar::find("jp-equities"));
    const auto at = [](const char* text) { return *parse_time(text); };
    // Tokyo, 10 January 2024: 09:00 to 11:30 and 12:30 to 15:00, which is 00:00 to 06:00 UTC.
    EXPECT_EQ(hours.day_end(at("2024-01-10T01:00:00Z")), at("2024-01-10T06:00:00Z"));
    EXPECT_EQ(hours.day_end(at("2024-01-10T03:00:00Z")), at("2024-01-10T06:00:00Z"));
    EXPECT_EQ(hours.next_open(at("2024-01-10T03:00:00Z")), at("2024-01-11T00:00:00Z"));
}

}  // namespace
}  // namespace millrace::venue
