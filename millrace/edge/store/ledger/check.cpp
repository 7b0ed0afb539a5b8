// Reader::check() and verify_audit(): all that a ledger promises, looked at within one moment.
#include <fmt/format.h>
#include <map>

#include "millrace/edge/store/ledger/ledger.hpp"
#include "millrace/edge/store/ledger/reader.hpp"
#include "millrace/edge/store/ledger/walk.hpp"

namespace millrace::ledger {
namespace {

constexpr std::size_t kHashLength = 64;

void note(CheckReport& report, std::string_view code, std::string where, std::string what) {
    if (report.findings.size() == CheckReport::kFindingsMax) return;
    report.findings.push_back({std::string(code), std::move(where), std::move(what)});
}

// A row of a question is a finding; `say` makes it.
template <class Say>
Kept<void> ask(Database& database, std::string_view sql, Say say) {
    auto statement = database.prepare(sql);
    if (!statement) return lost(std::move(statement.error()));
    for (;;) {
        auto more = (*statement)->step();
        if (!more) return lost(std::move(more.error()));
        if (!*more) break;
        say(**statement);
    }
    (*statement)->reset();
    return {};
}

Kept<void> check_bytes(Database& database, CheckReport& report) {
    return ask(database, "PRAGMA integrity_check(100)", [&](const Statement& row) {
        if (row.text(0) != "ok")
            note(report, "integrity", database.path(), std::string(row.text(0)));
    });
}

Kept<void> check_references(Database& database, CheckReport& report) {
    return ask(database, "PRAGMA foreign_key_check", [&](const Statement& row) {
        note(report, "reference", fmt::format("{} {}", row.text(0), row.integer(1)),
             fmt::format("it names a row of {} that is not there", row.text(2)));
    });
}

Kept<void> check_orders(Database& database, CheckReport& report) {
    return ask(database,
               "SELECT o.id, o.filled_quantity, coalesce(sum(e.quantity), 0) AS dealt, o.quantity "
               "FROM trading_orders o LEFT JOIN trading_executions e ON e.order_id = o.id "
               "GROUP BY o.id HAVING dealt <> o.filled_quantity OR dealt > o.quantity",
               [&](const Statement& row) {
                   const auto text = [&](int at) { return format_decimal(row.integer(at), 8); };
                   note(report, "order", fmt::format("trading_orders {}", row.integer(0)),
                        fmt::format("{} of {} are stored as filled, the deals are {}", text(1),
                                    text(3), text(2)));
               });
}

// What differs between two rows, by column: "quantity is 5, from the deals 4".
template <class Row, class Member>
void compare(std::string& said, std::string_view name, const Row& stored, const Row& rebuilt,
             Member Row::* member) {
    if (stored.*member == rebuilt.*member) return;
    const auto text = [](const Member& value) {
        if constexpr (requires { value.has_value(); })
            return value.has_value() ? value.value().to_string() : std::string("none");
        else
            return value.to_string();
    };
    said += fmt::format("{}{} is {}, from the deals {}", said.empty() ? "" : "; ", name,
                        text(stored.*member), text(rebuilt.*member));
}

std::string key_of(const PositionRow& row) {
    return fmt::format("{}/{}/{}/{}", row.account, row.symbol, row.strategy, row.leg);
}

std::string difference(const PositionRow& stored, const PositionRow& rebuilt) {
    std::string said;
    compare(said, "quantity", stored, rebuilt, &PositionRow::quantity);
    compare(said, "average price", stored, rebuilt, &PositionRow::average_price);
    compare(said, "realised", stored, rebuilt, &PositionRow::realised);
    compare(said, "unrealised", stored, rebuilt, &PositionRow::unrealised);
    compare(said, "fees", stored, rebuilt, &PositionRow::fees);
    return said;
}

Kept<void> check_positions(Database& database, const Books& books, CheckReport& report) {
    std::map<std::string, PositionRow> rebuilt;
    for (const PositionRow& row : books.positions)
        rebuilt.emplace(key_of(row), row);
    auto done = walk<PositionRow>(database, [&](const PositionRow& row) -> Kept<void> {
        PositionRow expected;
        if (const auto found = rebuilt.find(key_of(row)); found != rebuilt.end()) {
            expected = found->second;
            rebuilt.erase(found);
        }
        if (const std::string said = difference(row, expected); !said.empty())
            note(report, "position", "trading_positions " + key_of(row), said);
        return {};
    });
    if (!done) return done;
    for (const auto& [key, row] : rebuilt)
        if (const std::string said = difference(PositionRow{}, row); !said.empty())
            note(report, "position", "trading_positions " + key, "it is not stored: " + said);
    return {};
}

Kept<void> check_balances(Database& database, const Books& books, CheckReport& report) {
    for (const std::string& unknown : books.unknown)
        note(report, "balance", "trading_accounts", unknown);
    std::size_t at = 0;
    return walk<AccountRow>(database, [&](const AccountRow& row) -> Kept<void> {
        const AccountRow& rebuilt = books.accounts[at++];
        std::string said;
        compare(said, "cash", row, rebuilt, &AccountRow::cash);
        compare(said, "equity", row, rebuilt, &AccountRow::equity);
        compare(said, "realised", row, rebuilt, &AccountRow::realised);
        compare(said, "unrealised", row, rebuilt, &AccountRow::unrealised);
        compare(said, "fees", row, rebuilt, &AccountRow::fees);
        if (!said.empty()) note(report, "balance", "trading_accounts " + row.name, said);
        return {};
    });
}

Kept<void> count(Database& database, CheckReport& report) {
    struct Counted {
        std::string_view sql;
        std::int64_t* into;
    };
    for (const Counted& counted :
         {Counted{"PRAGMA user_version", &report.version},
          Counted{"SELECT count(*) FROM trading_intents", &report.intents},
          Counted{"SELECT count(*) FROM trading_orders", &report.orders},
          Counted{"SELECT count(*) FROM trading_executions", &report.executions},
          Counted{"SELECT count(*) FROM trading_positions", &report.positions}}) {
        auto number = database.number(counted.sql);
        if (!number) return lost(std::move(number.error()));
        *counted.into = *number;
    }
    return {};
}

// What is wrong with a row that should follow `before`; empty: nothing.
std::string_view fault_of(const AuditRow& row, const AuditReport& before) {
    if (row.id != before.rows + 1) return "a row before it is missing";
    if (row.prev_hash != before.head) return "it does not follow the row before it";
    if (row.hash != hash_of(row)) return "its words are not those that were written";
    return {};
}

}  // namespace

Kept<AuditReport> Reader::verify_audit() {
    AuditReport report;
    report.head = std::string(kHashLength, '0');
    auto done = walk<AuditRow>(*database_, [&](const AuditRow& row) -> Kept<void> {
        if (report.broken_row) return {};
        if (const std::string_view why = fault_of(row, report); !why.empty()) {
            report.broken_row = row.id;
            report.why = why;
            return {};
        }
        report.rows = row.id;
        report.head = row.hash;
        return {};
    });
    if (!done) return lost(std::move(done.error()));
    if (report.broken_row) return report;
    auto head = database_->prepare("SELECT last, hash FROM audit_head");
    if (!head) return lost(std::move(head.error()));
    auto found = (*head)->step();
    if (!found) return lost(std::move(found.error()));
    const bool is_last =
        *found && (*head)->integer(0) == report.rows && (*head)->text(1) == report.head;
    (*head)->reset();
    if (!is_last) {
        report.broken_row = report.rows + 1;
        report.why = "rows were cut off at the end";
    }
    return report;
}

Kept<bool> Reader::audit_holds(std::string_view hash) {
    auto statement = database_->prepare("SELECT count(*) FROM audit_system_events WHERE hash = ?");
    if (!statement) return lost(std::move(statement.error()));
    auto row = (*statement)->bind(hash).step();
    if (!row) return row;
    const bool holds = (*statement)->integer(0) > 0;
    (*statement)->reset();
    return holds;
}

Kept<void> Reader::check_all(CheckReport& report) {
    // Where the bytes are wrong, what they seem to say is not worth telling.
    if (auto done = check_bytes(*database_, report); !done || !report.is_sound()) return done;
    if (auto done = count(*database_, report); !done) return done;
    if (auto done = check_references(*database_, report); !done) return done;
    if (auto done = check_orders(*database_, report); !done) return done;
    auto books = rebuild();
    if (!books) {
        Error& error = books.error().error;
        if (books.error().fault != Fault::damaged) return lost(std::move(books.error()));
        note(report, "position", error.where, error.why);
    } else {
        if (auto done = check_positions(*database_, *books, report); !done) return done;
        if (auto done = check_balances(*database_, *books, report); !done) return done;
    }
    auto audit = verify_audit();
    if (!audit) return lost(std::move(audit.error()));
    report.audit = std::move(*audit);
    if (!report.audit.is_whole())
        note(report, "audit", fmt::format("audit_system_events {}", *report.audit.broken_row),
             report.audit.why);
    return {};
}

Kept<CheckReport> Reader::check() {
    // One moment of the ledger, whatever is written meanwhile.
    if (auto begun = database_->execute("BEGIN"); !begun) return lost(std::move(begun.error()));
    CheckReport report;
    auto done = check_all(report);
    auto ended = database_->execute("COMMIT");
    if (!done) return lost(std::move(done.error()));
    if (!ended) return lost(std::move(ended.error()));
    return report;
}

}  // namespace millrace::ledger
