// Setting, resolving, and the saved form.
#include "millrace/core/risk/limit_book.hpp"

#include <algorithm>

namespace millrace::risk {
namespace {

constexpr std::size_t kRecordsMax = 1'000'000;

bool is_before(const LimitRecord& record, const std::pair<Scope, Limit>& key) {
    return std::pair(record.scope, record.limit) < key;
}

}  // namespace

const LimitRecord& LimitBook::set(Scope scope, Limit limit, std::int64_t value,
                                  std::string_view actor, Time now) {
    MILLRACE_ASSERT(records_.size() < kRecordsMax, "more than a million limits");
    const std::pair key(scope, limit);
    auto at = std::lower_bound(records_.begin(), records_.end(), key, is_before);
    if (at == records_.end() || at->scope != scope || at->limit != limit)
        at = records_.insert(at, {scope, limit, kUnset, 0, {}, {}});
    at->value = value;
    at->version = ++version_;
    at->since = now;
    at->actor = Text<64>::from(actor.substr(0, 64)).value_or(Text<64>());
    const std::size_t place = static_cast<std::size_t>(at - records_.begin());
    work_out();
    return records_[place];
}

const LimitRecord* LimitBook::find(Scope scope, Limit limit) const {
    const std::pair key(scope, limit);
    const auto at = std::lower_bound(records_.begin(), records_.end(), key, is_before);
    return at == records_.end() || at->scope != scope || at->limit != limit ? nullptr : &*at;
}

bool LimitBook::is_set_anywhere(Limit limit) const {
    return std::any_of(sets_.begin(), sets_.end(),
                       [&](const ScopeLimits& known) { return known.set.has(limit); });
}

void LimitBook::work_out() {
    sets_.clear();
    for (const LimitRecord& record : records_) {
        if (record.value == kUnset) continue;
        if (sets_.empty() || sets_.back().scope != record.scope)
            sets_.push_back({record.scope, LimitSet()});
        sets_.back().set[record.limit] = record.value;
    }
    binding_.clear();
    binding_index_.clear();
}

const LimitSet* LimitBook::set_of(Scope scope) const {
    const auto at = std::lower_bound(
        sets_.begin(), sets_.end(), scope,
        [](const ScopeLimits& known, const Scope& wanted) { return known.scope < wanted; });
    return at == sets_.end() || at->scope != scope ? nullptr : &at->set;
}

std::uint32_t LimitBook::place_for(const model::Order& order) {
    const LimitSet* account = set_of({ScopeKind::account, order.account.value()});
    const LimitSet* strategy = set_of({ScopeKind::strategy, order.strategy.value()});
    const LimitSet* symbol = set_of({ScopeKind::symbol, order.instrument.value()});
    // Orders whose scopes have no limits of their own share one entry.
    const std::uint64_t key =
        (account == nullptr ? 0 : std::uint64_t{order.account.value()} + 1) << 47 |
        (strategy == nullptr ? 0 : std::uint64_t{order.strategy.value()} + 1) << 30 |
        (symbol == nullptr ? 0 : std::uint64_t{order.instrument.value()} + 1);
    const std::uint32_t known = binding_index_.find(key);
    if (known != FlatIndex::kNone) return known;
    BindingLimits made;
    const LimitSet* global = set_of({});
    for (const LimitSet* set : {global, account, symbol})
        if (set != nullptr) made.account.tighten(*set);
    made.order = made.account;
    if (strategy != nullptr) {
        made.order.tighten(*strategy);
        made.strategy = *strategy;
        made.has_strategy = true;
    }
    const auto place = static_cast<std::uint32_t>(binding_.size());
    binding_.push_back(made);
    binding_index_.put(key, place);
    return place;
}

LimitSet LimitBook::of_account(std::uint32_t account) const {
    LimitSet made;
    for (const Scope scope : {Scope{}, Scope{ScopeKind::account, account}})
        if (const LimitSet* set = set_of(scope)) made.tighten(*set);
    return made;
}

LimitSet LimitBook::of_strategy(std::uint32_t strategy) const {
    const LimitSet* set = set_of({ScopeKind::strategy, strategy});
    return set == nullptr ? LimitSet() : *set;
}

Scope LimitBook::scope_of(Limit limit, std::int64_t value, const model::Order& order) const {
    for (const Scope scope : {Scope{ScopeKind::symbol, order.instrument.value()},
                              Scope{ScopeKind::strategy, order.strategy.value()},
                              Scope{ScopeKind::account, order.account.value()}}) {
        const LimitSet* set = set_of(scope);
        if (set != nullptr && (*set)[limit] == value) return scope;
    }
    return {};
}

void LimitBook::save(engine::StateWriter& writer) const {
    writer.put(version_);
    writer.put(std::uint64_t{records_.size()});
    for (const LimitRecord& record : records_) {
        writer.put(record.scope.kind);
        writer.put(record.scope.number);
        writer.put(record.limit);
        writer.put(record.value);
        writer.put(record.version);
        writer.put(record.since);
        writer.put(record.actor);
    }
}

void LimitBook::load(engine::StateReader& reader) {
    version_ = reader.get<std::uint64_t>();
    records_.clear();
    const auto count = std::min<std::uint64_t>(reader.get<std::uint64_t>(), kRecordsMax);
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        LimitRecord record;
        record.scope.kind = reader.get<ScopeKind>();
        record.scope.number = reader.get<std::uint32_t>();
        record.limit = reader.get<Limit>();
        record.value = reader.get<std::int64_t>();
        record.version = reader.get<std::uint64_t>();
        record.since = reader.get<Time>();
        record.actor = reader.get<Text<64>>();
        if (static_cast<std::size_t>(record.limit) >= kLimitCount) break;  // damaged
        records_.push_back(record);
    }
    work_out();
}

}  // namespace millrace::risk
