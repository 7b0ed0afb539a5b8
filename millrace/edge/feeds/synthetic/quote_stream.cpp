// The market's time runs with the clock's, less what it stood still.
#include "millrace/edge/feeds/synthetic/quote_stream.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace millrace::feeds {
namespace {

constexpr double kRateMax = 100'000;
constexpr double kRateMin = 1e-6;  // one in twelve days

}  // namespace

Result<QuoteStream> QuoteStream::make(const SyntheticFeedRule& rule, Time now) {
    if (!std::isfinite(rule.rate) || rule.rate < kRateMin || rule.rate > kRateMax)
        return failure(ErrorCode::config, "the rate of invented quotes cannot be used",
                       fmt::format("{}", rule.rate),
                       "it is the number of quotes a second of each symbol, up to 100000",
                       "give a rate such as 10");
    market::SyntheticRule made;
    made.kind = model::TableKind::quotes;
    made.seed = rule.seed;
    made.symbols = rule.symbols;
    made.source = rule.source;
    made.regime = rule.regime;
    made.from = now;
    made.to = Time::latest();
    made.distance = Duration::nanoseconds(static_cast<std::int64_t>(1e9 / rule.rate));
    if (auto checked = market::check(made); !checked) return failure(std::move(checked.error()));
    return QuoteStream(std::move(made), now);
}

QuoteStream::QuoteStream(market::SyntheticRule rule, Time now)
    : market_(std::move(rule)), last_(now), latest_(now) {
    find_next();
}

void QuoteStream::find_next() {
    MILLRACE_ASSERT(market_.next(next_), "an invented market ended");
    due_ = std::get<model::Quote>(next_).known_at;
}

// Forward more than the arrears allow, or back: the market goes on from where it was.
void QuoteStream::keep_up(Time now) {
    const Duration passed = now - last_;
    last_ = now;
    latest_ = std::max(latest_, now);
    if (passed < Duration()) {
        skew_ = skew_ + passed;
        return;
    }
    const Duration behind = now - (due_ + skew_);
    if (behind <= kArrearsMax) return;
    skew_ = skew_ + (behind - kArrearsMax);
    stood_still_ = stood_still_ + (behind - kArrearsMax);
}

std::size_t QuoteStream::take_due(Time now, std::span<model::Quote> quotes) {
    keep_up(now);
    std::size_t count = 0;
    while (count < quotes.size() && due_ + skew_ <= now) {
        quotes[count] = std::get<model::Quote>(next_);
        quotes[count].known_at = latest_;
        ++count;
        find_next();
    }
    return count;
}

}  // namespace millrace::feeds
