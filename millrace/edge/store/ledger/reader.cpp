// Lists and single rows. The text of a statement hangs on which filters are there, never on what
// they ask for.
#include "millrace/edge/store/ledger/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/base/assert.hpp"
#include "millrace/edge/store/ledger/migrations.hpp"
#include "millrace/edge/store/ledger/row_access.hpp"

namespace millrace::ledger {
namespace {

constexpr std::int64_t kBusyWaitMs = 5'000;

// All the rows that a statement answers.
template <class Row>
Kept<std::vector<Row>> rows_of(Database& database, Statement& statement) {
    std::vector<Row> rows;
    for (;;) {
        auto more = statement.step();
        if (!more) return lost(std::move(more.error()));
        if (!*more) break;
        auto row = read_row<Row>(database, statement);
        if (!row) return lost(std::move(row.error()));
        rows.push_back(std::move(*row));
    }
    statement.reset();
    return rows;
}

template <class Row>
Kept<std::vector<Row>> rows_where(Database& database, std::string_view rest, std::int64_t number) {
    auto statement = database.prepare(
        fmt::format("SELECT {} FROM {} WHERE {}", column_list<Row>(), TableOf<Row>::kName, rest));
    if (!statement) return lost(std::move(statement.error()));
    (*statement)->bind(number);
    return rows_of<Row>(database, **statement);
}

template <class Row>
Kept<std::optional<Row>> first_of(Kept<std::vector<Row>> rows) {
    if (!rows) return lost(std::move(rows.error()));
    if (rows->empty()) return std::optional<Row>();
    return std::optional<Row>(std::move(rows->front()));
}

// "WHERE" and what is asked for, out of the columns of the table; then binds it.
class Where {
  public:
    void text(std::string_view column, const std::optional<std::string>& value) {
        if (!value) return;
        add(column, "=");
        texts_.push_back(*value);
        is_text_.push_back(true);
    }
    void number(std::string_view column, std::string_view is, std::int64_t value) {
        add(column, is);
        numbers_.push_back(value);
        is_text_.push_back(false);
    }
    [[nodiscard]] const std::string& sql() const { return sql_; }
    void bind(Statement& statement) const {
        std::size_t text = 0;
        std::size_t number = 0;
        for (const bool is_text : is_text_) {
            if (is_text)
                statement.bind(std::string_view(texts_[text++]));
            else
                statement.bind(numbers_[number++]);
        }
    }

  private:
    void add(std::string_view column, std::string_view is) {
        MILLRACE_ASSERT(!column.empty(), "a table is filtered by a column that it does not have");
        sql_ += fmt::format("{} {} {} ?", sql_.empty() ? " WHERE" : " AND", column, is);
    }

    std::string sql_;
    std::vector<std::string> texts_;
    std::vector<std::int64_t> numbers_;
    std::vector<bool> is_text_;
};

}  // namespace

Kept<Reader> Reader::open(const std::string& path) {
    auto database = Database::open(path, Database::Access::read, kBusyWaitMs);
    if (!database) {
        database.error().error.mend = "check the path; millrace db migrate makes a new ledger";
        return lost(std::move(database.error()));
    }
    auto version = version_of(**database);
    if (!version) return lost(std::move(version.error()));
    if (*version < newest_version())
        return lost({Fault::older_schema,
                     {ErrorCode::data,
                      fmt::format("the ledger is of version {}, this program reads {}", *version,
                                  newest_version()),
                      path, "an older Millrace has written it", "run millrace db migrate"}});
    return Reader(std::move(*database));
}

template <class Row>
Kept<Page<Row>> Reader::list(const Filter& filter, const PageRequest& page) {
    constexpr Filters kBy = TableOf<Row>::kFilters;
    const std::int64_t count = std::clamp<std::int64_t>(page.rows, 1, PageRequest::kRowsMax);
    Where where;
    where.text(kBy.account, filter.account);
    where.text(kBy.strategy, filter.strategy);
    where.text(kBy.symbol, filter.symbol);
    where.text(kBy.status, filter.status);
    if (filter.from.has_value()) where.number(kBy.time, ">=", filter.from.value().ns());
    if (filter.to.has_value()) where.number(kBy.time, "<", filter.to.value().ns());
    if (page.after) where.number("id", page.oldest_first ? ">" : "<", *page.after);
    auto statement = database_->prepare(
        fmt::format("SELECT {} FROM {}{} ORDER BY id {} LIMIT ?", column_list<Row>(),
                    TableOf<Row>::kName, where.sql(), page.oldest_first ? "ASC" : "DESC"));
    if (!statement) return lost(std::move(statement.error()));
    where.bind(**statement);
    (*statement)->bind(count + 1);
    auto rows = rows_of<Row>(*database_, **statement);
    if (!rows) return lost(std::move(rows.error()));
    Page<Row> answer{std::move(*rows), {}};
    if (answer.rows.size() > static_cast<std::size_t>(count)) {
        answer.rows.pop_back();
        answer.next = answer.rows.back().id;
    }
    return answer;
}

template <class Row>
Kept<std::optional<Row>> Reader::find(std::int64_t id) {
    return first_of(rows_where<Row>(*database_, "id = ?", id));
}

template <class Row>
Kept<std::optional<Row>> Reader::find(std::string_view key) {
    auto statement =
        database_->prepare(fmt::format("SELECT {} FROM {} WHERE {} = ?", column_list<Row>(),
                                       TableOf<Row>::kName, TableOf<Row>::kKey));
    if (!statement) return lost(std::move(statement.error()));
    (*statement)->bind(key);
    return first_of(rows_of<Row>(*database_, **statement));
}

template Kept<Page<InstrumentRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<InstrumentRow>> Reader::find(std::int64_t);
template Kept<Page<AccountRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<AccountRow>> Reader::find(std::int64_t);
template Kept<Page<IntentRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<IntentRow>> Reader::find(std::int64_t);
template Kept<Page<OrderRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<OrderRow>> Reader::find(std::int64_t);
template Kept<Page<ExecutionRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<ExecutionRow>> Reader::find(std::int64_t);
template Kept<Page<PositionRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<PositionRow>> Reader::find(std::int64_t);
template Kept<Page<MarkRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<MarkRow>> Reader::find(std::int64_t);
template Kept<Page<CashRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<CashRow>> Reader::find(std::int64_t);
template Kept<Page<EquityRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<EquityRow>> Reader::find(std::int64_t);
template Kept<Page<PositionSnapshotRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<PositionSnapshotRow>> Reader::find(std::int64_t);
template Kept<Page<StrategyRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<StrategyRow>> Reader::find(std::int64_t);
template Kept<Page<SignalRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<SignalRow>> Reader::find(std::int64_t);
template Kept<Page<PerformanceRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<PerformanceRow>> Reader::find(std::int64_t);
template Kept<Page<LimitRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<LimitRow>> Reader::find(std::int64_t);
template Kept<Page<RiskEventRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<RiskEventRow>> Reader::find(std::int64_t);
template Kept<Page<KillSwitchRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<KillSwitchRow>> Reader::find(std::int64_t);
template Kept<Page<MonitoringRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<MonitoringRow>> Reader::find(std::int64_t);
template Kept<Page<HealthRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<HealthRow>> Reader::find(std::int64_t);
template Kept<Page<ConfigurationRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<ConfigurationRow>> Reader::find(std::int64_t);
template Kept<Page<AuditRow>> Reader::list(const Filter&, const PageRequest&);
template Kept<std::optional<AuditRow>> Reader::find(std::int64_t);
template Kept<std::optional<InstrumentRow>> Reader::find<InstrumentRow>(std::string_view);
template Kept<std::optional<AccountRow>> Reader::find<AccountRow>(std::string_view);
template Kept<std::optional<IntentRow>> Reader::find<IntentRow>(std::string_view);
template Kept<std::optional<ExecutionRow>> Reader::find<ExecutionRow>(std::string_view);
template Kept<std::optional<CashRow>> Reader::find<CashRow>(std::string_view);
template Kept<std::optional<SignalRow>> Reader::find<SignalRow>(std::string_view);

Kept<std::vector<OrderRow>> Reader::orders_of_intent(std::int64_t intent) {
    return rows_where<OrderRow>(*database_, "intent_id = ? ORDER BY id", intent);
}

Kept<std::vector<ExecutionRow>> Reader::executions_of_order(std::int64_t order) {
    return rows_where<ExecutionRow>(*database_, "order_id = ? ORDER BY id", order);
}

Kept<std::vector<LimitRow>> Reader::limits_in_force() {
    return rows_where<LimitRow>(*database_, "active = ? ORDER BY scope, key, rule", 1);
}

Kept<std::optional<ConfigurationRow>> Reader::configuration(std::string_view key) {
    auto statement = database_->prepare(fmt::format(
        "SELECT {} FROM audit_configuration WHERE key = ? ORDER BY version DESC LIMIT 1",
        column_list<ConfigurationRow>()));
    if (!statement) return lost(std::move(statement.error()));
    (*statement)->bind(key);
    return first_of(rows_of<ConfigurationRow>(*database_, **statement));
}

Kept<std::vector<std::pair<std::string, std::int64_t>>> Reader::intent_counts() {
    auto statement = database_->prepare(
        "SELECT status, count(*) FROM trading_intents GROUP BY status ORDER BY status");
    if (!statement) return lost(std::move(statement.error()));
    std::vector<std::pair<std::string, std::int64_t>> counts;
    for (;;) {
        auto more = (*statement)->step();
        if (!more) return lost(std::move(more.error()));
        if (!*more) break;
        counts.emplace_back((*statement)->text(0), (*statement)->integer(1));
    }
    (*statement)->reset();
    return counts;
}

}  // namespace millrace::ledger
