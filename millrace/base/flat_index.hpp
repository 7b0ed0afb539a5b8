// FlatIndex: from a number (an order's, a group's) to a 32-bit handle. Open addressing with linear
// probing, without tombstones; only looked up, never walked, so nothing hangs on its layout.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "millrace/base/assert.hpp"

namespace millrace {

class FlatIndex {
  public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    FlatIndex() { resize(kBucketsMin); }

    // Room for so many keys before anything is allocated again.
    void reserve(std::size_t keys) {
        if (keys * 2 > buckets_.size()) resize(std::bit_ceil(keys * 2));
    }
    [[nodiscard]] std::uint32_t find(std::uint64_t key) const {
        for (std::size_t at = home_of(key);; at = next(at)) {
            if (buckets_[at].value == kNone || buckets_[at].key == key) return buckets_[at].value;
        }
    }
    // Replaces the value of a key that is there.
    void put(std::uint64_t key, std::uint32_t value) {
        MILLRACE_ASSERT(value != kNone, "the mark for nothing is no handle");
        std::size_t at = home_of(key);
        while (buckets_[at].value != kNone && buckets_[at].key != key)
            at = next(at);
        const bool is_new = buckets_[at].value == kNone;
        buckets_[at] = {key, value};
        if (is_new && ++size_ * 2 > buckets_.size()) resize(buckets_.size() * 2);
    }
    void erase(std::uint64_t key) {
        std::size_t at = home_of(key);
        while (buckets_[at].key != key || buckets_[at].value == kNone) {
            if (buckets_[at].value == kNone) return;
            at = next(at);
        }
        --size_;
        // Whatever follows and would no longer be reached moves up.
        for (std::size_t from = next(at); buckets_[from].value != kNone; from = next(from)) {
            const std::size_t home = home_of(buckets_[from].key);
            if (((from - home) & mask()) < ((from - at) & mask())) continue;
            buckets_[at] = buckets_[from];
            at = from;
        }
        buckets_[at] = {};
    }
    void clear() {
        buckets_.assign(buckets_.size(), {});
        size_ = 0;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Bucket {
        std::uint64_t key = 0;
        std::uint32_t value = kNone;
    };
    static constexpr std::size_t kBucketsMin = 1024;

    [[nodiscard]] std::size_t mask() const { return buckets_.size() - 1; }
    [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }
    // Four numbers that follow each other are neighbours, for they are looked up one after the
    // other; the fours are spread by the top bits of a product, which spread best.
    [[nodiscard]] std::size_t home_of(std::uint64_t key) const {
        return ((key >> 2) * 0x9e3779b97f4a7c15U >> shift_) << 2 | (key & 3);
    }
    void resize(std::size_t buckets) {
        std::vector<Bucket> old(buckets);
        old.swap(buckets_);
        shift_ = 64 - std::countr_zero(buckets / 4);
        size_ = 0;
        for (const Bucket& bucket : old)
            if (bucket.value != kNone) put(bucket.key, bucket.value);
    }

    std::vector<Bucket> buckets_;
    int shift_ = 64;
    std::size_t size_ = 0;
};

}  // namespace millrace
