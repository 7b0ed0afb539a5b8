// Components that run away: the engine stops them, and nobody else.
#include <gtest/gtest.h>

#include "millrace/core/engine/engine.hpp"

#include "tests/support/probe_components.hpp"

namespace millrace::engine {
namespace {

// Works as it should: one timer an hour after each command.
std::unique_ptr<Probe> innocent(int& fired) {
    return std::make_unique<Probe>(
        "innocent", Stage::observer, NounSet{Noun::command},
        [](const Record&, Context& context) {
            context.set_timer(context.now() + Duration::hours(1), 1);
        },
        [&fired](std::uint64_t, Context&) { ++fired; });
}

model::Command command_at(Time time) {
    return {time, {}, {}, {}, {}};
}

void expect_only_the_runaway_stopped(const Engine& engine, std::string_view report) {
    ASSERT_EQ(engine.stopped().size(), 1U);
    EXPECT_EQ(engine.stopped()[0].name, "runaway");
    EXPECT_NE(engine.stopped()[0].report.find(report), std::string::npos);
}

TEST(EngineLimits, A_component_that_answers_itself_for_ever_is_stopped_alone) {
    int fired = 0;
    auto runaway =
        std::make_unique<Probe>("runaway", Stage::market, NounSet{Noun::command, Noun::clock},
                                [](const Record&, Context& context) { context.emit(clock_at(1)); });
    Engine engine(list_of(std::move(runaway), innocent(fired)), 1);
    RememberingSink sink;
    feed(engine, sink, command_at(at(0)));
    expect_only_the_runaway_stopped(engine, "one step set off more than 4096 effects");
    ASSERT_EQ(sink.steps().size(), 1U);
    EXPECT_EQ(sink.steps()[0].size(), 4'097U);  // what it emitted before, and the alert
    EXPECT_EQ(sink.steps()[0].back(), "event alert");
    feed(engine, sink, clock_at(Duration::hours(2).ns()));
    EXPECT_EQ(fired, 1);
}

TEST(EngineLimits, A_component_that_emits_too_much_at_once_leaves_nothing) {
    int fired = 0;
    auto runaway = std::make_unique<Probe>("runaway", Stage::market, NounSet{Noun::command},
                                           [](const Record&, Context& context) {
                                               for (;;)
                                                   context.emit(model::Command());
                                           });
    Engine engine(list_of(std::move(runaway), innocent(fired)), 1);
    RememberingSink sink;
    feed(engine, sink, command_at(at(0)));
    expect_only_the_runaway_stopped(engine, "one step set off more than 4096 effects");
    EXPECT_EQ(sink.steps(), (std::vector<std::vector<std::string>>{{"event alert"}}));
}

TEST(EngineLimits, A_component_that_sets_too_many_timers_leaves_the_others_their_room) {
    int fired = 0;
    auto runaway = std::make_unique<Probe>(
        "runaway", Stage::market, NounSet{Noun::command}, [](const Record&, Context& context) {
            for (std::uint64_t token = 0;; ++token)
                context.set_timer(context.now() + Duration::hours(9), token);
        });
    Engine engine(list_of(std::move(runaway), innocent(fired)), 1);
    ForgettingSink sink;
    feed(engine, sink, command_at(at(0)));
    expect_only_the_runaway_stopped(engine, "more than 65536 timers are set");
    EXPECT_EQ(engine.next_timer(), Time() + Duration::hours(1));
    feed(engine, sink, clock_at(Duration::hours(2).ns()));
    EXPECT_EQ(fired, 1);
}

TEST(EngineLimits, A_timer_that_sets_itself_for_ever_is_stopped_alone) {
    int fired = 0;
    auto runaway = std::make_unique<Probe>(
        "runaway", Stage::market, NounSet{Noun::command},
        [](const Record&, Context& context) { context.set_timer(context.now(), 1); },
        [](std::uint64_t, Context& context) { context.set_timer(context.now(), 1); });
    Engine engine(list_of(std::move(runaway), innocent(fired)), 1);
    RememberingSink sink;
    feed(engine, sink, command_at(at(0)));
    feed(engine, sink, clock_at(Duration::hours(2).ns()));  // the innocent's timer comes after
    expect_only_the_runaway_stopped(engine, "its timers keep setting each other");
    ASSERT_EQ(sink.alerts().size(), 1U);
    EXPECT_EQ(sink.alerts()[0].scope.view(), "runaway");
    EXPECT_EQ(fired, 1);
}

// Ten million timers are the limit of one input; an engine that lives long fires more.
TEST(EngineLimits, A_component_may_fire_timers_for_ever_if_time_goes_on) {
    std::uint64_t fired = 0;
    auto ticker = std::make_unique<Probe>(
        "ticker", Stage::market, NounSet{Noun::command},
        [](const Record&, Context& context) {
            context.set_timer(context.now() + Duration::nanoseconds(1), 1);
        },
        [&fired](std::uint64_t, Context& context) {
            ++fired;
            context.set_timer(context.now() + Duration::nanoseconds(1), 1);
        });
    Engine engine(list_of(std::move(ticker)), 1);
    ForgettingSink sink;
    feed(engine, sink, command_at(at(0)));
    feed(engine, sink, clock_at(6'000'000));
    feed(engine, sink, clock_at(12'000'000));
    EXPECT_EQ(fired, 12'000'000U);
    EXPECT_TRUE(engine.stopped().empty());
}

}  // namespace
}  // namespace millrace::engine
