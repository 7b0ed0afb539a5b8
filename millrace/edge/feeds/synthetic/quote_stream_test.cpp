#include "millrace/edge/feeds/synthetic/quote_stream.hpp"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace millrace::feeds {
namespace {

Time millisecond(std::int64_t milliseconds) {
    return Time() + Duration::days(20'000) + Duration::milliseconds(milliseconds);
}

SyntheticFeedRule rule_of(double rate, std::uint32_t symbols = 1) {
    SyntheticFeedRule rule;
    rule.rate = rate;
    for (std::uint32_t id = 0; id < symbols; ++id) {
        market::SyntheticSymbol symbol;
        symbol.name = "S" + std::to_string(id);
        symbol.id = InstrumentId(id);
        rule.symbols.push_back(symbol);
    }
    return rule;
}

std::vector<model::Quote> all_due(QuoteStream& stream, Time now, std::size_t block = 1'000) {
    std::vector<model::Quote> all;
    std::vector<model::Quote> quotes(block);
    for (;;) {
        const std::size_t count = stream.take_due(now, quotes);
        all.insert(all.end(), quotes.begin(), quotes.begin() + static_cast<std::ptrdiff_t>(count));
        if (count < block) return all;
    }
}

// Ten thousand by chance, of which one standard deviation is a hundred.
TEST(QuoteStream, Ticks_along_with_the_clock) {
    QuoteStream stream = QuoteStream::make(rule_of(1'000), millisecond(0)).value();
    EXPECT_TRUE(all_due(stream, millisecond(0)).empty());
    std::size_t made = 0;
    for (std::int64_t at = 10; at <= 10'000; at += 10)
        for (const model::Quote& quote : all_due(stream, millisecond(at))) {
            ++made;
            ASSERT_EQ(quote.known_at, millisecond(at));
            ASSERT_LT(quote.bid, quote.ask);
        }
    EXPECT_NEAR(static_cast<double>(made), 10'000, 500);
    EXPECT_EQ(stream.stood_still(), Duration());
}

TEST(QuoteStream, Gives_the_same_quotes_for_the_same_rule_in_blocks_of_any_size) {
    QuoteStream one = QuoteStream::make(rule_of(1'000, 3), millisecond(0)).value();
    QuoteStream other = QuoteStream::make(rule_of(1'000, 3), millisecond(0)).value();
    for (const std::int64_t at : {400, 401, 900}) {
        const auto quotes = all_due(one, millisecond(at), 7);
        EXPECT_EQ(quotes, all_due(other, millisecond(at)));
        EXPECT_TRUE(at == 401 || quotes.size() > 1'000);
    }
    SyntheticFeedRule seeded = rule_of(1'000, 3);
    seeded.seed = 2;
    QuoteStream third = QuoteStream::make(seeded, millisecond(0)).value();
    QuoteStream fourth = QuoteStream::make(rule_of(1'000, 3), millisecond(0)).value();
    EXPECT_NE(all_due(third, millisecond(500)), all_due(fourth, millisecond(500)));
}

// In a second a price with a volatility of a fifth a year moves by about four parts of 100,000.
TEST(QuoteStream, Begins_where_the_price_was) {
    SyntheticFeedRule rule = rule_of(100);
    rule.symbols.front().start = Price::parse("123.45").value();
    QuoteStream stream = QuoteStream::make(rule, millisecond(0)).value();
    const auto quotes = all_due(stream, millisecond(900));
    ASSERT_FALSE(quotes.empty());
    for (const model::Quote& quote : quotes) {
        EXPECT_GT(quote.bid, Price::parse("123.30").value());
        EXPECT_LT(quote.ask, Price::parse("123.60").value());
    }
}

TEST(QuoteStream, Stands_still_over_a_jump_of_the_clock) {
    QuoteStream stream = QuoteStream::make(rule_of(1'000), millisecond(0)).value();
    const std::size_t before = all_due(stream, millisecond(100)).size();
    const auto after = all_due(stream, millisecond(3'600'100));
    EXPECT_NEAR(static_cast<double>(before), 100, 50);
    EXPECT_NEAR(static_cast<double>(after.size()), 1'000, 160);
    EXPECT_NEAR(static_cast<double>(stream.stood_still().ns()) / 1e9, 3'599, 0.1);
    EXPECT_NEAR(static_cast<double>(all_due(stream, millisecond(3'600'600)).size()), 500, 115);
}

TEST(QuoteStream, Goes_on_when_the_clock_goes_back_and_never_goes_back_itself) {
    QuoteStream stream = QuoteStream::make(rule_of(1'000), millisecond(0)).value();
    (void)all_due(stream, millisecond(900));
    EXPECT_TRUE(all_due(stream, millisecond(-5'000)).empty());
    const auto quotes = all_due(stream, millisecond(-4'500));
    EXPECT_NEAR(static_cast<double>(quotes.size()), 500, 115);
    for (const model::Quote& quote : quotes)
        EXPECT_EQ(quote.known_at, millisecond(900));
}

TEST(QuoteStream, Makes_sense_in_every_regime) {
    for (const char* regime :
         {"random-walk", "mean-reverting", "trending", "jumps,jumps=10000", "uniform"}) {
        SCOPED_TRACE(regime);
        SyntheticFeedRule rule = rule_of(5'000, 2);
        rule.regime = market::parse_regime(regime).value();
        QuoteStream stream = QuoteStream::make(rule, millisecond(0)).value();
        std::array<int, 2> seen{};
        for (const model::Quote& quote : all_due(stream, millisecond(900))) {
            ++seen[quote.instrument.value()];
            ASSERT_GT(quote.bid, Price());
            ASSERT_LT(quote.bid, quote.ask);
            ASSERT_GT(quote.bid_size, Quantity());
        }
        EXPECT_GT(seen[0], 4'000);
        EXPECT_GT(seen[1], 4'000);
    }
}

TEST(QuoteStream, Refuses_rates_and_symbols_that_make_no_sense) {
    for (const double rate : {0.0, -1.0, 100'001.0, std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity()}) {
        const auto made = QuoteStream::make(rule_of(rate), millisecond(0));
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::config);
    }
    EXPECT_FALSE(QuoteStream::make(rule_of(1, 0), millisecond(0)));
    EXPECT_TRUE(QuoteStream::make(rule_of(100'000), millisecond(0)));
}

}  // namespace
}  // namespace millrace::feeds
