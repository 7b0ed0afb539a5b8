// OrderView: the live state of the orders server at one moment, copied out of the engine for those
// who show it. It is at most a tenth of a second old and never older than a command's answer. What
// has a history (intents, orders, deals) is asked of the ledger.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "millrace/core/execution/intent_book.hpp"
#include "millrace/core/execution/order_desk.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/risk/guardian.hpp"

namespace millrace::orders {

struct MarketView {
    model::Instrument instrument;
    Maybe<Price> bid;
    Maybe<Price> ask;
    Maybe<Price> mark;  // the middle; what positions are valued at
    Time at;            // of the last quote
};

struct MoneyView {
    std::string account;
    Code currency;
    bool is_known = false;  // false: something cannot be converted, and the amounts are zero
    Money cash;
    Money equity;
    Money realised;
    Money unrealised;
    Money fees;
    Money gross;  // worth of all positions
    Money net;    // long less short
    Money peak;   // of the equity
    Money drawdown;
    Maybe<Money> day_profit;  // since the guardian's day began; absent: nobody watches it
    Maybe<Ratio> var95;       // as a part of the equity; absent: not known yet
    bool is_reduce_only = false;
};

struct PositionView {
    std::string account;
    std::string strategy;
    std::string symbol;
    Quantity quantity;  // negative: short
    Maybe<Price> average_price;
    Maybe<Price> mark;
    Money realised;
    Money unrealised;
    Money fees;
    Code currency;
};

// A kill switch that is engaged, or something that is disabled.
struct StopView {
    std::string scope;  // "global", "account:main"
    bool is_kill = false;
    bool is_proven = false;   // nothing works any more of what worked when it was engaged
    std::size_t working = 0;  // orders of the scope
    Time since;
    std::string actor;
    std::string reason;
};

struct LimitView {
    std::string scope;  // "global", "symbol:AAPL"
    std::string limit;  // "max-order-qty"
    std::string value;  // "10000", "none"
    std::uint64_t version = 0;
    Time since;
    std::string actor;
};

struct OrderView {
    std::uint64_t sequence = 0;  // of the last input in it
    Time now;                    // the engine's time
    execution::SendRules rules;
    std::uint32_t breaker_failures = 0;
    bool breaker_is_open = false;
    Time breaker_open_until;
    std::vector<MarketView> markets;  // by instrument
    std::vector<MoneyView> accounts;  // by account
    std::vector<std::string> strategies;
    std::vector<PositionView> positions;  // those that are not flat
    std::vector<StopView> stops;
    std::vector<LimitView> limits;
    std::array<std::uint64_t, execution::kIntentStateNames.size()> intents{};  // by state
    risk::Guardian::Counts guardian;
    execution::OrderDesk::Counts desk;
    std::size_t working_orders = 0;
    std::vector<std::string> stopped;  // parts of the engine that broke an assertion
};

// How the disk does; from any thread, at any time.
struct Health {
    std::optional<Error> journal;  // why it cannot be written; it is tried again
    std::optional<Error> ledger;
    std::size_t open_requests = 0;
    std::uint64_t durable = 0;  // last input in the journal
    std::uint64_t stored = 0;   // last input in the ledger
    std::vector<std::string> stopped;
    [[nodiscard]] bool is_well() const { return !journal && !ledger && stopped.empty(); }
};

}  // namespace millrace::orders
