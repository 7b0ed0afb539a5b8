// OrderRate: how many submissions came within the last second. It remembers as many moments as
// the limit allows, so one look tells whether another one fits.
#pragma once

#include <algorithm>
#include <vector>

#include "millrace/base/time.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::risk {

class OrderRate {
  public:
    // Counts one at `now` and tells whether at most `limit` came in (now - 1 s, now]. Allocates
    // only when the limit changes.
    bool count(Time now, std::int64_t limit) {
        if (moments_.size() != static_cast<std::size_t>(limit)) resize(limit);
        const bool fits = count_ < moments_.size() || !is_recent(moments_[next_], now);
        moments_[next_] = now;
        next_ = next_ + 1 == moments_.size() ? 0 : next_ + 1;
        if (count_ < moments_.size()) ++count_;
        return fits;
    }
    // Whether one more would fit.
    [[nodiscard]] bool has_room(Time now, std::int64_t limit) const { return recent(now) < limit; }
    // At least so many; never more than the limit, because no more are remembered.
    [[nodiscard]] std::int64_t recent(Time now) const {
        std::int64_t recent = 0;
        for (std::size_t i = 0; i < count_; ++i)
            recent += is_recent(moments_[i], now) ? 1 : 0;
        return recent;
    }

    void save(engine::StateWriter& writer) const {
        writer.put(std::uint64_t{moments_.size()});
        writer.put(std::uint64_t{count_});
        for (std::size_t i = 0; i < count_; ++i)  // the oldest first
            writer.put(moments_[(next_ + moments_.size() - count_ + i) % moments_.size()]);
    }
    void load(engine::StateReader& reader) {
        moments_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), kMost), {});
        count_ = std::min<std::uint64_t>(reader.get<std::uint64_t>(), moments_.size());
        for (std::size_t i = 0; i < count_; ++i)
            moments_[i] = reader.get<Time>();
        next_ = moments_.empty() ? 0 : count_ % moments_.size();
    }

  private:
    static constexpr std::uint64_t kMost = 10'000;

    static bool is_recent(Time then, Time now) {
        std::int64_t age = 0;
        return !__builtin_sub_overflow(now.ns(), then.ns(), &age) && age < kNanosecondsPerSecond;
    }
    // The newest are kept.
    void resize(std::int64_t limit) {
        std::vector<Time> kept;
        for (std::size_t i = 0; i < count_; ++i)
            kept.push_back(moments_[(next_ + moments_.size() - count_ + i) % moments_.size()]);
        moments_.assign(static_cast<std::size_t>(limit), {});
        count_ = std::min(kept.size(), moments_.size());
        std::copy(kept.end() - static_cast<std::ptrdiff_t>(count_), kept.end(), moments_.begin());
        next_ = count_ % moments_.size();
    }

    std::vector<Time> moments_;
    std::size_t count_ = 0;
    std::size_t next_ = 0;
};

}  // namespace millrace::risk
