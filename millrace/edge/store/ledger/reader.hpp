// Reader: lists and single rows of a ledger, the proof of its audit trail, and the check of all it
// holds. A reader has a connection of its own, sees what was committed, and never waits for the
// writer; one thread uses it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "millrace/edge/store/ledger/database.hpp"
#include "millrace/edge/store/ledger/rows.hpp"

namespace millrace::ledger {

// Which rows; each may be absent. A filter that a table does not have is our own bug.
struct Filter {
    std::optional<std::string> account;
    std::optional<std::string> strategy;
    std::optional<std::string> symbol;
    std::optional<std::string> status;
    Maybe<Time> from;
    Maybe<Time> to;  // not included
};

// Pages by id, so that rows that come meanwhile move nothing. The next page starts after the last
// id of this one.
struct PageRequest {
    static constexpr std::int64_t kRowsMax = 1'000;

    bool oldest_first = false;
    std::optional<std::int64_t> after;  // beyond this id, in that direction
    std::int64_t rows = 100;            // 1 to kRowsMax; others are taken to the nearest
};

template <class Row>
struct Page {
    std::vector<Row> rows;
    std::optional<std::int64_t> next;  // `after` of the next page, when there is more
};

struct AuditReport {
    std::int64_t rows = 0;                   // that are proven
    std::string head;                        // hash of the newest row: note it elsewhere
    std::optional<std::int64_t> broken_row;  // the first that is not as it was written
    std::string why;
    [[nodiscard]] bool is_whole() const { return !broken_row.has_value(); }
};

// What check() found: never one row twice, and at most kFindingsMax.
struct Finding {
    std::string code;   // "integrity", "reference", "order", "position", "balance", "audit"
    std::string where;  // "trading_positions main/AAPL/sma"
    std::string what;
};
struct CheckReport {
    static constexpr std::size_t kFindingsMax = 100;

    std::int64_t version = 0;
    std::int64_t intents = 0;
    std::int64_t orders = 0;
    std::int64_t executions = 0;
    std::int64_t positions = 0;
    AuditReport audit;
    std::vector<Finding> findings;
    [[nodiscard]] bool is_sound() const { return findings.empty(); }
};

// The books as the deals and the cash make them, at the marks of the ledger.
struct Books {
    std::vector<PositionRow> positions;  // also those that are flat again
    std::vector<AccountRow> accounts;    // with their money worked out
    std::vector<std::string> unknown;    // accounts that cannot be valued: no rate, and why
};

class Reader {
  public:
    // Of the newest version only: an older file is migrated first.
    [[nodiscard]] static Kept<Reader> open(const std::string& path);

    template <class Row>
    [[nodiscard]] Kept<Page<Row>> list(const Filter& filter, const PageRequest& page);
    template <class Row>
    [[nodiscard]] Kept<std::optional<Row>> find(std::int64_t id);
    // By the one text that names it: an intent's, a signal's or a cash entry's key, an execution's
    // venue reference, an account's name, a symbol.
    template <class Row>
    [[nodiscard]] Kept<std::optional<Row>> find(std::string_view key);
    [[nodiscard]] Kept<std::vector<OrderRow>> orders_of_intent(std::int64_t intent);
    [[nodiscard]] Kept<std::vector<ExecutionRow>> executions_of_order(std::int64_t order);
    [[nodiscard]] Kept<std::vector<LimitRow>> limits_in_force();
    [[nodiscard]] Kept<std::optional<ConfigurationRow>> configuration(std::string_view key);
    // How many intents are in each state, by name.
    [[nodiscard]] Kept<std::vector<std::pair<std::string, std::int64_t>>> intent_counts();

    [[nodiscard]] Kept<AuditReport> verify_audit();
    // Whether a hash that was noted earlier is still in the trail.
    [[nodiscard]] Kept<bool> audit_holds(std::string_view hash);
    [[nodiscard]] Kept<Books> rebuild();
    [[nodiscard]] Kept<CheckReport> check();

    [[nodiscard]] Database& database() { return *database_; }

  private:
    friend class Ledger;
    explicit Reader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
    [[nodiscard]] Kept<void> check_all(CheckReport& report);

    std::unique_ptr<Database> database_;
};

}  // namespace millrace::ledger
