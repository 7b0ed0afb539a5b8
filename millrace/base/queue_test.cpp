#include "millrace/base/queue.hpp"

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

namespace millrace {
namespace {

template <class Queue>
class BoundedQueue : public testing::Test {};

// Each promise that both queues make is tested on both.
template <template <class> class Template>
struct Kind {
    template <class T>
    using Of = Template<T>;
};
using Kinds = testing::Types<Kind<SpscQueue>, Kind<MpscQueue>>;
TYPED_TEST_SUITE(BoundedQueue, Kinds);

TYPED_TEST(BoundedQueue, Is_empty_at_first_and_full_at_its_capacity) {
    typename TypeParam::template Of<int> queue(4);
    int item = -1;
    EXPECT_EQ(queue.capacity(), 4U);
    EXPECT_FALSE(queue.try_pop(item));
    EXPECT_EQ(item, -1);
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(queue.try_push(i));
    EXPECT_FALSE(queue.try_push(4));
    EXPECT_EQ(queue.size_approximate(), 4U);
    EXPECT_TRUE(queue.try_pop(item));
    EXPECT_EQ(item, 0);
    EXPECT_TRUE(queue.try_push(4));
    EXPECT_FALSE(queue.try_push(5));
    for (int i = 1; i <= 4; ++i) {
        EXPECT_TRUE(queue.try_pop(item));
        EXPECT_EQ(item, i);
    }
    EXPECT_FALSE(queue.try_pop(item));
    EXPECT_EQ(queue.size_approximate(), 0U);
}

TYPED_TEST(BoundedQueue, Keeps_the_order_over_many_rounds_of_the_ring) {
    typename TypeParam::template Of<int> queue(2);
    int pushed = 0;
    int popped = 0;
    for (int round = 0; round < 10'000; ++round) {
        const int held = 1 + round % 2;
        for (int i = 0; i < held; ++i)
            ASSERT_TRUE(queue.try_push(pushed++));
        for (int i = 0; i < held; ++i) {
            int item = -1;
            ASSERT_TRUE(queue.try_pop(item));
            ASSERT_EQ(item, popped++);
        }
    }
}

TYPED_TEST(BoundedQueue, Pops_in_batches_of_what_is_there) {
    typename TypeParam::template Of<int> queue(8);
    std::array<int, 5> batch{};
    EXPECT_EQ(queue.pop_batch(batch), 0U);
    for (int i = 0; i < 8; ++i)
        ASSERT_TRUE(queue.try_push(i));
    EXPECT_EQ(queue.pop_batch({}), 0U);
    EXPECT_EQ(queue.pop_batch(batch), 5U);
    EXPECT_EQ(batch, (std::array<int, 5>{0, 1, 2, 3, 4}));
    for (int i = 8; i < 10; ++i)
        ASSERT_TRUE(queue.try_push(i));
    EXPECT_EQ(queue.pop_batch(batch), 5U);
    EXPECT_EQ(batch, (std::array<int, 5>{5, 6, 7, 8, 9}));
    EXPECT_EQ(queue.pop_batch(batch), 0U);
}

TYPED_TEST(BoundedQueue, A_move_only_item_stays_with_the_caller_of_a_full_queue) {
    typename TypeParam::template Of<std::unique_ptr<int>> queue(2);
    ASSERT_TRUE(queue.try_push(std::make_unique<int>(1)));
    ASSERT_TRUE(queue.try_push(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    EXPECT_FALSE(queue.try_push(std::move(third)));
    ASSERT_NE(third, nullptr);
    std::unique_ptr<int> item;
    ASSERT_TRUE(queue.try_pop(item));
    EXPECT_EQ(*item, 1);
    EXPECT_TRUE(queue.try_push(std::move(third)));
    EXPECT_EQ(third, nullptr);
}

TYPED_TEST(BoundedQueue, Destroys_each_item_once_also_those_left_inside) {
    const auto counted = std::make_shared<int>(0);
    {
        typename TypeParam::template Of<std::shared_ptr<int>> queue(4);
        for (int i = 0; i < 4; ++i)
            ASSERT_TRUE(queue.try_push(counted));
        EXPECT_EQ(counted.use_count(), 5);
        std::shared_ptr<int> item;
        ASSERT_TRUE(queue.try_pop(item));
        item.reset();
        EXPECT_EQ(counted.use_count(), 4);
        ASSERT_TRUE(queue.try_push(counted));
    }
    EXPECT_EQ(counted.use_count(), 1);
}

TYPED_TEST(BoundedQueue, A_capacity_that_is_no_power_of_two_is_our_bug) {
    using Queue = typename TypeParam::template Of<int>;
    for (const std::size_t capacity : {0U, 1U, 3U, 6U, 1000U})
        EXPECT_THROW(Queue{capacity}, AssertionFailed) << capacity;
}

// A record that shows tearing: all its words are made from one number.
struct Record {
    std::uint64_t producer = 0;
    std::uint64_t number = 0;
    std::uint64_t check = 0;
};

Record make_record(std::uint64_t producer, std::uint64_t number) {
    return {producer, number, (number ^ (producer << 56)) * 0x9e3779b97f4a7c15};
}

template <class Queue>
void produce(Queue& queue, std::uint64_t producer, std::uint64_t count) {
    for (std::uint64_t number = 0; number < count; ++number)
        while (!queue.try_push(make_record(producer, number)))
            std::this_thread::yield();
}

// Takes everything that `producers` threads push and checks that nothing is lost, doubled, torn or
// out of order.
template <class Queue>
void consume(Queue& queue, std::uint64_t producers, std::uint64_t count) {
    std::vector<std::uint64_t> next(producers, 0);
    std::array<Record, 16> batch{};
    std::uint64_t wrong = 0;
    for (std::uint64_t taken = 0; taken < producers * count;) {
        // Both ways of popping take their turns.
        const std::size_t size =
            taken % 3 == 0 ? (queue.try_pop(batch[0]) ? 1U : 0U) : queue.pop_batch(batch);
        for (const Record& record : std::span(batch).first(size)) {
            const Record good = make_record(record.producer, record.number);
            if (record.producer >= producers || record.check != good.check ||
                record.number != next[record.producer]++)
                ++wrong;
        }
        taken += size;
        if (size == 0) std::this_thread::yield();
        ASSERT_LE(queue.size_approximate(), queue.capacity());
    }
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(next, std::vector<std::uint64_t>(producers, count));
    EXPECT_FALSE(queue.try_pop(batch[0]));
}

TEST(SpscQueue, Loses_doubles_and_reorders_nothing_between_two_threads) {
    for (const std::size_t capacity : {2U, 64U, 4'096U}) {
        const std::uint64_t count = capacity < 64 ? 50'000 : 1'000'000;
        SpscQueue<Record> queue(capacity);
        std::thread producer([&queue, count] { produce(queue, 0, count); });
        consume(queue, 1, count);
        producer.join();
    }
}

TEST(MpscQueue, Loses_doubles_and_reorders_nothing_among_four_producers) {
    for (const std::size_t capacity : {2U, 64U, 4'096U}) {
        // A tiny queue makes threads wait for each other at every item, which costs the most.
        const std::uint64_t count = capacity < 64 ? 20'000 : 250'000;
        constexpr std::uint64_t kProducers = 4;
        MpscQueue<Record> queue(capacity);
        std::vector<std::thread> producers;
        for (std::uint64_t producer = 0; producer < kProducers; ++producer)
            producers.emplace_back([&queue, producer, count] { produce(queue, producer, count); });
        consume(queue, kProducers, count);
        for (auto& producer : producers)
            producer.join();
    }
}

TEST(MpscQueue, Move_only_items_cross_threads_whole) {
    constexpr int kCount = 100'000;
    MpscQueue<std::unique_ptr<int>> queue(128);
    std::vector<std::thread> producers;
    for (int producer = 0; producer < 2; ++producer)
        producers.emplace_back([&queue] {
            for (int i = 1; i <= kCount; ++i) {
                auto item = std::make_unique<int>(i);
                while (!queue.try_push(std::move(item)))
                    std::this_thread::yield();
            }
        });
    std::int64_t sum = 0;
    for (int taken = 0; taken < 2 * kCount;) {
        std::unique_ptr<int> item;
        if (!queue.try_pop(item)) {
            std::this_thread::yield();
            continue;
        }
        sum += *item;
        ++taken;
    }
    for (auto& producer : producers)
        producer.join();
    EXPECT_EQ(sum, 10'000'100'000);  // 2 x (1 + 2 + ... + 100,000)
}

}  // namespace
}  // namespace millrace
