// Expiries: when orders lapse or, at the close, come due. A heap with the entries of orders that
// ended before their time swept out now and then, so that it stays as small as the book.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "millrace/base/time.hpp"

namespace millrace::venue {

class Expiries {
  public:
    struct Entry {
        Time due;
        std::uint64_t ordinal = 0;  // of the order: earlier orders first
        std::uint64_t order_id = 0;

        auto operator<=>(const Entry&) const = default;
    };

    void add(const Entry& entry) {
        heap_.push_back(entry);
        std::push_heap(heap_.begin(), heap_.end(), std::greater{});
    }
    [[nodiscard]] Time next_due() const {
        return heap_.empty() ? Time::latest() : heap_.front().due;
    }
    Entry pop() {
        const Entry entry = heap_.front();
        std::pop_heap(heap_.begin(), heap_.end(), std::greater{});
        heap_.pop_back();
        return entry;
    }
    // An order ended before its time; its entry is worthless. Sweeps when half of them are.
    template <class IsAlive>
    void leave_one(IsAlive&& is_alive) {
        if (++worthless_ * 2 < heap_.size() + kSweepMin) return;
        std::erase_if(heap_, [&](const Entry& entry) { return !is_alive(entry); });
        std::make_heap(heap_.begin(), heap_.end(), std::greater{});
        worthless_ = 0;
    }
    // Afterwards the next one due is that of an order: what is due hangs on the orders alone.
    template <class IsAlive>
    void drop_worthless(IsAlive&& is_alive) {
        while (!heap_.empty() && !is_alive(heap_.front())) {
            (void)pop();
            if (worthless_ > 0) --worthless_;
        }
    }
    void clear() {
        heap_.clear();
        worthless_ = 0;
    }
    void reserve(std::size_t count) { heap_.reserve(count); }

  private:
    static constexpr std::size_t kSweepMin = 256;

    std::vector<Entry> heap_;  // least in front
    std::size_t worthless_ = 0;
};

}  // namespace millrace::venue
