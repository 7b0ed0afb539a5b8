// LimitBook: which limits are set for which scope, each with its version and who set it, and the
// tightest of them for an order, worked out once for each combination of scopes.
#pragma once

#include <vector>

#include "millrace/base/flat_index.hpp"
#include "millrace/base/text.hpp"
#include "millrace/base/time.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/risk/limit.hpp"

namespace millrace::risk {

// A limit as it was last set; what was before stands in the journal and in the alerts.
struct LimitRecord {
    Scope scope;
    Limit limit{};
    std::int64_t value = kUnset;
    std::uint64_t version = 0;  // counts the changes of all limits
    Time since;
    Text<64> actor;
};

// What binds one order.
struct BindingLimits {
    LimitSet order;     // on the order itself: of all scopes
    LimitSet account;   // on what the account has: of global, account and symbol
    LimitSet strategy;  // on what the strategy has: of its own scope
    bool has_strategy = false;
};

class LimitBook {
  public:
    // The record of the change.
    const LimitRecord& set(Scope scope, Limit limit, std::int64_t value, std::string_view actor,
                           Time now);
    // Null when it was never set.
    [[nodiscard]] const LimitRecord* find(Scope scope, Limit limit) const;
    // By scope, then limit; those that were set to none again included.
    [[nodiscard]] std::span<const LimitRecord> records() const { return records_; }
    [[nodiscard]] std::uint64_t version() const { return version_; }
    // Whether it is set in any scope.
    [[nodiscard]] bool is_set_anywhere(Limit limit) const;

    // Numbers of binding() are good until the next set().
    [[nodiscard]] std::uint32_t place_for(const model::Order& order);
    [[nodiscard]] const BindingLimits& binding(std::uint32_t place) const {
        return binding_[place];
    }
    // Of an account or strategy as a whole: without the limits of instruments.
    [[nodiscard]] LimitSet of_account(std::uint32_t account) const;
    [[nodiscard]] LimitSet of_strategy(std::uint32_t strategy) const;
    // The tightest scope that has just this value, of those that hold the order.
    [[nodiscard]] Scope scope_of(Limit limit, std::int64_t value, const model::Order& order) const;

    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    [[nodiscard]] const LimitSet* set_of(Scope scope) const;
    void work_out();

    struct ScopeLimits {
        Scope scope;
        LimitSet set;
    };
    std::vector<LimitRecord> records_;
    std::vector<ScopeLimits> sets_;  // sorted by scope; worked out of the records
    std::vector<BindingLimits> binding_;
    FlatIndex binding_index_;  // by the scopes that have limits of their own
    std::uint64_t version_ = 0;
};

}  // namespace millrace::risk
