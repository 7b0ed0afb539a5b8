// Bars that close by what was traded, or how far the price went, instead of by the clock.
#include <algorithm>

#include "millrace/core/market/bar_builder.hpp"

namespace millrace::market {
namespace {

constexpr int128 kVolumeUnit = power_of_ten(Quantity::kScale - kStepScale);
constexpr int128 kValueUnit = power_of_ten(Price::kScale + Quantity::kScale - kStepScale);

int128 size_of(int128 value) {
    return value < 0 ? -value : value;
}

std::int64_t rounded_down(std::int64_t value, std::int64_t step) {
    std::int64_t rest = value % step;
    if (rest < 0) rest += step;
    return value - rest;
}

}  // namespace

int128 BarBuilder::volume_step() const {
    return int128{rule_.step} * kVolumeUnit;
}

int128 BarBuilder::value_step() const {
    return int128{rule_.step} * kValueUnit;
}

BarHeard BarBuilder::observe_amount(const BarObservation& observation) {
    MILLRACE_ASSERT(!full_ && rest_ == 0, "close_before() was not asked");
    if (observation.time < (bar_.any ? bar_.open_time : closed_until_)) return BarHeard::late;
    if (overlaps(observation)) return BarHeard::late;
    if (would_make_too_many(observation)) return BarHeard::refused;
    if (rule_.basis == BarBasis::renko) {
        observe_brick(observation);
        return BarHeard::accepted;
    }
    add_units(observation);
    if (!rule_.split) {
        put(observation);
        full_ = is_full();
        return BarHeard::accepted;
    }
    // The first piece counts as the trade; the others have its price and nothing else.
    BarObservation piece = observation;
    const std::int64_t size = std::min(observation.size.raw(), room_left_for(observation.close));
    piece.size = Quantity::from_raw(size);
    piece.value = int128{observation.close.raw()} * size;
    put(piece);
    rest_ = observation.size.raw() - size;
    full_ = is_full();
    return BarHeard::accepted;
}

bool BarBuilder::would_make_too_many(const BarObservation& observation) const {
    if (rule_.basis == BarBasis::renko)
        return anchored_ && size_of(int128{observation.close.raw()} - brick_close_) >
                                int128{rule_.step} * kBarsAtOnceMax;
    if (!rule_.split) return false;
    const bool by_volume = rule_.basis == BarBasis::volume;
    return by_volume ? observation.size.raw() > volume_step() * kBarsAtOnceMax
                     : size_of(observation.value) > value_step() * kBarsAtOnceMax;
}

// How much more of a split trade at this price goes into the bar: what fills it, rounded up to the
// finest quantity there is.
std::int64_t BarBuilder::room_left_for(Price price) const {
    int128 room = INT64_MAX;
    if (rule_.basis == BarBasis::volume) {
        room = volume_step() - bar_.volume;
    } else if (!price.is_zero()) {
        const int128 missing = value_step() - value_so_far();
        room = divide_rounded(missing, size_of(price.raw()), Rounding::ceiling);
    }
    return static_cast<std::int64_t>(std::clamp<int128>(room, 1, INT64_MAX));
}

int128 BarBuilder::value_so_far() const {
    return size_of(bar_.value);
}

bool BarBuilder::is_full() const {
    const auto step = static_cast<std::int64_t>(rule_.step);
    switch (rule_.basis) {
        case BarBasis::tick: return bar_.units >= step;
        case BarBasis::volume: return bar_.volume >= volume_step();
        case BarBasis::value: return value_so_far() >= value_step();
        case BarBasis::imbalance: return bar_.units >= step || -bar_.units >= step;
        case BarBasis::run: return bar_.units >= step || bar_.sells >= step;
        case BarBasis::range: return int128{bar_.high.raw()} - bar_.low.raw() >= step;
        case BarBasis::time:
        case BarBasis::renko: break;
    }
    return false;
}

void BarBuilder::add_units(const BarObservation& observation) {
    if (rule_.basis == BarBasis::tick) ++bar_.units;
    if (rule_.basis != BarBasis::imbalance && rule_.basis != BarBasis::run) return;
    const int sign = sign_of(observation);
    if (rule_.basis == BarBasis::imbalance)
        bar_.units += sign;
    else if (sign != 0)
        ++(sign > 0 ? bar_.units : bar_.sells);
}

// The aggressor where the feed tells; else the tick rule: up is a buy, down a sale, and an
// unchanged price is what the last one was. Before the price has ever moved it is neither.
int BarBuilder::sign_of(const BarObservation& observation) {
    int sign = last_sign_;
    if (observation.aggressor == model::Aggressor::buyer) {
        sign = 1;
    } else if (observation.aggressor == model::Aggressor::seller) {
        sign = -1;
    } else if (has_price_ && observation.close != last_close_) {
        sign = observation.close > last_close_ ? 1 : -1;
    }
    last_close_ = observation.close;
    has_price_ = true;
    last_sign_ = sign;
    return sign;
}

bool BarBuilder::close_amount(Time now, ClosedBar& closed) {
    closed.bar = made_bar(std::max(now, bar_.last_end));
    closed.partial = false;
    ++counters_.closed;
    closed_until_ = bar_.last_end;
    const Open last = bar_;
    bar_ = Open{};
    full_ = false;
    if (rest_ == 0) return true;
    BarObservation piece;
    piece.time = piece.end = last.last_end;
    piece.open = piece.high = piece.low = piece.close = last.close;
    const std::int64_t size = std::min(rest_, room_left_for(last.close));
    piece.size = Quantity::from_raw(size);
    piece.value = int128{last.close.raw()} * size;
    piece.has_average = true;
    piece.source = last.source;
    put(piece);
    bar_.has_count = true;  // the trade was counted in its first bar
    rest_ -= size;
    full_ = is_full();
    return true;
}

// Bricks stand on a grid of multiples of their size, so that they do not hang on where the data
// begins. Volume belongs to the brick that it completes.
void BarBuilder::observe_brick(const BarObservation& observation) {
    put(observation);
    if (anchored_) return;
    anchored_ = true;
    brick_close_ = rounded_down(observation.close.raw(), static_cast<std::int64_t>(rule_.step));
}

// +1 or -1 for a brick that the last price completes. Turning round takes two sizes: the first goes
// back over the last brick.
int BarBuilder::next_brick() const {
    if (!anchored_ || !bar_.any) return 0;
    const auto step = static_cast<std::int64_t>(rule_.step);
    const std::int64_t price = bar_.close.raw();
    const std::int64_t up = brick_close_ + (direction_ < 0 ? 2 * step : step);
    const std::int64_t down = brick_close_ - (direction_ > 0 ? 2 * step : step);
    if (price >= up) return 1;
    return price <= down ? -1 : 0;
}

bool BarBuilder::close_brick(Time now, ClosedBar& closed) {
    const int brick = next_brick();
    if (brick == 0) return false;
    const auto step = static_cast<std::int64_t>(rule_.step);
    const std::int64_t turn = direction_ == -brick ? brick * step : 0;
    const Price open = Price::from_raw(brick_close_ + turn);
    const Price close = Price::from_raw(open.raw() + brick * step);
    closed.bar = made_bar(std::max(now, bar_.last_end));
    closed.partial = false;
    closed.bar.open = open;
    closed.bar.close = close;
    closed.bar.high = std::max(open, close);
    closed.bar.low = std::min(open, close);
    closed.bar.vwap = {};  // what was traded since the last brick may lie outside of this one
    ++counters_.closed;
    brick_close_ = close.raw();
    direction_ = brick;
    closed_until_ = bar_.last_end;
    Open rest;
    rest.open_time = rest.last_end = bar_.last_end;
    rest.open = rest.high = rest.low = rest.close = bar_.close;
    rest.source = bar_.source;
    bar_ = rest;
    bar_.any = true;
    return true;
}

}  // namespace millrace::market
