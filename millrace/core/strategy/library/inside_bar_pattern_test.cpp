#include "millrace/core/strategy/library/inside_bar_pattern.hpp"

#include <gtest/gtest.h>

namespace millrace::strategy {
namespace {

model::Bar bar(std::int64_t open, std::int64_t high, std::int64_t low, std::int64_t close) {
    model::Bar made;
    made.open = Price::whole(open);
    made.high = Price::whole(high);
    made.low = Price::whole(low);
    made.close = Price::whole(close);
    return made;
}

using enum InsideDefinition;

// Body 12 to 18 in a range of 10 to 20.
const model::Bar kMother = bar(12, 20, 10, 18);

bool inside(InsideDefinition definition, const model::Bar& candidate, bool strict = false) {
    return is_inside(definition, strict, kMother, candidate);
}

TEST(InsideBarPattern, Has_four_definitions) {
    const model::Bar small = bar(14, 17, 13, 16);      // within the body
    const model::Bar wicks = bar(14, 19, 11, 16);      // body within, wicks within the range
    const model::Bar edge = bar(18, 20, 10, 12);       // as the mother, mirrored
    const model::Bar low_broken = bar(14, 19, 8, 11);  // below the low, close back inside
    const model::Bar high_broken = bar(14, 21, 11, 16);
    for (const auto definition :
         {range_holds_range, body_holds_range, body_holds_body, high_holds_high_and_close}) {
        EXPECT_TRUE(inside(definition, small));
        EXPECT_EQ(inside(definition, high_broken), definition == body_holds_body);
    }
    EXPECT_TRUE(inside(range_holds_range, wicks));
    EXPECT_FALSE(inside(body_holds_range, wicks));
    EXPECT_TRUE(inside(body_holds_body, wicks));
    EXPECT_FALSE(inside(range_holds_range, low_broken));
    EXPECT_TRUE(inside(high_holds_high_and_close, low_broken));
    EXPECT_TRUE(inside(range_holds_range, edge));
    EXPECT_FALSE(inside(range_holds_range, edge, true));
    EXPECT_TRUE(inside(body_holds_body, edge));
    EXPECT_FALSE(inside(body_holds_body, edge, true));
    EXPECT_TRUE(inside(high_holds_high_and_close, edge));
    EXPECT_FALSE(inside(high_holds_high_and_close, edge, true));
    EXPECT_FALSE(inside(high_holds_high_and_close, bar(14, 19, 8, 9))) << "closed below the range";
}

TEST(InsideBarPattern, Measures_bodies_and_ranges_exactly) {
    EXPECT_TRUE(has_body(kMother, Ratio::parse("0.6").value()));
    EXPECT_FALSE(has_body(kMother, Ratio::parse("0.600000001").value()));
    EXPECT_FALSE(has_body(bar(5, 5, 5, 5), Ratio::parse("0.1").value()));
    EXPECT_TRUE(has_body(bar(5, 5, 5, 5), Ratio()));
    const Ratio least = Ratio::parse("0.751").value();
    const Ratio most = Ratio::parse("0.912").value();
    EXPECT_TRUE(has_range_ratio(kMother, bar(12, 20, 12, 18), least, most));   // 0.8
    EXPECT_FALSE(has_range_ratio(kMother, bar(12, 20, 13, 18), least, most));  // 0.7
    EXPECT_FALSE(has_range_ratio(kMother, kMother, least, most));
    EXPECT_FALSE(has_range_ratio(bar(5, 5, 5, 5), bar(5, 5, 5, 5), least, most));
    EXPECT_EQ(colour_of(kMother), 1);
    EXPECT_EQ(colour_of(bar(18, 20, 10, 12)), -1);
    EXPECT_EQ(colour_of(bar(12, 20, 10, 12)), 0);
}

}  // namespace
}  // namespace millrace::strategy
