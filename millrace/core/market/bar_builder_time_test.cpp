#include <gtest/gtest.h>

#include "millrace/core/market/test_bars.hpp"

namespace millrace::market {
namespace {

using Words = std::vector<std::string>;

TEST(TimeBars, Hold_what_happened_from_open_up_to_close) {
    FedBuilder bars("1m");
    bars.feed(trade_at(second(0), "100", "2"));
    bars.feed(trade_at(second(20), "103", "1"));
    bars.feed(trade_at(second(40), "99", "4"));
    bars.feed(trade_at(second(59), "101", "3"));
    EXPECT_EQ(bars.take_words(), Words{});
    EXPECT_EQ(bars.builder().due(), second(60));
    bars.feed(trade_at(second(60), "105", "1"));  // of the next bar
    // (200 + 103 + 396 + 303) / 10 = 100.2
    EXPECT_EQ(bars.take_words(), Words{"0-60 O 100 H 103 L 99 C 101 V 10 n 4 ~ 100.2"});
    bars.until(second(119));
    EXPECT_EQ(bars.take_words(), Words{});
    bars.until(second(120));
    EXPECT_EQ(bars.take_words(), Words{"60-120 O 105 H 105 L 105 C 105 V 1 n 1 ~ 105"});
}

TEST(TimeBars, Longer_than_a_minute_are_as_long_as_they_say) {
    FedBuilder bars("5m");
    bars.feed(trade_at(second(0), "1"));
    bars.feed(trade_at(second(299), "2"));
    bars.feed(trade_at(second(300), "3"));
    EXPECT_EQ(bars.take_words(), Words{"0-300 O 1 H 2 L 1 C 2 V 2 n 2 ~ 1.5"});
}

TEST(TimeBars, Begin_at_multiples_of_their_step_also_before_1970) {
    FedBuilder bars("1m");
    bars.feed(trade_at(second(-61), "1"));
    bars.feed(trade_at(second(-60), "2"));
    bars.feed(trade_at(second(-1), "3"));
    bars.until(second(0));
    EXPECT_EQ(bars.take_words(), (Words{"-120--60 O 1 H 1 L 1 C 1 V 1 n 1 ~ 1 partial",
                                        "-60-0 O 2 H 3 L 2 C 3 V 2 n 2 ~ 2.5"}));
}

TEST(TimeBars, Empty_periods_give_no_bar_unless_asked_for) {
    FedBuilder none("1m");
    FedBuilder flat("1m,flat");
    for (FedBuilder* bars : {&none, &flat}) {
        bars->feed(trade_at(second(0), "7"));
        bars->until(second(150));
        bars->feed(trade_at(second(200), "8"));
        bars->until(second(240));
    }
    EXPECT_EQ(none.take_words(),
              (Words{"0-60 O 7 H 7 L 7 C 7 V 1 n 1 ~ 7", "180-240 O 8 H 8 L 8 C 8 V 1 n 1 ~ 8"}));
    EXPECT_EQ(flat.take_words(),
              (Words{"0-60 O 7 H 7 L 7 C 7 V 1 n 1 ~ 7", "60-120 O 7 H 7 L 7 C 7 V 0 n 0",
                     "120-180 O 7 H 7 L 7 C 7 V 0 n 0", "180-240 O 8 H 8 L 8 C 8 V 1 n 1 ~ 8"}));
}

TEST(TimeBars, Flat_bars_end_some_day) {
    FedBuilder bars("1s,flat");
    bars.feed(trade_at(second(0), "7"));
    bars.until(second(2'000'000));
    EXPECT_EQ(bars.bars().size(), 1U + BarBuilder::kFlatInARowMax);
    EXPECT_EQ(bars.builder().due(), BarBuilder::kNever);
    bars.feed(trade_at(second(2'000'000), "8"));
    EXPECT_EQ(bars.builder().due(), second(2'000'001));
}

TEST(TimeBars, The_first_one_is_marked_when_watching_began_within_it) {
    FedBuilder kept("1m");
    FedBuilder dropped("1m,drop-partial");
    FedBuilder whole("1m,drop-partial");
    whole.builder().watch_from(second(-5));
    for (FedBuilder* bars : {&kept, &dropped, &whole}) {
        bars->feed(trade_at(second(13), "7"));
        bars->feed(trade_at(second(61), "8"));
        bars->until(second(120));
    }
    const std::string first = "0-60 O 7 H 7 L 7 C 7 V 1 n 1 ~ 7";
    const std::string second_one = "60-120 O 8 H 8 L 8 C 8 V 1 n 1 ~ 8";
    EXPECT_EQ(kept.take_words(), (Words{first + " partial", second_one}));
    EXPECT_EQ(dropped.take_words(), (Words{second_one}));
    EXPECT_EQ(dropped.builder().counters().partial_dropped, 1U);
    EXPECT_EQ(whole.take_words(), (Words{first, second_one}));
}

TEST(TimeBars, A_late_trade_is_counted_and_changes_nothing) {
    FedBuilder bars("1m");
    bars.feed(trade_at(second(30), "7"));
    bars.feed(trade_at(second(70), "8"));
    EXPECT_EQ(bars.feed(observation_of(trade_at(second(59), "1")), second(71)), BarHeard::late);
    EXPECT_EQ(bars.feed(observation_of(trade_at(second(60), "6")), second(72)),
              BarHeard::accepted);  // older than the last trade, but of the open bar
    bars.until(second(120));
    EXPECT_EQ(bars.feed(observation_of(trade_at(second(119), "1")), second(121)), BarHeard::late);
    EXPECT_EQ(bars.take_words(), (Words{"0-60 O 7 H 7 L 7 C 7 V 1 n 1 ~ 7 partial",
                                        "60-120 O 8 H 8 L 6 C 6 V 2 n 2 ~ 7"}));
    EXPECT_EQ(bars.builder().counters().late, 2U);
}

TEST(TimeBars, Refuse_what_cannot_be) {
    FedBuilder bars("1m");
    EXPECT_EQ(bars.feed(trade_at(second(1), "7", "0")), BarHeard::refused);
    EXPECT_EQ(bars.feed(trade_at(second(1), "7", "-1")), BarHeard::refused);
    EXPECT_EQ(bars.feed(trade_at(second(1), "4700000000")), BarHeard::refused);
    EXPECT_EQ(bars.feed(observation_of(trade_at(Time::latest(), "7")), second(1)),
              BarHeard::refused);
    EXPECT_EQ(bars.feed(trade_at(second(1), "7", "92233720368")), BarHeard::accepted);
    EXPECT_EQ(bars.feed(trade_at(second(1), "7", "1")), BarHeard::refused);  // no such volume
    model::Bar bar;
    bar.step = 60 * kSecond;
    bar.high = Price::whole(1);
    bar.open = bar.low = bar.close = Price::whole(2);
    FedBuilder larger("5m@1m");
    EXPECT_EQ(larger.feed(bar), BarHeard::refused);
    EXPECT_EQ(bars.builder().counters().refused, 5U);
    bars.until(second(100));
    EXPECT_EQ(bars.bars().size(), 1U);
}

TEST(TimeBars, A_flush_gives_the_unfinished_bar_at_the_end_of_the_data) {
    FedBuilder bars("1m");
    bars.feed(trade_at(second(0), "7"));
    bars.flush(second(10));
    EXPECT_EQ(bars.take_words(), Words{"0-10 O 7 H 7 L 7 C 7 V 1 n 1 ~ 7 partial"});
    bars.flush(second(11));
    EXPECT_EQ(bars.take_words(), Words{});
}

model::Quote quote(const char* bid, const char* ask) {
    model::Quote made;
    made.known_at = second(1);
    made.bid = Price::parse(bid).value();
    made.ask = Price::parse(ask).value();
    return made;
}

TEST(TimeBars, Of_quotes_take_the_price_that_the_rule_names) {
    const auto price = [](const model::Quote& quote, BarSource source) {
        return observation_of(quote, source)->close.to_string();
    };
    EXPECT_EQ(price(quote("1.1", "1.4"), BarSource::mid), "1.25");
    EXPECT_EQ(price(quote("1.1", "1.4"), BarSource::bid), "1.1");
    EXPECT_EQ(price(quote("1.1", "1.4"), BarSource::ask), "1.4");
    EXPECT_EQ(price(quote("0.000000001", "0.000000002"), BarSource::mid), "0.000000002");
    EXPECT_EQ(price(quote("-3", "-2"), BarSource::mid), "-2.5");
    EXPECT_FALSE(observation_of(quote("0", "1.4"), BarSource::mid));
    EXPECT_FALSE(observation_of(quote("0", "1.4"), BarSource::bid));
    EXPECT_EQ(price(quote("0", "1.4"), BarSource::ask), "1.4");
    FedBuilder bars("1m@mid");
    bars.feed(*observation_of(quote("1.1", "1.4"), BarSource::mid), second(1));
    bars.until(second(60));
    EXPECT_EQ(bars.take_words(), Words{"0-60 O 1.25 H 1.25 L 1.25 C 1.25 V 0 n 0 partial"});
}

model::Bar minute(std::int64_t number, const char* open, const char* high, const char* low,
                  const char* close, const char* volume, const char* vwap = nullptr) {
    model::Bar bar;
    bar.open_time = second(number * 60);
    bar.known_at = second(number * 60 + 60);
    bar.open = Price::parse(open).value();
    bar.high = Price::parse(high).value();
    bar.low = Price::parse(low).value();
    bar.close = Price::parse(close).value();
    bar.volume = Quantity::parse(volume).value();
    if (vwap != nullptr) bar.vwap = Price::parse(vwap).value();
    bar.trade_count = 2;
    bar.step = 60 * kSecond;
    return bar;
}

TEST(TimeBars, Of_smaller_bars_close_with_the_last_of_them) {
    FedBuilder bars("3m@1m");
    bars.feed(minute(0, "5", "9", "4", "6", "10", "6"));
    bars.feed(minute(1, "6", "7", "3", "4", "20", "5"));
    EXPECT_EQ(bars.take_words(), Words{});
    bars.feed(minute(2, "4", "5", "4", "5", "10", "4.5"));
    // (60 + 100 + 45) / 40 = 5.125
    EXPECT_EQ(bars.take_words(), Words{"0-180 O 5 H 9 L 3 C 5 V 40 n 6 ~ 5.125"});
}

TEST(TimeBars, Of_smaller_bars_close_a_moment_later_when_the_last_one_is_missing) {
    FedBuilder bars("3m@1m");
    bars.feed(minute(0, "5", "9", "4", "6", "10"));
    bars.until(second(180));  // it may still come, known at this very moment
    EXPECT_EQ(bars.take_words(), Words{});
    EXPECT_EQ(bars.builder().due(), Time::from_ns(180 * kSecond + 1));
    bars.until(Time::from_ns(180 * kSecond + 1));
    EXPECT_EQ(bars.take_words(), Words{"0-180.000000001 O 5 H 9 L 4 C 6 V 10 n 2"});
}

TEST(TimeBars, Of_smaller_bars_wait_for_those_that_travel) {
    FedBuilder bars("3m@1m,wait=2s");
    bars.feed(minute(0, "5", "9", "4", "6", "10"));
    model::Bar last = minute(2, "6", "6", "6", "6", "1");
    last.known_at = second(181);
    bars.feed(last);
    EXPECT_EQ(bars.take_words(), Words{"0-181 O 5 H 9 L 4 C 6 V 11 n 4"});
    bars.feed(minute(3, "6", "6", "6", "6", "1"));
    bars.until(second(362));
    EXPECT_EQ(bars.take_words(), Words{});
    bars.until(second(1'000));
    EXPECT_EQ(bars.take_words(), Words{"180-362.000000001 O 6 H 6 L 6 C 6 V 1 n 2"});
}

TEST(TimeBars, Of_smaller_bars_count_none_twice) {
    FedBuilder bars("3m@1m");
    bars.feed(minute(0, "5", "9", "4", "6", "10"));
    EXPECT_EQ(bars.feed(minute(0, "5", "9", "4", "6", "10")), BarHeard::late);
    bars.feed(minute(2, "6", "6", "6", "6", "1"));
    EXPECT_EQ(bars.feed(minute(1, "6", "6", "6", "6", "1")), BarHeard::late);
    EXPECT_EQ(bars.take_words(), Words{"0-180 O 5 H 9 L 4 C 6 V 11 n 4"});
}

TEST(TimeBars, Of_smaller_bars_know_nothing_before_their_period_is_over) {
    FedBuilder bars("2m@1m");
    model::Bar early = minute(1, "6", "6", "6", "6", "1");
    early.known_at = early.open_time;  // a feed that stamps bars when they open
    bars.feed(early);
    EXPECT_EQ(bars.take_words(), Words{});
    bars.until(second(120));
    EXPECT_EQ(bars.take_words(), Words{"0-120 O 6 H 6 L 6 C 6 V 1 n 2 partial"});
}

// Sessions from 100 to 250 and from 400 to 460 seconds.
class TwoSessions : public PeriodEnds {
  public:
    [[nodiscard]] std::optional<Period> period_at(InstrumentId /*instrument*/, Time time,
                                                  Duration step) const override {
        for (const Period& session : sessions_) {
            if (time < session.open || time >= session.end) continue;
            if (step >= Duration::days(1)) return session;
            const std::int64_t part = (time - session.open).ns() / step.ns();
            const Time open = session.open + part * step;
            return Period{open, std::min(open + step, session.end)};
        }
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Period> period_after(InstrumentId instrument, Time time,
                                                     Duration step) const override {
        for (const Period& session : sessions_) {
            if (time <= session.open) return period_at(instrument, session.open, step);
            if (time < session.end) return period_at(instrument, time, step);
        }
        return std::nullopt;
    }

  private:
    Period sessions_[2] = {{second(100), second(250)}, {second(400), second(460)}};
};

TEST(TimeBars, By_session_begin_with_it_and_are_cut_off_at_its_close) {
    const TwoSessions sessions;
    FedBuilder bars("1m,session", &sessions);
    EXPECT_EQ(bars.feed(trade_at(second(99), "1")), BarHeard::outside_session);
    bars.feed(trade_at(second(100), "2"));
    bars.feed(trade_at(second(225), "3"));  // the third, of 220 to 250
    EXPECT_EQ(bars.builder().due(), second(250));
    bars.until(second(250));
    EXPECT_EQ(bars.feed(trade_at(second(250), "1")), BarHeard::outside_session);
    EXPECT_EQ(bars.take_words(), (Words{"100-160 O 2 H 2 L 2 C 2 V 1 n 1 ~ 2",
                                        "220-250 O 3 H 3 L 3 C 3 V 1 n 1 ~ 3"}));
    EXPECT_EQ(bars.builder().counters().outside_session, 2U);
}

TEST(TimeBars, By_session_a_day_is_the_session) {
    const TwoSessions sessions;
    FedBuilder bars("1d,session", &sessions);
    bars.feed(trade_at(second(120), "2"));
    bars.feed(trade_at(second(240), "3"));
    bars.until(second(250));
    bars.feed(trade_at(second(459), "4"));
    bars.until(second(460));
    EXPECT_EQ(bars.take_words(), (Words{"100-250 O 2 H 3 L 2 C 3 V 2 n 2 ~ 2.5 partial",
                                        "400-460 O 4 H 4 L 4 C 4 V 1 n 1 ~ 4"}));
}

TEST(TimeBars, By_session_flat_bars_skip_the_night_and_end_with_the_sessions) {
    const TwoSessions sessions;
    FedBuilder bars("1m,session,flat", &sessions);
    bars.feed(trade_at(second(100), "2"));
    bars.until(second(10'000));
    std::vector<std::int64_t> opens;
    for (const ClosedBar& closed : bars.bars())
        opens.push_back(closed.bar.open_time.ns() / kSecond);
    EXPECT_EQ(opens, (std::vector<std::int64_t>{100, 160, 220, 400}));
    EXPECT_EQ(bars.builder().due(), BarBuilder::kNever);
}

}  // namespace
}  // namespace millrace::market
