// Hashes, saving and loading: what makes a replay a proof.
#include <cstring>
#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"

#include "tests/support/probe_components.hpp"
#include "tests/support/random_nouns.hpp"

namespace millrace::engine {
namespace {

struct StoredInput {
    Noun noun{};
    model::NounBuffer buffer;
    Origin origin = 0;
    std::uint64_t origin_sequence = 0;
};

// Records of every noun; times that mostly rise, now and then late; numbers that now and then
// repeat.
std::vector<StoredInput> random_history(std::uint64_t seed, std::size_t length) {
    Random random(seed);
    std::vector<StoredInput> history(length);
    std::int64_t ns = 1'000;
    std::array<std::uint64_t, 4> sent{};
    for (StoredInput& input : history) {
        input.noun =
            random.one_in(2) ? Noun::quote : model::all_nouns()[random.below(model::kNounCount)];
        model::fill_randomly(model::description_of(input.noun), random, input.buffer.data());
        ns += random.between(-20, 60);
        std::memcpy(input.buffer.data(), &ns, sizeof ns);
        if (random.one_in(3)) {
            input.origin = static_cast<Origin>(1 + random.below(3));
            std::uint64_t& last = sent[input.origin];
            if (last == 0 || !random.one_in(4)) ++last;
            input.origin_sequence = last;
        }
    }
    return history;
}

void apply(Engine& engine, EffectSink& sink, const StoredInput& input) {
    engine.apply({engine.sequence() + 1,
                  {input.noun, input.buffer.data()},
                  input.origin,
                  input.origin_sequence},
                 sink);
}

std::unique_ptr<Engine> make_engine(std::uint64_t seed = 42) {
    return std::make_unique<Engine>(
        list_of(std::make_unique<Busy>("busy-a"), std::make_unique<Census>(),
                std::make_unique<Busy>("busy-b")),
        seed);
}

std::vector<std::byte> saved(const Engine& engine) {
    StateWriter writer;
    engine.save(writer);
    return {writer.bytes().begin(), writer.bytes().end()};
}

Result<void> load(Engine& engine, std::span<const std::byte> bytes) {
    StateReader reader(bytes);
    return engine.load(reader);
}

std::uint64_t hash_after(const std::vector<StoredInput>& history) {
    const auto engine = make_engine();
    ForgettingSink sink;
    for (const StoredInput& input : history)
        apply(*engine, sink, input);
    return engine->running_hash();
}

TEST(EngineState, A_loaded_engine_goes_on_exactly_as_the_saved_one) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto history = random_history(seed, 150);
        const auto uninterrupted = make_engine();
        auto interrupted = make_engine();
        ForgettingSink sink;
        Random random(seed);
        for (const StoredInput& input : history) {
            if (random.one_in(20)) {
                const auto bytes = saved(*interrupted);
                interrupted = make_engine();
                const auto loaded = load(*interrupted, bytes);
                ASSERT_TRUE(loaded) << "seed " << seed << ' ' << describe(loaded.error());
            }
            apply(*uninterrupted, sink, input);
            apply(*interrupted, sink, input);
            ASSERT_EQ(interrupted->state_hash(), uninterrupted->state_hash()) << "seed " << seed;
            ASSERT_EQ(interrupted->running_hash(), uninterrupted->running_hash())
                << "seed " << seed;
            ASSERT_EQ(interrupted->next_timer(), uninterrupted->next_timer()) << "seed " << seed;
        }
        ASSERT_TRUE(uninterrupted->stopped().empty()) << "seed " << seed;
    }
}

TEST(EngineState, Effects_after_loading_are_the_same_too) {
    const auto history = random_history(7, 400);
    const auto uninterrupted = make_engine();
    ForgettingSink nobody;
    for (std::size_t i = 0; i < 200; ++i)
        apply(*uninterrupted, nobody, history[i]);
    const auto loaded = make_engine();
    ASSERT_TRUE(load(*loaded, saved(*uninterrupted)));
    RememberingSink expected, got;
    for (std::size_t i = 200; i < 400; ++i) {
        apply(*uninterrupted, expected, history[i]);
        apply(*loaded, got, history[i]);
    }
    EXPECT_GT(expected.steps().size(), 100U);
    EXPECT_EQ(got.steps(), expected.steps());
    EXPECT_EQ(got.alerts(), expected.alerts());
}

TEST(EngineState, A_stopped_component_stays_stopped_after_loading) {
    const auto engine_with_a_breaker = [] {
        return std::make_unique<Engine>(
            list_of(std::make_unique<Probe>(
                        "breaker", Stage::market, NounSet{Noun::quote},
                        [](const Record&, Context&) { MILLRACE_ASSERT(false, "broken"); }),
                    std::make_unique<Census>()),
            1);
    };
    const auto engine = engine_with_a_breaker();
    RememberingSink sink;
    feed(*engine, sink, quote_at(1));
    const auto loaded = engine_with_a_breaker();
    ASSERT_TRUE(load(*loaded, saved(*engine)));
    ASSERT_EQ(loaded->stopped().size(), 1U);
    EXPECT_EQ(loaded->stopped()[0].name, "breaker");
    sink.clear();
    feed(*loaded, sink, quote_at(2));
    EXPECT_TRUE(sink.steps().empty());
    feed(*engine, sink, quote_at(2));
    EXPECT_EQ(loaded->state_hash(), engine->state_hash());
}

TEST(EngineState, Is_refused_by_an_engine_of_other_components_or_another_seed) {
    const auto engine = make_engine();
    const auto bytes = saved(*engine);
    Engine fewer(list_of(std::make_unique<Busy>("busy-a"), std::make_unique<Census>()), 42);
    EXPECT_EQ(load(fewer, bytes).error().what,
              "the saved state is of an engine with other components");
    EXPECT_EQ(load(*make_engine(43), bytes).error().what,
              "the saved state is of an engine with other components");
    EXPECT_TRUE(load(*make_engine(), bytes));
}

TEST(EngineState, Is_refused_when_a_byte_lacks_or_is_too_many) {
    const auto engine = make_engine();
    ForgettingSink sink;
    for (const StoredInput& input : random_history(3, 50))
        apply(*engine, sink, input);
    auto bytes = saved(*engine);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_FALSE(load(*make_engine(), std::span(bytes).first(size))) << size;
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(load(*make_engine(), bytes));
}

TEST(EngineState, Is_refused_when_a_timer_belongs_to_no_component) {
    Engine engine(list_of(std::make_unique<Probe>(
                      "sleeper", Stage::market, NounSet{Noun::quote},
                      [](const Record&, Context& context) { context.set_timer(at(9), 1); })),
                  1);
    ForgettingSink sink;
    feed(engine, sink, quote_at(1));
    auto bytes = saved(engine);
    // composition, sequence, now, running hash, count of origins; ordinal, count of timers; due
    constexpr std::size_t kComponentOfTimer = 4 * 8 + 4 + 2 * 8 + 8;
    ASSERT_EQ(bytes[kComponentOfTimer], std::byte{0});
    ASSERT_TRUE(load(engine, bytes));
    bytes[kComponentOfTimer] = std::byte{1};
    EXPECT_EQ(load(engine, bytes).error().what, "the saved state has a timer of no component");
}

TEST(EngineHash, Two_engines_with_the_same_inputs_agree_at_every_step) {
    for (std::uint64_t seed = 100; seed < 110; ++seed) {
        const auto one = make_engine();
        const auto other = make_engine();
        ForgettingSink sink;
        for (const StoredInput& input : random_history(seed, 200)) {
            apply(*one, sink, input);
            apply(*other, sink, input);
            ASSERT_EQ(one->running_hash(), other->running_hash()) << "seed " << seed;
            ASSERT_EQ(one->state_hash(), other->state_hash()) << "seed " << seed;
        }
    }
}

TEST(EngineHash, Differs_when_any_one_input_differs) {
    const auto history = random_history(5, 120);
    const std::uint64_t original = hash_after(history);
    for (std::size_t i = 0; i < history.size(); ++i) {
        auto changed = history;
        changed[i].buffer.bytes[0] ^= std::byte{1};  // of known_at
        EXPECT_NE(hash_after(changed), original) << "time of input " << i;
        changed = history;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_NE(hash_after(changed), original) << "without input " << i;
        changed = history;
        changed[i].origin = static_cast<Origin>(changed[i].origin + 1);
        EXPECT_NE(hash_after(changed), original) << "origin of input " << i;
        if (history[i].origin == 0) continue;
        changed = history;
        changed[i].origin_sequence += 1;
        EXPECT_NE(hash_after(changed), original) << "number of input " << i;
    }
}

TEST(EngineHash, Every_byte_of_a_quote_counts) {
    model::Quote quote = quote_at(1);
    const auto hash_of = [](const model::Quote& input) {
        const auto engine = make_engine();
        ForgettingSink sink;
        feed(*engine, sink, input);
        return engine->running_hash();
    };
    const std::uint64_t original = hash_of(quote);
    auto* bytes = reinterpret_cast<std::byte*>(&quote);
    for (std::size_t i = 0; i < sizeof quote; ++i) {
        bytes[i] ^= std::byte{0x80};
        EXPECT_NE(hash_of(quote), original) << i;
        bytes[i] ^= std::byte{0x80};
    }
    EXPECT_EQ(hash_of(quote), original);
}

// Padding between the fields of a struct must not count: it holds whatever was there.
TEST(EngineHash, Padding_does_not_count) {
    const auto hash_of = [](std::byte filling) {
        alignas(model::Alert) std::array<std::byte, sizeof(model::Alert)> bytes;
        bytes.fill(filling);
        auto* alert = new (bytes.data()) model::Alert;  // seven bytes behind its message
        alert->known_at = at(3);
        alert->code = "code";
        const auto engine = make_engine();
        ForgettingSink sink;
        feed(*engine, sink, *alert);
        return engine->running_hash();
    };
    EXPECT_EQ(hash_of(std::byte{0}), hash_of(std::byte{0xff}));
}

// The hash of a small history as it was when format 1 of the journal was fixed. When this fails,
// every journal that anybody has fails to verify: do not change the literals without a new format.
TEST(EngineHash, Of_a_small_history_stays_what_it_was) {
    auto gambler = std::make_unique<Probe>(
        "gambler", Stage::strategy, NounSet{Noun::trade},
        [](const Record&, Context& context) {
            context.set_timer(context.now() + Duration::nanoseconds(500), 9);
        },
        [](std::uint64_t, Context& context) {
            model::Quote quote = quote_at(context.now().ns());
            quote.bid = Price::from_raw(context.random().between(1, 1'000'000));
            context.emit(quote);
            context.send(alert_of(context.now(), "gambled"));
        });
    Engine engine(list_of(std::move(gambler), std::make_unique<Census>()), 7);
    RememberingSink sink;
    model::Trade trade;
    trade.known_at = at(2'000);
    feed(engine, sink, quote_at(1'000));
    feed(engine, sink, trade, 3, 1);
    feed(engine, sink, model::Command{at(3'000), "note", "", "said", "operator"}, 3, 2);
    feed(engine, sink, model::Command{at(3'000), "note", "", "said", "operator"}, 3, 2);
    feed(engine, sink, clock_at(1'000'000));
    EXPECT_EQ(sink.steps().size(), 4U);  // three acknowledgements and what the timer set off
    EXPECT_EQ(engine.composition(), 0x2ecccec581e1e929U);
    EXPECT_EQ(engine.running_hash(), 0x73faccecc5f2170dU);
    EXPECT_EQ(engine.state_hash(), 0x2d95f69bb15a9e32U);
}

TEST(EngineRandom, Numbers_of_a_component_do_not_depend_on_the_other_components) {
    const auto drawn_by = [](std::string_view name, std::uint64_t seed, bool with_others) {
        std::vector<std::uint64_t> drawn;
        std::vector<std::unique_ptr<Component>> components;
        components.push_back(std::make_unique<Probe>(std::string(name), Stage::strategy,
                                                     NounSet{Noun::quote},
                                                     [&drawn](const Record&, Context& context) {
                                                         drawn.push_back(context.random().next());
                                                     }));
        if (with_others) {
            components.push_back(std::make_unique<Busy>("a"));
            components.push_back(std::make_unique<Busy>("z"));
        }
        Engine engine(std::move(components), seed);
        ForgettingSink sink;
        for (int i = 0; i < 20; ++i)
            feed(engine, sink, quote_at(i));
        return drawn;
    };
    EXPECT_EQ(drawn_by("gambler", 1, true), drawn_by("gambler", 1, false));
    EXPECT_NE(drawn_by("gambler", 1, false), drawn_by("gambler", 2, false));
    EXPECT_NE(drawn_by("gambler", 1, false), drawn_by("gamblers", 1, false));
    EXPECT_EQ(drawn_by("gambler", 1, false).size(), 20U);
}

}  // namespace
}  // namespace millrace::engine
