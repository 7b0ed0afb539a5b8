// Request: what a trader asks of the venue, and RequestQueue: requests on their way. First in,
// first out, in memory that is reused.
#pragma once

#include <cstdint>
#include <vector>

#include "millrace/base/assert.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::venue {

// New terms of an order; what is absent stays.
struct Replacement {
    Maybe<Quantity> quantity;  // of the whole order, what is dealt already included
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> trail;
};

struct Request {
    enum class Kind : std::uint64_t { submit, cancel, replace };

    Time arrival;
    Kind kind{};
    model::Order order;  // of a cancel or replace only the order_id
    Replacement terms;
};
static_assert(std::has_unique_object_representations_v<Request>);

class RequestQueue {
  public:
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Request& front() const { return at(0); }
    [[nodiscard]] const Request& at(std::size_t place) const {
        return ring_[(first_ + place) % ring_.size()];
    }
    [[nodiscard]] Request& at(std::size_t place) { return ring_[(first_ + place) % ring_.size()]; }
    void push(const Request& request) {
        if (size_ == ring_.size()) grow();
        ring_[(first_ + size_++) % ring_.size()] = request;
    }
    void pop() {
        MILLRACE_ASSERT(size_ > 0, "no request is on its way");
        first_ = (first_ + 1) % ring_.size();
        --size_;
    }
    void clear() { first_ = size_ = 0; }

  private:
    void grow() {
        std::vector<Request> larger(ring_.empty() ? 64 : ring_.size() * 2);
        for (std::size_t i = 0; i < size_; ++i)
            larger[i] = at(i);
        ring_.swap(larger);
        first_ = 0;
    }

    std::vector<Request> ring_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace millrace::venue
