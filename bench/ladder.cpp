// Ladder: what each layer of an engine costs when it is written by hand for exactly one purpose, a
// level above the other: a look-up and two averages, the strategy behind a virtual call, the best
// prices and resting orders, the order path (checks, pool, 50 us to the market, deals), equity and
// its fall, journal words and a hash. Nothing here is general or checked; it says how much room
// there is above Simulation, on the same market. `maker` is the top level under a market maker that
// quotes both sides anew at every eighth quote of an instrument: a quarter of an order a quote.
#include <array>
#include <benchmark/benchmark.h>
#include <memory>

#include "millrace/base/hash.hpp"

#include "bench/quotes.hpp"
#include "bench/report.hpp"

namespace millrace::bench {
namespace {

constexpr std::uint32_t kInstrumentsMax = 1'024;
constexpr std::size_t kEvents = 1 << 20;
constexpr std::int64_t kOnTheWayNs = 50'000;

enum Level { averages = 1, strategy, book, orders, equity, journal };

struct Tick {
    std::int64_t time = 0;
    std::int32_t bid = 0, ask = 0;
    std::uint32_t bid_size = 0, ask_size = 0;
    std::uint32_t instrument = 0, sequence = 0;
};

std::vector<Tick> make_ticks(std::uint32_t instruments) {
    constexpr auto kCents = [](Price price) {
        return static_cast<std::int32_t>(price.raw() / (Price::kOne / 100));
    };
    std::vector<Tick> made;
    made.reserve(kEvents);
    for (const model::Quote& quote : make_quotes(kEvents, instruments))
        made.push_back({quote.known_at.ns(), kCents(quote.bid), kCents(quote.ask), 1, 1,
                        quote.instrument.value(), static_cast<std::uint32_t>(made.size())});
    return made;
}

const std::vector<Tick>& ticks_of(std::uint32_t instruments) {
    static const std::vector<Tick> kOfMany = make_ticks(kInstrumentsMax);
    static const std::vector<Tick> kOfFew = make_ticks(64);
    return instruments == kInstrumentsMax ? kOfMany : kOfFew;
}

struct Order {
    std::uint64_t number = 0;
    std::int64_t due = 0;
    std::uint32_t instrument = 0;
    std::int32_t price = 0;
    std::int32_t quantity = 0;  // negative sells
};

struct alignas(128) State {
    std::int32_t bid = 0, ask = 0;
    double fast = 0, slow = 0;
    std::int64_t held = 0;
    std::int64_t doubled_middle = 0;
    double entry = 0, realised = 0;
    std::array<Order*, 2> resting{};
    std::uint32_t resting_count = 0;
    std::uint32_t on_the_way = 0;
    std::uint32_t seen = 0;
};

class Desk;

class Hearer {
  public:
    virtual ~Hearer() = default;
    virtual void on_tick(Desk& desk, State& state, const Tick& tick) = 0;
    virtual void on_deal(Desk& desk, State& state, const Order& order) = 0;
};

// All that is not a strategy.
class Desk {
  public:
    Desk() : states_(kInstrumentsMax), pool_(kPlaces), way_(kPlaces), words_(1 << 17) {
        for (Order& order : pool_)
            free_.push_back(&order);
    }

    template <int L>
    void run(const std::vector<Tick>& market, const std::vector<std::unique_ptr<Hearer>>& hearers) {
        for (const Tick& tick : market) {
            now_ = tick.time;
            State& state = states_[tick.instrument];
            if constexpr (L >= book) {
                state.bid = tick.bid;
                state.ask = tick.ask;
            }
            if constexpr (L >= orders) arrive<L>(hearers);
            if constexpr (L >= book)
                if (state.resting_count > 0) match<L>(state, *hearers[tick.instrument]);
            if constexpr (L >= equity) mark(state);
            hearers[tick.instrument]->on_tick(*this, state, tick);
        }
    }

    template <int L>
    bool submit(State& state, std::uint32_t instrument, std::int32_t price, std::int32_t quantity) {
        const std::int64_t after = state.held + quantity;
        const bool refused = after > kHeldMax || after < -kHeldMax || price > state.ask * 2 ||
                             price * 2 < state.bid || free_.empty();
        if (refused) return false;
        Order* order = free_.back();
        free_.pop_back();
        *order = {++numbers_, now_ + kOnTheWayNs, instrument, price, quantity};
        way_[sent_++ & (kPlaces - 1)] = order;
        ++state.on_the_way;
        if constexpr (L >= journal) note(1, *order);
        return true;
    }
    void cancel_all(State& state) {
        while (state.resting_count > 0)
            free_.push_back(state.resting[--state.resting_count]);
    }

    [[nodiscard]] std::uint64_t orders_sent() const { return numbers_; }
    [[nodiscard]] std::uint64_t deals() const { return deals_; }
    [[nodiscard]] std::uint64_t outcome() const {
        return hash_ ^ deals_ ^ static_cast<std::uint64_t>(fall_);
    }

  private:
    static constexpr std::size_t kPlaces = 1 << 16;
    static constexpr std::int64_t kHeldMax = 5;

    template <int L>
    void arrive(const std::vector<std::unique_ptr<Hearer>>& hearers) {
        while (arrived_ != sent_) {
            Order* order = way_[arrived_ & (kPlaces - 1)];
            if (order->due > now_) return;
            ++arrived_;
            State& state = states_[order->instrument];
            --state.on_the_way;
            if constexpr (L >= journal) note(2, *order);
            if (order->quantity > 0 ? order->price >= state.ask : order->price <= state.bid)
                deal<L>(state, order, order->quantity > 0 ? state.ask : state.bid,
                        *hearers[order->instrument]);
            else if (state.resting_count < state.resting.size())
                state.resting[state.resting_count++] = order;
            else
                free_.push_back(order);
        }
    }
    template <int L>
    void match(State& state, Hearer& hearer) {
        for (std::uint32_t i = 0; i < state.resting_count;) {
            Order* order = state.resting[i];
            if (order->quantity > 0 ? state.ask <= order->price : state.bid >= order->price) {
                state.resting[i] = state.resting[--state.resting_count];
                deal<L>(state, order, order->price, hearer);
            } else {
                ++i;
            }
        }
    }
    template <int L>
    void deal(State& state, Order* order, std::int32_t price, Hearer& hearer) {
        const std::int64_t after = state.held + order->quantity;
        if constexpr (L >= equity) {
            const bool closes = (state.held > 0) == (order->quantity < 0) && state.held != 0;
            if (closes)
                state.realised -= (price - state.entry) * order->quantity;
            else
                state.entry = (state.entry * static_cast<double>(state.held) +
                               static_cast<double>(price) * order->quantity) /
                              static_cast<double>(after);
            doubled_equity_ += order->quantity * (state.doubled_middle - 2 * std::int64_t{price});
        }
        state.held = after;
        ++deals_;
        if constexpr (L >= journal) note(3, *order);
        hearer.on_deal(*this, state, *order);
        free_.push_back(order);
    }
    void mark(State& state) {
        const std::int64_t middle = std::int64_t{state.bid} + state.ask;
        doubled_equity_ += state.held * (middle - state.doubled_middle);
        state.doubled_middle = middle;
        peak_ = std::max(peak_, doubled_equity_);
        fall_ = std::max(fall_, peak_ - doubled_equity_);
    }
    void note(std::uint64_t kind, const Order& order) {
        if (used_ + 4 > words_.size()) used_ = 0;
        words_[used_] = kind;
        words_[used_ + 1] = order.number;
        words_[used_ + 2] = order.instrument;
        words_[used_ + 3] = static_cast<std::uint32_t>(order.price);
        used_ += 4;
        hash_ = fold_multiply(hash_ ^ kind ^ order.number, 0x9e3779b97f4a7c15);
        hash_ = fold_multiply(hash_ ^ order.instrument, static_cast<std::uint64_t>(order.price));
    }

    std::vector<State> states_;
    std::vector<Order> pool_;
    std::vector<Order*> free_;
    std::vector<Order*> way_;  // a ring
    std::vector<std::uint64_t> words_;
    std::size_t sent_ = 0, arrived_ = 0, used_ = 0;
    std::int64_t now_ = 0;
    std::uint64_t numbers_ = 0, deals_ = 0, hash_ = 1;
    std::int64_t doubled_equity_ = 0, peak_ = 0, fall_ = 0;
};

void follow(State& state, const Tick& tick) {
    const double middle = 0.5 * (tick.bid + tick.ask);
    state.fast += 2.0 / 21 * (middle - state.fast);
    state.slow += 2.0 / 101 * (middle - state.slow);
}

template <int L>
class Crosser final : public Hearer {
  public:
    void on_tick(Desk& desk, State& state, const Tick& tick) override {
        follow(state, tick);
        const std::int64_t wanted = state.fast > state.slow ? 1 : -1;
        if (wanted == state.held) return;
        if constexpr (L >= orders) {
            if (state.on_the_way > 0 || state.resting_count > 0) return;
            const auto quantity = static_cast<std::int32_t>(wanted - state.held);
            desk.submit<L>(state, tick.instrument, quantity > 0 ? tick.ask * 2 : tick.bid / 2 + 1,
                           quantity);
        } else {
            state.held = wanted;
        }
    }
    void on_deal(Desk& /*desk*/, State& /*state*/, const Order& /*order*/) override {}
};

class Maker final : public Hearer {
  public:
    void on_tick(Desk& desk, State& state, const Tick& tick) override {
        follow(state, tick);
        if ((++state.seen & 7U) != 0) return;
        desk.cancel_all(state);
        if (state.on_the_way > 0) return;
        desk.submit<journal>(state, tick.instrument, tick.bid, 1);
        desk.submit<journal>(state, tick.instrument, tick.ask, -1);
    }
    void on_deal(Desk& /*desk*/, State& /*state*/, const Order& /*order*/) override {}
};

template <int L, class Made>
void climb(benchmark::State& state) {
    const auto instruments = static_cast<std::uint32_t>(state.range(0));
    const std::vector<Tick>& market = ticks_of(instruments);
    std::vector<std::unique_ptr<Hearer>> hearers;
    for (std::uint32_t i = 0; i < instruments; ++i)
        hearers.push_back(std::make_unique<Made>());
    std::uint64_t sent = 0, deals = 0;
    for (auto _ : state) {
        state.PauseTiming();
        auto desk = std::make_unique<Desk>();
        state.ResumeTiming();
        desk->run<L>(market, hearers);
        benchmark::DoNotOptimize(desk->outcome());
        sent = desk->orders_sent();
        deals = desk->deals();
    }
    const auto events = static_cast<std::int64_t>(market.size());
    state.SetItemsProcessed(state.iterations() * events);
    show(state, "orders an event", static_cast<double>(sent) / static_cast<double>(events));
    show(state, "deals an event", static_cast<double>(deals) / static_cast<double>(events));
}
BENCHMARK(climb<strategy, Crosser<strategy>>)->Name("Ladder/strategy")->Arg(kInstrumentsMax);
BENCHMARK(climb<book, Crosser<book>>)->Name("Ladder/with_book")->Arg(kInstrumentsMax);
BENCHMARK(climb<orders, Crosser<orders>>)->Name("Ladder/with_orders")->Arg(kInstrumentsMax);
BENCHMARK(climb<equity, Crosser<equity>>)->Name("Ladder/with_equity")->Arg(kInstrumentsMax);
BENCHMARK(climb<journal, Crosser<journal>>)->Name("Ladder/with_hash")->Arg(kInstrumentsMax);
BENCHMARK(climb<journal, Maker>)->Name("Ladder/maker")->Arg(64)->Arg(kInstrumentsMax);

}  // namespace
}  // namespace millrace::bench
