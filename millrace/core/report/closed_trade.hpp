// ClosedTrade: one round trip, from the deal that opened it to the one that closed it, as the
// report needs it. Plain values with names instead of ids, so that this room knows no books and
// two runs that number their instruments differently report the same.
#pragma once

#include <span>
#include <vector>

#include "millrace/base/maybe.hpp"
#include "millrace/base/text.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::report {

struct ClosedTrade {
    Text<32> symbol;
    Text<32> strategy;
    model::Side side{};  // of the entry: buy is long
    Quantity quantity;
    Time entry_time;
    Price entry_price;
    Time exit_time;
    Price exit_price;
    // In the account's currency:
    Money net_pnl;       // after fees
    Money fees;          // of entry and exit
    Money traded_value;  // at entry plus at exit, multiplier and conversion included
    Maybe<Money> mae;    // the furthest the open trade was in loss: negative or zero
    Maybe<Money> mfe;    // the furthest it was in profit: positive or zero
    Text<32> reason;     // why it was closed

    bool operator==(const ClosedTrade&) const = default;
};

// The trades by exit time, entry time, symbol, strategy and then every other field, so that the
// order in which they arrived leaves no trace.
[[nodiscard]] std::vector<ClosedTrade> in_order(std::span<const ClosedTrade> trades);

}  // namespace millrace::report
