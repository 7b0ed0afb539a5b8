// Every noun at once, for those who handle them all by number: codecs, journal tools, tests.
#pragma once

#include "millrace/core/model/account.hpp"
#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/model/signal.hpp"

namespace millrace::model {

// No noun takes more bytes than this, as a struct or in its binary form.
inline constexpr std::size_t kNounSizeMax = sizeof(Command) + 64;

// A place for one noun of any kind in either form, aligned for all of them. Not initialised: it is
// on hot paths.
struct alignas(8) NounBuffer {
    std::array<std::byte, kNounSizeMax> bytes;
    [[nodiscard]] std::byte* data() { return bytes.data(); }
    [[nodiscard]] const std::byte* data() const { return bytes.data(); }
};

// Every description, in the order of the nouns' numbers.
inline constexpr std::array<const NounDescription*, kNounCount> kDescriptions = {
    &kDescription<Source>,
    &kDescription<Instrument>,
    &kDescription<Quote>,
    &kDescription<Trade>,
    &kDescription<Bar>,
    &kDescription<BookUpdate>,
    &kDescription<Signal>,
    &kDescription<OrderIntent>,
    &kDescription<Order>,
    &kDescription<Fill>,
    &kDescription<Position>,
    &kDescription<Account>,
    &kDescription<Command>,
    &kDescription<Alert>,
    &kDescription<Clock>,
    &kDescription<Checkpoint>,
    &kDescription<Strategy>,
    &kDescription<Balance>,
    &kDescription<CorporateAction>,
};

// The size of a noun's struct, for hot paths: one load and no call.
[[nodiscard]] inline std::size_t size_of(Noun noun) {
    static constexpr auto kSizes = [] {
        std::array<std::uint16_t, kNounCount + 1> sizes{};
        for (std::size_t i = 0; i < kNounCount; ++i)
            sizes[i + 1] = static_cast<std::uint16_t>(kDescriptions[i]->size);
        return sizes;
    }();
    return kSizes[static_cast<std::size_t>(noun)];
}

// The noun with this name ("quote", "order_intent"), or nothing.
[[nodiscard]] std::optional<Noun> noun_named(std::string_view name);

}  // namespace millrace::model
