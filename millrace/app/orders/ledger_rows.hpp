// What was copied of the engine as rows of the ledger: numbers become names, and whatever a row
// refers to is written before it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "millrace/app/orders/entries.hpp"
#include "millrace/edge/store/ledger/ledger.hpp"

namespace millrace::orders {

class LedgerRows {
  public:
    // All of the entries, and that the ledger has the inputs up to theirs.
    [[nodiscard]] ledger::Kept<void> write(const Entries& entries, ledger::Batch& batch);

    // Definitions from here on; write() learns those that are among its entries.
    void learn(const model::Instrument& instrument);
    void learn(const model::Account& account);
    void learn(const model::Strategy& strategy);

  private:
    [[nodiscard]] ledger::Kept<void> write_definitions(const Entries& entries,
                                                       ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_equity(const ledger::AccountRow& account, AccountId id,
                                                  ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_orders(const Entries& entries, ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_books(const Entries& entries, ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_risk(const Entries& entries, ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_command(const CommandCopy& copy, ledger::Batch& batch);
    [[nodiscard]] ledger::Kept<void> write_cash(const CommandCopy& copy, ledger::Batch& batch);
    [[nodiscard]] ledger::IntentRow row_of(const IntentCopy& intent) const;
    [[nodiscard]] ledger::OrderRow row_of(const model::Order& order) const;
    [[nodiscard]] ledger::ExecutionRow row_of(const model::Fill& fill) const;
    [[nodiscard]] const std::string& symbol_of(InstrumentId instrument) const;
    [[nodiscard]] const std::string& name_of(AccountId account) const;
    [[nodiscard]] const std::string& name_of(StrategyId strategy) const;

    std::vector<std::string> symbols_;  // by number
    std::vector<model::Account> accounts_;
    std::vector<std::string> account_names_;
    std::map<std::uint32_t, std::int64_t> equity_minutes_;  // by account: the last one in the curve
    std::vector<std::string> strategy_names_;
};

// "i17-entry", "g3": what an order is called at a venue.
[[nodiscard]] std::string client_order_id(std::uint64_t order_id);
// SHA-256 of what an intent asks for, without its key and moment.
[[nodiscard]] std::string body_hash_of(const model::OrderIntent& body);

}  // namespace millrace::orders
