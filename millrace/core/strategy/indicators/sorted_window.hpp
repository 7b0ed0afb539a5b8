// SortedWindow: the last `length` numbers in the order of their size, for quantiles, ranks and sums
// of a part of them, each in O(log length).
//
// A treap: a search tree whose shape follows from the numbers and from a fixed priority of each
// place in the ring, not from history. So a loaded window has the tree of the saved one, and sums,
// which are added up along it, have the same bits.
#pragma once

#include "millrace/core/strategy/indicators/window.hpp"

namespace millrace::indicators {

class SortedWindow {
  public:
    explicit SortedWindow(std::int64_t length);

    void update(double value);

    [[nodiscard]] bool is_full() const { return window_.is_full(); }
    [[nodiscard]] std::int64_t length() const { return window_.length(); }
    [[nodiscard]] std::int64_t size() const { return window_.size(); }

    // The k-th lowest, counted from 0; k < size().
    [[nodiscard]] double at_rank(std::int64_t k) const;
    // Between the two numbers around rank share * (size - 1), in proportion; 0 <= share <= 1.
    [[nodiscard]] double quantile(double share) const;
    [[nodiscard]] std::int64_t count_below(double value) const;
    [[nodiscard]] double mean() const;
    // The mean distance of the numbers to `value`.
    [[nodiscard]] double mean_distance(double value) const;

    void save(engine::StateWriter& writer) const { window_.save(writer); }
    void load(engine::StateReader& reader);

  private:
    using Place = std::uint32_t;
    static constexpr Place kNone = UINT32_MAX;

    // The tree of the numbers below a node, itself included.
    struct Node {
        Place left = kNone;
        Place right = kNone;
        std::uint32_t count = 0;
        DoubleDouble sum;
    };
    struct Halves {
        Place left;
        Place right;
    };

    [[nodiscard]] bool precedes(Place a, Place b) const;
    void count_up(Place place);
    [[nodiscard]] std::uint32_t count_of(Place place) const;
    [[nodiscard]] DoubleDouble sum_of(Place place) const;
    Halves split(Place tree, Place around, int depth);
    Place join(Place left, Place right, int depth);
    Place insert(Place tree, Place place, int depth);
    Place erase(Place tree, Place place, int depth);

    Window window_;
    std::vector<Node> nodes_;  // by place in the ring
    Place root_ = kNone;
};

}  // namespace millrace::indicators
