// See drawdown.hpp: the peak is always the one before the fall, never the highest of the whole run.
#include "millrace/core/report/drawdown.hpp"

#include <algorithm>

#include "millrace/base/assert.hpp"

namespace millrace::report {
namespace {

// Whether peak→trough falls by a greater share than the other; at most 2^64 × 2^63, so it fits.
bool is_worse(Money peak, Money trough, const Fall& other) {
    const int128 fall = int128{peak.raw()} - trough.raw();
    const int128 other_fall = int128{other.peak.raw()} - other.trough.raw();
    return fall * other.peak.raw() > other_fall * peak.raw();
}

}  // namespace

void Drawdown::add(Time time, Money equity) {
    MILLRACE_ASSERT(!started_ || time >= last_time_, "equity samples go forward in time");
    if (started_ && last_ < peak_) under_water_ns_ += ns_between(last_time_, time);
    if (!started_ || equity >= peak_) {
        if (started_ && last_ < peak_) {
            longest_ns_ = std::max(longest_ns_, ns_between(peak_time_, time));
            if (worst_is_open_) worst_->recovery_time = time;
            worst_is_open_ = false;
        }
        peak_time_ = time;
        peak_ = equity;
    } else {
        fall_to(time, equity);
    }
    started_ = true;
    last_time_ = time;
    last_ = equity;
}

void Drawdown::fall_to(Time time, Money equity) {
    longest_ns_ = std::max(longest_ns_, ns_between(peak_time_, time));
    amount_max_ = std::max(amount_max_, int128{peak_.raw()} - equity.raw());
    if (peak_ <= Money()) return;
    if (worst_ && !is_worse(peak_, equity, *worst_)) return;
    worst_ = Fall{peak_time_, peak_, time, equity, std::nullopt};
    worst_is_open_ = true;
}

}  // namespace millrace::report
