// Record and Input: what the engine is told. An input has a place in the one total order of events
// (docs/concept/total-order.md); everything the engine does follows from the inputs, in that
// order, and from nothing else.
#pragma once

#include <cstdint>
#include <type_traits>

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

// The size of a noun whose struct is its binary form, else 0; for hot paths.
[[nodiscard]] inline std::size_t flat_size_of(Noun noun) {
    static constexpr auto kSizes = [] {
        std::array<std::uint16_t, model::kNounCount + 1> sizes{};
        for (const model::NounDescription* description : model::kDescriptions)
            if (description->flat)
                sizes[static_cast<std::size_t>(description->noun)] =
                    static_cast<std::uint16_t>(description->size);
        return sizes;
    }();
    return kSizes[static_cast<std::size_t>(noun)];
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
// [timers fire here], bars (shorter before longer), corporate actions, ticks, then what outsiders
// ask for. Within a
// rank: instrument, then arrival.
struct OrderKey {
    Time time;
    std::uint8_t rank = 0;
    std::uint64_t step = 0;        // of a bar
    std::uint32_t instrument = 0;  // of market data

    auto operator<=>(const OrderKey&) const = default;
};

inline constexpr std::uint8_t kTimerRank = 3;

[[nodiscard]] constexpr std::uint8_t rank_of(Noun noun) {
    switch (noun) {
        case Noun::source:
        case Noun::strategy:
        case Noun::account:
        case Noun::instrument: return 0;
        case Noun::command: return 1;
        case Noun::order:
        case Noun::fill:
        case Noun::position:
        case Noun::balance: return 2;
        // kTimerRank = 3: a timer sees the fills of its moment and closes its bar before the next
        // tick.
        case Noun::bar: return 4;  // tells of the time before it, so it comes before the ticks
        case Noun::corporate_action: return 5;  // bars are of before it, opens and ticks of after
        case Noun::book_update:
        case Noun::trade:
        case Noun::quote: return 6;
        case Noun::signal: return 7;
        case Noun::order_intent: return 8;
        case Noun::alert: return 9;
        case Noun::clock:
        case Noun::checkpoint: return 10;
    }
    return 10;
}

// Of a noun whose type is known.
template <class T>
[[nodiscard]] OrderKey order_key_of(const T& noun) {
    OrderKey key{noun.known_at, rank_of(model::kDescription<T>.noun), 0, 0};
    if constexpr (std::is_same_v<T, model::Bar>) key.step = noun.step;
    if constexpr (std::is_same_v<T, model::Bar> || std::is_same_v<T, model::BookUpdate> ||
                  std::is_same_v<T, model::Trade> || std::is_same_v<T, model::Quote> ||
                  std::is_same_v<T, model::CorporateAction>)
        key.instrument = noun.instrument.value();
    return key;
}
[[nodiscard]] OrderKey order_key_of(const Record& record);

}  // namespace millrace::engine
