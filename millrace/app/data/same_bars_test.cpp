// The bars of a job are those that a running engine makes of the same data.
#include <fstream>
#include <gtest/gtest.h>

#include "millrace/app/data/bar_job.hpp"
#include "millrace/base/random.hpp"
#include "millrace/core/engine/engine.hpp"
#include "millrace/core/market/bar_builders.hpp"

#include "tests/support/probe_components.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::data {
namespace {

class BarSink : public engine::EffectSink {
  public:
    void take(std::span<const engine::Effect> effects) override {
        for (const engine::Effect& effect : effects)
            if (effect.record.noun == model::Noun::bar)
                bars.push_back(effect.record.as<model::Bar>());
    }
    std::vector<model::Bar> bars;
};

// Trades of a working day and the night behind it, in bursts and silences.
std::string random_trades(Random& random) {
    std::string text = "time,price,size\n";
    Time time = Time::from_ns(1'767'623'400'000'000'000);  // 2026-01-05T14:30:00Z
    std::int64_t cents = 10'000;
    for (int i = 0; i < 4'000; ++i) {
        time = time + Duration::milliseconds(random.below(50) == 0 ? random.between(0, 1'500'000)
                                                                   : random.between(0, 9'000));
        cents += random.between(-5, 5);
        text += format_time(time) + "," + format_decimal(cents, 2) + "," +
                std::to_string(random.between(1, 40)) + "\n";
    }
    return text;
}

std::vector<model::Bar> made_by_engine(const std::string& path, const market::BarRule& rule,
                                       const market::PeriodEnds* periods) {
    engine::Engine engine(
        engine::list_of(market::BarBuilders::make({{std::nullopt, rule}}, periods).value()), 1);
    BarSink sink;
    auto reader = files::TableReader::open(path, {}).value();
    model::Datum datum;
    while (reader.next(datum).value())
        std::visit([&](const auto& noun) { engine::feed(engine, sink, noun); }, datum);
    EXPECT_TRUE(engine.stopped().empty());
    return sink.bars;
}

TEST(BarJobAndEngine, Make_the_same_bars) {
    const TemporaryDirectory folder;
    const std::string path = folder / "trades.csv";
    Random random(5);
    std::ofstream(path, std::ios::binary) << random_trades(random);
    market::CalendarPeriods periods;
    periods.set(InstrumentId(0), market::Calendar::find("us-equities").value());
    std::size_t total = 0;
    for (const char* rule :
         {"1m", "5m,flat", "7m,drop-partial", "1h,session", "10t", "500v", "500v,split", "25000$",
          "renko:0.1", "range:0.25", "imbalance:10", "run:20"}) {
        BarJobSettings settings;
        settings.files = {path};
        settings.rule = rule;
        settings.partial_last = PartialLast::drop;  // an engine waits for the rest
        if (std::string_view(rule).ends_with(",session")) settings.calendar = "us-equities";
        auto job = BarJob::open(settings);
        ASSERT_TRUE(job) << rule << describe(job.error());
        std::vector<model::Bar> bars;
        ASSERT_TRUE(job->run([&](const MadeBar& made) {
            bars.push_back(made.bar);
            return Result<void>();
        }));
        const auto expected = made_by_engine(path, job->rule(), &periods);
        EXPECT_EQ(bars, expected) << rule;
        EXPECT_GT(bars.size(), 4U) << rule;
        total += bars.size();
    }
    EXPECT_GT(total, 2'000U);
}

}  // namespace
}  // namespace millrace::data
