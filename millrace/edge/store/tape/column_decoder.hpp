// ColumnDecoder: one column of a block, checked before its rows are read. Bytes come from outside:
// after take() nothing in them can make decode() read or write out of bounds, and after decode()
// every value is one that its field allows, or is_sound() is false.
#pragma once

#include <optional>

#include "millrace/base/decimal.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/edge/store/tape/column.hpp"

namespace millrace::tape {

// Where values go: field of row i = first + i * stride + its offset. `slots` by row, all of them
// below the sizes of the columns' tables.
struct Rows {
    std::byte* first = nullptr;
    std::size_t stride = 0;
    const std::uint16_t* slots = nullptr;
};

// Least and greatest value that a column can hold, not only does.
struct Interval {
    int128 low = 0;
    int128 high = 0;
};

// Numbers by slot, and an interval that all of them lie in.
struct Table {
    std::span<const std::int64_t> numbers;
    Interval values;
};

class ColumnDecoder {
  public:
    // The column of `field` with so many numbers off the front of `bytes`; nothing when the bytes
    // are none.
    [[nodiscard]] static std::optional<ColumnDecoder> take(engine::StateReader& bytes,
                                                           const model::FieldDescription& field,
                                                           std::size_t count);

    [[nodiscard]] const ColumnHead& head() const { return head_; }
    // The numbers as they are stored.
    [[nodiscard]] const std::byte* data() const { return data_; }

    // What the numbers are counted from, before decode(); by slot, or the other field's place and
    // the interval of its values.
    void count_from_firsts(const Table& firsts) { firsts_ = firsts; }
    void count_in_increments(const Table& increments) { increments_ = increments; }
    void count_from_field(std::size_t offset, const Interval& values) {
        relative_offset_ = offset;
        relative_values_ = values;
    }
    // After the above: chooses the loop, and proves all values allowed where the head alone can.
    // False when the one value of a constant column is not.
    [[nodiscard]] bool prepare();
    [[nodiscard]] const Interval& values() const { return values_; }

    // Rows begin to end, which follow those of the call before.
    void decode(std::size_t begin, std::size_t end, const Rows& rows);
    // The one value that all rows have, where the head says so.
    [[nodiscard]] std::optional<std::int64_t> constant() const;
    // Whether every value of the rows decoded so far is allowed.
    [[nodiscard]] bool is_sound() const { return is_sound_; }

  private:
    using Loop = void (*)(ColumnDecoder&, std::size_t begin, std::size_t end, const Rows& rows);

    template <class Stored, Reference kReference, bool kByIncrement>
    static void decode_wide(ColumnDecoder& column, std::size_t begin, std::size_t end,
                            const Rows& rows);
    template <class Stored, class Field>
    static void decode_narrow(ColumnDecoder& column, std::size_t begin, std::size_t end,
                              const Rows& rows);
    template <class Stored>
    [[nodiscard]] static Loop loop_for(const ColumnHead& head, std::size_t field_size);
    [[nodiscard]] Interval reachable() const;
    void check_values(std::size_t begin, std::size_t end, const Rows& rows);

    ColumnHead head_;
    const model::FieldDescription* field_ = nullptr;
    const std::byte* data_ = nullptr;
    std::size_t count_ = 0;
    Table firsts_;
    Table increments_;
    std::size_t relative_offset_ = 0;
    Interval relative_values_;
    Interval values_;
    std::uint64_t previous_ = 0;
    Loop loop_ = nullptr;
    bool needs_check_ = false;  // of each value
    bool is_sound_ = true;
};

}  // namespace millrace::tape
