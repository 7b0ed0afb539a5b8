// Guardian: what judging costs. Quotes: one item is one quote of a million of 1,024 instruments
// through the engine, with nobody, with a guardian without positions, and with one that keeps the
// worth of 1,024 of them. Orders: one item is a whole short life (judged, accepted, dealt, ended:
// three inputs) or one refusal, under all limits that have a default; the same three inputs
// through an engine with nobody stand beside it.
#include <benchmark/benchmark.h>

#include "millrace/core/engine/engine.hpp"
#include "millrace/core/risk/guardian.hpp"

#include "bench/quotes.hpp"
#include "bench/report.hpp"

namespace millrace::bench {
namespace {

using engine::Engine;

constexpr std::uint32_t kInstruments = 1'024;

class Books final : public risk::AccountView {
  public:
    [[nodiscard]] Maybe<Money> equity(AccountId /*account*/) const override { return kHas; }
    [[nodiscard]] Maybe<Money> paid_in(AccountId /*account*/) const override { return kHas; }
    [[nodiscard]] Maybe<Money> cash(AccountId /*account*/) const override { return kHas; }
    [[nodiscard]] Maybe<Money> profit(AccountId /*account*/,
                                      StrategyId /*strategy*/) const override {
        return Money();
    }
    [[nodiscard]] Maybe<Money> convert(Money amount, Code /*from*/, Code /*to*/) const override {
        return amount;
    }

  private:
    static constexpr Money kHas = Money::whole(1'000'000'000);
};

class ForgettingSink : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> /*effects*/) override {}
};

const std::vector<model::Quote>& quotes() {
    static const std::vector<model::Quote> kMade = make_quotes(1'000'000, kInstruments);
    return kMade;
}

// An engine at the moment before the first quote.
class Stage {
  public:
    // Default limits; of what would bind here, so much that it does not.
    explicit Stage(bool is_guarded) {
        std::vector<std::unique_ptr<engine::Component>> components;
        if (is_guarded) {
            risk::GuardianSettings settings;
            risk::LimitSet limits = risk::default_limits();
            limits[risk::Limit::strategy_order_rate] = 10'000;
            limits[risk::Limit::account_order_rate] = 10'000;
            for (const risk::LimitDescription& known : risk::limits())
                if (limits.has(known.limit))
                    settings.limits.push_back(
                        {risk::ScopeKind::global, {}, known.limit, limits[known.limit]});
            auto guardian = std::make_unique<risk::Guardian>(std::move(settings), books_);
            guardian_ = guardian.get();
            components.push_back(std::move(guardian));
        }
        engine_ = std::make_unique<Engine>(std::move(components), 1);
        const Time begin = quotes().front().known_at;
        model::Account account;
        account.known_at = begin;
        account.name = "main";
        account.currency = "USD";
        tell(account);
        for (std::uint32_t number = 0; number < kInstruments; ++number) {
            model::Instrument instrument;
            instrument.known_at = begin;
            instrument.id = InstrumentId(number);
            instrument.symbol = Text<32>::from("I" + std::to_string(number)).value();
            instrument.currency = "USD";
            instrument.price_increment = Price::from_raw(Price::kOne / 100);
            instrument.quantity_increment = Quantity::whole(1);
            instrument.multiplier = Ratio::whole(1);
            tell(instrument);
        }
    }

    template <class Noun>
    void tell(const Noun& noun) {
        engine_->apply({engine_->sequence() + 1, engine::record_of(noun), 0, 0}, sink_);
    }
    void hold_everything() {
        for (std::uint32_t number = 0; number < kInstruments; ++number)
            deal(++orders_, number, model::Side::buy);
    }
    void deal(std::uint64_t order, std::uint32_t instrument, model::Side side) {
        model::Fill fill;
        fill.known_at = engine_->now();
        fill.fill_id = order;
        fill.order_id = order;
        fill.quantity = Quantity::whole(1);
        fill.price = Price::whole(100);
        fill.instrument = InstrumentId(instrument);
        fill.side = side;
        tell(fill);
    }
    [[nodiscard]] model::Order order(std::uint32_t instrument, model::Side side) {
        model::Order order;
        order.known_at = engine_->now() + Duration::milliseconds(1);
        order.order_id = ++orders_;
        order.quantity = Quantity::whole(1);
        order.time_in_force = model::TimeInForce::gtc;
        order.instrument = InstrumentId(instrument);
        order.side = side;
        return order;
    }
    [[nodiscard]] const risk::Guardian& guardian() const { return *guardian_; }
    [[nodiscard]] const Engine& engine() const { return *engine_; }

  private:
    Books books_;
    ForgettingSink sink_;
    risk::Guardian* guardian_ = nullptr;
    std::unique_ptr<Engine> engine_;
    std::uint64_t orders_ = 0;
};

void tell_quotes(benchmark::State& state, bool is_guarded, bool holds) {
    for (auto _ : state) {
        state.PauseTiming();
        Stage stage(is_guarded);
        if (holds) stage.hold_everything();
        state.ResumeTiming();
        for (const model::Quote& quote : quotes())
            stage.tell(quote);
        if (!stage.engine().stopped().empty()) return state.SkipWithError("it had to be stopped");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(quotes().size()));
}

void quotes_unguarded(benchmark::State& state) {
    tell_quotes(state, false, false);
}
BENCHMARK(quotes_unguarded)->Name("Guardian/quotes_unguarded");

void quotes_flat(benchmark::State& state) {
    tell_quotes(state, true, false);
    compare_with(state, "Guardian/quotes_unguarded");
}
BENCHMARK(quotes_flat)->Name("Guardian/quotes_flat");

void quotes_held(benchmark::State& state) {
    tell_quotes(state, true, true);
    compare_with(state, "Guardian/quotes_unguarded");
}
BENCHMARK(quotes_held)->Name("Guardian/quotes_held");

// After one quote of each instrument, so that there are prices.
void live(benchmark::State& state, bool is_guarded, std::int64_t quantity) {
    Stage stage(is_guarded);
    for (std::uint32_t number = 0; number < kInstruments; ++number) {
        model::Quote quote = quotes().front();
        quote.instrument = InstrumentId(number);
        stage.tell(quote);
    }
    std::uint32_t at = 0;
    for (auto _ : state) {
        const std::uint32_t instrument = (at * 7) % kInstruments;
        const auto side = (at / kInstruments) % 2 == 0 ? model::Side::buy : model::Side::sell;
        ++at;
        if (at % 4'000 == 0) {  // so that no price is too old
            state.PauseTiming();
            for (std::uint32_t number = 0; number < kInstruments; ++number) {
                model::Quote quote = quotes().front();
                quote.known_at = stage.engine().now();
                quote.instrument = InstrumentId(number);
                stage.tell(quote);
            }
            state.ResumeTiming();
        }
        model::Order order = stage.order(instrument, side);
        order.quantity = Quantity::whole(quantity);
        stage.tell(order);
        if (quantity > 1) continue;
        stage.deal(order.order_id, instrument, side);
        order.status = model::OrderStatus::filled;
        order.filled_quantity = order.quantity;
        stage.tell(order);
    }
    state.SetItemsProcessed(state.iterations());
    if (!is_guarded) return;
    const risk::Guardian::Counts& counts = stage.guardian().counts();
    if ((quantity > 1 ? counts.accepted : counts.refused) != 0)
        state.SkipWithError("an order was judged otherwise than it should be");
}

void life_unguarded(benchmark::State& state) {
    live(state, false, 1);
}
BENCHMARK(life_unguarded)->Name("Guardian/life_unguarded");

void life_guarded(benchmark::State& state) {
    live(state, true, 1);
    compare_with(state, "Guardian/life_unguarded");
}
BENCHMARK(life_guarded)->Name("Guardian/life");

void refusal(benchmark::State& state) {
    live(state, true, 20'000);
    compare_with(state, "Guardian/life_unguarded");
}
BENCHMARK(refusal)->Name("Guardian/refusal");

}  // namespace
}  // namespace millrace::bench
