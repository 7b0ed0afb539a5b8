// What is asked of the orders server and what it answers. An Outcome is told once the input is
// durable in the journal and what became of it is in the ledger, never earlier.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/execution/intent.hpp"
#include "millrace/core/risk/rule.hpp"

namespace millrace::orders {

// What an outsider wants, by names. Amounts are exact; the door has made them of text.
struct IntentRequest {
    std::string key;
    std::string account;   // empty: the only one, or the first
    std::string strategy;  // empty: "manual"; a new name is taken in
    std::string symbol;
    model::Side side{};
    model::OrderType type = model::OrderType::limit;
    model::TimeInForce time_in_force = model::TimeInForce::day;
    Quantity quantity;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> stop_loss;
    Maybe<Price> take_profit;
    Maybe<Time> expires_at;
    bool reduce_only = false;
    bool post_only = false;
    std::string tag;
};

// What an operator or an outside system says, as the engine's commands are named:
//   set-orders, promote-intent, cancel-intent, cancel-order, cancel-orders (docs/concept/orders.md)
//   engage-kill-switch, release-kill-switch, disable-trading, enable-trading, flatten, set-limit,
//   lift-reduce-only, check-order, release-reservation (docs/concept/guardian.md)
//   acknowledge-alert (target: its number in the ledger; the ledger alone obeys it)
// The strategy of a check-order may be a new name, and is taken in as an intent's is.
struct CommandRequest {
    std::string name;
    std::string target;
    std::string argument;
    std::string actor;  // stands in the audit trail
};

// One of the guardian's reasons, in words.
struct Objection {
    std::string code;   // "MAX_ORDER_QTY"
    std::string scope;  // "global", "account:main"
    std::string limit;  // as limits are written; empty: there is none
    std::string value;
    bool operator==(const Objection&) const = default;
};
struct Judgement {
    risk::Decision decision{};
    std::uint64_t reservation = 0;  // of check-order: what was reserved; 0: nothing
    std::vector<Objection> objections;
    bool operator==(const Judgement&) const = default;
};

struct Outcome {
    enum class Kind : std::uint8_t {
        // Of an intent:
        taken,      // a new key
        repeated,   // a known key with the same body; nothing happened
        different,  // a known key with another body; nothing happened
        full,       // there is no room for another key
        // Of a command:
        done,
        unknown,   // there is no such intent or order
        too_late,  // it is in a state in which this cannot be done
        refused,   // it cannot be understood, or may not be done: `message` says why
        judged,    // check-order: see `judgement`
        // Of both:
        unanswered,  // the part of the engine that answers has stopped
    };
    Kind kind = Kind::unanswered;
    std::uint64_t sequence = 0;  // of the input in the journal
    Time at;                     // the engine's time
    // The intent that it is about, as the ledger has it with the input; 0 where it is about none.
    std::uint64_t intent = 0;
    execution::IntentState state{};
    model::OrderReason reason{};
    // Of check-order, and of an intent whose order the guardian refused.
    std::optional<Judgement> judgement;
    std::string message;
};

// Called once, on the ledger's thread; must not wait for anything.
using Answer = std::function<void(const Outcome&)>;

// Why a request was not taken. Nothing has happened, and nobody will be answered.
struct Refusal {
    enum class Why : std::uint8_t {
        invalid,   // `field` cannot be as it is
        busy,      // too many are waiting: the disk does not keep up, or is full
        stopping,  // the server is on its way out
        broken,    // a part of the engine has stopped
    };
    Why why{};
    std::string field;  // of the request: "symbol", "quantity"; empty: none
    Error error;
};
using Submitted = tl::expected<void, Refusal>;

}  // namespace millrace::orders
