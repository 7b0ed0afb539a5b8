// NewestQuotes: what waits while a sink is full: of each instrument the newest quote, and how many
// it took the place of. Bounded by the number of instruments.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "millrace/core/model/market_data.hpp"

namespace millrace::feeds {

class NewestQuotes {
  public:
    void put(const model::Quote& quote) {
        const auto [at, is_new] = waiting_.insert_or_assign(quote.instrument, quote);
        if (!is_new) ++replaced_;
    }

    // Gives them away in the order of instruments, known at `now`, as long as `take` takes one.
    template <class Take>
    void give(Time now, Take take) {
        while (!waiting_.empty()) {
            model::Quote& quote = waiting_.begin()->second;
            quote.known_at = now;
            if (!take(quote)) return;
            waiting_.erase(waiting_.begin());
        }
    }

    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }
    [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

  private:
    std::map<InstrumentId, model::Quote> waiting_;
    std::uint64_t replaced_ = 0;
};

}  // namespace millrace::feeds
