// Record and Input: what the engine is told. An input has a place in the one total order of events
// (docs/concept/total-order.md); everything the engine does follows from the inputs, in that
// order, and from nothing else.
#pragma once

#include <cstdint>

#include "millrace/base/assert.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::engine {

using model::Noun;

// A noun by reference. The struct it points to lives until the call that was given the Record
// returns.
struct Record {
    Noun noun{};
    const void* payload = nullptr;

    template <class T>
    [[nodiscard]] const T& as() const {
        MILLRACE_ASSERT(noun == model::kDescription<T>.noun, "a record read as another noun");
        return *static_cast<const T*>(payload);
    }
    // Every noun begins with the moment from which the engine may act on it.
    [[nodiscard]] Time known_at() const { return *static_cast<const Time*>(payload); }
};

template <class T>
[[nodiscard]] Record record_of(const T& noun) {
    return {model::kDescription<T>.noun, &noun};
}

// Who sends numbered inputs and waits for their acknowledgement; 0 is for those who do not number.
using Origin = std::uint16_t;
inline constexpr Origin kOriginMax = 4095;

struct Input {
    std::uint64_t sequence = 0;  // place in the journal, from 1, without gaps
    Record record;
    Origin origin = 0;
    std::uint64_t origin_sequence =
        0;  // the sender's own number, rising; what it has sent before is applied once
};

// How inputs of the same time are ordered, least first: definitions, commands, venue reports,
// [timers fire here], bars (shorter before longer), ticks, then what outsiders ask for. Within a
// rank: instrument, then arrival.
struct OrderKey {
    Time time;
    std::uint8_t rank = 0;
    std::uint64_t step = 0;        // of a bar
    std::uint32_t instrument = 0;  // of market data

    auto operator<=>(const OrderKey&) const = default;
};

inline constexpr std::uint8_t kTimerRank = 3;

[[nodiscard]] std::uint8_t rank_of(Noun noun);
[[nodiscard]] OrderKey order_key_of(const Record& record);

}  // namespace millrace::engine
