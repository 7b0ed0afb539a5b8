#include "millrace/core/engine/input.hpp"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

#include "tests/support/random_nouns.hpp"

namespace millrace::engine {
namespace {

model::Bar bar_of(std::int64_t ns, std::uint64_t step, std::uint32_t instrument) {
    model::Bar bar;
    bar.known_at = Time::from_ns(ns);
    bar.step = step;
    bar.instrument = InstrumentId(instrument);
    return bar;
}

template <class T>
T of_moment(std::int64_t ns, std::uint32_t instrument = 0) {
    T noun;
    noun.known_at = Time::from_ns(ns);
    if constexpr (requires { noun.instrument; }) noun.instrument = InstrumentId(instrument);
    return noun;
}

template <class A, class B>
bool comes_before(const A& a, const B& b) {
    return order_key_of(record_of(a)) < order_key_of(record_of(b));
}

TEST(TotalOrder, Time_comes_before_everything_else) {
    EXPECT_TRUE(comes_before(of_moment<model::Checkpoint>(1), of_moment<model::Source>(2)));
    EXPECT_FALSE(comes_before(of_moment<model::Source>(2), of_moment<model::Checkpoint>(1)));
}

TEST(TotalOrder, At_one_moment_definitions_commands_reports_bars_actions_ticks_then_wishes) {
    const std::array<std::vector<Noun>, 10> ranks = {{
        {Noun::source, Noun::strategy, Noun::account, Noun::instrument},
        {Noun::command},
        {Noun::order, Noun::fill, Noun::position, Noun::balance},
        {Noun::bar},
        {Noun::corporate_action},
        {Noun::book_update, Noun::trade, Noun::quote},
        {Noun::signal},
        {Noun::order_intent},
        {Noun::alert},
        {Noun::clock, Noun::checkpoint},
    }};
    const std::array<int, 10> numbers = {0, 1, 2, 4, 5, 6, 7, 8, 9, 10};
    std::size_t nouns = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i)
        for (const Noun noun : ranks[i]) {
            EXPECT_EQ(rank_of(noun), numbers[i]) << model::description_of(noun).name;
            ++nouns;
        }
    EXPECT_EQ(nouns, model::kNounCount);
}

TEST(TotalOrder, Timers_stand_between_reports_and_market_data) {
    EXPECT_LT(rank_of(Noun::fill), kTimerRank);
    EXPECT_GT(rank_of(Noun::bar), kTimerRank);
}

TEST(TotalOrder, Shorter_bars_come_before_longer_ones_then_by_instrument) {
    EXPECT_TRUE(comes_before(bar_of(9, 60, 2), bar_of(9, 3'600, 1)));
    EXPECT_TRUE(comes_before(bar_of(9, 60, 1), bar_of(9, 60, 2)));
    EXPECT_FALSE(comes_before(bar_of(9, 60, 1), bar_of(9, 60, 1)));
}

TEST(TotalOrder, Ticks_of_one_moment_are_ordered_by_instrument_whatever_they_are) {
    EXPECT_TRUE(comes_before(of_moment<model::Quote>(9, 1), of_moment<model::Trade>(9, 2)));
    EXPECT_TRUE(comes_before(of_moment<model::BookUpdate>(9, 1), of_moment<model::Quote>(9, 2)));
    EXPECT_FALSE(comes_before(of_moment<model::Quote>(9, 1), of_moment<model::Trade>(9, 1)));
    EXPECT_FALSE(comes_before(of_moment<model::Trade>(9, 1), of_moment<model::Quote>(9, 1)));
}

TEST(TotalOrder, Stable_insertion_leaves_ticks_of_one_instrument_in_their_arrival) {
    std::vector<model::Trade> trades;
    for (std::uint64_t arrival = 0; arrival < 100; ++arrival) {
        auto trade = of_moment<model::Trade>(9, static_cast<std::uint32_t>(arrival % 3));
        trade.trade_id = arrival;
        const auto place =
            std::upper_bound(trades.begin(), trades.end(), trade,
                             [](const auto& a, const auto& b) { return comes_before(a, b); });
        trades.insert(place, trade);
    }
    for (std::size_t i = 1; i < trades.size(); ++i) {
        if (trades[i - 1].instrument == trades[i].instrument) {
            EXPECT_LT(trades[i - 1].trade_id, trades[i].trade_id);
        } else {
            EXPECT_LT(trades[i - 1].instrument, trades[i].instrument);
        }
    }
}

// Irreflexive, asymmetric, transitive, and "neither before the other" is transitive too.
TEST(TotalOrder, Is_a_strict_weak_order_over_random_records) {
    constexpr std::size_t kRecords = 60;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Random random(seed);
        std::vector<OrderKey> keys;
        for (std::size_t i = 0; i < kRecords; ++i) {
            const Noun noun = model::all_nouns()[random.below(model::kNounCount)];
            model::NounBuffer buffer;
            model::fill_randomly(model::description_of(noun), random, buffer.data());
            const std::int64_t ns = random.between(0, 2);
            std::memcpy(buffer.data(), &ns, sizeof ns);
            keys.push_back(order_key_of({noun, buffer.data()}));
        }
        const auto equal = [](const OrderKey& a, const OrderKey& b) { return !(a < b || b < a); };
        for (const OrderKey& a : keys)
            for (const OrderKey& b : keys) {
                ASSERT_FALSE(a < b && b < a) << "seed " << seed;
                for (const OrderKey& c : keys) {
                    ASSERT_TRUE(!(a < b && b < c) || a < c) << "seed " << seed;
                    ASSERT_TRUE(!(equal(a, b) && equal(b, c)) || equal(a, c)) << "seed " << seed;
                }
            }
    }
}

TEST(Record, Read_as_another_noun_is_an_assertion) {
    const model::Clock clock{Time::from_ns(5)};
    EXPECT_EQ(record_of(clock).known_at(), Time::from_ns(5));
    EXPECT_EQ(record_of(clock).as<model::Clock>(), clock);
    EXPECT_THROW((void)record_of(clock).as<model::Quote>(), AssertionFailed);
}

}  // namespace
}  // namespace millrace::engine
