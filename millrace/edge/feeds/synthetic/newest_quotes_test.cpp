#include "millrace/edge/feeds/synthetic/newest_quotes.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace millrace::feeds {
namespace {

model::Quote quote_of(std::uint32_t instrument, std::int64_t bid) {
    model::Quote quote;
    quote.instrument = InstrumentId(instrument);
    quote.bid = Price::whole(bid);
    return quote;
}

TEST(NewestQuotes, Keep_the_newest_of_each_instrument_and_count_the_others) {
    NewestQuotes waiting;
    for (const model::Quote& quote :
         {quote_of(5, 1), quote_of(2, 2), quote_of(5, 3), quote_of(2, 4), quote_of(5, 5)})
        waiting.put(quote);
    EXPECT_EQ(waiting.size(), 2U);
    EXPECT_EQ(waiting.replaced(), 3U);

    const Time now = Time::from_ns(77);
    std::vector<model::Quote> given;
    waiting.give(now, [&](const model::Quote& quote) {
        given.push_back(quote);
        return given.size() == 1;  // and there is no room for the second
    });
    ASSERT_EQ(given.size(), 2U);
    EXPECT_EQ(given[0].instrument, InstrumentId(2));
    EXPECT_EQ(given[0].bid, Price::whole(4));
    EXPECT_EQ(given[0].known_at, now);
    EXPECT_EQ(waiting.size(), 1U);

    waiting.give(now, [&](const model::Quote& quote) {
        EXPECT_EQ(quote.instrument, InstrumentId(5));
        EXPECT_EQ(quote.bid, Price::whole(5));
        return true;
    });
    EXPECT_TRUE(waiting.empty());
    EXPECT_EQ(waiting.replaced(), 3U);
}

}  // namespace
}  // namespace millrace::feeds
