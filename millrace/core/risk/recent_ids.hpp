// RecentIds: the numbers of the last so many accepted orders, to know one that comes again. Whoever
// numbers orders does so in a rising way, so a number above all that were seen of its kind is new
// at a glance; only others are searched for.
#pragma once

#include <algorithm>
#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::risk {

class RecentIds {
  public:
    explicit RecentIds(std::size_t most) : ring_(most) {}

    [[nodiscard]] bool contains(std::uint64_t id) const {
        const std::uint32_t kind = kinds_.find(kind_of(id));
        if (kind == FlatIndex::kNone || id > highest_[kind]) [[likely]]
            return false;
        const auto end = ring_.begin() + static_cast<std::ptrdiff_t>(count_);
        return std::find(ring_.begin(), end, id) != end;
    }
    void add(std::uint64_t id) {
        ring_[next_] = id;
        next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
        if (count_ < ring_.size()) ++count_;
        const std::uint32_t kind = kinds_.find(kind_of(id));
        if (kind != FlatIndex::kNone) [[likely]] {
            highest_[kind] = std::max(highest_[kind], id);
            return;
        }
        kinds_.put(kind_of(id), static_cast<std::uint32_t>(highest_.size()));
        highest_.push_back(id);
    }

    void save(engine::StateWriter& writer) const {
        writer.put(std::uint64_t{count_});
        for (std::size_t i = 0; i < count_; ++i)  // the oldest first
            writer.put(ring_[(next_ + ring_.size() - count_ + i) % ring_.size()]);
    }
    void load(engine::StateReader& reader) {
        kinds_.clear();
        highest_.clear();
        count_ = next_ = 0;
        const auto count = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < count && !reader.failed(); ++i)
            add(reader.get<std::uint64_t>());
    }

  private:
    // Each strategy and the planner number in a kind of their own; names of outside systems, which
    // are digests, share one.
    static constexpr std::uint64_t kind_of(std::uint64_t id) {
        constexpr int kKindShift = 36;
        return id >> 63 != 0 ? std::uint64_t{1} << 63 : id >> kKindShift;
    }

    std::vector<std::uint64_t> ring_;
    FlatIndex kinds_;
    std::vector<std::uint64_t> highest_;  // by kind
    std::size_t count_ = 0;
    std::size_t next_ = 0;
};

}  // namespace millrace::risk
