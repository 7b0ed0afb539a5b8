// Engine: what the apply loop costs. One item is one quote of 48 bytes out of a million of 1,024
// instruments, prepared in memory (more than the caches hold), each applied as one input: sequence
// check, clock, running hash, dispatch. There is no book, matching, fee or order here, so this is
// not yet a backtest's speed. Every turn is a new engine over all quotes and must end in the same
// hash.
#include <benchmark/benchmark.h>
#include <optional>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/edge/store/journal_writer.hpp"

#include "bench/forgetful_disk.hpp"
#include "bench/quotes.hpp"
#include "bench/report.hpp"

namespace millrace::bench {
namespace {

using engine::Component;
using engine::Context;
using engine::Engine;
using engine::Record;
using model::Noun;

constexpr std::uint64_t kSeed = 1;

const std::vector<model::Quote>& quotes() {
    static const std::vector<model::Quote> kMade = make_quotes(1'000'000, 1'024);
    return kMade;
}

class ForgettingSink : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> /*effects*/) override {}
};

// The least that a component can be: it counts one noun.
class QuoteCounter : public Component {
  public:
    [[nodiscard]] std::string_view name() const override { return "quote_counter"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::observer; }
    [[nodiscard]] engine::NounSet wants() const override { return {Noun::quote}; }
    void on_record(const Record& /*record*/, Context& /*context*/) override { ++count_; }
    void save(engine::StateWriter& writer) const override { writer.put(count_); }
    void load(engine::StateReader& reader) override { count_ = reader.get<std::uint64_t>(); }

  private:
    std::uint64_t count_ = 0;
};

// Sets a timer at every quote, due as many quotes later as it is made for: so many are pending, and
// one fires at each quote.
class Sleeper : public Component {
  public:
    explicit Sleeper(std::int64_t pending) : delay_(Duration::microseconds(pending)) {}
    [[nodiscard]] std::string_view name() const override { return "sleeper"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::observer; }
    [[nodiscard]] engine::NounSet wants() const override { return {Noun::quote}; }
    void on_record(const Record& /*record*/, Context& context) override {
        context.set_timer(context.now() + delay_, ++tokens_);
    }
    void on_timer(std::uint64_t token, Context& /*context*/) override { fired_ += token; }
    void save(engine::StateWriter& writer) const override {
        writer.put(tokens_);
        writer.put(fired_);
    }
    void load(engine::StateReader& reader) override {
        tokens_ = reader.get<std::uint64_t>();
        fired_ = reader.get<std::uint64_t>();
    }

  private:
    Duration delay_;
    std::uint64_t tokens_ = 0;
    std::uint64_t fired_ = 0;
};

std::unique_ptr<Engine> engine_of(std::unique_ptr<Component> component) {
    std::vector<std::unique_ptr<Component>> components;
    if (component) components.push_back(std::move(component));
    return std::make_unique<Engine>(std::move(components), kSeed);
}

// Feeds all quotes to new engines, `before` each input doing what else belongs to it.
template <class Make, class Before>
void apply_all(benchmark::State& state, Make make, Before before) {
    const std::vector<model::Quote>& market = quotes();
    ForgettingSink sink;
    std::optional<std::uint64_t> hash;
    for (auto _ : state) {
        const std::unique_ptr<Engine> engine = make();
        std::uint64_t sequence = 0;
        for (const model::Quote& quote : market) {
            const engine::Input input{++sequence, engine::record_of(quote), 0, 0};
            before(input);
            engine->apply(input, sink);
        }
        if (!hash) hash = engine->running_hash();
        if (*hash != engine->running_hash() || !engine->stopped().empty())
            return state.SkipWithError("two turns over the same quotes came to different ends");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(market.size()));
}

constexpr auto kNothing = [](const engine::Input& /*input*/) {};

void no_component(benchmark::State& state) {
    apply_all(state, [] { return engine_of(nullptr); }, kNothing);
}
BENCHMARK(no_component)->Name("Engine/no_component");

void one_component(benchmark::State& state) {
    apply_all(state, [] { return engine_of(std::make_unique<QuoteCounter>()); }, kNothing);
    hold_to_ns(state, 25);
}
BENCHMARK(one_component)->Name("Engine/one_component");

void census(benchmark::State& state) {
    apply_all(state, [] { return engine_of(std::make_unique<engine::Census>()); }, kNothing);
}
BENCHMARK(census)->Name("Engine/census");

// With the journal's records made and checksummed in memory, but written nowhere.
void census_and_journal(benchmark::State& state) {
    ForgetfulDisk disk;
    std::unique_ptr<store::JournalWriter> journal;
    const auto make = [&] {
        auto opened = store::JournalWriter::open(disk, "journal", {}, {}, {});
        MILLRACE_ASSERT(opened.has_value(), "the forgetful disk refuses nothing");
        journal = std::move(*opened);
        return engine_of(std::make_unique<engine::Census>());
    };
    apply_all(state, make, [&](const engine::Input& input) {
        if (journal->append(input)) return;
        const bool taken = journal->commit() && journal->append(input);
        MILLRACE_ASSERT(taken, "the forgetful disk takes everything");
    });
    compare_with(state, "Engine/census");
}
BENCHMARK(census_and_journal)->Name("Engine/census_and_journal");

// One timer set and one fired at every quote, with so many pending.
void timers(benchmark::State& state) {
    apply_all(
        state, [&] { return engine_of(std::make_unique<Sleeper>(state.range(0))); }, kNothing);
    compare_with(state, "Engine/one_component");
}
BENCHMARK(timers)->Name("Engine/set_and_fire_timer")->Arg(8)->Arg(1'024);

}  // namespace
}  // namespace millrace::bench
