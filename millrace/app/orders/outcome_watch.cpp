// What is copied when. A copy is made in the step in which something changed, after all others have
// heard of it; so what is copied of an input is what stood when that input was over.
#include "millrace/app/orders/outcome_watch.hpp"

#include <algorithm>

#include "millrace/core/risk/limit.hpp"

namespace millrace::orders {
namespace {

using model::Noun;
using Book = execution::IntentOutcome::Kind;
using Kind = Outcome::Kind;

constexpr std::size_t kNumbersMax = 1'000'000;

Kind kind_of(Book kind) {
    switch (kind) {
        case Book::none: return Kind::unanswered;
        case Book::taken: return Kind::taken;
        case Book::repeated: return Kind::repeated;
        case Book::different: return Kind::different;
        case Book::full: return Kind::full;
        case Book::done: return Kind::done;
        case Book::unknown: return Kind::unknown;
        case Book::too_late: return Kind::too_late;
        case Book::malformed: return Kind::refused;
    }
    return Kind::unanswered;
}

template <class T>
void put_at(std::vector<T>& values, std::size_t number, const T& value) {
    MILLRACE_ASSERT(number < kNumbersMax, "a number is out of range");
    if (number >= values.size()) values.resize(number + 1);
    values[number] = value;
}

std::uint64_t key_of(const model::Position& position, std::uint64_t leg) {
    return (std::uint64_t{position.account.value()} << 48) |
           (std::uint64_t{position.strategy.value()} << 32) |
           (std::uint64_t{position.instrument.value()} << 1) | leg;
}

}  // namespace

engine::NounSet OutcomeWatch::wants() const {
    return {Noun::instrument, Noun::account, Noun::strategy, Noun::order_intent, Noun::command,
            Noun::order,      Noun::fill,    Noun::alert,    Noun::quote};
}

void OutcomeWatch::on_quote(const model::Quote& quote, engine::Context& context) {
    const std::size_t number = quote.instrument.value();
    if (number >= prices_.size()) return;
    // As in the books: a quote with one side is no price.
    if (quote.bid.raw() == 0 || quote.ask.raw() == 0) return;
    prices_[number] = {quote.bid, quote.ask, quote.known_at};
    is_stale_[number] = 1;
    if (context.now() < copied_ + kSampleInterval || !counts(context)) return;
    copy_books(context.now());
}

void OutcomeWatch::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == Noun::order) return hear(record.as<model::Order>(), context);
    if (record.noun == Noun::fill) return hear(record.as<model::Fill>(), context);
    if (record.noun == Noun::order_intent) return hear(record.as<model::OrderIntent>(), context);
    if (record.noun == Noun::command) return hear(record.as<model::Command>(), context);
    if (record.noun == Noun::alert) return hear(record.as<model::Alert>(), context);
    define(record, context);
}

void OutcomeWatch::define(const engine::Record& record, engine::Context& context) {
    if (record.noun == Noun::instrument) {
        const auto& instrument = record.as<model::Instrument>();
        put_at(instruments_, instrument.id.value(), instrument);
        prices_.resize(instruments_.size());
        is_stale_.resize(instruments_.size());
        if (counts(context)) entries_.instruments.push_back(instrument);
    } else if (record.noun == Noun::account) {
        const auto& account = record.as<model::Account>();
        put_at(accounts_, account.id.value(), account);
        if (!counts(context)) return;
        entries_.accounts.push_back(account);
        copy_books(context.now());
    } else {
        const auto& strategy = record.as<model::Strategy>();
        put_at(strategies_, strategy.id.value(), strategy);
        if (counts(context)) entries_.strategies.push_back(strategy);
    }
}

void OutcomeWatch::answer_from_book(engine::Context& context) {
    const execution::IntentOutcome& told = watched_.intents.outcome();
    Outcome outcome;
    outcome.sequence = context.sequence();
    outcome.at = context.now();
    // Of another input: the book has stopped.
    outcome.kind =
        told.sequence == context.sequence() ? kind_of(told.kind) : Outcome::Kind::unanswered;
    outcome.intent = told.intent;
    if (const execution::Intent* intent = watched_.intents.find(told.intent)) {
        outcome.state = intent->state;
        outcome.reason = intent->reason;
    }
    entries_.outcomes.push_back(std::move(outcome));
}

void OutcomeWatch::hear(const model::OrderIntent& /*intent*/, engine::Context& context) {
    if (!counts(context)) return;
    answer_from_book(context);
    if (entries_.outcomes.back().kind == Kind::taken)
        copy_intent(entries_.outcomes.back().intent, context);
}

void OutcomeWatch::hear(const model::Command& command, engine::Context& context) {
    if (!counts(context)) return;
    const std::string_view name = command.name.view();
    const bool is_first =
        entries_.commands.empty() || entries_.commands.back().sequence != context.sequence();
    const std::uint64_t ordinal = is_first ? 0 : entries_.commands.back().ordinal + 1;
    entries_.commands.push_back({command, context.sequence(), ordinal, context.now(), false, {}});
    if (name == "book-cash") {
        copy_books(context.now());
        return;
    }
    const execution::IntentOutcome& told = watched_.intents.outcome();
    if (execution::IntentBook::obeys(name)) {
        answer_from_book(context);
        Outcome& outcome = entries_.outcomes.back();
        if (outcome.intent != 0 && outcome.kind == Kind::done) copy_intent(told.intent, context);
        CommandCopy& copy = entries_.commands.back();
        copy.is_refused = outcome.kind != Kind::done;
        if (outcome.kind == Kind::refused) outcome.message = "the command cannot be understood";
        if (copy.is_refused) copy.message = outcome.message;
        return;
    }
    Outcome outcome;
    outcome.sequence = context.sequence();
    outcome.at = context.now();
    outcome.kind = Kind::done;
    if (name == "check-order") {
        outcome.kind = Kind::judged;
        outcome.judgement = judgement();
    }
    entries_.outcomes.push_back(std::move(outcome));
}

void OutcomeWatch::hear(const model::Order& order, engine::Context& context) {
    if (!counts(context)) return;
    entries_.orders.put(order.order_id, order);
    if (order.status == model::OrderStatus::pending) note_refusal(order, context);
    if (const auto of = execution::intent_order(order.order_id)) copy_intent(of->intent, context);
}

// The guardian has judged it before us, in this step.
void OutcomeWatch::note_refusal(const model::Order& order, engine::Context& context) {
    const risk::Verdict& verdict = watched_.guardian.verdict();
    if (verdict.order_id != order.order_id || verdict.passes()) return;
    Judgement judged = judgement();
    RiskNote note;
    note.order = order.order_id;
    note.decision = risk::kDecisionNames[static_cast<std::size_t>(verdict.decision)];
    note.severity = model::Severity::warning;
    note.at = context.now();
    if (!judged.objections.empty()) {
        const Objection& first = judged.objections.front();
        note.rule = first.code;
        note.scope = first.scope;
        note.value = first.value;
        note.limit = first.limit;
    }
    entries_.notes.push_back(std::move(note));
    Outcome* outcome = outcome_of(context.sequence());
    if (outcome != nullptr && outcome->intent != 0 && !outcome->judgement)
        outcome->judgement = std::move(judged);
}

Judgement OutcomeWatch::judgement() const {
    const risk::Verdict& verdict = watched_.guardian.verdict();
    Judgement judged;
    judged.decision = verdict.decision;
    judged.reservation = verdict.reservation_id;
    for (const risk::Reason& reason : verdict.reasons()) {
        const auto text = [&](std::int64_t raw) {
            return raw == risk::Reason::kNone ? std::string() : risk::text_of(reason.unit, raw);
        };
        judged.objections.push_back({std::string(risk::description_of(reason.rule).code),
                                     watched_.guardian.text_of(reason.scope), text(reason.limit),
                                     text(reason.value)});
    }
    return judged;
}

void OutcomeWatch::hear(const model::Fill& fill, engine::Context& context) {
    if (!counts(context)) return;
    entries_.deals.push_back(fill);
    if (fill.instrument.value() < is_stale_.size()) is_stale_[fill.instrument.value()] = 1;
    copy_books(context.now());
}

void OutcomeWatch::hear(const model::Alert& alert, engine::Context& context) {
    if (!counts(context)) return;
    const std::string_view code = alert.code.view();
    RiskNote note;
    note.rule = code;
    note.scope = alert.scope.view();
    note.severity = alert.severity;
    note.message = alert.message.view();
    note.at = context.now();
    entries_.notes.push_back(std::move(note));
    if (code != "RISK_COMMAND_REFUSED" && code != "cash_not_booked") return;
    if (entries_.commands.empty() || entries_.commands.back().sequence != context.sequence())
        return;
    entries_.commands.back().is_refused = true;
    entries_.commands.back().message = alert.message.view();
    Outcome* outcome = outcome_of(context.sequence());
    if (outcome == nullptr) return;
    outcome->message = alert.message.view();
    if (outcome->kind == Kind::done) outcome->kind = Kind::refused;
}

Outcome* OutcomeWatch::outcome_of(std::uint64_t sequence) {
    if (entries_.outcomes.empty() || entries_.outcomes.back().sequence != sequence) return nullptr;
    return &entries_.outcomes.back();
}

void OutcomeWatch::copy_intent(std::uint64_t id, engine::Context& context) {
    const execution::Intent* intent = watched_.intents.find(id);
    if (intent == nullptr) return;
    entries_.intents.put(id, {intent->id, intent->created, intent->updated, intent->state,
                              intent->reason, intent->body});
    Outcome* outcome = outcome_of(context.sequence());
    if (outcome == nullptr || outcome->intent != id) return;
    outcome->state = intent->state;
    outcome->reason = intent->reason;
}

// The marks that have moved, all that stands at them, and the accounts' money: together, or the
// ledger's books would not agree with its deals.
void OutcomeWatch::copy_books(Time now) {
    copied_ = now;
    for (std::size_t number = 0; number < is_stale_.size(); ++number) {
        if (is_stale_[number] == 0) continue;
        is_stale_[number] = 0;
        const InstrumentId instrument(static_cast<std::uint32_t>(number));
        if (const auto mark = mark_of(number); mark.has_value())
            entries_.marks.put(number, {instrument, mark.value(), prices_[number].at});
        copy_positions(instrument, now);
    }
    for (const model::Account& account : accounts_) {
        const auto balance = watched_.books.books().balance(account.id, now);
        if (balance) entries_.balances.put(account.id.value(), *balance);
    }
}

void OutcomeWatch::copy_positions(InstrumentId instrument, Time now) {
    const portfolio::Portfolio& books = watched_.books.books();
    for (const portfolio::Portfolio::Holder& holder : books.holders_of(instrument)) {
        const auto positions = books.positions(holder.account, holder.strategy, instrument, now);
        if (!positions) continue;
        std::uint64_t leg = 0;
        for (const model::Position& position : *positions)
            entries_.positions.put(key_of(position, leg++), position);
    }
}

Maybe<Price> OutcomeWatch::mark_of(std::size_t instrument) const {
    if (instrument >= prices_.size() || prices_[instrument].bid.raw() == 0) return {};
    const Price& price = prices_[instrument];
    const auto doubled = int128{price.bid.raw()} + price.ask.raw();
    return millrace::Price::from_raw(static_cast<std::int64_t>(doubled / 2));
}

Entries OutcomeWatch::take(std::uint64_t sequence) {
    Entries taken = std::exchange(entries_, {});
    taken.sequence = sequence;
    return taken;
}

void OutcomeWatch::save(engine::StateWriter& writer) const {
    const auto put_all = [&](const auto& nouns) {
        writer.put(std::uint64_t{nouns.size()});
        for (const auto& noun : nouns)
            writer.put_noun(noun);
    };
    put_all(instruments_);
    put_all(accounts_);
    put_all(strategies_);
    for (const Price& price : prices_) {
        writer.put(price.bid);
        writer.put(price.ask);
        writer.put(price.at);
    }
}

void OutcomeWatch::load(engine::StateReader& reader) {
    const auto get_all = [&]<class T>(std::vector<T>& nouns) {
        nouns.clear();
        const auto count = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < count && i < kNumbersMax && !reader.failed(); ++i)
            nouns.push_back(reader.get_noun<T>());
    };
    get_all(instruments_);
    get_all(accounts_);
    get_all(strategies_);
    prices_.assign(instruments_.size(), {});
    for (Price& price : prices_) {
        price.bid = reader.get<millrace::Price>();
        price.ask = reader.get<millrace::Price>();
        price.at = reader.get<Time>();
    }
    is_stale_.assign(instruments_.size(), 1);
    entries_ = {};
}

}  // namespace millrace::orders
