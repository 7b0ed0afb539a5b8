// ColumnEncoder: tries the forms that a column may have and writes the shortest one.
#pragma once

#include <vector>

#include "millrace/core/engine/state.hpp"
#include "millrace/edge/store/tape/column.hpp"

namespace millrace::tape {

// The numbers of a column, a row each, and what they may be counted from; what is empty is not
// tried.
struct ColumnInput {
    std::span<const std::int64_t> values;
    bool by_previous = false;
    std::span<const std::int64_t> relative{};    // by row
    std::span<const std::uint16_t> slots{};      // by row: its place in the next two
    std::span<const std::int64_t> firsts{};      // by slot
    std::span<const std::int64_t> increments{};  // by slot, positive
};

class ColumnEncoder {
  public:
    // Writes head and numbers; returns the head, which says what was chosen.
    ColumnHead encode(const ColumnInput& input, engine::StateWriter& out);

  private:
    void try_reference(const ColumnInput& input, Reference reference);
    void try_unit(const ColumnHead& head, std::size_t extra);
    void try_increments(const ColumnInput& input, const ColumnHead& head, std::size_t extra);
    void take_if_shorter(ColumnHead head, std::uint64_t largest, std::size_t extra);

    ColumnHead best_;
    std::size_t best_bytes_ = 0;
    std::vector<std::uint64_t> stored_;  // of the best form so far
    std::vector<std::uint64_t> trial_;
    std::vector<std::int64_t> differences_;
    std::vector<std::byte> narrow_;
};

}  // namespace millrace::tape
