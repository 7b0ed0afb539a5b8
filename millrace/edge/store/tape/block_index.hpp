// BlockIndex: where some of the blocks begin, evenly spread over any number of them: whenever it is
// full, every second entry goes, and from then on half as many are taken.
#pragma once

#include "millrace/edge/store/tape/tape_frame.hpp"

namespace millrace::tape {

class BlockIndex {
  public:
    // For every block, in order.
    void add(const IndexEntry& entry) {
        if (blocks_++ % step_ != 0) return;
        if (entries_.size() == kIndexEntriesMax) {
            for (std::size_t i = 0; 2 * i < entries_.size(); ++i)
                entries_[i] = entries_[2 * i];
            entries_.resize(kIndexEntriesMax / 2);
            step_ *= 2;
        }
        entries_.push_back(entry);
    }

    // The first block's is always among them.
    [[nodiscard]] const std::vector<IndexEntry>& entries() const { return entries_; }

  private:
    static_assert(kIndexEntriesMax % 2 == 0);

    std::vector<IndexEntry> entries_;
    std::uint64_t blocks_ = 0;
    std::uint64_t step_ = 1;  // blocks between two entries
};

}  // namespace millrace::tape
