// Batch: the statements behind each write. A row is told by its natural key, which the table keeps
// unique, so that what comes twice after a crash is written once.
#include <fmt/format.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/edge/store/ledger/ledger.hpp"
#include "millrace/edge/store/ledger/row_access.hpp"
#include "millrace/edge/store/sha256.hpp"

namespace millrace::ledger {
namespace {

constexpr std::string_view kNoHash =
    "0000000000000000000000000000000000000000000000000000000000000000";

template <class Row>
std::string insert_text() {
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", TableOf<Row>::kName, column_list<Row>(),
                       column_list<Row>(true));
}

// The texts are made once a table.
template <class Row>
const std::string& append_text() {
    static const std::string text =
        insert_text<Row>() + (TableOf<Row>::kKey.empty() ? "" : " ON CONFLICT DO NOTHING");
    return text;
}

// A key that an update names is looked for in every table that refers to it, changed or not.
template <class Row>
const std::string& put_text() {
    static const std::string text = [] {
        constexpr auto is_key = [](std::string_view name) {
            std::string_view keys = TableOf<Row>::kKey;
            while (!keys.empty()) {
                const std::string_view key = keys.substr(0, keys.find(','));
                if (key == name) return true;
                keys.remove_prefix(std::min(key.size() + 2, keys.size()));
            }
            return false;
        };
        std::string changes;
        std::apply(
            [&](const auto&... columns) {
                const auto add = [&](std::string_view name) {
                    if (name == "id" || name == "created_at" || is_key(name)) return;
                    changes +=
                        fmt::format("{}{} = excluded.{}", changes.empty() ? "" : ", ", name, name);
                };
                (add(columns.name), ...);
            },
            TableOf<Row>::kColumns);
        return fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", insert_text<Row>(),
                           TableOf<Row>::kKey, changes);
    }();
    return text;
}

template <class Row>
const std::string& by_key_text() {
    static const std::string text =
        fmt::format("SELECT {} FROM {} WHERE {} = ?", column_list<Row>(), TableOf<Row>::kName,
                    TableOf<Row>::kKey);
    return text;
}

const std::string& key_of(const IntentRow& row) {
    return row.key;
}
const std::string& key_of(const ExecutionRow& row) {
    return row.exec_ref;
}
const std::string& key_of(const CashRow& row) {
    return row.ref;
}
const std::string& key_of(const SignalRow& row) {
    return row.key;
}

template <class Row>
Kept<Row> row_of_key(Database& database, const Row& row) {
    auto select = database.prepare(by_key_text<Row>());
    if (!select) return lost(std::move(select.error()));
    auto found = (*select)->bind(std::string_view(key_of(row))).step();
    if (!found) return lost(std::move(found.error()));
    if (!*found)
        return lost({Fault::refused,
                     {ErrorCode::data, "the ledger refused a row",
                      fmt::format("{} {}", TableOf<Row>::kName, row.id), "its id is taken", ""}});
    auto stored = read_row<Row>(database, **select);
    (*select)->reset();
    return stored;
}

// Inserts; false when a row of that key is there.
template <class Row>
Kept<bool> append(Database& database, const Row& row) {
    auto insert = database.prepare(append_text<Row>());
    if (!insert) return lost(std::move(insert.error()));
    bind_row(**insert, row);
    if (auto done = (*insert)->run(); !done) {
        done.error().error.where += fmt::format(": {}", TableOf<Row>::kName);
        return lost(std::move(done.error()));
    }
    return database.changed_rows() > 0;
}

// A statement with texts and numbers; how many rows it changed.
template <class... Values>
Kept<std::int64_t> change(Database& database, std::string_view sql, const Values&... values) {
    auto statement = database.prepare(sql);
    if (!statement) return lost(std::move(statement.error()));
    (bind_member(**statement, values), ...);
    if (auto done = (*statement)->run(); !done) return lost(std::move(done.error()));
    return database.changed_rows();
}

struct Versioned {
    std::int64_t version = 0;
    std::string value;  // empty when there is none
};

}  // namespace

Batch::Batch(Batch&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), has_failed_(other.has_failed_) {}

Batch::~Batch() {
    if (database_ != nullptr && database_->in_transaction()) (void)database_->execute("ROLLBACK");
}

template <class T>
Kept<T> Batch::watched(Kept<T> kept) {
    if (!kept) has_failed_ = true;
    return kept;
}

template <class Row>
Kept<Added> Batch::add(const Row& row) {
    const auto added = [&]() -> Kept<Added> {
        auto is_new = append(*database_, row);
        if (!is_new) return lost(std::move(is_new.error()));
        if (*is_new) return Added{database_->last_id(), true};
        if constexpr (!TableOf<Row>::kKey.empty()) {
            auto stored = row_of_key(*database_, row);
            if (!stored) return lost(std::move(stored.error()));
            Row same = row;
            same.id = stored->id;
            if (same == *stored) return Added{stored->id, false};
            return lost({Fault::refused,
                         {ErrorCode::data, "the ledger holds another row under this key",
                          fmt::format("{} {}", TableOf<Row>::kName, stored->id), key_of(row),
                          "give what is new a key of its own"}});
        }
        MILLRACE_ASSERT(false, "a row without a key was not written");
        return Added{};
    };
    return watched(added());
}
template Kept<Added> Batch::add(const ExecutionRow&);
template Kept<Added> Batch::add(const CashRow&);
template Kept<Added> Batch::add(const SignalRow&);
template Kept<Added> Batch::add(const EquityRow&);
template Kept<Added> Batch::add(const PositionSnapshotRow&);
template Kept<Added> Batch::add(const PerformanceRow&);
template Kept<Added> Batch::add(const RiskEventRow&);
template Kept<Added> Batch::add(const MonitoringRow&);
template Kept<Added> Batch::add(const HealthRow&);

template <class Row>
Kept<void> Batch::put(const Row& row) {
    auto statement = database_->prepare(put_text<Row>());
    if (!statement) return watched<void>(lost(std::move(statement.error())));
    bind_row(**statement, row);
    auto done = (*statement)->run();
    if (!done) done.error().error.where += fmt::format(": {}", TableOf<Row>::kName);
    return watched(std::move(done));
}
template Kept<void> Batch::put(const InstrumentRow&);
template Kept<void> Batch::put(const AccountRow&);
template Kept<void> Batch::put(const OrderRow&);
template Kept<void> Batch::put(const PositionRow&);
template Kept<void> Batch::put(const MarkRow&);
template Kept<void> Batch::put(const StrategyRow&);
template Kept<void> Batch::put(const IntentRow&);

Kept<void> Batch::set_progress(std::uint64_t sequence) {
    auto done = change(*database_,
                       "INSERT INTO ledger_progress (id, sequence) VALUES (1, ?) ON CONFLICT (id) "
                       "DO UPDATE SET sequence = max(sequence, excluded.sequence)",
                       static_cast<std::int64_t>(sequence));
    if (!done) return watched<void>(lost(std::move(done.error())));
    return {};
}

Kept<IntentOutcome> Batch::add_intent(const IntentRow& row) {
    const auto added = [&]() -> Kept<IntentOutcome> {
        auto is_new = append(*database_, row);
        if (!is_new) return lost(std::move(is_new.error()));
        if (*is_new) {
            IntentOutcome outcome{KeyIs::fresh, row};
            outcome.row.id = database_->last_id();
            return outcome;
        }
        auto stored = row_of_key(*database_, row);
        if (!stored) return lost(std::move(stored.error()));
        const bool is_same = stored->body_hash == row.body_hash;
        return IntentOutcome{is_same ? KeyIs::repeated : KeyIs::reused, std::move(*stored)};
    };
    return watched(added());
}

Kept<bool> Batch::move_intent(std::int64_t id, std::string_view from, std::string_view to,
                              std::string_view reason, Time at) {
    return watched(change(*database_,
                          "UPDATE trading_intents SET status = ?, reason = ?, updated_at = "
                          "max(updated_at, ?) WHERE id = ? AND status = ?",
                          std::string(to), std::string(reason), at, id, std::string(from)))
        .map([](std::int64_t rows) { return rows == 1; });
}

Kept<void> Batch::set_answer(std::int64_t intent, std::int64_t status, std::string_view body) {
    auto rows = change(*database_,
                       "UPDATE trading_intents SET answer_status = ?, answer_body = ? WHERE id = ?",
                       status, std::string(body), intent);
    if (!rows) return watched<void>(lost(std::move(rows.error())));
    MILLRACE_ASSERT(*rows == 1, "an answer to an intent that is not there");
    return {};
}

Kept<bool> Batch::acknowledge(std::int64_t risk_event, std::string_view who, Time at) {
    return watched(change(*database_,
                          "UPDATE risk_events SET acked_by = ?, acked_at = ? WHERE id = ? AND "
                          "acked_by IS NULL",
                          std::string(who), at, risk_event))
        .map([](std::int64_t rows) { return rows == 1; });
}

Kept<std::int64_t> Batch::set_limit(const LimitRow& row) {
    const auto set = [&]() -> Kept<std::int64_t> {
        auto before = database_->prepare(
            "SELECT version, value FROM risk_limits WHERE scope = ? AND key = ? AND rule = ? "
            "ORDER BY version DESC LIMIT 1");
        if (!before) return lost(std::move(before.error()));
        for (const std::string* text : {&row.scope, &row.key, &row.rule})
            (*before)->bind(std::string_view(*text));
        auto found = (*before)->step();
        if (!found) return lost(std::move(found.error()));
        Versioned old;
        if (*found) old = {(*before)->integer(0), std::string((*before)->text(1))};
        (*before)->reset();
        auto ended = change(*database_,
                            "UPDATE risk_limits SET active = 0 WHERE scope = ? AND key = ? AND "
                            "rule = ? AND active = 1",
                            row.scope, row.key, row.rule);
        if (!ended) return ended;
        LimitRow next = row;
        next.id = 0;
        next.version = old.version + 1;
        next.active = true;
        auto added = append(*database_, next);
        if (!added) return lost(std::move(added.error()));
        AuditRow trail;
        trail.ts = row.ts;
        trail.actor = row.changed_by;
        trail.service = "risk";
        trail.action = "limit.set";
        trail.entity = fmt::format("{}/{}/{}", row.scope, row.key, row.rule);
        trail.before = old.value;
        trail.after = row.value;
        auto number = audit(trail);
        if (!number) return number;
        return next.version;
    };
    return watched(set());
}

Kept<void> Batch::set_kill_switch(const KillSwitchRow& row) {
    static const std::string text = put_text<KillSwitchRow>();
    const auto set = [&]() -> Kept<void> {
        auto statement = database_->prepare(text);
        if (!statement) return lost(std::move(statement.error()));
        bind_row(**statement, row);
        if (auto done = (*statement)->run(); !done) return done;
        AuditRow trail;
        trail.ts = row.ts;
        trail.actor = row.actor;
        trail.service = "risk";
        trail.action = row.engaged ? "kill_switch.engage" : "kill_switch.release";
        trail.entity = fmt::format("{}/{}", row.scope, row.key);
        trail.after = row.reason;
        if (auto number = audit(trail); !number) return lost(std::move(number.error()));
        return {};
    };
    return watched(set());
}

Kept<std::int64_t> Batch::audit(const AuditRow& row) {
    const auto added = [&]() -> Kept<std::int64_t> {
        // If rows were cut off by force, the head names one that the table refuses to follow: no
        // more is audited, and so nothing that must be.
        auto last = database_->prepare("SELECT last, hash FROM audit_head");
        if (!last) return lost(std::move(last.error()));
        auto found = (*last)->step();
        if (!found) return lost(std::move(found.error()));
        AuditRow next = row;
        next.id = *found ? (*last)->integer(0) + 1 : 1;
        next.prev_hash = *found ? (*last)->text(1) : kNoHash;
        next.hash = hash_of(next);
        (*last)->reset();
        auto is_new = append(*database_, next);
        if (!is_new) return lost(std::move(is_new.error()));
        return next.id;
    };
    return watched(added());
}

Kept<void> Batch::commit() {
    MILLRACE_ASSERT(database_ != nullptr, "a batch is committed once");
    MILLRACE_ASSERT(!has_failed_, "a batch that failed is let go, never committed");
    auto statement = database_->prepare("COMMIT");
    if (!statement) return lost(std::move(statement.error()));
    if (auto done = (*statement)->run(); !done) {
        has_failed_ = true;
        return done;
    }
    database_ = nullptr;
    return {};
}

std::string hash_of(const AuditRow& row) {
    JsonWriter canonical;
    canonical.begin_array().integer(row.id).integer(row.ts.ns());
    for (const std::string* text :
         {&row.actor, &row.service, &row.action, &row.entity, &row.before, &row.after})
        canonical.text(*text);
    canonical.end_array();
    store::Sha256 hash;
    hash.add(row.prev_hash);
    hash.add(canonical.str());
    return hash.text();
}

}  // namespace millrace::ledger
