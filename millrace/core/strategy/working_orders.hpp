// WorkingOrders: the orders of a strategy that are not over, in the order in which they were
// submitted, found by number. An order that ends leaves a hole; holes are closed when somebody
// looks at all of them, so that a strategy with thousands of orders pays nothing for their order.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::strategy {

class WorkingOrders {
  public:
    WorkingOrders() { orders_.reserve(kReserved); }

    [[nodiscard]] std::size_t size() const { return index_.size(); }
    // Null when it is over or was never here. Until the next call.
    [[nodiscard]] model::Order* find(std::uint64_t number) {
        const std::uint32_t place = index_.find(number);
        return place == FlatIndex::kNone ? nullptr : &orders_[place];
    }
    // The number must be new.
    void add(const model::Order& order) {
        if (orders_.size() == orders_.capacity() && size() * 2 <= orders_.size()) close_holes();
        index_.put(order.order_id, static_cast<std::uint32_t>(orders_.size()));
        orders_.push_back(order);
    }
    void remove(std::uint64_t number) {
        const std::uint32_t place = index_.find(number);
        if (place == FlatIndex::kNone) return;
        index_.erase(number);
        orders_[place].order_id = 0;
        if (size() == 0) orders_.clear();
    }
    // Until the next call that changes something.
    [[nodiscard]] std::span<const model::Order> all() {
        if (size() < orders_.size()) close_holes();
        return orders_;
    }
    void clear() {
        orders_.clear();
        index_.clear();
    }

  private:
    static constexpr std::size_t kReserved = 64;

    void close_holes() {
        std::erase_if(orders_, [](const model::Order& order) { return order.order_id == 0; });
        for (std::uint32_t place = 0; place < orders_.size(); ++place)
            index_.put(orders_[place].order_id, place);
    }

    std::vector<model::Order> orders_;  // number 0: a hole
    FlatIndex index_;                   // place by number
};

}  // namespace millrace::strategy
