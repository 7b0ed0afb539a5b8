// The trials: from each reference, in one common unit and in increments. Ties go to the form that
// is cheaper to read, which is tried first.
#include "millrace/edge/store/tape/column_encoder.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "millrace/base/assert.hpp"

namespace millrace::tape {
namespace {

// What a number by instrument costs, about, in the column that keeps it.
constexpr std::size_t kBytesOfFirst = 4;

std::uint64_t unsigned_of(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

// a - b, wrapping.
std::int64_t difference(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(unsigned_of(a) - unsigned_of(b));
}

std::uint8_t width_of(std::uint64_t largest) {
    if (largest == 0) return 0;
    if (largest <= std::numeric_limits<std::uint8_t>::max()) return 1;
    if (largest <= std::numeric_limits<std::uint16_t>::max()) return 2;
    if (largest <= std::numeric_limits<std::uint32_t>::max()) return 4;
    return 8;
}

template <class Stored>
void narrow(std::span<const std::uint64_t> numbers, std::byte* out) {
    for (const std::uint64_t number : numbers) {
        const auto stored = static_cast<Stored>(number);
        std::memcpy(out, &stored, sizeof stored);
        out += sizeof stored;
    }
}

// The greatest number that divides all of them; 1 for none but zeros.
std::uint64_t common_unit(std::span<const std::uint64_t> numbers) {
    std::uint64_t unit = 0;
    for (const std::uint64_t number : numbers) {
        if (unit == 0)
            unit = number;
        else if (number % unit != 0)
            unit = std::gcd(number, unit);
        if (unit == 1) break;
    }
    return std::max<std::uint64_t>(unit, 1);
}

}  // namespace

ColumnHead ColumnEncoder::encode(const ColumnInput& input, engine::StateWriter& out) {
    MILLRACE_ASSERT(!input.values.empty(), "a column has at least one row");
    best_bytes_ = SIZE_MAX;
    try_reference(input, Reference::none);
    if (input.by_previous) try_reference(input, Reference::previous);
    if (!input.relative.empty()) try_reference(input, Reference::field);
    if (!input.firsts.empty()) try_reference(input, Reference::first);

    narrow_.assign(column_bytes(best_.width, stored_.size()), std::byte{0});
    switch (best_.width) {
        case 0: break;
        case 1: narrow<std::uint8_t>(stored_, narrow_.data()); break;
        case 2: narrow<std::uint16_t>(stored_, narrow_.data()); break;
        case 4: narrow<std::uint32_t>(stored_, narrow_.data()); break;
        default: narrow<std::uint64_t>(stored_, narrow_.data()); break;
    }
    out.put(best_);
    out.put_bytes(narrow_);
    return best_;
}

void ColumnEncoder::try_reference(const ColumnInput& input, Reference reference) {
    const std::size_t rows = input.values.size();
    std::size_t extra = 0;
    ColumnHead head;
    head.reference = reference;
    differences_.resize(rows);
    switch (reference) {
        case Reference::none: std::ranges::copy(input.values, differences_.begin()); break;
        case Reference::previous:
            head.start = input.values[0];
            for (std::size_t i = 1; i < rows; ++i)
                differences_[i] = difference(input.values[i], input.values[i - 1]);
            differences_[0] = rows > 1 ? differences_[1] : 0;  // ruled out below; any that fits
            break;
        case Reference::field:
            for (std::size_t i = 0; i < rows; ++i)
                differences_[i] = difference(input.values[i], input.relative[i]);
            break;
        case Reference::first:
            extra = kBytesOfFirst * input.firsts.size();
            for (std::size_t i = 0; i < rows; ++i)
                differences_[i] = difference(input.values[i], input.firsts[input.slots[i]]);
            break;
    }
    if (extra >= best_bytes_) return;
    try_unit(head, extra);
    if (!input.increments.empty()) try_increments(input, head, extra);
}

void ColumnEncoder::try_unit(const ColumnHead& head, std::size_t extra) {
    ColumnHead tried = head;
    tried.base = *std::ranges::min_element(differences_);
    trial_.resize(differences_.size());
    for (std::size_t i = 0; i < differences_.size(); ++i)
        trial_[i] = unsigned_of(difference(differences_[i], tried.base));
    if (head.reference == Reference::previous) trial_[0] = 0;
    tried.unit = common_unit(trial_);
    if (tried.unit > 1)
        for (std::uint64_t& number : trial_)
            number /= tried.unit;
    take_if_shorter(tried, *std::ranges::max_element(trial_), extra);
}

void ColumnEncoder::try_increments(const ColumnInput& input, const ColumnHead& head,
                                   std::size_t extra) {
    if (best_.width == 0) return;
    ColumnHead tried = head;
    tried.by_increment = 1;
    const std::size_t begin = head.reference == Reference::previous ? 1 : 0;
    if (begin == differences_.size()) return;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::int64_t most = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = begin; i < differences_.size(); ++i) {
        const std::int64_t increment = input.increments[input.slots[i]];
        const std::int64_t steps = differences_[i] / increment;
        if (steps * increment != differences_[i]) return;
        differences_[i] = steps;
        least = std::min(least, steps);
        most = std::max(most, steps);
    }
    tried.base = least;
    trial_.assign(differences_.size(), 0);
    for (std::size_t i = begin; i < differences_.size(); ++i)
        trial_[i] = unsigned_of(difference(differences_[i], least));
    take_if_shorter(tried, unsigned_of(difference(most, least)), extra);
}

void ColumnEncoder::take_if_shorter(ColumnHead head, std::uint64_t largest, std::size_t extra) {
    head.width = width_of(largest);
    const std::size_t bytes = column_bytes(head.width, trial_.size()) + extra;
    if (bytes >= best_bytes_) return;
    best_ = head;
    best_bytes_ = bytes;
    std::swap(stored_, trial_);
}

}  // namespace millrace::tape
