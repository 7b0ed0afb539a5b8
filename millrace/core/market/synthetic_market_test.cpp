#include "millrace/core/market/synthetic_market.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "millrace/base/hash.hpp"

namespace millrace::market {
namespace {

using model::TableKind;

Time utc(std::string_view text) {
    return parse_time(text).value();
}

SyntheticRule rule_for(std::string_view regime, TableKind kind = TableKind::bars) {
    SyntheticRule rule;
    rule.kind = kind;
    rule.symbols = {{.name = "ACME", .id = InstrumentId(0)}};
    rule.from = utc("2026-01-05T00:00:00Z");
    rule.to = utc("2026-01-06T00:00:00Z");
    rule.regime = parse_regime(regime).value();
    return rule;
}

std::vector<model::Datum> all_of(SyntheticRule rule) {
    SyntheticMarket market(std::move(rule));
    std::vector<model::Datum> all;
    model::Datum datum;
    while (market.next(datum))
        all.push_back(datum);
    return all;
}

template <class T>
std::vector<T> all_as(SyntheticRule rule) {
    std::vector<T> all;
    for (const model::Datum& datum : all_of(std::move(rule)))
        all.push_back(std::get<T>(datum));
    return all;
}

std::string hash_of(const std::vector<model::Datum>& all) {
    RunningHash hash;
    for (const model::Datum& datum : all)
        std::visit([&](const auto& noun) { hash.add(std::as_bytes(std::span(&noun, 1))); }, datum);
    return hash_text(hash.value());
}

std::string error_of(std::string_view regime) {
    const auto parsed = parse_regime(regime);
    return parsed ? "nothing" : parsed.error().what + ": " + parsed.error().mend;
}

TEST(SyntheticRegime, Is_read_from_text) {
    const auto walk = parse_regime("random-walk,volatility=30,drift=-5").value();
    EXPECT_EQ(walk.regime, Regime::random_walk);
    EXPECT_DOUBLE_EQ(walk.volatility, 0.3);
    EXPECT_DOUBLE_EQ(walk.drift, -0.05);
    const auto back = parse_regime("mean-reverting,half-life=4h").value();
    EXPECT_EQ(back.half_life, Duration::hours(4));
    EXPECT_DOUBLE_EQ(back.volatility, 0.2);
    const auto jumps = parse_regime("jumps,jumps=3,jump-size=1.5").value();
    EXPECT_DOUBLE_EQ(jumps.jumps, 3);
    EXPECT_DOUBLE_EQ(jumps.jump_size, 0.015);
    EXPECT_EQ(parse_regime("trending,leg=2d").value().leg, Duration::days(2));
}

TEST(SyntheticRegime, Refuses_what_it_does_not_know) {
    EXPECT_EQ(error_of("random-wlak"),
              "there is no regime \"random-wlak\": did you mean \"random-walk\"?");
    EXPECT_EQ(error_of("jumps,volatilty=3"),
              "there is no setting of a regime \"volatilty\": did you mean \"volatility\"?");
    EXPECT_EQ(error_of("random-walk,leg=2d"),
              "the regime random-walk has no leg: leave it out, or take another regime");
    EXPECT_EQ(error_of("uniform,volatility=3"),
              "the regime uniform has nothing to set: leave it out, or take random-walk");
    EXPECT_EQ(error_of("random-walk,volatility=-3"),
              "volatility=-3 cannot be used: write, for example, volatility=20");
    EXPECT_EQ(error_of("trending,leg=0s"), "leg=0s cannot be used: write, for example, leg=4h");
    EXPECT_EQ(error_of("jumps,jumps"),
              "\"jumps\" says nothing: write, for example, random-walk,volatility=30");
}

TEST(SyntheticMarket, Makes_sound_bars_without_a_break) {
    for (const char* regime : {"random-walk,volatility=80", "mean-reverting", "trending",
                               "jumps,jumps=50,jump-size=10", "uniform"}) {
        const auto bars = all_as<model::Bar>(rule_for(regime));
        ASSERT_EQ(bars.size(), 1'440U) << regime;  // a day of minutes
        Time expected = utc("2026-01-05T00:00:00Z");
        for (const model::Bar& bar : bars) {
            EXPECT_EQ(bar.open_time, expected);
            expected = expected + Duration::minutes(1);
            EXPECT_EQ(bar.known_at, expected);
            EXPECT_EQ(bar.step, 60'000'000'000U);
            EXPECT_GE(bar.high, std::max(bar.open, bar.close)) << regime;
            EXPECT_LE(bar.low, std::min(bar.open, bar.close)) << regime;
            EXPECT_GT(bar.low.raw(), 0) << regime;
            EXPECT_EQ(bar.close.raw() % 10'000'000, 0) << "in cents";
            EXPECT_EQ(bar.volume.raw() % Quantity::kOne, 0) << "in units";
            EXPECT_GT(bar.volume.raw(), 0);
        }
    }
}

TEST(SyntheticMarket, Is_the_same_on_every_machine) {
    // Taken from one run; what matters is that they never change.
    EXPECT_EQ(hash_of(all_of(rule_for("random-walk"))), "c57ca3bc33b21cba");
    EXPECT_EQ(hash_of(all_of(rule_for("mean-reverting"))), "9e4172a531949b8f");
    EXPECT_EQ(hash_of(all_of(rule_for("trending"))), "e991faa4f1e16c25");
    EXPECT_EQ(hash_of(all_of(rule_for("jumps"))), "520124d1f01810e8");
    EXPECT_EQ(hash_of(all_of(rule_for("uniform"))), "3bd28ff384b664b1");
    EXPECT_EQ(hash_of(all_of(rule_for("random-walk", TableKind::quotes))), "0b78a80e246218de");
    EXPECT_EQ(hash_of(all_of(rule_for("random-walk", TableKind::trades))), "69358813808885ea");
}

TEST(SyntheticMarket, Hangs_on_the_seed_and_the_symbol_and_nothing_else) {
    SyntheticRule rule = rule_for("random-walk");
    const auto first = all_as<model::Bar>(rule);
    rule.seed = 2;
    EXPECT_NE(all_as<model::Bar>(rule).front().open, first.front().open);
    rule.seed = 1;
    rule.symbols = {{.name = "OTHER", .id = InstrumentId(0)},
                    {.name = "ACME", .id = InstrumentId(1)}};
    const auto both = all_as<model::Bar>(rule);
    ASSERT_EQ(both.size(), 2 * first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(both[2 * i].instrument, InstrumentId(0));
        EXPECT_NE(both[2 * i].close, first[i].close);
        EXPECT_EQ(both[2 * i + 1].close, first[i].close);
    }
}

TEST(SyntheticMarket, Keeps_the_sessions_of_a_calendar) {
    SyntheticRule rule = rule_for("random-walk");
    rule.calendar = Calendar::find("us-equities").value();
    rule.from = utc("2025-11-26T00:00:00Z");  // before Thanksgiving, with an early close after it
    rule.to = utc("2025-12-01T00:00:00Z");
    const auto bars = all_as<model::Bar>(rule);
    ASSERT_EQ(bars.size(), 390U + 210U);
    EXPECT_EQ(bars[0].open_time, utc("2025-11-26T14:30:00Z"));
    EXPECT_EQ(bars[389].known_at, utc("2025-11-26T21:00:00Z"));
    EXPECT_EQ(bars[390].open_time, utc("2025-11-28T14:30:00Z"));
    EXPECT_EQ(bars.back().known_at, utc("2025-11-28T18:00:00Z"));
    rule.every = Duration::days(1);
    const auto days = all_as<model::Bar>(rule);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[1].open_time, utc("2025-11-28T00:00:00Z"));
    rule.kind = TableKind::trades;
    rule.distance = Duration::seconds(10);
    const auto trades = all_as<model::Trade>(rule);
    EXPECT_NEAR(static_cast<double>(trades.size()), 3'600, 200);  // ten hours of trading
    for (const model::Trade& trade : trades)
        EXPECT_TRUE(rule.calendar->is_open(trade.known_at)) << format_time(trade.known_at);
}

TEST(SyntheticMarket, Gives_ticks_in_order_at_their_rate) {
    SyntheticRule rule = rule_for("random-walk", TableKind::quotes);
    rule.symbols.push_back({.name = "OTHER", .id = InstrumentId(1)});
    rule.distance = Duration::milliseconds(2'500);
    const auto quotes = all_as<model::Quote>(rule);
    EXPECT_NEAR(static_cast<double>(quotes.size()), 69'120, 1'500);  // of two symbols in a day
    std::pair<Time, InstrumentId> last;
    for (const model::Quote& quote : quotes) {
        const std::pair here(quote.known_at, quote.instrument);
        EXPECT_LE(last, here);
        last = here;
        EXPECT_LT(quote.known_at, rule.to);
        EXPECT_GT(quote.bid.raw(), 0);
        EXPECT_LE(quote.ask.raw() - quote.bid.raw(), 40'000'000);  // four cents
        EXPECT_LT(quote.bid, quote.ask);
    }
}

TEST(SyntheticMarket, Moves_as_much_as_the_volatility_says) {
    SyntheticRule rule = rule_for("random-walk,volatility=20");
    rule.symbols.front().start = Price::whole(10'000);
    rule.to = utc("2026-03-06T00:00:00Z");
    const auto bars = all_as<model::Bar>(rule);
    double squares = 0;
    for (std::size_t i = 1; i < bars.size(); ++i) {
        const double before = static_cast<double>(bars[i - 1].close.raw());
        const double move = static_cast<double>(bars[i].close.raw()) / before - 1;
        squares += move * move;
    }
    // 20 % of a year of 525,600 minutes is 0.2 / 724.98 a minute.
    const double deviation = std::sqrt(squares / static_cast<double>(bars.size()));
    EXPECT_NEAR(deviation, 0.000275867, 0.000275867 * 0.01);
}

TEST(SyntheticPath, Draws_from_the_exponential_distribution) {
    SyntheticPath path(parse_regime("random-walk").value(), {.name = "X", .id = InstrumentId(0)},
                       1);
    constexpr int kDraws = 200'000;
    double sum = 0;
    double squares = 0;
    int above_three = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double draw = path.exponential();
        sum += draw;
        squares += draw * draw;
        above_three += draw > 3 ? 1 : 0;
    }
    EXPECT_NEAR(sum / kDraws, 1, 0.01);
    EXPECT_NEAR(squares / kDraws, 2, 0.05);
    EXPECT_NEAR(above_three / 200'000.0, 0.049787, 0.002);  // e^-3
}

TEST(SyntheticMarket, Returns_to_where_it_began_when_it_reverts) {
    SyntheticRule rule = rule_for("mean-reverting,half-life=1h,volatility=50");
    rule.symbols.front().start = Price::whole(100);
    rule.to = utc("2026-02-05T00:00:00Z");
    // It stands around 100 with a deviation of 0.5 * sqrt(half-life / (2 ln 2)) = 0.5 * sqrt(1 h /
    // 8760 h / 1.386) = 0.45 %.
    for (const model::Bar& bar : all_as<model::Bar>(rule))
        EXPECT_NEAR(static_cast<double>(bar.close.raw()), 100e9, 3e9);
}

TEST(SyntheticMarket, Keeps_to_the_rules_of_the_uniform_feed) {
    SyntheticRule rule = rule_for("uniform");
    rule.symbols.front().start = Price::whole(50);
    std::optional<Price> before = Price::whole(50);
    for (const model::Bar& bar : all_as<model::Bar>(rule)) {
        const auto near = [&](Price a, Price b, double share) {
            return std::abs(static_cast<double>(a.raw() - b.raw())) <=
                   share * static_cast<double>(b.raw()) + 1e7;  // and a cent for rounding twice
        };
        EXPECT_TRUE(near(bar.close, *before, 0.001));
        EXPECT_TRUE(near(bar.open, *before, 0.0005));
        EXPECT_TRUE(near(bar.high, std::max(bar.open, bar.close), 0.002));
        EXPECT_TRUE(near(bar.low, std::min(bar.open, bar.close), 0.002));
        EXPECT_GE(bar.volume, Quantity::whole(1'000));
        EXPECT_LE(bar.volume, Quantity::whole(50'000));
        EXPECT_GE(bar.trade_count, 10U);
        EXPECT_LE(bar.trade_count, 500U);
        EXPECT_GE(bar.vwap.value(), bar.low);
        EXPECT_LE(bar.vwap.value(), bar.high);
        before = bar.close;
    }
}

TEST(SyntheticMarket, Stays_sound_at_the_edges_of_numbers) {
    SyntheticRule rule = rule_for("random-walk,volatility=10000,drift=10000");
    rule.every = Duration::days(30);
    rule.to = utc("2125-01-05T00:00:00Z");
    for (const char* start : {"0.01", "9000000"}) {
        rule.symbols.front().start = Price::parse(start).value();
        for (const model::Bar& bar : all_as<model::Bar>(rule)) {
            EXPECT_GT(bar.low.raw(), 0);
            EXPECT_GE(bar.high, bar.low);
            EXPECT_GT(bar.volume.raw(), 0);
        }
    }
}

TEST(SyntheticMarket, Refuses_rules_that_make_no_sense) {
    const auto told = [](const SyntheticRule& rule) {
        const auto checked = check(rule);
        return checked ? std::string("nothing") : checked.error().what;
    };
    SyntheticRule rule = rule_for("random-walk");
    EXPECT_EQ(told(rule), "nothing");
    rule.to = rule.from;
    EXPECT_EQ(told(rule), "the span is empty");
    rule = rule_for("random-walk");
    rule.every = Duration::microseconds(1);
    EXPECT_EQ(told(rule), "the bars are too short");
    rule = rule_for("random-walk", TableKind::trades);
    rule.distance = Duration::microseconds(1);
    EXPECT_EQ(told(rule), "the ticks come too fast");
    rule = rule_for("random-walk");
    rule.symbols.front().step = Price();
    EXPECT_EQ(told(rule), "the step of prices is not above zero");
    rule.symbols.clear();
    EXPECT_EQ(told(rule), "there is no symbol");
    rule = rule_for("random-walk");
    rule.calendar = Calendar::find("us-equities").value();
    rule.every = Duration::days(2);
    EXPECT_EQ(told(rule), "the bars are longer than a day");
    rule.from = utc("1800-01-01T00:00:00Z");
    EXPECT_EQ(told(rule), "the calendar does not know these days");
}

}  // namespace
}  // namespace millrace::market
