// Passing records to the strategy, and its wishes to the engine.
#include "millrace/core/strategy/strategy_host.hpp"

#include <algorithm>

namespace millrace::strategy {
namespace {

// Order and signal numbers: the strategy's number in front, so that two strategies never meet,
// within the 53 bits that JSON carries exactly.
constexpr int kCounterBits = 36;
// Groups are numbered apart from orders, whose numbers name the groups of their exits.
constexpr std::uint64_t kFirstGroup = std::uint64_t{1} << (kCounterBits - 1);
constexpr std::size_t kWorkingMax = 4096;

}  // namespace

StrategyHost::StrategyHost(std::unique_ptr<Strategy> strategy, HostOptions options)
    : strategy_(std::move(strategy)), options_(std::move(options)) {
    for (const InstrumentId instrument : options_.instruments) {
        if (instrument.value() >= heard_.size()) heard_.resize(instrument.value() + std::size_t{1});
        heard_[instrument.value()] = true;
    }
    for (const Quantity lot : options_.lots)
        MILLRACE_ASSERT(lot.raw() > 0, "a lot of nothing");
}

engine::NounSet StrategyHost::wants() const {
    using model::Noun;
    return {Noun::instrument, Noun::quote,       Noun::trade,
            Noun::bar,        Noun::book_update, Noun::order,
            Noun::fill,       Noun::command,     Noun::corporate_action};
}

template <class Call>
void StrategyHost::call(engine::Context& context, Call tell) {
    context_ = &context;
    strategy_->trading_ = this;
    // The strategy may throw an assertion: the pointers must not survive the call in any case.
    struct Release {
        StrategyHost& host;
        ~Release() {
            host.context_ = nullptr;
            host.strategy_->trading_ = nullptr;
        }
    } release{*this};
    if (!started_) {
        started_ = true;
        strategy_->on_start();
    }
    tell();
}

inline bool StrategyHost::hears(InstrumentId instrument) const {
    if (options_.instruments.empty()) return true;
    return instrument.value() < heard_.size() && heard_[instrument.value()];
}

void StrategyHost::on_quote(const model::Quote& quote, engine::Context& context) {
    if (stopped_ || !hears(quote.instrument)) return;
    call(context, [&] { strategy_->on_quote(quote); });
}

void StrategyHost::on_record(const engine::Record& record, engine::Context& context) {
    if (stopped_) return;
    if (record.noun == model::Noun::fill) {
        const auto& fill = record.as<model::Fill>();
        if (fill.strategy != options_.strategy) return;
        take_fill(fill);
        call(context, [&] { strategy_->on_fill(fill); });
    } else if (record.noun == model::Noun::order) {
        const auto& order = record.as<model::Order>();
        if (order.strategy != options_.strategy || order.status == model::OrderStatus::pending ||
            order.status == model::OrderStatus::cancel_requested)
            return;  // another's, or our own words
        take_report(order);
        call(context, [&] { strategy_->on_order(order); });
    } else if (record.noun == model::Noun::instrument) {
        const auto& instrument = record.as<model::Instrument>();
        if (hears(instrument.id)) instruments_.push_back(instrument);
    } else if (record.noun == model::Noun::command) {
        on_command(record.as<model::Command>(), context);
    } else if (record.noun == model::Noun::corporate_action) {
        on_action(record.as<model::CorporateAction>(), context);
    } else {
        on_market(record, context);
    }
}

void StrategyHost::on_market(const engine::Record& record, engine::Context& context) {
    if (record.noun == model::Noun::bar) {
        const auto& bar = record.as<model::Bar>();
        if (hears(bar.instrument)) call(context, [&] { strategy_->on_bar(bar); });
    } else if (record.noun == model::Noun::trade) {
        const auto& trade = record.as<model::Trade>();
        if (hears(trade.instrument)) call(context, [&] { strategy_->on_trade(trade); });
    } else if (record.noun == model::Noun::book_update) {
        const auto& update = record.as<model::BookUpdate>();
        if (hears(update.instrument)) call(context, [&] { strategy_->on_book(update); });
    }
}

void StrategyHost::on_action(const model::CorporateAction& action, engine::Context& context) {
    if (model::is_split(action) && !held(action.instrument).is_zero()) {
        const auto after = model::quantity_after(action, held(action.instrument));
        MILLRACE_ASSERT(after, "a position is out of range");
        positions_[action.instrument.value()] = *after;
    }
    if (hears(action.instrument)) call(context, [&] { strategy_->on_corporate_action(action); });
}

// "stop" ends the strategy named as target, in order; a run ends every strategy with it.
void StrategyHost::on_command(const model::Command& command, engine::Context& context) {
    if (command.name != Text<32>("stop-strategy")) return;
    if (!command.target.empty() && command.target.view() != options_.name) return;
    call(context, [&] { strategy_->on_stop(); });
    stopped_ = true;
}

void StrategyHost::on_timer(std::uint64_t token, engine::Context& context) {
    if (stopped_) return;
    call(context, [&] { strategy_->on_timer(token); });
}

void StrategyHost::take_fill(const model::Fill& fill) {
    const std::size_t index = fill.instrument.value();
    if (index >= positions_.size()) positions_.resize(index + 1);
    const Quantity change = fill.side == model::Side::buy ? fill.quantity : -fill.quantity;
    const auto sum = add(positions_[index], change);
    MILLRACE_ASSERT(sum, "a position is out of range");
    positions_[index] = *sum;
}

void StrategyHost::take_report(const model::Order& order) {
    model::Order* known = working_.find(order.order_id);
    if (known == nullptr) return;
    if (is_over(order.status))
        working_.remove(order.order_id);
    else
        *known = order;
}

Time StrategyHost::now() const {
    return context_->now();
}

Quantity StrategyHost::held(InstrumentId instrument) const {
    return instrument.value() < positions_.size() ? positions_[instrument.value()] : Quantity();
}

Quantity StrategyHost::lot_of(InstrumentId instrument) const {
    return instrument.value() < options_.lots.size() ? options_.lots[instrument.value()]
                                                     : Quantity::whole(1);
}

// Toward zero where a lot does not divide what is held.
Quantity StrategyHost::position(InstrumentId instrument) const {
    if (options_.lots.empty()) [[likely]]
        return held(instrument);
    const auto lots = multiply_divide(held(instrument).raw(), Quantity::kOne,
                                      lot_of(instrument).raw(), Rounding::toward_zero);
    MILLRACE_ASSERT(lots, "a position in lots is out of range");
    return Quantity::from_raw(*lots);
}

Quantity StrategyHost::units_of(InstrumentId instrument, Quantity lots) const {
    if (options_.lots.empty()) [[likely]]
        return lots;
    const auto units = multiply_divide(lots.raw(), lot_of(instrument).raw(), Quantity::kOne,
                                       Rounding::toward_zero);
    MILLRACE_ASSERT(units, "a quantity of lots is out of range");
    return Quantity::from_raw(*units);
}

OrderId StrategyHost::submit(InstrumentId instrument, model::Side side, Quantity quantity,
                             const OrderTerms& terms) {
    const OrderId number = (std::uint64_t{options_.strategy.value()} << kCounterBits) + ++orders_;
    if (!is_live()) return number;
    MILLRACE_ASSERT(working_.size() < kWorkingMax, "a strategy has more than 4096 working orders");
    model::Order order;
    order.known_at = now();
    order.order_id = number;
    order.parent_id = terms.parent_id;
    order.group_id = terms.group_id;
    order.quantity = units_of(instrument, quantity);
    // Whoever gives back all that position() told gives back what a lot does not divide, too.
    const Quantity all = position(instrument);
    if (terms.reduce_only && (quantity == all || quantity == -all))
        order.quantity = all.is_negative() ? -held(instrument) : held(instrument);
    if (terms.display_quantity.has_value())
        order.display_quantity = units_of(instrument, terms.display_quantity.value());
    order.limit_price = terms.limit_price;
    order.stop_price = terms.stop_price;
    order.trail = terms.trail;
    order.expires_at = terms.expires_at;
    order.instrument = instrument;
    order.strategy = options_.strategy;
    order.account = options_.account;
    order.side = side;
    order.type = terms.type;
    order.time_in_force = terms.time_in_force;
    order.status = model::OrderStatus::pending;
    order.contingency = terms.contingency;
    order.trail_unit = terms.trail_unit;
    order.reduce_only = terms.reduce_only;
    order.post_only = terms.post_only;
    working_.add(order);
    context_->emit(order);
    return number;
}

void StrategyHost::cancel(OrderId order) {
    const model::Order* known = working_.find(order);
    if (known == nullptr) return;
    model::Order request = *known;
    request.known_at = now();
    request.status = model::OrderStatus::cancel_requested;
    context_->emit(request);
}

void StrategyHost::signal(const model::Signal& signal) {
    if (!is_live()) return;
    model::Signal numbered = signal;
    numbered.known_at = now();
    numbered.signal_id = (std::uint64_t{options_.strategy.value()} << kCounterBits) + ++signals_;
    numbered.strategy = options_.strategy;
    if (signal.quantity.has_value())
        numbered.quantity = units_of(signal.instrument, signal.quantity.value());
    context_->emit(numbered);
}

void StrategyHost::set_timer(Time due, std::uint64_t token) {
    context_->set_timer(due, token);
}

void StrategyHost::cancel_timer(std::uint64_t token) {
    context_->cancel_timer(token);
}

Random& StrategyHost::random() {
    return context_->random();
}

std::uint64_t StrategyHost::new_group() {
    return (std::uint64_t{options_.strategy.value()} << kCounterBits) + kFirstGroup + ++groups_;
}

void StrategyHost::save(engine::StateWriter& writer) const {
    writer.put(orders_);
    writer.put(signals_);
    writer.put(groups_);
    writer.put(static_cast<std::uint8_t>((started_ ? 1 : 0) + (stopped_ ? 2 : 0)));
    // The parameters belong to the state: a loaded strategy with others would be another one.
    for (const Parameter* parameter : strategy_->parameters())
        writer.put_text(parameter->text());
    writer.put(std::uint64_t{positions_.size()});
    for (const Quantity position : positions_)
        writer.put(position);
    writer.put(std::uint64_t{working_.size()});
    for (const model::Order& order : working_.all())
        writer.put_noun(order);
    writer.put(std::uint64_t{instruments_.size()});
    for (const model::Instrument& instrument : instruments_)
        writer.put_noun(instrument);
    strategy_->save(writer);
}

void StrategyHost::load(engine::StateReader& reader) {
    orders_ = reader.get<std::uint64_t>();
    signals_ = reader.get<std::uint64_t>();
    groups_ = reader.get<std::uint64_t>();
    const auto flags = reader.get<std::uint8_t>();
    started_ = (flags & 1) != 0;
    stopped_ = (flags & 2) != 0;
    for (Parameter* parameter : strategy_->parameters())
        (void)parameter->set(reader.get_text());
    positions_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (Quantity& position : positions_)
        position = reader.get<Quantity>();
    working_.clear();
    const auto working = std::min<std::uint64_t>(reader.get<std::uint64_t>(), kWorkingMax);
    for (std::uint64_t i = 0; i < working && !reader.failed(); ++i)
        working_.add(reader.get_noun<model::Order>());
    instruments_.resize(std::min<std::uint64_t>(reader.get<std::uint64_t>(), reader.left()));
    for (model::Instrument& instrument : instruments_)
        instrument = reader.get_noun<model::Instrument>();
    strategy_->load(reader);
}

}  // namespace millrace::strategy
