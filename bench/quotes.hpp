// The market that the benchmarks of engine and journal are fed with: quotes of many instruments, a
// microsecond apart.
#pragma once

#include <cstdint>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::bench {

[[nodiscard]] inline std::vector<model::Quote> make_quotes(std::size_t count,
                                                           std::uint32_t instruments) {
    constexpr std::int64_t kCent = Price::kOne / 100;
    std::vector<model::Quote> quotes(count);
    std::vector<std::int64_t> cents(instruments, 10'000);
    Random random(1);
    std::int64_t ns = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z
    for (model::Quote& quote : quotes) {
        const auto instrument = static_cast<std::uint32_t>(random.below(instruments));
        std::int64_t& bid = cents[instrument];
        bid = std::max<std::int64_t>(100, bid + random.between(-3, 3));
        quote.known_at = Time::from_ns(ns += 1'000);
        quote.bid = Price::from_raw(bid * kCent);
        quote.ask = Price::from_raw((bid + random.between(1, 3)) * kCent);
        quote.bid_size = Quantity::whole(random.between(1, 500));
        quote.ask_size = Quantity::whole(random.between(1, 500));
        quote.instrument = InstrumentId(instrument);
    }
    return quotes;
}

}  // namespace millrace::bench
