// Bounded lock-free queues between threads: SpscQueue (one producer, one consumer) and MpscQueue
// (many producers, one consumer). The contract of both:
// - They allocate only in the constructor and never grow: try_push on a full queue returns false
//   and leaves the item with the caller, who decides to wait, conflate or refuse.
// - Any one thread at a time may consume, and for SpscQueue produce; the queue must outlive them.
#pragma once

#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "millrace/base/assert.hpp"

namespace millrace {

// An item moves in and out without throwing, so a slot is never left half done.
template <class T>
concept Queueable = std::is_nothrow_move_constructible_v<T> &&
                    std::is_nothrow_move_assignable_v<T> && std::is_nothrow_destructible_v<T>;

namespace queue_internal {

// What different threads write lies on different cache lines.
inline constexpr std::size_t kCacheLine = 64;

// Room for one item that begins and ends when the queue says so.
template <class T>
union Storage {
    Storage() {}
    ~Storage() {}
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    T item;
};

// A power of two, so that a position becomes a slot by masking. The smallest is two: with a single
// slot the sequence number of "filled" and that of "free for the next round" would be the same.
inline std::size_t checked_capacity(std::size_t capacity) {
    MILLRACE_ASSERT(capacity >= 2 && std::has_single_bit(capacity),
                    "the capacity of a queue is a power of two, at least 2");
    return capacity;
}

}  // namespace queue_internal

// Items leave in the order in which they came.
template <Queueable T>
class SpscQueue {
  public:
    // `capacity` is a power of two, at least 2.
    explicit SpscQueue(std::size_t capacity)
        : mask_(queue_internal::checked_capacity(capacity) - 1),
          slots_(std::make_unique<queue_internal::Storage<T>[]>(capacity)) {}
    SpscQueue(const SpscQueue&) = delete;
    SpscQueue& operator=(const SpscQueue&) = delete;

    ~SpscQueue() {
        const std::uint64_t end = pushed_.load(std::memory_order_acquire);
        for (std::uint64_t at = popped_.load(std::memory_order_relaxed); at != end; ++at)
            std::destroy_at(&slot(at));
    }

    // Producer only. False when full; the item is then untouched.
    [[nodiscard]] bool try_push(T&& item) { return push(std::move(item)); }
    [[nodiscard]] bool try_push(const T& item)
        requires std::is_nothrow_copy_constructible_v<T>
    {
        return push(item);
    }

    // Consumer only. False when empty; `item` is then untouched.
    [[nodiscard]] bool try_pop(T& item) { return pop_batch(std::span<T>(&item, 1)) == 1; }

    // Consumer only. Takes up to items.size() items into the front of `items` and returns how many;
    // the producer sees the room once for the whole batch.
    [[nodiscard]] std::size_t pop_batch(std::span<T> items) {
        const std::uint64_t begin = popped_.load(std::memory_order_relaxed);
        if (pushed_seen_ - begin < items.size())
            pushed_seen_ = pushed_.load(std::memory_order_acquire);
        const std::uint64_t there = pushed_seen_ - begin;
        const std::size_t count = there < items.size() ? there : items.size();
        for (std::size_t i = 0; i < count; ++i) {
            T& taken = slot(begin + i);
            items[i] = std::move(taken);
            std::destroy_at(&taken);
        }
        if (count > 0) popped_.store(begin + count, std::memory_order_release);
        return count;
    }

    [[nodiscard]] std::size_t capacity() const { return mask_ + 1; }

    // Any thread; exact only while nobody pushes or pops.
    [[nodiscard]] std::size_t size_approximate() const {
        const std::uint64_t popped = popped_.load(std::memory_order_acquire);
        const std::uint64_t held = pushed_.load(std::memory_order_acquire) - popped;
        return held < capacity() ? held : capacity();
    }

  private:
    template <class Item>
    bool push(Item&& item) {
        const std::uint64_t at = pushed_.load(std::memory_order_relaxed);
        if (at - popped_seen_ > mask_) {
            popped_seen_ = popped_.load(std::memory_order_acquire);
            if (at - popped_seen_ > mask_) return false;
        }
        std::construct_at(&slot(at), std::forward<Item>(item));
        pushed_.store(at + 1, std::memory_order_release);
        return true;
    }

    T& slot(std::uint64_t position) { return slots_[position & mask_].item; }

    // Positions count up for ever (2^64 items last for centuries). Each side keeps the last
    // position it saw of the other, and looks again only when that one says full or empty: the two
    // then seldom share a cache line.
    const std::uint64_t mask_;
    const std::unique_ptr<queue_internal::Storage<T>[]> slots_;
    alignas(queue_internal::kCacheLine) std::atomic<std::uint64_t> pushed_ = 0;
    std::uint64_t popped_seen_ = 0;  // the producer's
    alignas(queue_internal::kCacheLine) std::atomic<std::uint64_t> popped_ = 0;
    std::uint64_t pushed_seen_ = 0;  // the consumer's
};

// The items of one producer leave in the order in which they came; those of different producers in
// the order in which the producers claimed their slots. A producer that is stopped between claiming
// and filling its slot holds up the items behind it (the consumer sees an empty queue) but no other
// producer.
template <Queueable T>
class MpscQueue {
  public:
    // `capacity` is a power of two, at least 2.
    explicit MpscQueue(std::size_t capacity)
        : mask_(queue_internal::checked_capacity(capacity) - 1),
          slots_(std::make_unique<Slot[]>(capacity)) {
        for (std::size_t i = 0; i < capacity; ++i)
            slots_[i].turn.store(i, std::memory_order_relaxed);
    }
    MpscQueue(const MpscQueue&) = delete;
    MpscQueue& operator=(const MpscQueue&) = delete;

    ~MpscQueue() {
        const std::uint64_t end = claimed_.load(std::memory_order_acquire);
        for (std::uint64_t at = popped_.load(std::memory_order_relaxed); at != end; ++at)
            std::destroy_at(&slots_[at & mask_].storage.item);
    }

    // Any thread. False when full; the item is then untouched.
    [[nodiscard]] bool try_push(T&& item) { return push(std::move(item)); }
    [[nodiscard]] bool try_push(const T& item)
        requires std::is_nothrow_copy_constructible_v<T>
    {
        return push(item);
    }

    // Consumer only. False when empty; `item` is then untouched.
    [[nodiscard]] bool try_pop(T& item) { return pop_batch(std::span<T>(&item, 1)) == 1; }

    // Consumer only. Takes up to items.size() items into the front of `items` and returns how many.
    [[nodiscard]] std::size_t pop_batch(std::span<T> items) {
        const std::uint64_t begin = popped_.load(std::memory_order_relaxed);
        std::size_t count = 0;
        for (; count < items.size(); ++count) {
            const std::uint64_t at = begin + count;
            Slot& slot = slots_[at & mask_];
            if (slot.turn.load(std::memory_order_acquire) != at + 1) break;
            items[count] = std::move(slot.storage.item);
            std::destroy_at(&slot.storage.item);
            slot.turn.store(at + capacity(), std::memory_order_release);
        }
        if (count > 0) popped_.store(begin + count, std::memory_order_release);
        return count;
    }

    [[nodiscard]] std::size_t capacity() const { return mask_ + 1; }

    // Any thread; counts claimed slots, and is exact only while nobody pushes or pops.
    [[nodiscard]] std::size_t size_approximate() const {
        const std::uint64_t popped = popped_.load(std::memory_order_acquire);
        const std::uint64_t held = claimed_.load(std::memory_order_acquire) - popped;
        return held < capacity() ? held : capacity();
    }

  private:
    // `turn` says whose turn the slot is: p = free for the producer that claims position p; p + 1 =
    // filled, for the consumer at p; p + capacity = free for the next round.
    struct Slot {
        std::atomic<std::uint64_t> turn = 0;
        queue_internal::Storage<T> storage;
    };

    template <class Item>
    bool push(Item&& item) {
        std::uint64_t at = claimed_.load(std::memory_order_relaxed);
        // Lock-free, not wait-free: each further round means that another producer got a slot.
        for (;;) {
            Slot& slot = slots_[at & mask_];
            const std::uint64_t turn = slot.turn.load(std::memory_order_acquire);
            if (turn == at) {
                if (!claimed_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed))
                    continue;
                std::construct_at(&slot.storage.item, std::forward<Item>(item));
                slot.turn.store(at + 1, std::memory_order_release);
                return true;
            }
            if (turn < at) return false;  // not yet emptied since the round before
            at = claimed_.load(std::memory_order_relaxed);
        }
    }

    const std::uint64_t mask_;
    const std::unique_ptr<Slot[]> slots_;
    alignas(queue_internal::kCacheLine) std::atomic<std::uint64_t> claimed_ = 0;  // the producers'
    alignas(queue_internal::kCacheLine) std::atomic<std::uint64_t> popped_ = 0;   // the consumer's
};

}  // namespace millrace
