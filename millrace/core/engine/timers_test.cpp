#include "millrace/core/engine/timers.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/random.hpp"

namespace millrace::engine {
namespace {

Time at(std::int64_t ns) {
    return Time::from_ns(ns);
}

TEST(Timers, Come_out_by_time_then_component_then_token_then_age) {
    Timers timers;
    timers.set(at(20), 0, 1);
    timers.set(at(10), 1, 5);
    timers.set(at(10), 0, 9);
    timers.set(at(10), 0, 2);
    timers.set(at(10), 0, 2);
    EXPECT_EQ(timers.next_due(), at(10));
    const Timer first = timers.pop();
    const Timer second = timers.pop();
    EXPECT_EQ(first.token, 2U);
    EXPECT_EQ(first.ordinal, 3U);
    EXPECT_EQ(second.token, 2U);
    EXPECT_EQ(second.ordinal, 4U);
    EXPECT_EQ(timers.pop().token, 9U);
    EXPECT_EQ(timers.pop().component, 1U);
    EXPECT_EQ(timers.pop().due, at(20));
    EXPECT_TRUE(timers.empty());
    EXPECT_EQ(timers.next_due(), Timers::kNever);
    EXPECT_THROW((void)timers.pop(), AssertionFailed);
}

TEST(Timers, Cancelling_takes_every_timer_with_the_token_and_nobody_elses) {
    Timers timers;
    timers.set(at(3), 0, 7);
    timers.set(at(1), 0, 7);
    timers.set(at(2), 1, 7);
    timers.set(at(4), 0, 8);
    timers.cancel(0, 7);
    EXPECT_EQ(timers.pop().component, 1U);
    EXPECT_EQ(timers.pop().token, 8U);
    EXPECT_TRUE(timers.empty());
}

TEST(Timers, Forgetting_a_component_leaves_the_others) {
    Timers timers;
    timers.set(at(3), 0, 1);
    timers.set(at(1), 1, 2);
    timers.set(at(2), 1, 3);
    timers.forget(1);
    EXPECT_EQ(timers.pop().token, 1U);
    EXPECT_TRUE(timers.empty());
}

TEST(Timers, Know_whether_all_belong_to_the_components_there_are) {
    Timers timers;
    EXPECT_TRUE(timers.are_below(0));
    timers.set(at(3), 2, 1);
    EXPECT_TRUE(timers.are_below(3));
    EXPECT_FALSE(timers.are_below(2));
}

TEST(Timers, Refuse_one_more_than_65536) {
    Timers timers;
    for (std::uint64_t token = 0; token < 65'536; ++token)
        timers.set(at(1), 0, token);
    EXPECT_THROW(timers.set(at(1), 0, 65'536), AssertionFailed);
    EXPECT_EQ(timers.pop().token, 0U);
    timers.set(at(1), 0, 65'536);
}

// Against the plainest model there is: a sorted list.
TEST(Timers, Agree_with_a_sorted_list_over_random_histories) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        Timers timers;
        std::vector<Timer> list;
        std::uint64_t ordinal = 0;
        for (int i = 0; i < 200; ++i) {
            const auto component = static_cast<std::uint32_t>(random.below(3));
            const std::uint64_t token = random.below(4);
            if (random.one_in(8)) {
                timers.cancel(component, token);
                std::erase_if(list, [&](const Timer& timer) {
                    return timer.component == component && timer.token == token;
                });
            } else if (random.one_in(3) && !list.empty()) {
                const auto least = std::min_element(list.begin(), list.end());
                ASSERT_EQ(timers.pop(), *least) << "seed " << seed;
                list.erase(least);
            } else {
                const Time due = at(random.between(0, 20));
                timers.set(due, component, token);
                list.push_back({due, component, 0, token, ordinal++});
            }
        }
    }
}

TEST(Timers, Come_back_from_their_saved_state_and_go_on_alike) {
    Random random(3);
    Timers timers;
    for (std::uint64_t i = 0; i < 100; ++i)
        timers.set(at(random.between(0, 9)), static_cast<std::uint32_t>(random.below(3)), i);
    for (int i = 0; i < 30; ++i)
        (void)timers.pop();
    StateWriter writer;
    timers.save(writer);
    Timers loaded;
    StateReader reader(writer.bytes());
    loaded.load(reader);
    ASSERT_TRUE(reader.finish("timers"));
    timers.set(at(5), 1, 1);
    loaded.set(at(5), 1, 1);
    while (!timers.empty())
        ASSERT_EQ(timers.pop(), loaded.pop());
    EXPECT_TRUE(loaded.empty());
}

TEST(Timers, Save_the_same_bytes_whatever_the_heap_went_through) {
    Timers one, other;
    for (Timers* timers : {&one, &other})
        for (const std::int64_t due : {0, 3, 2, 1})
            timers->set(at(due), 0, static_cast<std::uint64_t>(due));
    one.cancel(0, 0);   // leaves the heap 1 2 3
    (void)other.pop();  // and this one 1 3 2
    StateWriter one_bytes, other_bytes;
    one.save(one_bytes);
    other.save(other_bytes);
    EXPECT_TRUE(std::ranges::equal(one_bytes.bytes(), other_bytes.bytes()));
}

}  // namespace
}  // namespace millrace::engine
