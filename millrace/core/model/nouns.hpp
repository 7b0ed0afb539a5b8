// Every noun at once, for those who handle them all by number: codecs, journal tools, tests.
#pragma once

#include "millrace/core/model/account.hpp"
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

// The noun with this name ("quote", "order_intent"), or nothing.
[[nodiscard]] std::optional<Noun> noun_named(std::string_view name);

}  // namespace millrace::model
