// The engine of a trial and its venue without friction. An assertion of the strategy is thrown
// again here, so that a test shows it instead of a strategy that fell silent.
#include "millrace/core/strategy/strategy_trial.hpp"

#include "millrace/core/strategy/strategy_host.hpp"

namespace millrace::strategy {
namespace {

constexpr StrategyId kStrategy(1);
constexpr std::size_t kOrdersMax = 100'000;  // a strategy that answers its own fills for ever

}  // namespace

StrategyTrial::StrategyTrial(std::unique_ptr<Strategy> strategy, Time live_from)
    : live_from_(live_from), engine_(engine_of(std::move(strategy))) {
    model::Instrument instrument;
    instrument.symbol = "TEST";
    instrument.currency = "USD";
    instrument.price_increment = Price::whole(1);
    instrument.quantity_increment = Quantity::from_raw(1);
    instrument.multiplier = Ratio::whole(1);
    tell(instrument);
}

std::unique_ptr<engine::Engine> StrategyTrial::engine_of(std::unique_ptr<Strategy> strategy) {
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<StrategyHost>(
        std::move(strategy), HostOptions{kStrategy, AccountId(0), "on-trial", {}, live_from_}));
    return std::make_unique<engine::Engine>(std::move(components), 1);
}

void StrategyTrial::bar(Price close) {
    model::Bar bar;
    bar.known_at = Time() + Duration::minutes(++minutes_);
    bar.open = bar.high = bar.low = bar.close = close;
    last_price_ = close;
    tell(bar);
}

void StrategyTrial::quote(Price bid, Price ask) {
    model::Quote quote;
    quote.known_at = Time() + Duration::minutes(++minutes_);
    quote.bid = bid;
    quote.ask = ask;
    last_price_ = bid;
    tell(quote);
}

void StrategyTrial::fill(const model::Order& order) {
    deal(model::Order(order));  // it may be one of orders(), which grow
    settle();
}

// The deal first, then the order's report, as venues send them.
void StrategyTrial::deal(const model::Order& order) {
    model::Fill fill;
    fill.known_at = now();
    fill.fill_id = ++fills_;
    fill.order_id = order.order_id;
    fill.quantity = order.quantity;
    fill.price = order.limit_price.value_or(last_price_);
    fill.instrument = order.instrument;
    fill.side = order.side;
    fill.strategy = kStrategy;
    const auto sum =
        add(position_, order.side == model::Side::buy ? fill.quantity : -fill.quantity);
    MILLRACE_ASSERT(sum, "the position of a trial is out of range");
    position_ = *sum;
    apply(engine::record_of(fill));
    model::Order report = order;
    report.known_at = now();
    report.status = model::OrderStatus::filled;
    report.filled_quantity = order.quantity;
    apply(engine::record_of(report));
}

void StrategyTrial::restart(std::unique_ptr<Strategy> fresh) {
    engine::StateWriter writer;
    engine_->save(writer);
    auto next = engine_of(std::move(fresh));
    engine::StateReader reader(writer.bytes());
    const auto loaded = next->load(reader);
    if (!loaded) throw AssertionFailed("a trial cannot restart: " + loaded.error().what);
    engine_ = std::move(next);
}

void StrategyTrial::apply(const engine::Record& record) {
    engine_->apply({engine_->sequence() + 1, record}, *this);
    if (!engine_->stopped().empty()) throw AssertionFailed(engine_->stopped().front().report);
}

// Answers every order that was not answered yet, and those that the answers bring about.
void StrategyTrial::settle() {
    while (answered_ < orders_.size()) {
        MILLRACE_ASSERT(answered_ < kOrdersMax, "more than 100,000 orders in one trial");
        const model::Order order = orders_[answered_++];
        if (order.status == model::OrderStatus::cancel_requested) {
            model::Order report = order;
            report.known_at = now();
            report.status = model::OrderStatus::cancelled;
            apply(engine::record_of(report));
        } else if (order.type == model::OrderType::market) {
            deal(order);
        }
    }
}

void StrategyTrial::take(std::span<const engine::Effect> effects) {
    for (const engine::Effect& effect : effects) {
        if (effect.record.noun == model::Noun::signal)
            signals_.push_back(effect.record.as<model::Signal>());
        if (effect.record.noun == model::Noun::order)
            orders_.push_back(effect.record.as<model::Order>());
    }
}

}  // namespace millrace::strategy
