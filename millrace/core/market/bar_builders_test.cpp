#include "millrace/core/market/bar_builders.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/market/test_bars.hpp"

#include "tests/support/counting_allocator.hpp"
#include "tests/support/probe_components.hpp"

namespace millrace::market {
namespace {

using engine::Engine;
using engine::feed;
using engine::list_of;
using engine::StateReader;
using engine::StateWriter;
using model::Bar;
using model::Noun;

// The bars among the effects, as they came.
class BarSink : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> effects) override {
        std::size_t bars = 0;
        for (const engine::Effect& effect : effects) {
            if (effect.record.noun != Noun::bar) continue;
            bars_.push_back(effect.record.as<Bar>());
            ++bars;
        }
        most_at_once_ = std::max(most_at_once_, bars);
    }
    [[nodiscard]] const std::vector<Bar>& bars() const { return bars_; }
    [[nodiscard]] std::size_t most_at_once() const { return most_at_once_; }
    // "5m/2@300": size, instrument and when it was known.
    [[nodiscard]] std::vector<std::string> take_words() {
        std::vector<std::string> words;
        for (const Bar& bar : bars_) {
            BarRule rule;
            rule.basis = bar.basis;
            rule.step = bar.step;
            words.push_back(format_bar_rule(rule) + "/" + std::to_string(bar.instrument.value()) +
                            "@" + format_decimal(bar.known_at.ns(), 9));
        }
        bars_.clear();
        return words;
    }

  private:
    std::vector<Bar> bars_;
    std::size_t most_at_once_ = 0;
};

std::unique_ptr<BarBuilders> builders(std::initializer_list<const char*> rules,
                                      const PeriodEnds* periods = nullptr) {
    std::vector<BarRequest> requests;
    for (const char* rule : rules)
        requests.push_back({std::nullopt, parse_bar_rule(rule).value()});
    return BarBuilders::make(std::move(requests), periods).value();
}

model::Trade trade(Time time, std::uint32_t instrument, const char* price = "10",
                   const char* size = "1") {
    model::Trade made = trade_at(time, price, size);
    made.instrument = InstrumentId(instrument);
    return made;
}

using Words = std::vector<std::string>;

TEST(BarBuilders, A_quiet_bar_closes_when_time_passes) {
    Engine engine(list_of(builders({"1m"})), 1);
    BarSink sink;
    feed(engine, sink, trade(second(5), 0));
    feed(engine, sink, model::Clock{second(59)});
    EXPECT_EQ(sink.take_words(), Words{});
    EXPECT_EQ(engine.next_timer(), second(60));
    feed(engine, sink, model::Clock{second(500)});
    EXPECT_EQ(sink.take_words(), Words{"1m/0@60"});
    EXPECT_TRUE(engine.stopped().empty());
}

TEST(BarBuilders, At_one_time_come_shorter_bars_before_longer_then_by_instrument) {
    Engine engine(list_of(builders({"5m", "1m", "15m@5m"})), 1);
    BarSink sink;
    for (const std::uint32_t instrument : {2U, 0U, 1U})
        feed(engine, sink, trade(second(899), instrument));
    feed(engine, sink, model::Clock{second(900)});
    feed(engine, sink, model::Clock{second(901)});
    EXPECT_EQ(sink.take_words(), (Words{"1m/0@900", "1m/1@900", "1m/2@900", "5m/0@900", "5m/1@900",
                                        "5m/2@900", "15m/0@900", "15m/1@900", "15m/2@900"}));
}

TEST(BarBuilders, A_trade_at_the_end_of_a_period_is_of_the_next) {
    Engine engine(list_of(builders({"1m"})), 1);
    BarSink sink;
    feed(engine, sink, trade(second(0), 0, "10"));
    feed(engine, sink, trade(second(60), 0, "20"));
    ASSERT_EQ(sink.bars().size(), 1U);
    EXPECT_EQ(words_of(sink.bars()[0]), "0-60 O 10 H 10 L 10 C 10 V 1 n 1 ~ 10");
    feed(engine, sink, model::Clock{second(121)});
    EXPECT_EQ(words_of(sink.bars()[1]), "60-120 O 20 H 20 L 20 C 20 V 1 n 1 ~ 20");
}

TEST(BarBuilders, Build_bars_of_their_own_bars_without_building_those_again) {
    Engine engine(list_of(builders({"1m", "2m@1m", "4m@2m", "3t"})), 1);
    BarSink sink;
    for (std::int64_t at = 0; at < 240; at += 30)
        feed(engine, sink, trade(second(at), 0));
    feed(engine, sink, model::Clock{second(300)});
    EXPECT_EQ(sink.take_words(), (Words{"1m/0@60", "3t/0@60", "1m/0@120", "2m/0@120", "3t/0@150",
                                        "1m/0@180", "1m/0@240", "2m/0@240", "4m/0@240"}));
}

TEST(BarBuilders, Bars_that_come_as_inputs_make_larger_ones_at_once) {
    Engine engine(list_of(builders({"2m@1m"})), 1);
    BarSink sink;
    Bar bar;
    bar.step = 60 * kSecond;
    for (std::int64_t minute = 0; minute < 4; ++minute) {
        bar.open_time = second(minute * 60);
        bar.known_at = second(minute * 60 + 60);
        feed(engine, sink, bar);
    }
    EXPECT_EQ(sink.take_words(), (Words{"2m/0@120", "2m/0@240"}));
    bar.open_time = second(240);
    bar.known_at = second(300);
    feed(engine, sink, bar);
    feed(engine, sink, model::Clock{second(361)});
    ASSERT_EQ(sink.bars().size(), 1U);  // its second minute never came
    EXPECT_EQ(sink.bars()[0].known_at, Time::from_ns(360 * kSecond + 1));
}

TEST(BarBuilders, Quotes_make_bars_of_the_price_that_the_rule_names) {
    Engine engine(list_of(builders({"1m@bid", "2m@mid", "1h"})), 1);
    BarSink sink;
    model::Quote quote;
    quote.bid = Price::whole(10);
    quote.ask = Price::whole(12);
    feed(engine, sink, quote);
    feed(engine, sink, model::Clock{second(120)});
    feed(engine, sink, model::Clock{second(121)});
    ASSERT_EQ(sink.bars().size(), 2U);
    EXPECT_EQ(sink.bars()[0].close, Price::whole(10));
    EXPECT_EQ(sink.bars()[1].close, Price::whole(11));
}

TEST(BarBuilders, One_trade_with_many_bars_takes_several_steps) {
    Engine engine(list_of(builders({"renko:0.01", "1v,split", "1t"})), 1);
    BarSink sink;
    feed(engine, sink, trade(second(1), 0, "10"));
    feed(engine, sink, trade(second(2), 0, "60", "3000"));
    EXPECT_EQ(sink.bars().size(), 2U + 3'001U + 5'000U);
    EXPECT_LE(sink.most_at_once(), BarBuilders::kBarsAStep);
    EXPECT_TRUE(engine.stopped().empty());
    EXPECT_EQ(sink.bars().back().close, Price::whole(60));
}

TEST(BarBuilders, A_minute_of_ten_thousand_instruments_is_no_step_of_ten_thousand_effects) {
    Engine engine(list_of(builders({"1m", "2m@1m"})), 1);
    BarSink sink;
    for (std::uint32_t instrument = 0; instrument < 10'000; ++instrument)
        feed(engine, sink, trade(second(61), 9'999 - instrument));
    feed(engine, sink, model::Clock{second(200)});
    ASSERT_EQ(sink.bars().size(), 20'000U);
    EXPECT_LE(sink.most_at_once(), BarBuilders::kBarsAStep);
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        ASSERT_EQ(sink.bars()[i].instrument.value(), i % 10'000);
        ASSERT_EQ(sink.bars()[i].step, (i < 10'000 ? 60U : 120U) * std::uint64_t{kSecond});
    }
    EXPECT_TRUE(engine.stopped().empty());
}

TEST(BarBuilders, Rules_may_be_for_one_instrument_only) {
    std::vector<BarRequest> requests = {{InstrumentId(1), parse_bar_rule("1m").value()},
                                        {InstrumentId(2), parse_bar_rule("1m@mid").value()},
                                        {std::nullopt, parse_bar_rule("2m").value()}};
    Engine engine(list_of(BarBuilders::make(requests).value()), 1);
    BarSink sink;
    for (std::uint32_t instrument = 0; instrument < 4; ++instrument)
        feed(engine, sink, trade(second(0), instrument));
    feed(engine, sink, model::Clock{second(121)});
    EXPECT_EQ(sink.take_words(),
              (Words{"1m/1@60", "2m/0@120", "2m/1@120", "2m/2@120", "2m/3@120"}));
}

TEST(BarBuilders, Refuse_rules_whose_bars_could_not_be_told_apart) {
    const auto make = [](std::initializer_list<const char*> rules) {
        std::vector<BarRequest> requests;
        for (const char* rule : rules)
            requests.push_back({std::nullopt, parse_bar_rule(rule).value()});
        return BarBuilders::make(std::move(requests));
    };
    EXPECT_EQ(make({"5m", "5m@1m"}).error().what,
              "two rules give bars of the same size for one instrument");
    EXPECT_FALSE(make({"5m", "5m"}));
    EXPECT_FALSE(make({"1d,session"}));  // no calendar
    EXPECT_FALSE(BarBuilders::make({{InstrumentId(1), parse_bar_rule("1m").value()},
                                    {std::nullopt, parse_bar_rule("1m@mid").value()}}));
    EXPECT_FALSE(BarBuilders::make({{std::nullopt, BarRule{}}}));
    EXPECT_FALSE(make({"1t", "2t", "3t", "4t", "5t", "6t", "7t", "8t", "9t", "10t", "11t", "12t",
                       "13t", "14t", "15t", "16t", "17t"}));
}

constexpr std::initializer_list<const char*> kManyRules = {
    "1s",    "1m,flat",    "5m@1m",     "15m@5m,wait=2s", "1h@mid,drop-partial",
    "7t",    "50v",        "60v,split", "5000$",          "imbalance:4",
    "run:6", "renko:0.05", "range:0.1", "40$,split"};

// Trades and quotes of three instruments, now and then none for minutes, now and then late.
class Market {
  public:
    explicit Market(std::uint64_t seed) : random_(seed) {}

    void feed_next(Engine& engine, engine::EffectSink& sink) {
        ns_ += random_.between(0, 400'000'000);
        if (random_.one_in(500)) ns_ += random_.between(0, 600) * kSecond;
        const auto instrument = static_cast<std::uint32_t>(random_.below(3));
        price_[instrument] += random_.between(-3, 3);
        const Price price = Price::from_raw(price_[instrument] * 10'000'000);
        if (random_.one_in(4)) {
            model::Quote quote;
            quote.known_at = Time::from_ns(ns_);
            quote.instrument = InstrumentId(instrument);
            quote.bid = price;
            quote.ask = add(price, Price::from_raw(10'000'000)).value();
            feed(engine, sink, quote);
            return;
        }
        model::Trade trade;
        trade.known_at = Time::from_ns(random_.one_in(100) ? ns_ - 90 * kSecond : ns_);
        trade.instrument = InstrumentId(instrument);
        trade.price = price;
        trade.size = Quantity::from_raw(random_.between(1, 2'000'000'000));
        trade.aggressor = static_cast<model::Aggressor>(random_.below(3));
        feed(engine, sink, trade);
    }

  private:
    Random random_;
    std::int64_t ns_ = 1'700'000'000 * kSecond;
    std::int64_t price_[3] = {10'000, 5'000, 20'000};
};

TEST(BarBuilders, Saved_in_the_middle_go_on_alike) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Engine first(list_of(builders(kManyRules)), 1);
        BarSink sink;
        Market market(seed);
        for (int i = 0; i < 5'000; ++i)
            market.feed_next(first, sink);
        Market same = market;
        StateWriter writer;
        first.save(writer);
        Engine second_one(list_of(builders(kManyRules)), 1);
        StateReader reader(writer.bytes());
        ASSERT_TRUE(second_one.load(reader));
        EXPECT_EQ(first.state_hash(), second_one.state_hash());
        BarSink of_first;
        BarSink of_second;
        for (int i = 0; i < 5'000; ++i) {
            market.feed_next(first, of_first);
            same.feed_next(second_one, of_second);
        }
        EXPECT_GT(of_first.bars().size(), 1'000U);
        EXPECT_EQ(of_first.bars(), of_second.bars());
        EXPECT_EQ(first.running_hash(), second_one.running_hash());
        EXPECT_EQ(first.state_hash(), second_one.state_hash());
        EXPECT_TRUE(first.stopped().empty());
    }
}

TEST(BarBuilders, Do_not_load_the_state_of_other_rules) {
    Engine first(list_of(builders({"1m"})), 1);
    BarSink sink;
    feed(first, sink, trade(second(0), 0));
    StateWriter writer;
    first.save(writer);
    Engine other(list_of(builders({"2m"})), 1);
    StateReader reader(writer.bytes());
    EXPECT_FALSE(other.load(reader));
}

TEST(BarBuilders, Do_not_allocate_when_warm) {
    Engine engine(list_of(builders(kManyRules), std::make_unique<engine::Census>()), 1);
    engine::ForgettingSink sink;
    Market market(7);
    for (int i = 0; i < 50'000; ++i)
        market.feed_next(engine, sink);
    const std::uint64_t before = allocation_count();
    for (int i = 0; i < 50'000; ++i)
        market.feed_next(engine, sink);
    EXPECT_EQ(allocation_count() - before, 0U);
    EXPECT_TRUE(engine.stopped().empty());
}

TEST(BarBuilders, Count_what_they_left_out) {
    auto component = builders({"1m"});
    const BarBuilders& bars = *component;
    Engine engine(list_of(std::move(component)), 1);
    BarSink sink;
    feed(engine, sink, trade(second(5), 0));
    feed(engine, sink, trade(second(65), 0));
    feed(engine, sink, trade(second(59), 0));  // late
    feed(engine, sink, trade(second(65), 1, "1", "0"));
    BarCounters expected;
    expected.accepted = 2;
    expected.late = 1;
    expected.refused = 1;
    expected.closed = 1;
    expected.partial = 1;
    EXPECT_EQ(bars.counters(), expected);
    EXPECT_EQ(bars.find(InstrumentId(0), parse_bar_rule("1m").value())->counters().late, 1U);
    EXPECT_EQ(bars.find(InstrumentId(2), parse_bar_rule("1m").value()), nullptr);
}

TEST(BarBuilders, Count_watching_from_the_first_thing_they_hear) {
    auto component = builders({"1m"});
    const BarBuilders& bars = *component;
    Engine engine(list_of(std::move(component)), 1);
    BarSink sink;
    feed(engine, sink, model::Clock{second(0)});
    feed(engine, sink, trade(second(5), 0));
    feed(engine, sink, model::Clock{second(61)});
    EXPECT_EQ(bars.counters().closed, 1U);
    EXPECT_EQ(bars.counters().partial, 0U);
}

}  // namespace
}  // namespace millrace::market
