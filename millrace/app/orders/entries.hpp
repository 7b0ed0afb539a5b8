// Entries: what inputs did, copied on the engine's thread for the ledger's. Of what has a state
// (an intent, an order, a position, a balance, a mark) only the last one is kept, so that the
// entries of many inputs in a row are no more than what they touched.
#pragma once

#include <unordered_map>
#include <vector>

#include "millrace/app/orders/outcome.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/model/signal.hpp"

namespace millrace::orders {

// The last value of each key, in the order in which the keys came.
template <class T>
class Latest {
  public:
    void put(std::uint64_t key, const T& value) {
        const auto [found, is_new] = places_.try_emplace(key, values_.size());
        if (is_new)
            values_.push_back(value);
        else
            values_[found->second] = value;
        if (is_new) keys_.push_back(key);
    }
    void take(Latest&& later) {
        if (values_.empty()) {
            *this = std::move(later);
            return;
        }
        for (std::size_t i = 0; i < later.values_.size(); ++i)
            put(later.keys_[i], later.values_[i]);
    }
    [[nodiscard]] const T* find(std::uint64_t key) const {
        const auto found = places_.find(key);
        return found == places_.end() ? nullptr : &values_[found->second];
    }
    [[nodiscard]] const std::vector<T>& values() const { return values_; }
    [[nodiscard]] bool empty() const { return values_.empty(); }

  private:
    std::vector<T> values_;
    std::vector<std::uint64_t> keys_;
    std::unordered_map<std::uint64_t, std::size_t> places_;
};

// An intent without its deals.
struct IntentCopy {
    std::uint64_t id = 0;
    Time created;
    Time updated;
    execution::IntentState state{};
    model::OrderReason reason{};
    model::OrderIntent body;
};

struct MarkCopy {
    InstrumentId instrument;
    Price price;
    Time at;
};

// What somebody should read later: an alert, or the guardian's refusal of an order.
struct RiskNote {
    std::string rule;   // "MAX_ORDER_QTY"
    std::string scope;  // "symbol:AAPL", or what the alert names
    std::string value;
    std::string limit;
    std::string decision;  // "REJECT"; empty for an alert
    std::uint64_t order = 0;
    model::Severity severity{};
    std::string message;
    Time at;
};

// An operator's command and whether it was carried out.
struct CommandCopy {
    model::Command command;
    std::uint64_t sequence = 0;
    std::uint64_t ordinal = 0;  // among those of its input
    Time at;
    bool is_refused = false;
    std::string message;  // why
};

struct Entries {
    std::uint64_t sequence = 0;  // of the last input that they are of
    std::vector<model::Instrument> instruments;
    std::vector<model::Account> accounts;
    std::vector<model::Strategy> strategies;
    Latest<IntentCopy> intents;
    Latest<model::Order> orders;
    std::vector<model::Fill> deals;
    Latest<MarkCopy> marks;
    Latest<model::Position> positions;
    Latest<model::Balance> balances;
    std::vector<RiskNote> notes;
    std::vector<CommandCopy> commands;
    std::vector<Outcome> outcomes;  // by sequence

    // Whether there is nothing to write or to answer.
    [[nodiscard]] bool empty() const {
        return instruments.empty() && accounts.empty() && strategies.empty() && intents.empty() &&
               orders.empty() && deals.empty() && marks.empty() && positions.empty() &&
               balances.empty() && notes.empty() && commands.empty() && outcomes.empty();
    }
    // Those of the inputs that come next.
    void take(Entries&& later) {
        const auto append = [](auto& into, auto& from) {
            into.insert(into.end(), std::make_move_iterator(from.begin()),
                        std::make_move_iterator(from.end()));
        };
        sequence = later.sequence;
        append(instruments, later.instruments);
        append(accounts, later.accounts);
        append(strategies, later.strategies);
        intents.take(std::move(later.intents));
        orders.take(std::move(later.orders));
        append(deals, later.deals);
        marks.take(std::move(later.marks));
        positions.take(std::move(later.positions));
        balances.take(std::move(later.balances));
        append(notes, later.notes);
        append(commands, later.commands);
        append(outcomes, later.outcomes);
    }
};

}  // namespace millrace::orders
