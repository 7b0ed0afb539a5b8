// Ladder: the price levels of one side of a book. Levels near the touch lie in an array by tick,
// with a bitmap of those in use, so the usual update is two loads; what is further away than the
// window lies in a sorted list. Keys are ticks for bids and negated ticks for asks, so the best
// level always has the highest key.
//
// Bounds: the window holds 64 to 4,096 ticks and only grows; it moves only when the touch has moved
// a quarter of it, at a cost of the levels it holds. An update beyond it costs a search among the
// far levels, and a shift of those nearer to the touch than itself.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "millrace/base/assert.hpp"
#include "millrace/core/market/order_slots.hpp"

namespace millrace::market {

// Four to a cache line. Head and tail are of the queue, where there is one.
struct Level {
    std::int64_t quantity = 0;  // of all its orders; 0 = no such level
    OrderHandle head = kNoOrder;
    OrderHandle tail = kNoOrder;
};
static_assert(sizeof(Level) == 16);

// What every update needs stands in the first cache line.
class alignas(64) Ladder {
  public:
    static constexpr std::uint32_t kWindowMin = 64;
    static constexpr std::uint32_t kWindowMax = 4'096;

    [[nodiscard]] bool empty() const { return best_ < 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::int64_t best_key() const {
        MILLRACE_ASSERT(best_ >= 0, "an empty side has no best level");
        return base_ + best_;
    }
    [[nodiscard]] const Level& best() const {
        MILLRACE_ASSERT(best_ >= 0, "an empty side has no best level");
        return near_[static_cast<std::uint32_t>(best_)];
    }

    // The level, or null.
    [[nodiscard]] Level* find(std::int64_t key) {
        const std::uint64_t offset = offset_of(key);
        if (offset >= window_) return find_far(key);
        Level& level = near_[offset];
        return level.quantity != 0 ? &level : nullptr;
    }
    [[nodiscard]] const Level* find(std::int64_t key) const {
        return const_cast<Ladder*>(this)->find(key);
    }
    // The level, made when there is none: whoever makes it must give it a quantity. The reference
    // holds until the next call that is not const.
    [[nodiscard]] Level& open(std::int64_t key) {
        const std::uint64_t offset = offset_of(key);
        if (offset >= window_) [[unlikely]]
            return open_outside(key);
        return open_near(offset);
    }
    // Takes the level off the list.
    void close(std::int64_t key);
    void clear();

    // Calls visit(key, level) from the best level to the worst, until it returns false.
    template <class Visit>
    void visit(Visit visit) const {
        const std::uint64_t* const words = this->words();
        for (std::int64_t word = best_ < 0 ? -1 : best_ / 64; word >= 0; --word) {
            for (std::uint64_t bits = words[static_cast<std::size_t>(word)]; bits != 0;
                 bits &= ~highest(bits)) {
                const std::int64_t at = word * 64 + 63 - std::countl_zero(bits);
                if (!visit(base_ + at, near_[static_cast<std::size_t>(at)])) return;
            }
        }
        for (auto far = far_.rbegin(); far != far_.rend(); ++far)
            if (!visit(far->key, far->level)) return;
    }

    // The sum of all levels, kept by whoever changes them.
    [[nodiscard]] std::int64_t total() const { return total_; }
    void add_to_total(std::int64_t change) { total_ += change; }

    [[nodiscard]] std::uint32_t window() const { return window_; }
    [[nodiscard]] std::size_t far_levels() const { return far_.size(); }
    // Asserts everything stated here; costs a pass over all levels.
    void check_invariants() const;

  private:
    static constexpr std::uint32_t kFewTicks =
        128;  // up to here the bitmap needs no line of its own

    struct FarLevel {
        std::int64_t key = 0;
        Level level;
    };

    [[nodiscard]] static std::uint64_t highest(std::uint64_t bits) {
        return std::uint64_t{1} << (63 - std::countl_zero(bits));
    }
    [[nodiscard]] std::uint64_t offset_of(std::int64_t key) const {
        return static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(base_);
    }
    Level& open_near(std::uint64_t offset) {
        Level& level = near_[offset];
        if (level.quantity == 0) {
            words()[offset / 64] |= std::uint64_t{1} << (offset % 64);
            if (const auto index = static_cast<std::int32_t>(offset); index > best_) best_ = index;
            ++size_;
        }
        return level;
    }
    // The bitmap: a bit for each near level that is in use.
    [[nodiscard]] std::uint64_t* words() {
        return window_ <= kFewTicks ? few_words_.data() : many_words_.get();
    }
    [[nodiscard]] const std::uint64_t* words() const {
        return window_ <= kFewTicks ? few_words_.data() : many_words_.get();
    }
    void find_best_below(std::int32_t index);
    [[nodiscard]] std::int64_t lowest_near() const;
    Level& open_outside(std::int64_t key);
    Level& open_far(std::int64_t key);
    [[nodiscard]] std::vector<FarLevel>::iterator far_at(std::int64_t key);
    [[nodiscard]] Level* find_far(std::int64_t key);
    void close_far(std::int64_t key);
    void move_window(std::int64_t top, std::uint32_t window);
    void move_levels(std::int64_t new_base);
    void grow(std::uint32_t window);

    std::int64_t base_ = 0;     // key of near_[0]
    std::int32_t best_ = -1;    // index in near_, -1 = the side is empty
    std::uint32_t window_ = 0;  // levels in near_: a power of two, or none yet
    std::unique_ptr<Level[]> near_;
    std::int64_t total_ = 0;
    std::array<std::uint64_t, kFewTicks / 64> few_words_{};
    std::unique_ptr<std::uint64_t[]> many_words_;  // of a larger window
    std::size_t size_ = 0;                         // levels, near and far
    std::vector<FarLevel> far_;                    // rising keys, all below base_
};

}  // namespace millrace::market
