// The regimes.
#include "millrace/core/market/synthetic_path.hpp"

#include <algorithm>
#include <cmath>

#include "millrace/base/deterministic_math.hpp"
#include "millrace/base/hash.hpp"

namespace millrace::market {
namespace {

constexpr double kYearNs = 365.0 * 86'400e9;
constexpr double kLogMin = -13;  // of a price: a few millionths
constexpr double kLogMax = 18;   // about 65 million
constexpr double kRestCounts = 0.25;
constexpr double kLn2 = 0.693147180559945309;
constexpr double kLotsAMinute = 100;
constexpr double kLotsMax = 1e9;
constexpr int kLegsMax = 64;         // in one step
constexpr int kExponentialMax = 64;  // a chance of one in 10^27

// Of the predecessor's feed (spec tradingbot A5).
constexpr double kUniformClose = 0.001;
constexpr double kUniformOpen = 0.0005;
constexpr double kUniformRange = 0.002;
constexpr double kUniformMin = 0.01;

std::uint64_t seed_of(std::string_view name, std::uint64_t seed) {
    RunningHash hash(seed);
    hash.add(std::as_bytes(std::span(name)));
    return hash.value();
}

std::int64_t rounded(double value) {
    return static_cast<std::int64_t>(std::floor(value + 0.5));
}

}  // namespace

double years_of(Duration span) {
    return static_cast<double>(span.ns()) / kYearNs;
}

SyntheticPath::SyntheticPath(const RegimeRule& rule, const SyntheticSymbol& symbol,
                             std::uint64_t seed)
    : rule_(rule), step_(symbol.step), lot_(symbol.lot), random_(seed_of(symbol.name, seed)) {
    const double drawn = between(10, 100);
    plain_ = symbol.start ? static_cast<double>(symbol.start->raw()) / 1e9 : drawn;
    log_ = deterministic_log(plain_);
    keep_in_range();
    anchor_ = log_;
}

double SyntheticPath::between(double low, double high) {
    return low + (high - low) * random_.unit();
}

// By comparing alone (von Neumann 1951): exact, and 30 times faster than a logarithm that is the
// same everywhere.
double SyntheticPath::exponential() {
    for (int whole = 0; whole < kExponentialMax; ++whole) {
        const double first = random_.unit();
        double last = first;
        bool is_odd = true;
        for (double next = random_.unit(); next < last; next = random_.unit()) {
            last = next;
            is_odd = !is_odd;
        }
        if (is_odd) return whole + first;
    }
    return kExponentialMax;
}

// Out of exponential ones (Kahn 1954).
double SyntheticPath::normal() {
    for (;;) {
        const double size = exponential();
        if (exponential() * 2 < (size - 1) * (size - 1)) continue;
        return random_.one_in(2) ? size : -size;
    }
}

double SyntheticPath::price() const {
    return rule_.regime == Regime::uniform ? plain_ : deterministic_exp(log_);
}

std::int64_t SyntheticPath::steps_of(double price) const {
    const double steps = price * 1e9 / static_cast<double>(step_.raw());
    return std::max<std::int64_t>(1, rounded(steps));
}

Price SyntheticPath::price_of(std::int64_t steps) const {
    return Price::from_raw(steps * step_.raw());
}

Quantity SyntheticPath::lots(double count) const {
    // As many as fit: the largest quantity is 92 billion units.
    const double largest = std::min(kLotsMax, 9e18 / static_cast<double>(lot_.raw()));
    const auto whole =
        static_cast<std::int64_t>(std::clamp(std::floor(count), 1.0, std::max(1.0, largest)));
    return Quantity::from_raw(whole * lot_.raw());
}

void SyntheticPath::keep_in_range() {
    log_ = std::clamp(log_, kLogMin, kLogMax);
}

void SyntheticPath::rest(Duration span) {
    if (rule_.regime != Regime::uniform) (void)move(years_of(span) * kRestCounts);
}

void SyntheticPath::pass(Duration span) {
    if (rule_.regime == Regime::uniform) {
        plain_ = std::max(kUniformMin, plain_ * (1 + between(-kUniformClose, kUniformClose)));
        return;
    }
    jump(years_of(span));
    (void)move(years_of(span));
}

// At most one in a step.
void SyntheticPath::jump(double years) {
    if (rule_.regime != Regime::jumps) return;
    const double chance = 1 - deterministic_exp(-rule_.jumps * 365 * years);
    if (random_.unit() >= chance) return;
    log_ += rule_.jump_size * normal();
    keep_in_range();
}

// How much of the span went up, less how much went down.
double SyntheticPath::trend(double years) {
    double net = 0;
    for (int leg = 0; years > 0 && leg < kLegsMax; ++leg) {
        if (leg_left_ <= 0) {
            leg_left_ = exponential() * years_of(rule_.leg);
            direction_ = random_.one_in(2) ? 1 : -1;
        }
        const double part = std::min(years, leg_left_);
        net += direction_ * part;
        leg_left_ -= part;
        years -= part;
    }
    return net;
}

SyntheticPath::Moved SyntheticPath::move(double years) {
    const double volatility = rule_.volatility;
    Moved moved{0, volatility * std::sqrt(years)};
    double known = 0;  // what chance has no part in
    if (rule_.regime == Regime::mean_reverting) {
        const double pull = kLn2 / years_of(rule_.half_life);
        const double kept = deterministic_exp(-pull * years);
        known = (anchor_ - log_) * (1 - kept);
        moved.deviation = volatility * std::sqrt((1 - kept * kept) / (2 * pull));
    } else {
        const double span = rule_.regime == Regime::trending ? trend(years) : years;
        known = rule_.drift * span - volatility * volatility / 2 * years;
    }
    moved.deviations = normal();
    log_ += known + moved.deviation * moved.deviations;
    keep_in_range();
    return moved;
}

void SyntheticPath::make_bar(Duration length, model::Bar& bar) {
    if (rule_.regime == Regime::uniform) {
        make_uniform_bar(bar);
        return;
    }
    const double years = years_of(length);
    jump(years);
    const double open = log_;
    const Moved moved = move(years);
    const double close = log_;
    // The extremes of a random walk of which the two ends are known; exact each by itself.
    const double distance = close - open;
    const double variance = moved.deviation * moved.deviation;
    const auto reach = [&] {
        return std::sqrt(distance * distance + 2 * variance * exponential());
    };
    const double up = reach();
    const double down = reach();
    const auto priced = [&](double log) {
        return price_of(steps_of(deterministic_exp(std::clamp(log, kLogMin, kLogMax))));
    };
    bar.open = priced(open);
    bar.close = priced(close);
    // A last bit must not push an extreme inside.
    bar.high = std::max({priced((open + close + up) / 2), bar.open, bar.close});
    bar.low = std::min({priced((open + close - down) / 2), bar.open, bar.close});
    const double minutes = static_cast<double>(length.ns()) / 60e9;
    const double size = moved.deviations < 0 ? -moved.deviations : moved.deviations;
    bar.volume = lots(kLotsAMinute * minutes * deterministic_exp(0.5 * normal()) * (0.5 + size));
}

void SyntheticPath::make_uniform_bar(model::Bar& bar) {
    const double before = plain_;
    plain_ = std::max(kUniformMin, before * (1 + between(-kUniformClose, kUniformClose)));
    const double open = before * (1 + between(-kUniformOpen, kUniformOpen));
    const double high = std::max(open, plain_) * (1 + between(0, kUniformRange));
    const double low = std::min(open, plain_) * (1 - between(0, kUniformRange));
    const auto priced = [&](double price) { return price_of(steps_of(price)); };
    bar.open = priced(open);
    bar.high = priced(high);
    bar.low = priced(low);
    bar.close = priced(plain_);
    bar.volume = lots(static_cast<double>(random_.between(1'000, 50'000)));
    bar.trade_count = static_cast<std::uint32_t>(random_.between(10, 500));
    const double mean = (open + high + low + plain_) / 4 * (1 + between(-0.001, 0.001));
    bar.vwap = std::clamp(priced(mean), bar.low, bar.high);
}

}  // namespace millrace::market
