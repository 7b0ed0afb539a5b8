// A binary heap over a vector: once it has grown to the number of timers in use, setting and firing
// allocate nothing.
#include "millrace/core/engine/timers.hpp"

#include <algorithm>
#include <functional>

#include "millrace/base/assert.hpp"

namespace millrace::engine {

void Timers::set(Time due, std::uint32_t component, std::uint64_t token) {
    MILLRACE_ASSERT(heap_.size() < kCountMax, "more than 65536 timers are set");
    heap_.push_back({due, component, 0, token, ordinal_++});
    std::push_heap(heap_.begin(), heap_.end(), std::greater{});
    find_next_due();
}

void Timers::cancel(std::uint32_t component, std::uint64_t token) {
    std::erase_if(heap_, [&](const Timer& timer) {
        return timer.component == component && timer.token == token;
    });
    std::make_heap(heap_.begin(), heap_.end(), std::greater{});
    find_next_due();
}

void Timers::forget(std::uint32_t component) {
    std::erase_if(heap_, [&](const Timer& timer) { return timer.component == component; });
    std::make_heap(heap_.begin(), heap_.end(), std::greater{});
    find_next_due();
}

bool Timers::are_below(std::uint32_t components) const {
    return std::all_of(heap_.begin(), heap_.end(),
                       [&](const Timer& timer) { return timer.component < components; });
}

Timer Timers::pop() {
    MILLRACE_ASSERT(!heap_.empty(), "no timer is set");
    std::pop_heap(heap_.begin(), heap_.end(), std::greater{});
    const Timer timer = heap_.back();
    heap_.pop_back();
    find_next_due();
    return timer;
}

void Timers::save(StateWriter& writer) const {
    // Sorted, because the heap's layout hangs on its history and the state must not.
    std::vector<Timer> sorted = heap_;
    std::sort(sorted.begin(), sorted.end());
    writer.put(ordinal_);
    writer.put(std::uint64_t{sorted.size()});
    for (const Timer& timer : sorted)
        writer.put(timer);
}

void Timers::load(StateReader& reader) {
    heap_.clear();
    ordinal_ = reader.get<std::uint64_t>();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && i < kCountMax && !reader.failed(); ++i)
        heap_.push_back(reader.get<Timer>());
    std::make_heap(heap_.begin(), heap_.end(), std::greater{});
    find_next_due();
}

}  // namespace millrace::engine
