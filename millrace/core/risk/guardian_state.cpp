// The saved form: what happened, never what follows from it.
#include <algorithm>

#include "millrace/core/risk/guardian.hpp"

namespace millrace::risk {
namespace {

constexpr std::size_t kNamesMax = std::size_t{1} << 16;

void put_scope(engine::StateWriter& writer, Scope scope) {
    writer.put(scope.kind);
    writer.put(scope.number);
}

Scope get_scope(engine::StateReader& reader) {
    Scope scope;
    scope.kind = reader.get<ScopeKind>();
    scope.number = reader.get<std::uint32_t>();
    return scope;
}

void put_flag(engine::StateWriter& writer, bool flag) {
    writer.put(static_cast<std::uint8_t>(flag ? 1 : 0));
}

bool get_flag(engine::StateReader& reader) {
    return reader.get<std::uint8_t>() != 0;
}

}  // namespace

void Guardian::save(engine::StateWriter& writer) const {
    writer.put(counts_);
    writer.put(own_orders_);
    writer.put(outside_orders_);
    writer.put(next_watch_);
    put_flag(writer, has_begun_);
    for (const auto* names : {&account_names_, &strategy_names_}) {
        writer.put(std::uint64_t{names->size()});
        for (const Text<32>& name : *names)
            writer.put(name);
    }
    limits_.save(writer);
    exposures_.save(writer);
    recent_.save(writer);
    writer.put(std::uint64_t{stops_.size()});
    for (const Stop& stop : stops_) {
        put_scope(writer, stop.scope);
        put_flag(writer, stop.is_kill);
        put_flag(writer, stop.is_proven);
        writer.put(stop.since);
        writer.put(stop.actor);
        writer.put(stop.reason);
    }
    writer.put(std::uint64_t{tasks_.size()});
    for (const Task& task : tasks_) {
        put_scope(writer, task.scope);
        put_flag(writer, task.flattens);
        put_flag(writer, task.cancels);
        writer.put(task.cancelled_to);
        writer.put(std::uint64_t{task.flattened});
    }
    save_parties(writer);
    save_lines(writer);
    save_working(writer);
}

void Guardian::save_parties(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{watch_order_.size()});
    for (const std::uint32_t place : watch_order_) {
        const Party& party = parties_[place];
        writer.put(party.account);
        writer.put(party.owner);
        party.rate.save(writer);
        party.losses.save(writer);
        writer.put(party.warned);
        writer.put(party.restricted);
        writer.put(party.losses_in_row);
        put_flag(writer, party.is_blind);
        writer.put(party.paid_in);
        writer.put(party.cool_until);
    }
}

void Guardian::save_lines(engine::StateWriter& writer) const {
    std::vector<const Line*> sorted;
    for (const Line& line : lines_)
        sorted.push_back(&line);
    std::ranges::sort(sorted, {}, [](const Line* line) {
        return std::tuple(line->account, line->strategy, line->instrument);
    });
    writer.put(std::uint64_t{sorted.size()});
    for (const Line* line : sorted) {
        writer.put(line->account);
        writer.put(line->strategy);
        writer.put(line->instrument);
        writer.put(line->warned);
        writer.put(line->flow);
        writer.put(line->fees);
    }
}

void Guardian::save_working(engine::StateWriter& writer) const {
    // By number, because places hang on history and the state must not.
    std::vector<const Reservation*> sorted;
    for (const Reservation& one : working_)
        if (one.order.order_id != 0) sorted.push_back(&one);
    std::ranges::sort(sorted, {}, [](const Reservation* one) { return one->order.order_id; });
    writer.put(std::uint64_t{sorted.size()});
    for (const Reservation* one : sorted) {
        writer.put_noun(one->order);
        for (const std::int64_t amount : {one->open, one->dealt, one->asked, one->price})
            writer.put(amount);
        writer.put(one->answers_due);
        writer.put(one->cash);
        writer.put(one->expires);
        put_flag(writer, one->is_over);
    }
}

void Guardian::load(engine::StateReader& reader) {
    counts_ = reader.get<Counts>();
    own_orders_ = reader.get<std::uint64_t>();
    outside_orders_ = reader.get<std::uint64_t>();
    const auto next_watch = reader.get<Time>();
    has_begun_ = get_flag(reader);
    for (auto* names : {&account_names_, &strategy_names_}) {
        names->clear();
        const auto count = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < count && i < kNamesMax && !reader.failed(); ++i)
            names->push_back(reader.get<Text<32>>());
    }
    limits_.load(reader);
    exposures_.load(reader);
    recent_.load(reader);
    stops_.clear();
    const auto stops = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < stops && !reader.failed(); ++i) {
        Stop stop;
        stop.scope = get_scope(reader);
        stop.is_kill = get_flag(reader);
        stop.is_proven = get_flag(reader);
        stop.since = reader.get<Time>();
        stop.actor = reader.get<Text<64>>();
        stop.reason = reader.get<Text<256>>();
        stops_.push_back(stop);
    }
    tasks_.clear();
    const auto tasks = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < tasks && !reader.failed(); ++i) {
        Task task;
        task.scope = get_scope(reader);
        task.flattens = get_flag(reader);
        task.cancels = get_flag(reader);
        task.cancelled_to = reader.get<std::uint64_t>();
        task.flattened = reader.get<std::uint64_t>();
        tasks_.push_back(task);
    }
    load_books(reader);
    verdict_ = {};
    judged_ = 0;
    own_due_ = 0;
    apply_limits();
    next_watch_ = next_watch;
}

void Guardian::load_books(engine::StateReader& reader) {
    parties_.clear();
    party_index_.clear();
    watch_order_.clear();
    lines_.clear();
    line_index_.clear();
    working_.clear();
    free_.clear();
    working_index_.clear();
    const auto parties = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < parties && !reader.failed(); ++i) {
        const auto account = reader.get<AccountId>();
        const auto owner = reader.get<Owner>();
        Party& party = parties_[party_of(account, owner)];
        party.rate.load(reader);
        party.losses.load(reader);
        party.warned = reader.get<std::uint32_t>();
        party.restricted = reader.get<std::uint32_t>();
        party.losses_in_row = reader.get<std::uint32_t>();
        party.is_blind = get_flag(reader);
        party.paid_in = reader.get<Maybe<Money>>();
        party.cool_until = reader.get<Time>();
    }
    const auto lines = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < lines && !reader.failed(); ++i) {
        const auto account = reader.get<AccountId>();
        const auto strategy = reader.get<StrategyId>();
        const auto instrument = reader.get<InstrumentId>();
        if (exposures_.find(instrument) == nullptr) return;  // damaged: the reader is not finished
        Line& line = lines_[line_of(account, strategy, instrument)];
        line.warned = reader.get<std::uint32_t>();
        line.flow = reader.get<int128>();
        line.fees = reader.get<std::int64_t>();
    }
    const auto working = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < working && !reader.failed(); ++i) {
        const auto order = reader.get_noun<model::Order>();
        if (reader.failed() || exposures_.find(order.instrument) == nullptr) return;
        Reservation& one =
            working_[reserve(order, line_of(order.account, order.strategy, order.instrument))];
        for (std::int64_t* amount : {&one.open, &one.dealt, &one.asked, &one.price})
            *amount = reader.get<std::int64_t>();
        one.answers_due = reader.get<std::uint32_t>();
        one.cash = reader.get<Fine>();
        one.expires = reader.get<Time>();
        one.is_over = get_flag(reader);
        parties_[lines_[one.line].account_party].cash_reserved += one.cash;
    }
}

}  // namespace millrace::risk
