#include "millrace/core/strategy/working_orders.hpp"

#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

namespace millrace::strategy {
namespace {

model::Order order_of(std::uint64_t number) {
    model::Order order;
    order.order_id = number;
    return order;
}

std::vector<std::uint64_t> numbers_of(WorkingOrders& orders) {
    std::vector<std::uint64_t> numbers;
    for (const model::Order& order : orders.all())
        numbers.push_back(order.order_id);
    return numbers;
}

TEST(WorkingOrders, Stay_in_the_order_of_their_submission_when_others_end) {
    WorkingOrders orders;
    for (std::uint64_t number = 1; number <= 6; ++number)
        orders.add(order_of(number));
    orders.remove(1);
    orders.remove(4);
    orders.remove(4);  // said again
    orders.remove(99);
    orders.add(order_of(7));
    EXPECT_EQ(numbers_of(orders), (std::vector<std::uint64_t>{2, 3, 5, 6, 7}));
    EXPECT_EQ(orders.size(), 5U);
    EXPECT_EQ(orders.find(4), nullptr);
    EXPECT_EQ(orders.find(6)->order_id, 6U);
}

TEST(WorkingOrders, Agree_with_a_plain_list_through_thousands_of_orders) {
    WorkingOrders orders;
    std::vector<std::uint64_t> expected;
    Random random(3);
    std::uint64_t last = 0;
    for (int step = 0; step < 20'000; ++step) {
        if (expected.empty() || random.below(1'000) < 505) {
            orders.add(order_of(++last));
            expected.push_back(last);
        } else {
            const auto at = static_cast<std::ptrdiff_t>(random.below(expected.size()));
            orders.remove(expected[static_cast<std::size_t>(at)]);
            expected.erase(expected.begin() + at);
        }
        ASSERT_EQ(orders.size(), expected.size());
        if (step % 97 == 0) {
            ASSERT_EQ(numbers_of(orders), expected) << "step " << step;
        }
    }
    for (const std::uint64_t number : expected)
        ASSERT_EQ(orders.find(number)->order_id, number);
}

}  // namespace
}  // namespace millrace::strategy
