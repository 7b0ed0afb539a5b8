// The loops: one for each width, reference and unit, chosen once a block, so that nothing is asked
// in them. They write straight into the rows, a few hundred at a time, which stay in the first
// cache while the columns take turns.
#include "millrace/edge/store/tape/column_decoder.hpp"

#include <algorithm>
#include <limits>

#include "millrace/core/model/field_access.hpp"

namespace millrace::tape {
namespace {

struct Nothing {};  // width 0: every number is zero

template <class Stored>
std::uint64_t load(const std::byte* data, std::size_t place) {
    if constexpr (std::is_same_v<Stored, Nothing>) {
        return 0;
    } else {
        Stored stored{};
        std::memcpy(&stored, data + place * sizeof stored, sizeof stored);
        return stored;
    }
}

std::uint64_t unsigned_of(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

bool is_width(std::uint8_t width) {
    return width == 0 || width == 1 || width == 2 || width == 4 || width == 8;
}

// The values that the field may hold, absent apart.
Interval allowed_of(const model::FieldDescription& field) {
    if (field.size == 8) return {field.minimum, field.maximum};
    const std::int64_t most = (std::int64_t{1} << (8 * field.size)) - 1;
    return {0, std::min(field.maximum, most)};
}

}  // namespace

std::optional<ColumnDecoder> ColumnDecoder::take(engine::StateReader& bytes,
                                                 const model::FieldDescription& field,
                                                 std::size_t count) {
    ColumnDecoder column;
    column.head_ = bytes.get<ColumnHead>();
    const ColumnHead& head = column.head_;
    const bool is_wide = field.size == 8;
    if (!is_width(head.width) || head.reference > Reference::field || head.by_increment > 1 ||
        head.zeros != decltype(head.zeros){} ||
        (!is_wide && (head.reference != Reference::none || head.by_increment != 0)))
        return std::nullopt;
    const std::span<const std::byte> data = bytes.take(column_bytes(head.width, count));
    if (bytes.failed()) return std::nullopt;
    column.field_ = &field;
    column.data_ = data.data();
    column.count_ = count;
    column.previous_ = unsigned_of(head.start);
    return column;
}

bool ColumnDecoder::prepare() {
    MILLRACE_ASSERT((head_.reference == Reference::first) == !firsts_.numbers.empty() &&
                        (head_.by_increment != 0) == !increments_.numbers.empty(),
                    "a column is told what it counts from, and nothing else");
    switch (head_.width) {
        case 0: loop_ = loop_for<Nothing>(head_, field_->size); break;
        case 1: loop_ = loop_for<std::uint8_t>(head_, field_->size); break;
        case 2: loop_ = loop_for<std::uint16_t>(head_, field_->size); break;
        case 4: loop_ = loop_for<std::uint32_t>(head_, field_->size); break;
        default: loop_ = loop_for<std::uint64_t>(head_, field_->size); break;
    }
    const Interval allowed = allowed_of(*field_);
    if (const auto value = constant()) {
        values_ = {*value, *value};
        const bool fits = *value >= allowed.low && *value <= allowed.high;
        return fits || (field_->size == 8 && model::is_allowed(*field_, *value));
    }
    values_ = reachable();
    if (values_.low >= allowed.low && values_.high <= allowed.high) return true;
    needs_check_ = true;
    values_ = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    return true;
}

std::optional<std::int64_t> ColumnDecoder::constant() const {
    if (head_.width != 0 || head_.reference != Reference::none || head_.by_increment != 0)
        return std::nullopt;
    return head_.base;
}

// In 128 bits, where nothing here overflows; so where the result lies in the range of a field,
// nothing wraps in 64 either.
Interval ColumnDecoder::reachable() const {
    constexpr Interval kUnknown = {int128{std::numeric_limits<std::int64_t>::min()} - 1,
                                   int128{std::numeric_limits<std::int64_t>::max()} + 1};
    constexpr int128 kFar = int128{1} << 65;  // beyond it the products below might overflow
    if (head_.width == 8) return kUnknown;
    const int128 largest = head_.width == 0 ? 0 : (int128{1} << (8 * head_.width)) - 1;
    const int128 base = head_.base;
    Interval amount = {base, base + largest * head_.unit};
    if (head_.by_increment != 0) {
        const Interval& increment = increments_.values;
        const int128 most = base + largest;
        amount.low = base * (base < 0 ? increment.high : increment.low);
        amount.high = most * (most < 0 ? increment.low : increment.high);
    }
    if (amount.low < -kFar || amount.high > kFar) return kUnknown;
    switch (head_.reference) {
        case Reference::none: return amount;
        case Reference::previous: {
            const auto steps = static_cast<std::int64_t>(count_ - 1);
            return {head_.start + steps * std::min<int128>(amount.low, 0),
                    head_.start + steps * std::max<int128>(amount.high, 0)};
        }
        case Reference::first: {
            const Interval& first = firsts_.values;
            return {first.low + amount.low, first.high + amount.high};
        }
        case Reference::field:
            return {relative_values_.low + amount.low, relative_values_.high + amount.high};
    }
    return kUnknown;
}

void ColumnDecoder::decode(std::size_t begin, std::size_t end, const Rows& rows) {
    loop_(*this, begin, end, rows);
    if (needs_check_ && field_->size == 8) check_values(begin, end, rows);
}

void ColumnDecoder::check_values(std::size_t begin, std::size_t end, const Rows& rows) {
    for (std::size_t i = begin; i < end; ++i) {
        const std::byte* row = rows.first + i * rows.stride;
        is_sound_ = is_sound_ && model::is_allowed(*field_, model::load_integer(*field_, row));
    }
}

template <class Stored, Reference kReference, bool kByIncrement>
void ColumnDecoder::decode_wide(ColumnDecoder& column, std::size_t begin, std::size_t end,
                                const Rows& rows) {
    const std::byte* data = column.data_;
    const std::int64_t* firsts = column.firsts_.numbers.data();
    const std::int64_t* increments = column.increments_.numbers.data();
    const std::uint16_t* slots = rows.slots;
    const std::uint64_t base = unsigned_of(column.head_.base);
    const std::uint64_t unit = column.head_.unit;
    const std::size_t stride = rows.stride;
    const std::size_t relative_offset = column.relative_offset_;
    const std::size_t offset = column.field_->offset;
    std::uint64_t previous = column.previous_;
    std::byte* row = rows.first + begin * stride;
    if constexpr (kReference == Reference::previous) {
        if (begin == 0 && begin < end) {
            std::memcpy(row + offset, &previous, sizeof previous);
            row += stride;
            ++begin;
        }
    }
    for (std::size_t i = begin; i < end; ++i, row += stride) {
        std::uint64_t value = load<Stored>(data, i);
        if constexpr (kByIncrement)
            value = (base + value) * unsigned_of(increments[slots[i]]);
        else
            value = base + value * unit;
        if constexpr (kReference == Reference::previous) value = previous += value;
        if constexpr (kReference == Reference::first) value += unsigned_of(firsts[slots[i]]);
        if constexpr (kReference == Reference::field) {
            std::uint64_t relative = 0;
            std::memcpy(&relative, row + relative_offset, sizeof relative);
            value += relative;
        }
        std::memcpy(row + offset, &value, sizeof value);
    }
    column.previous_ = previous;
}

template <class Stored, class Field>
void ColumnDecoder::decode_narrow(ColumnDecoder& column, std::size_t begin, std::size_t end,
                                  const Rows& rows) {
    const std::byte* data = column.data_;
    const std::uint64_t base = unsigned_of(column.head_.base);
    const std::uint64_t unit = column.head_.unit;
    const std::size_t stride = rows.stride;
    std::byte* field = rows.first + begin * stride + column.field_->offset;
    std::uint64_t largest = 0;
    for (std::size_t i = begin; i < end; ++i, field += stride) {
        const std::uint64_t value = base + load<Stored>(data, i) * unit;
        largest = std::max(largest, value);
        const auto kept = static_cast<Field>(value);
        std::memcpy(field, &kept, sizeof kept);
    }
    if (largest > static_cast<std::uint64_t>(allowed_of(*column.field_).high))
        column.is_sound_ = false;
}

template <class Stored>
ColumnDecoder::Loop ColumnDecoder::loop_for(const ColumnHead& head, std::size_t field_size) {
    if (field_size == 4) return &decode_narrow<Stored, std::uint32_t>;
    if (field_size == 2) return &decode_narrow<Stored, std::uint16_t>;
    if (field_size == 1) return &decode_narrow<Stored, std::uint8_t>;
    const bool by_increment = head.by_increment != 0;
    switch (head.reference) {
        case Reference::none:
            return by_increment ? &decode_wide<Stored, Reference::none, true>
                                : &decode_wide<Stored, Reference::none, false>;
        case Reference::previous:
            return by_increment ? &decode_wide<Stored, Reference::previous, true>
                                : &decode_wide<Stored, Reference::previous, false>;
        case Reference::first:
            return by_increment ? &decode_wide<Stored, Reference::first, true>
                                : &decode_wide<Stored, Reference::first, false>;
        case Reference::field:
            return by_increment ? &decode_wide<Stored, Reference::field, true>
                                : &decode_wide<Stored, Reference::field, false>;
    }
    MILLRACE_ASSERT(false, "take() let another reference pass");
}

}  // namespace millrace::tape
