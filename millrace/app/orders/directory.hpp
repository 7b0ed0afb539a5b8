// Directory: which names there are, for the doors: what a request says by name becomes numbers
// here. Not thread-safe; the service asks under its lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "millrace/app/orders/outcome.hpp"
#include "millrace/core/model/account.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/model/signal.hpp"

namespace millrace::orders {

class Directory {
  public:
    static constexpr std::size_t kStrategiesMax = 1'000;

    void learn(const model::Instrument& instrument);
    void learn(const model::Account& account);
    void learn(const model::Strategy& strategy);

    // The intent with numbers for names, checked as far as it can be without the market: what no
    // order can be made of is refused here and takes no key. A strategy that is new is told by
    // `is_new`; whoever takes the intent defines it first.
    struct Named {
        model::OrderIntent intent;
        model::Strategy strategy;
        bool is_new = false;
    };
    [[nodiscard]] tl::expected<Named, Refusal> name(const IntentRequest& request) const;
    // The same of the strategy that a check-order is for, the second word of its argument.
    [[nodiscard]] tl::expected<Named, Refusal> name_of_check(const CommandRequest& request) const;

  private:
    [[nodiscard]] tl::expected<void, Refusal> name_account(const IntentRequest& request,
                                                           model::OrderIntent& intent) const;
    [[nodiscard]] tl::expected<void, Refusal> name_strategy(const IntentRequest& request,
                                                            Named& named) const;

    std::map<std::string, model::Instrument, std::less<>> instruments_;
    std::map<std::string, AccountId, std::less<>> accounts_;
    std::map<std::string, StrategyId, std::less<>> strategies_;
    std::string first_account_;
};

// The command with its texts, or why they do not fit.
[[nodiscard]] tl::expected<model::Command, Refusal> command_of(const CommandRequest& request);

}  // namespace millrace::orders
