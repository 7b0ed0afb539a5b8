// Days, and what they say.
#include "millrace/core/risk/losses.hpp"

#include <algorithm>
#include <array>

namespace millrace::risk {

void Losses::end_day(std::int64_t base) {
    if (base > 0) {
        const auto result = multiply_divide(-today(), Ratio::kOne, base, Rounding::half_even);
        if (days_.empty()) days_.reserve(kDaysMax);
        if (days_.size() == kDaysMax) days_.erase(days_.begin());
        days_.push_back(result ? *result : -INT64_MAX);
        measure();
    }
    day_start_ = made_;
}

// Of n days the one so many from the worst as 5 of 100 are, rounded up: the worst of 20.
void Losses::measure() {
    if (days_.size() < kDaysMin) return;
    std::array<std::int64_t, kDaysMax> sorted{};
    std::copy(days_.begin(), days_.end(), sorted.begin());
    const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(days_.size());
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>((days_.size() * 5 + 99) / 100 - 1);
    std::nth_element(sorted.begin(), at, end);
    value_at_risk_ = Ratio::from_raw(std::max<std::int64_t>(0, -*at));
}

void Losses::save(engine::StateWriter& writer) const {
    for (const std::int64_t amount : {made_, day_start_, peak_})
        writer.put(amount);
    writer.put(static_cast<std::uint8_t>(is_known_ ? 1 : 0));
    writer.put(std::uint64_t{days_.size()});
    for (const std::int64_t day : days_)
        writer.put(day);
}

void Losses::load(engine::StateReader& reader) {
    for (std::int64_t* amount : {&made_, &day_start_, &peak_})
        *amount = reader.get<std::int64_t>();
    is_known_ = reader.get<std::uint8_t>() != 0;
    days_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), kDaysMax), 0);
    for (std::int64_t& day : days_)
        day = reader.get<std::int64_t>();
    value_at_risk_ = {};
    measure();
}

}  // namespace millrace::risk
