// Keys, plans, promotion, sending, following.
#include "millrace/core/execution/intent_book.hpp"

#include <algorithm>

#include "millrace/base/decimal.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/model/order_rules.hpp"

namespace millrace::execution {
namespace {

using model::OrderReason;
using model::OrderStatus;
using Kind = IntentOutcome::Kind;

constexpr std::size_t kInstrumentsMax = 1'000'000;
constexpr std::uint64_t kSendTimer = 1;
constexpr std::uint64_t kSweepTimer = 2;
constexpr std::size_t kSendsMax = 256;  // intents a step: far fewer effects than one may have

// All that was asked for, but for the moment and the name under which it was.
[[nodiscard]] bool is_same(model::OrderIntent a, const model::OrderIntent& b) {
    a.known_at = b.known_at;
    a.key = b.key;
    return a == b;
}

// A limit was reached or a switch is engaged: that says nothing about the way to the venue.
[[nodiscard]] bool is_of_guardian(OrderReason reason) {
    return reason == OrderReason::risk || reason >= OrderReason::kill_switch;
}

void alert(engine::Context& context, model::Severity severity, Text<32> code, Text<256> message) {
    model::Alert alert;
    alert.known_at = context.now();
    alert.severity = severity;
    alert.code = code;
    alert.scope = "orders";
    alert.message = message;
    context.emit(alert);
}

[[nodiscard]] bool has_working_leg(const Intent& intent) {
    return std::any_of(intent.legs.begin(), intent.legs.end(), [](const LegState& leg) {
        return leg.is_sent && !model::is_over(leg.status);
    });
}

[[nodiscard]] std::optional<bool> yes_or_no(std::string_view word) {
    if (word == "yes") return true;
    if (word == "no") return false;
    return std::nullopt;
}

}  // namespace

void IntentBook::on_record(const engine::Record& record, engine::Context& context) {
    if (record.noun == model::Noun::order_intent)
        hear(record.as<model::OrderIntent>(), context);
    else if (record.noun == model::Noun::command)
        hear(record.as<model::Command>(), context);
    else if (record.noun == model::Noun::order)
        hear(record.as<model::Order>(), context);
    else if (record.noun == model::Noun::fill)
        hear(record.as<model::Fill>(), context);
    else {
        const auto& instrument = record.as<model::Instrument>();
        const std::size_t number = instrument.id.value();
        MILLRACE_ASSERT(number < kInstrumentsMax, "an instrument's number is out of range");
        if (number >= instruments_.size()) instruments_.resize(number + 1);
        instruments_[number] = instrument;
    }
}

// The digest under which the key is found, or under which it would be: that of another key is
// passed over.
std::uint64_t IntentBook::place_of(std::string_view key) const {
    RunningHash hash;
    hash.add(std::as_bytes(std::span(key)));
    std::uint64_t place = hash.value();
    for (;; ++place) {
        const std::uint32_t at = index_.find(place);
        if (at == FlatIndex::kNone || intents_[at].body.key.view() == key) return place;
    }
}

const Intent* IntentBook::find(std::string_view key) const {
    const std::uint32_t at = index_.find(place_of(key));
    return at == FlatIndex::kNone ? nullptr : &intents_[at];
}

void IntentBook::touch(Intent& intent, engine::Context& context) {
    intent.sequence = context.sequence();
    intent.updated = context.now();
}

void IntentBook::move_to(Intent& intent, IntentState state, OrderReason reason,
                         engine::Context& context) {
    MILLRACE_ASSERT(!is_over(intent.state), "an intent leaves its end");
    if (intent.state == IntentState::ready) ready_.erase(intent.id);
    --counts_[static_cast<std::size_t>(intent.state)];
    ++counts_[static_cast<std::size_t>(state)];
    intent.state = state;
    intent.reason = reason;
    if (state == IntentState::ready) ready_.insert(intent.id);
    touch(intent, context);
}

void IntentBook::hear(const model::OrderIntent& body, engine::Context& context) {
    outcome_ = {context.sequence(), 0, Kind::full};
    const std::uint64_t place = place_of(body.key.view());
    if (const std::uint32_t at = index_.find(place); at != FlatIndex::kNone) {
        outcome_.intent = intents_[at].id;
        outcome_.kind = is_same(body, intents_[at].body) ? Kind::repeated : Kind::different;
        return;
    }
    if (intents_.size() >= room_) return;
    Intent& intent = intents_.emplace_back();
    intent.id = intents_.size();
    intent.created = context.now();
    intent.body = body;
    ++counts_[static_cast<std::size_t>(intent.state)];
    touch(intent, context);
    index_.put(place, static_cast<std::uint32_t>(intent.id - 1));
    outcome_.intent = intent.id;
    outcome_.kind = Kind::taken;
    plan(intent, context);
}

void IntentBook::plan(Intent& intent, engine::Context& context) {
    const std::size_t number = intent.body.instrument.value();
    OrderReason reason = OrderReason::unknown_instrument;
    if (number < instruments_.size() && !instruments_[number].symbol.empty())
        reason = check_intent(intent.body, instruments_[number]);
    if (reason != OrderReason::none) return move_to(intent, IntentState::error, reason, context);
    move_to(intent, IntentState::planned, OrderReason::none, context);
    if (rules_.auto_promotes) make_ready(intent, context);
}

void IntentBook::make_ready(Intent& intent, engine::Context& context) {
    move_to(intent, IntentState::ready, OrderReason::none, context);
    send_ready(context);
}

void IntentBook::hear(const model::Command& command, engine::Context& context) {
    const std::string_view name = command.name.view();
    if (name == "set-orders") {
        const Kind kind = set_rules(command.argument.view(), context);
        outcome_ = {context.sequence(), 0, kind};
        return;
    }
    if (!obeys(name)) return;  // somebody else's
    outcome_ = {context.sequence(), 0, Kind::malformed};
    if (name == "cancel-orders") {
        outcome_.kind = cancel_orders(command.target.view(), context);
        return;
    }
    const auto number = parse_decimal(command.target.view(), 0);
    if (!number || *number < 0) return;
    const auto id = static_cast<std::uint64_t>(*number);
    if (name == "cancel-order") {
        outcome_.kind = cancel_order(id, context);
        return;
    }
    outcome_.intent = id;
    outcome_.kind = Kind::unknown;
    if (find(id) == nullptr) return;
    Intent& intent = intents_[id - 1];
    outcome_.kind = name == "promote-intent" ? promote(intent, context) : cancel(intent, context);
}

bool IntentBook::obeys(std::string_view command) {
    return command == "set-orders" || command == "promote-intent" || command == "cancel-intent" ||
           command == "cancel-order" || command == "cancel-orders";
}

// All words are understood before any counts.
Kind IntentBook::set_rules(std::string_view words, engine::Context& context) {
    SendRules rules = rules_;
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        const std::string_view word = words.substr(0, end);
        words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
        const std::size_t at = word.find('=');
        if (at == std::string_view::npos) return Kind::malformed;
        const std::string_view key = word.substr(0, at);
        const auto value = yes_or_no(word.substr(at + 1));
        if (!value) return Kind::malformed;
        if (key == "sends")
            rules.sends = *value;
        else if (key == "auto-promote")
            rules.auto_promotes = *value;
        else if (key == "market-guard")
            rules.guards_market = *value;
        else
            return Kind::malformed;
    }
    rules_ = rules;
    send_ready(context);
    return Kind::done;
}

Kind IntentBook::promote(Intent& intent, engine::Context& context) {
    if (intent.state != IntentState::planned) return Kind::too_late;
    make_ready(intent, context);
    return Kind::done;
}

// What the venue has is asked back; its report decides what becomes of the intent.
Kind IntentBook::cancel(Intent& intent, engine::Context& context) {
    if (is_over(intent.state)) return Kind::too_late;
    if (intent.state < IntentState::sending) {
        move_to(intent, IntentState::cancelled, OrderReason::user, context);
        return Kind::done;
    }
    touch(intent, context);
    model::Order request = orders_of(intent).front();  // its children end with it
    request.known_at = context.now();
    request.status = OrderStatus::cancel_requested;
    context.emit(request);
    return Kind::done;
}

void IntentBook::cancel_leg(Intent& intent, IntentLeg leg, engine::Context& context) {
    for (model::Order request : orders_of(intent)) {
        if (request.order_id != order_number(intent.id, leg)) continue;
        request.known_at = context.now();
        request.status = OrderStatus::cancel_requested;
        context.emit(request);
    }
}

Kind IntentBook::cancel_order(std::uint64_t number, engine::Context& context) {
    const auto of = intent_order(number);
    if (!of || find(of->intent) == nullptr) return Kind::unknown;
    Intent& intent = intents_[of->intent - 1];
    outcome_.intent = intent.id;
    const LegState& leg = intent.leg(of->leg);
    if (!leg.is_sent) return Kind::unknown;
    if (model::is_over(leg.status)) return Kind::too_late;
    touch(intent, context);
    cancel_leg(intent, of->leg, context);
    return Kind::done;
}

Kind IntentBook::cancel_orders(std::string_view target, engine::Context& context) {
    Sweep sweep_of_target;
    if (target != "all") {
        const auto named =
            std::find_if(instruments_.begin(), instruments_.end(),
                         [&](const model::Instrument& one) { return one.symbol.view() == target; });
        if (target.empty() || named == instruments_.end()) return Kind::unknown;
        sweep_of_target.instrument = named->id.value();
    }
    sweep_of_target.from = 1;
    sweep_of_target.to = intents_.size();
    // One that is under way and goes further is not cut short.
    if (sweep_.from != 0 && sweep_.instrument != sweep_of_target.instrument)
        sweep_of_target.instrument = kAllInstruments;
    sweep_ = sweep_of_target;
    sweep(context);
    return Kind::done;
}

// So many intents a step. The children of an entry that works end with it.
void IntentBook::sweep(engine::Context& context) {
    std::vector<std::uint64_t> due;
    for (auto at = working_.lower_bound(sweep_.from);
         at != working_.end() && *at <= sweep_.to && due.size() < kSendsMax; ++at) {
        sweep_.from = *at + 1;
        const std::uint32_t instrument = intents_[*at - 1].body.instrument.value();
        if (sweep_.instrument == kAllInstruments || sweep_.instrument == instrument)
            due.push_back(*at);
    }
    for (const std::uint64_t id : due) {
        Intent& intent = intents_[id - 1];
        touch(intent, context);
        for (const IntentLeg leg :
             {IntentLeg::entry, IntentLeg::stop_loss, IntentLeg::take_profit}) {
            if (!intent.leg(leg).is_sent || model::is_over(intent.leg(leg).status)) continue;
            cancel_leg(intent, leg, context);
            if (leg == IntentLeg::entry) break;
        }
    }
    if (due.size() < kSendsMax)
        sweep_ = {};
    else
        context.set_timer(context.now(), kSweepTimer);
}

// From when it may be sent; Time::latest() when only a command can change that.
Time IntentBook::may_send_at(const Intent& intent, Time now) {
    if (!rules_.sends) return Time::latest();
    if (breaker_.is_open(now)) return breaker_.open_until();
    if (!rules_.guards_market || hours_ == nullptr || hours_->is_open(intent.body.instrument, now))
        return now;
    // Never at once: where the hours contradict themselves a later look must end, too.
    return std::max(hours_->next_open(intent.body.instrument, now), now + Duration::seconds(1));
}

void IntentBook::send_ready(engine::Context& context) {
    const Time now = context.now();
    Time wakes = Time::latest();
    std::vector<std::uint64_t> due;
    for (const std::uint64_t id : ready_) {
        const Time at = may_send_at(intents_[id - 1], now);
        if (at > now) {
            wakes = std::min(wakes, at);
            continue;
        }
        if (due.size() == kSendsMax) {
            wakes = now;  // the others in the next step
            break;
        }
        due.push_back(id);
    }
    for (const std::uint64_t id : due)
        send(intents_[id - 1], context);
    if (wakes == wakes_) return;
    if (wakes_ != Time::latest()) context.cancel_timer(kSendTimer);
    wakes_ = wakes;
    if (wakes_ != Time::latest()) context.set_timer(wakes_, kSendTimer);
}

void IntentBook::on_timer(std::uint64_t token, engine::Context& context) {
    if (token == kSweepTimer) return sweep(context);
    wakes_ = Time::latest();
    send_ready(context);
}

void IntentBook::send(Intent& intent, engine::Context& context) {
    move_to(intent, IntentState::sending, OrderReason::none, context);
    working_.insert(intent.id);
    for (model::Order order : orders_of(intent)) {
        order.known_at = context.now();
        order.status = OrderStatus::pending;
        intent.legs[static_cast<std::size_t>(intent_order(order.order_id)->leg)].is_sent = true;
        context.emit(order);
    }
}

void IntentBook::hear(const model::Order& order, engine::Context& context) {
    const auto of = intent_order(order.order_id);
    if (!of || of->intent == 0 || of->intent > intents_.size()) return;
    Intent& intent = intents_[of->intent - 1];
    LegState& leg = intent.legs[static_cast<std::size_t>(of->leg)];
    // What was repeated or comes late changes nothing, as at the desk.
    if (!leg.is_sent || order.status == OrderStatus::pending || model::is_over(leg.status)) return;
    leg.status = order.status;
    leg.reason = order.reason;
    leg.filled = order.filled_quantity;
    leg.average_price = order.average_price;
    touch(intent, context);
    if (model::is_over(leg.status) && !has_working_leg(intent)) working_.erase(intent.id);
    if (of->leg == IntentLeg::entry) follow_entry(intent, order, context);
}

void IntentBook::follow_entry(Intent& intent, const model::Order& report,
                              engine::Context& context) {
    switch (report.status) {
        case OrderStatus::pending:
        case OrderStatus::submitted:
        case OrderStatus::cancel_requested:
        case OrderStatus::replace_requested: return;
        case OrderStatus::accepted:
        case OrderStatus::triggered:
        case OrderStatus::partially_filled:
            breaker_.succeed();
            if (intent.state == IntentState::sending)
                move_to(intent, IntentState::sent, OrderReason::none, context);
            return;
        case OrderStatus::filled:
            breaker_.succeed();
            return move_to(intent, IntentState::filled, OrderReason::none, context);
        case OrderStatus::cancelled:
            return move_to(intent, IntentState::cancelled, report.reason, context);
        case OrderStatus::expired:
            return move_to(intent, IntentState::cancelled, OrderReason::session_end, context);
        case OrderStatus::rejected:
            move_to(intent, IntentState::rejected, report.reason, context);
            if (!is_of_guardian(report.reason) && breaker_.fail(context.now()))
                alert(context, model::Severity::warning, "BREAKER_OPENED",
                      "too many orders in a row were refused; nothing is sent for a minute");
            return;
    }
}

void IntentBook::hear(const model::Fill& fill, engine::Context& context) {
    const auto of = intent_order(fill.order_id);
    if (!of || of->intent == 0 || of->intent > intents_.size()) return;
    Intent& intent = intents_[of->intent - 1];
    ++intent.fill_count;
    if (intent.fills.size() < Intent::kFillsMax) intent.fills.push_back(fill);
    touch(intent, context);
}

void IntentBook::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{instruments_.size()});
    for (const model::Instrument& instrument : instruments_) {
        const bool is_known = !instrument.symbol.empty();
        writer.put(static_cast<std::uint8_t>(is_known ? 1 : 0));
        if (is_known) writer.put_noun(instrument);
    }
    for (const bool rule : {rules_.sends, rules_.auto_promotes, rules_.guards_market})
        writer.put(static_cast<std::uint8_t>(rule ? 1 : 0));
    writer.put(breaker_.failures());
    writer.put(breaker_.open_until());
    writer.put(wakes_);
    writer.put(sweep_.from);
    writer.put(sweep_.to);
    writer.put(sweep_.instrument);
    writer.put(std::uint64_t{intents_.size()});
    for (const Intent& intent : intents_) {
        writer.put(intent.sequence);
        writer.put(intent.created);
        writer.put(intent.updated);
        writer.put(static_cast<std::uint8_t>(intent.state));
        writer.put(static_cast<std::uint8_t>(intent.reason));
        writer.put_noun(intent.body);
        for (const LegState& leg : intent.legs) {
            writer.put(static_cast<std::uint8_t>(leg.is_sent ? 1 : 0));
            writer.put(static_cast<std::uint8_t>(leg.status));
            writer.put(static_cast<std::uint8_t>(leg.reason));
            writer.put(leg.filled);
            writer.put(leg.average_price);
        }
        writer.put(intent.fill_count);
        writer.put(std::uint64_t{intent.fills.size()});
        for (const model::Fill& fill : intent.fills)
            writer.put_noun(fill);
    }
}

void IntentBook::load(engine::StateReader& reader) {
    instruments_.assign(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()), {});
    for (model::Instrument& instrument : instruments_)
        if (reader.get<std::uint8_t>() != 0) instrument = reader.get_noun<model::Instrument>();
    for (bool* rule : {&rules_.sends, &rules_.auto_promotes, &rules_.guards_market})
        *rule = reader.get<std::uint8_t>() != 0;
    const auto failures = reader.get<std::uint32_t>();
    breaker_ = Breaker(failures, reader.get<Time>());
    wakes_ = reader.get<Time>();
    sweep_.from = reader.get<std::uint64_t>();
    sweep_.to = reader.get<std::uint64_t>();
    sweep_.instrument = reader.get<std::uint32_t>();
    intents_.clear();
    ready_.clear();
    working_.clear();
    counts_ = {};
    index_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        Intent& intent = intents_.emplace_back();
        intent.id = i + 1;
        intent.sequence = reader.get<std::uint64_t>();
        intent.created = reader.get<Time>();
        intent.updated = reader.get<Time>();
        intent.state = static_cast<IntentState>(reader.get<std::uint8_t>());
        intent.reason = static_cast<OrderReason>(reader.get<std::uint8_t>());
        intent.body = reader.get_noun<model::OrderIntent>();
        for (LegState& leg : intent.legs) {
            leg.is_sent = reader.get<std::uint8_t>() != 0;
            leg.status = static_cast<OrderStatus>(reader.get<std::uint8_t>());
            leg.reason = static_cast<OrderReason>(reader.get<std::uint8_t>());
            leg.filled = reader.get<Quantity>();
            leg.average_price = reader.get<Maybe<Price>>();
        }
        intent.fill_count = reader.get<std::uint64_t>();
        const auto fills = reader.get<std::uint64_t>();
        for (std::uint64_t n = 0; n < fills && !reader.failed(); ++n)
            intent.fills.push_back(reader.get_noun<model::Fill>());
        index_.put(place_of(intent.body.key.view()), static_cast<std::uint32_t>(i));
        if (intent.state > IntentState::cancelled) {
            (void)reader.take(reader.left() + 1);  // damaged
            return;
        }
        ++counts_[static_cast<std::size_t>(intent.state)];
        if (intent.state == IntentState::ready) ready_.insert(intent.id);
        if (has_working_leg(intent)) working_.insert(intent.id);
    }
}

}  // namespace millrace::execution
