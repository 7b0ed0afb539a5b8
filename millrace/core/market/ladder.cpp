// What the usual update does not need: levels outside the window, and moving the window.
#include "millrace/core/market/ladder.hpp"

#include <algorithm>

namespace millrace::market {
namespace {

// Where the best level comes to lie when the window moves: room to improve above it, depth below.
constexpr std::uint32_t top_index(std::uint32_t window) {
    return window / 4 * 3;
}

// The least window that still holds a level so far below the best one.
std::uint32_t window_for(std::uint64_t depth, std::uint32_t at_least) {
    std::uint32_t window = at_least;
    while (window < Ladder::kWindowMax && top_index(window) < depth)
        window *= 2;
    return window;
}

std::uint64_t distance(std::int64_t higher, std::int64_t lower) {
    return static_cast<std::uint64_t>(higher) - static_cast<std::uint64_t>(lower);
}

}  // namespace

void Ladder::close(std::int64_t key) {
    const std::uint64_t offset = offset_of(key);
    if (offset >= window_) {
        close_far(key);
        return;
    }
    near_[offset] = Level{};
    words()[offset / 64] &= ~(std::uint64_t{1} << (offset % 64));
    --size_;
    if (static_cast<std::int32_t>(offset) != best_) return;
    find_best_below(best_);
    if (best_ < 0 && !far_.empty()) move_window(far_.back().key, window_);
}

void Ladder::clear() {
    std::fill_n(near_.get(), window_, Level{});
    std::fill_n(words(), window_ / 64, 0);
    best_ = -1;
    size_ = 0;
    total_ = 0;
    far_.clear();
}

void Ladder::find_best_below(std::int32_t index) {
    for (std::int32_t word = index / 64; word >= 0; --word) {
        const std::uint64_t bits = words()[static_cast<std::size_t>(word)];
        if (bits == 0) continue;
        best_ = word * 64 + 63 - std::countl_zero(bits);
        return;
    }
    best_ = -1;
}

std::int64_t Ladder::lowest_near() const {
    std::uint32_t word = 0;
    while (words()[word] == 0)
        ++word;
    return base_ + word * 64 + std::countr_zero(words()[word]);
}

Level& Ladder::open_outside(std::int64_t key) {
    if (empty()) {
        if (window_ == 0) grow(kWindowMin);
        base_ = key - top_index(window_);
    } else if (key > best_key()) {
        // The lowest near level stays near when a larger window can hold it.
        const std::uint64_t depth = distance(key, lowest_near());
        const bool can_stay = depth <= top_index(kWindowMax);
        move_window(key, can_stay ? window_for(depth, window_) : window_);
    } else {
        const std::uint64_t depth = distance(best_key(), key);
        if (depth > top_index(kWindowMax)) return open_far(key);
        const std::uint32_t window = window_for(depth, window_);
        const bool has_wandered = best_ < static_cast<std::int32_t>(window_ / 2);
        if (window == window_ && !has_wandered) return open_far(key);
        move_window(best_key(), window);
    }
    return open_near(offset_of(key));
}

std::vector<Ladder::FarLevel>::iterator Ladder::far_at(std::int64_t key) {
    return std::lower_bound(
        far_.begin(), far_.end(), key,
        [](const FarLevel& level, std::int64_t wanted) { return level.key < wanted; });
}

Level* Ladder::find_far(std::int64_t key) {
    const auto at = far_at(key);
    return at != far_.end() && at->key == key ? &at->level : nullptr;
}

Level& Ladder::open_far(std::int64_t key) {
    const auto at = far_at(key);
    if (at != far_.end() && at->key == key) return at->level;
    ++size_;
    return far_.insert(at, FarLevel{key, Level{}})->level;
}

void Ladder::close_far(std::int64_t key) {
    const auto at = far_at(key);
    MILLRACE_ASSERT(at != far_.end() && at->key == key, "a level that is not there is closed");
    far_.erase(at);
    --size_;
}

void Ladder::grow(std::uint32_t window) {
    auto near = std::make_unique<Level[]>(window);
    auto words = std::make_unique<std::uint64_t[]>(window / 64);
    std::copy_n(near_.get(), window_, near.get());
    std::copy_n(this->words(), window_ / 64, words.get());
    near_ = std::move(near);
    many_words_ = std::move(words);
    if (window <= kFewTicks) std::copy_n(many_words_.get(), window / 64, few_words_.data());
    window_ = window;
}

// Puts `top` at its place in a window of so many ticks. Levels that fall out go to the far list,
// and far ones that come within it return.
void Ladder::move_window(std::int64_t top, std::uint32_t window) {
    if (window > window_) grow(window);
    const std::int64_t new_base = top - top_index(window_);
    if (best_ >= 0) move_levels(new_base);
    base_ = new_base;
    while (!far_.empty() && far_.back().key >= base_) {
        const FarLevel far = far_.back();
        far_.pop_back();
        --size_;
        open_near(offset_of(far.key)) = far.level;
    }
    find_best_below(static_cast<std::int32_t>(window_ - 1));
}

// In place: upwards the lowest level moves first, downwards the highest, so none lands on another,
// nor in a word of the bitmap that is still to be read.
void Ladder::move_levels(std::int64_t new_base) {
    const bool upwards = new_base > base_;
    const std::uint32_t count = window_ / 64;
    std::uint64_t* const words = this->words();
    for (std::uint32_t turn = 0; turn < count; ++turn) {
        const std::uint32_t word = upwards ? turn : count - 1 - turn;
        std::uint64_t bits = words[word];
        words[word] = 0;
        while (bits != 0) {
            const int bit = upwards ? std::countr_zero(bits) : 63 - std::countl_zero(bits);
            bits &= ~(std::uint64_t{1} << bit);
            const std::uint32_t from = word * 64 + static_cast<std::uint32_t>(bit);
            const std::int64_t key = base_ + from;
            const Level level = near_[from];
            near_[from] = Level{};
            if (key < new_base) {
                far_.push_back({key, level});  // above all that is far already
                continue;
            }
            const std::uint64_t to = distance(key, new_base);
            MILLRACE_ASSERT(to < window_, "a level better than the window's top");
            near_[to] = level;
            words[to / 64] |= std::uint64_t{1} << (to % 64);
        }
    }
}

void Ladder::check_invariants() const {
    std::size_t levels = 0;
    for (std::uint32_t at = 0; at < window_; ++at) {
        const bool listed = (words()[at / 64] >> (at % 64) & 1) != 0;
        MILLRACE_ASSERT(listed == (near_[at].quantity != 0), "the bitmap and the levels differ");
        MILLRACE_ASSERT(!listed || static_cast<std::int32_t>(at) <= best_,
                        "a level above the best one");
        levels += listed ? 1U : 0U;
    }
    for (std::size_t i = 0; i < far_.size(); ++i) {
        MILLRACE_ASSERT(far_[i].level.quantity != 0, "an empty far level");
        MILLRACE_ASSERT(far_[i].key < base_, "a far level within or above the window");
        MILLRACE_ASSERT(i == 0 || far_[i - 1].key < far_[i].key, "far levels out of order");
    }
    MILLRACE_ASSERT(levels + far_.size() == size_, "levels were miscounted");
    MILLRACE_ASSERT((size_ == 0) == empty(), "levels without a best one");
}

}  // namespace millrace::market
