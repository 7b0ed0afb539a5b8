#include "millrace/core/engine/engine.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"

#include "tests/support/probe_components.hpp"

namespace millrace::engine {
namespace {

using Log = std::vector<std::string>;
using Steps = std::vector<std::vector<std::string>>;

std::string named(const Record& record) {
    return std::string(model::description_of(record.noun).name);
}

std::string with_time(std::string word, const Context& context) {
    return word + "@" + std::to_string(context.now().ns());
}

// Writes down all it hears and all its timers, with the engine's time.
std::unique_ptr<Probe> scribe(Log& log, NounSet wants = NounSet::all()) {
    return std::make_unique<Probe>(
        "scribe", Stage::observer, wants,
        [&log](const Record& record, Context& context) {
            log.push_back(with_time(named(record), context));
        },
        [&log](std::uint64_t token, Context& context) {
            log.push_back(with_time("timer " + std::to_string(token), context));
        });
}

// Sets one timer when it hears its first command, and writes down when it fires.
std::unique_ptr<Probe> alarm_clock(Log& log, std::int64_t due) {
    return std::make_unique<Probe>(
        "alarm", Stage::market, NounSet{Noun::command},
        [due](const Record&, Context& context) { context.set_timer(at(due), 1); },
        [&log](std::uint64_t, Context& context) { log.push_back(with_time("timer", context)); });
}

// Breaks an assertion when it hears a quote, after having done half of its work.
std::unique_ptr<Probe> breaker(Stage stage = Stage::market) {
    return std::make_unique<Probe>("breaker", stage, NounSet{Noun::quote, Noun::alert},
                                   [](const Record&, Context& context) {
                                       context.emit(clock_at(1));
                                       context.send(model::Order());
                                       context.set_timer(context.now() + Duration::seconds(1), 1);
                                       MILLRACE_ASSERT(context.sequence() == 0, "it is broken");
                                   });
}

TEST(Engine, Timers_fire_between_fills_and_market_data_of_the_same_moment) {
    Log log;
    Engine engine(list_of(alarm_clock(log, 10), scribe(log)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    EXPECT_EQ(engine.next_timer(), at(10));
    feed(engine, sink, fill_at(10));
    feed(engine, sink, quote_at(10));
    EXPECT_EQ(log, (Log{"command@5", "fill@10", "timer@10", "quote@10"}));
    EXPECT_EQ(engine.next_timer(), Timers::kNever);
}

TEST(Engine, A_timer_of_an_earlier_moment_fires_before_the_fill_and_at_its_own_time) {
    Log log;
    Engine engine(list_of(alarm_clock(log, 9), scribe(log)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    feed(engine, sink, quote_at(8));
    feed(engine, sink, fill_at(10));
    EXPECT_EQ(log, (Log{"command@5", "quote@8", "timer@9", "fill@10"}));
}

TEST(Engine, A_timer_set_in_the_past_fires_within_the_same_apply_at_the_present_time) {
    Log log;
    Engine engine(list_of(alarm_clock(log, 3)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    EXPECT_EQ(log, Log{"timer@5"});
}

TEST(Engine, Timers_that_set_timers_fire_in_the_order_of_their_times) {
    Log log;
    auto chain = std::make_unique<Probe>(
        "chain", Stage::market, NounSet{Noun::command},
        [](const Record&, Context& context) {
            context.set_timer(at(40), 40);
            context.set_timer(at(10), 10);
        },
        [&log](std::uint64_t token, Context& context) {
            log.push_back(with_time("timer", context));
            if (token == 10) context.set_timer(at(30), 30);
            if (token == 30) context.set_timer(at(20), 20);  // past: at once
        });
    Engine engine(list_of(std::move(chain)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    feed(engine, sink, clock_at(100));
    EXPECT_EQ(log, (Log{"timer@10", "timer@30", "timer@30", "timer@40"}));
    EXPECT_EQ(engine.now(), at(100));
}

TEST(Engine, A_timer_at_the_end_of_time_fires_there) {
    Log log;
    Engine engine(list_of(alarm_clock(log, INT64_MAX)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    feed(engine, sink, clock_at(INT64_MAX - 1));
    EXPECT_TRUE(log.empty());
    feed(engine, sink, clock_at(INT64_MAX));
    EXPECT_EQ(log, Log{"timer@9223372036854775807"});
}

TEST(Engine, A_cancelled_timer_does_not_fire) {
    Log log;
    auto fickle = std::make_unique<Probe>(
        "fickle", Stage::market, NounSet{Noun::command},
        [](const Record&, Context& context) {
            context.set_timer(at(7), 1);
            context.set_timer(at(8), 2);
            context.cancel_timer(1);
        },
        [&log](std::uint64_t token, Context&) { log.push_back(std::to_string(token)); });
    Engine engine(list_of(std::move(fickle)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}});
    feed(engine, sink, clock_at(100));
    EXPECT_EQ(log, Log{"2"});
}

TEST(Engine, A_late_input_does_not_turn_the_clock_back) {
    Log log;
    Engine engine(list_of(scribe(log)), 1);
    ForgettingSink sink;
    feed(engine, sink, quote_at(10));
    feed(engine, sink, quote_at(4));
    feed(engine, sink, fill_at(3));
    EXPECT_EQ(log, (Log{"quote@10", "quote@10", "fill@10"}));
}

TEST(Engine, Histories_before_1970_have_a_clock_that_runs) {
    Log log;
    Engine engine(list_of(alarm_clock(log, -60), scribe(log)), 1);
    ForgettingSink sink;
    feed(engine, sink, model::Command{at(-100), {}, {}, {}, {}});
    feed(engine, sink, quote_at(-50));
    EXPECT_EQ(log, (Log{"command@-100", "timer@-60", "quote@-50"}));
}

TEST(Engine, Events_settle_in_the_order_of_their_emission) {
    Log log;
    auto source = std::make_unique<Probe>("source", Stage::market, NounSet{Noun::quote},
                                          [](const Record&, Context& context) {
                                              model::Signal signal;
                                              signal.reason = "first";
                                              context.emit(signal);
                                              signal.reason = "second";
                                              context.emit(signal);
                                          });
    auto answerer =
        std::make_unique<Probe>("answerer", Stage::strategy, NounSet{Noun::signal},
                                [](const Record& record, Context& context) {
                                    model::OrderIntent intent;
                                    intent.tag = "to the second";
                                    if (record.as<model::Signal>().reason == Code("first"))
                                        intent.tag = "to the first";
                                    context.emit(intent);
                                });
    auto listener = std::make_unique<Probe>(
        "listener", Stage::observer, NounSet{Noun::quote, Noun::signal, Noun::order_intent},
        [&log](const Record& record, Context&) {
            if (record.noun == Noun::quote) log.emplace_back("quote");
            if (record.noun == Noun::signal)
                log.emplace_back(record.as<model::Signal>().reason.text());
            if (record.noun == Noun::order_intent)
                log.emplace_back(record.as<model::OrderIntent>().tag.view());
        });
    Engine engine(list_of(std::move(source), std::move(answerer), std::move(listener)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(1));
    EXPECT_EQ(log, (Log{"quote", "first", "second", "to the first", "to the second"}));
    EXPECT_EQ(
        sink.steps(),
        (Steps{{"event signal", "event signal", "event order_intent", "event order_intent"}}));
}

TEST(Engine, Components_hear_by_stage_then_name_whatever_the_order_of_registration) {
    struct Place {
        std::string name;
        Stage stage;
    };
    std::vector<Place> places = {
        {"b", Stage::market}, {"c", Stage::market}, {"a", Stage::strategy}, {"z", Stage::venue}};
    std::vector<int> order = {0, 1, 2, 3};
    std::vector<std::uint64_t> hashes;
    do {
        Log log;
        std::vector<std::unique_ptr<Component>> components;
        for (const int i : order) {
            const Place& place = places[static_cast<std::size_t>(i)];
            components.push_back(
                std::make_unique<Probe>(place.name, place.stage, NounSet{Noun::quote},
                                        [&log, name = place.name](const Record&, Context& context) {
                                            log.push_back(name);
                                            context.emit(alert_of(context.now(), name.c_str()));
                                        }));
        }
        Engine engine(std::move(components), 1);
        ForgettingSink sink;
        feed(engine, sink, quote_at(1));
        EXPECT_EQ(log, (Log{"b", "c", "z", "a"}));
        hashes.push_back(engine.running_hash() ^ engine.state_hash() ^ engine.composition());
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(hashes.size(), 24U);
    EXPECT_EQ(std::count(hashes.begin(), hashes.end(), hashes.front()), 24);
}

TEST(Engine, Effects_are_handed_over_step_by_step) {
    auto worker = std::make_unique<Probe>(
        "worker", Stage::market, NounSet{Noun::quote},
        [](const Record&, Context& context) {
            context.send(model::Order());
            context.emit(alert_of(context.now(), "quoted"));
            context.set_timer(context.now() + Duration::nanoseconds(5), 1);
            context.set_timer(context.now() + Duration::nanoseconds(6), 2);
        },
        [](std::uint64_t, Context& context) { context.emit(alert_of(context.now(), "timer")); });
    Engine engine(list_of(std::move(worker)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(10), 3, 1);
    EXPECT_EQ(sink.steps(), (Steps{{"send order", "event alert"}, {"acknowledge 3/1"}}));
    sink.clear();
    feed(engine, sink, quote_at(20), 3, 2);
    EXPECT_EQ(
        sink.steps(),
        (Steps{
            {"event alert"}, {"event alert"}, {"send order", "event alert"}, {"acknowledge 3/2"}}));
    EXPECT_EQ(sink.alerts()[0].known_at, at(15));
    EXPECT_EQ(sink.alerts()[1].known_at, at(16));
    EXPECT_EQ(sink.alerts()[2].known_at, at(20));
}

TEST(Engine, A_step_without_effects_does_not_bother_the_sink) {
    Log log;
    Engine engine(list_of(scribe(log)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(10));
    EXPECT_TRUE(sink.steps().empty());
}

TEST(Engine, A_repeated_number_is_acknowledged_again_and_nothing_else_happens) {
    Log log;
    Engine engine(list_of(alarm_clock(log, 15), scribe(log)), 1);
    RememberingSink sink;
    feed(engine, sink, model::Command{at(5), {}, {}, {}, {}}, 7, 4);
    log.clear();
    sink.clear();
    feed(engine, sink, model::Command{at(20), {}, {}, {}, {}}, 7, 4);
    feed(engine, sink, model::Command{at(20), {}, {}, {}, {}}, 7, 3);
    EXPECT_TRUE(log.empty());
    EXPECT_EQ(sink.steps(), (Steps{{"acknowledge 7/4"}, {"acknowledge 7/3"}}));
    EXPECT_EQ(engine.now(), at(5));
    EXPECT_EQ(engine.sequence(), 3U);
    feed(engine, sink, model::Command{at(20), {}, {}, {}, {}}, 8, 4);  // another origin's number 4
    EXPECT_EQ(log, (Log{"timer@15", "command@20", "timer@20"}));  // the last: set anew, and past
}

TEST(Engine, Without_the_check_a_repeated_number_is_applied_twice) {
    Log log;
    Engine engine(list_of(scribe(log)), 1, EngineChecks{.apply_once = false});
    ForgettingSink sink;
    feed(engine, sink, quote_at(1), 7, 4);
    feed(engine, sink, quote_at(1), 7, 4);
    EXPECT_EQ(log.size(), 2U);
}

TEST(Engine, An_input_that_was_applied_already_changes_nothing) {
    Log log;
    Engine engine(list_of(scribe(log)), 1);
    RememberingSink sink;
    const model::Quote quote = quote_at(10);
    feed(engine, sink, quote, 1, 1);
    feed(engine, sink, quote, 1, 2);
    sink.clear();
    const std::uint64_t running = engine.running_hash();
    const std::uint64_t state = engine.state_hash();
    engine.apply({1, record_of(quote), 1, 1}, sink);
    engine.apply({2, record_of(quote), 1, 2}, sink);
    EXPECT_TRUE(sink.steps().empty());
    EXPECT_EQ(log.size(), 2U);
    EXPECT_EQ(engine.running_hash(), running);
    EXPECT_EQ(engine.state_hash(), state);
}

TEST(Engine, A_gap_and_an_impossible_origin_are_assertions_that_change_nothing) {
    Engine engine(list_of(std::make_unique<Census>()), 1);
    ForgettingSink sink;
    const model::Quote quote = quote_at(10);
    const std::uint64_t state = engine.state_hash();
    EXPECT_THROW(engine.apply({2, record_of(quote), 0, 0}, sink), AssertionFailed);
    EXPECT_THROW(engine.apply({1, record_of(quote), 4'096, 1}, sink), AssertionFailed);
    EXPECT_EQ(engine.state_hash(), state);
    engine.apply({1, record_of(quote), 4'095, 1}, sink);
    EXPECT_EQ(engine.sequence(), 1U);
}

TEST(Engine, A_component_that_breaks_is_stopped_and_leaves_nothing_half_done) {
    Log log;
    Engine engine(list_of(breaker(), scribe(log)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(10));
    EXPECT_EQ(sink.steps(), Steps{{"event alert"}});
    ASSERT_EQ(sink.alerts().size(), 1U);
    EXPECT_EQ(sink.alerts()[0].code.view(), "component_stopped");
    EXPECT_EQ(sink.alerts()[0].scope.view(), "breaker");
    EXPECT_EQ(sink.alerts()[0].severity, model::Severity::critical);
    EXPECT_EQ(sink.alerts()[0].known_at, at(10));
    EXPECT_EQ(log, (Log{"quote@10", "alert@10"}));
    ASSERT_EQ(engine.stopped().size(), 1U);
    EXPECT_EQ(engine.stopped()[0].name, "breaker");
    EXPECT_EQ(engine.stopped()[0].sequence, 1U);
    EXPECT_NE(engine.stopped()[0].report.find("it is broken"), std::string::npos);
    EXPECT_NE(engine.stopped()[0].report.find("engine_test.cpp"), std::string::npos);
    EXPECT_EQ(engine.next_timer(), Timers::kNever);
}

TEST(Engine, A_stopped_component_hears_nothing_more_and_the_others_go_on) {
    Log log;
    Engine engine(list_of(breaker(), scribe(log)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(10));
    sink.clear();
    log.clear();
    feed(engine, sink, quote_at(2'000'000'000));
    EXPECT_TRUE(sink.steps().empty());
    EXPECT_EQ(log, Log{"quote@2000000000"});
    EXPECT_EQ(engine.stopped().size(), 1U);
}

TEST(Engine, What_others_emitted_before_a_component_broke_stays) {
    auto first = std::make_unique<Probe>(
        "first", Stage::market, NounSet{Noun::quote},
        [](const Record&, Context& context) { context.send(model::Order()); });
    auto last = std::make_unique<Probe>(
        "last", Stage::observer, NounSet{Noun::quote},
        [](const Record&, Context& context) { context.emit(model::Signal()); });
    Engine engine(list_of(std::move(first), breaker(Stage::strategy), std::move(last)), 1);
    RememberingSink sink;
    feed(engine, sink, quote_at(10));
    EXPECT_EQ(sink.steps(), (Steps{{"send order", "event alert", "event signal"}}));
}

TEST(Engine, The_standard_librarys_exceptions_stop_a_component_too) {
    auto careless =
        std::make_unique<Probe>("careless", Stage::market, NounSet{Noun::quote},
                                [](const Record&, Context&) { (void)std::vector<int>().at(3); });
    Engine engine(list_of(std::move(careless)), 1);
    ForgettingSink sink;
    feed(engine, sink, quote_at(10));
    EXPECT_EQ(engine.stopped().size(), 1U);
}

TEST(Engine, A_component_may_not_read_a_record_as_another_noun) {
    auto confused = std::make_unique<Probe>(
        "confused", Stage::market, NounSet{Noun::quote},
        [](const Record& record, Context&) { (void)record.as<model::Trade>(); });
    Engine engine(list_of(std::move(confused)), 1);
    ForgettingSink sink;
    feed(engine, sink, quote_at(10));
    EXPECT_EQ(engine.stopped().size(), 1U);
}

TEST(Engine, Names_must_differ_and_have_1_to_32_bytes) {
    const auto engine_of = [](const std::string& one, const std::string& other) {
        const auto component = [](const std::string& name) {
            return std::make_unique<Probe>(name, Stage::market, NounSet{},
                                           [](const Record&, Context&) {});
        };
        return Engine(list_of(component(one), component(other)), 1);
    };
    EXPECT_NO_THROW(engine_of("one", std::string(32, 'x')));
    EXPECT_THROW(engine_of("one", "one"), AssertionFailed);
    EXPECT_THROW(engine_of("one", ""), AssertionFailed);
    EXPECT_THROW(engine_of("one", std::string(33, 'x')), AssertionFailed);
}

}  // namespace
}  // namespace millrace::engine
