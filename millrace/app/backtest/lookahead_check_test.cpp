// The check on every built-in strategy, and on one that looks ahead.
#include "millrace/app/backtest/lookahead_check.hpp"

#include <set>

#include "millrace/base/random.hpp"
#include "millrace/core/strategy/library/registry.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

class LookaheadTest : public test::FilesTest {
  protected:
    // Bars of a minute whose price wanders by whole cents, with jumps and gaps.
    std::string bars(const std::string& name, std::uint64_t seed, int count) {
        std::string text = "time,open,high,low,close,volume\n";
        Random random(seed);
        std::int64_t price = 10'000;
        for (int minute = 0; minute < count; ++minute) {
            const std::int64_t open =
                std::max<std::int64_t>(1'000, price + random.between(-20, 20));
            const std::int64_t swing = random.one_in(8) ? 900 : 60;
            price = std::max<std::int64_t>(1'000, open + random.between(-swing, swing));
            const std::int64_t high = std::max(open, price) + random.between(0, 30);
            const std::int64_t low = std::min(open, price) - random.between(0, 30);
            text += format_time(test::at(minute));
            for (const std::int64_t each : {open, high, low, price})
                text += "," + cents(each);
            text += "," + std::to_string(random.between(1, random.one_in(6) ? 900 : 90)) + "\n";
        }
        return write(name, text);
    }
    std::string quotes(const std::string& name, std::uint64_t seed, int count) {
        std::string text = "time,bid,ask,bid_size,ask_size\n";
        Random random(seed);
        std::int64_t price = 10'000;
        for (int second = 0; second < count; ++second) {
            price = std::max<std::int64_t>(1'000, price + random.between(-40, 40));
            text += format_time(test::at(0) + Duration::seconds(second)) + "," + cents(price) +
                    "," + cents(price + 2) + ",500,500\n";
        }
        return write(name, text);
    }
    static std::string cents(std::int64_t amount) {
        const std::string rest = std::to_string(amount % 100);
        return std::to_string(amount / 100) + (rest.size() == 1 ? ".0" : ".") + rest;
    }
    static BacktestSettings run_of(std::string_view type, std::vector<DataTerms> data) {
        BacktestSettings settings;
        settings.data = std::move(data);
        settings.strategies["tested"].type = std::string(type);
        settings.cash = Money::whole(10'000'000);
        return settings;
    }
    static LookaheadReport checked(const BacktestSettings& settings, std::uint64_t cuts = 16) {
        const auto report = check_lookahead(settings, {cuts, 11});
        EXPECT_TRUE(report) << (report ? "" : describe(report.error()));
        return report ? *report : LookaheadReport();
    }
    static std::string text_of(const LookaheadReport& report) {
        for (const LookaheadCut& cut : report.cuts)
            if (cut.difference)
                return "cut at " + format_time(cut.time) + ": " + cut.difference->whole + " | " +
                       cut.difference->truncated;
        return "the same";
    }
};

TEST_F(LookaheadTest, Every_built_in_strategy_decides_without_the_future) {
    const std::vector<DataTerms> data = {{{bars("a.csv", 1, 900)}, "A", {}},
                                         {{bars("b.csv", 2, 900)}, "B", {}},
                                         {{quotes("c.csv", 3, 900)}, "C", {}}};
    std::set<std::string_view> silent;
    for (const strategy::StrategyType& type : strategy::all_strategies()) {
        const LookaheadReport report = checked(run_of(type.name, data));
        EXPECT_TRUE(report.is_same()) << type.name << ", " << text_of(report);
        EXPECT_GE(report.cuts.size(), 8u) << type.name;
        if (report.signals + report.orders == 0) silent.insert(type.name);
    }
    // What needs other data than these, or a long time of them, shows nothing here.
    for (const char* name :
         {"advanced", "aggressive-mean-reversion", "ema-cross", "enhanced-momentum", "gap-trading",
          "low-volume", "market-maker", "mean-reversion", "momentum-breakout", "multi-timeframe",
          "multi-timeframe-momentum", "risk-managed", "simple-ma", "volatility-mean-reversion"})
        EXPECT_FALSE(silent.contains(name)) << name << " decided nothing, so nothing was checked";
}

// Under every rule of when orders meet the market: a venue that knew more of a bar than its open
// would show in the deals, and so in the signals that follow them.
TEST_F(LookaheadTest, Holds_whenever_orders_deal) {
    const std::vector<DataTerms> data = {{{bars("a.csv", 5, 700)}, "A", {}}};
    for (const venue::FillTiming timing :
         {venue::FillTiming::next_open, venue::FillTiming::same_close,
          venue::FillTiming::next_close, venue::FillTiming::immediate,
          venue::FillTiming::latency}) {
        BacktestSettings settings = run_of("aggressive-mean-reversion", data);
        settings.strategies["tested"].parameters["stop_orders"] = "true";
        settings.venue.timing = timing;
        if (timing == venue::FillTiming::latency)
            settings.venue.latency.submit = settings.venue.latency.report = Duration::seconds(20);
        const LookaheadReport report = checked(settings, 30);
        EXPECT_TRUE(report.is_same()) << static_cast<int>(timing) << ", " << text_of(report);
        EXPECT_GT(report.orders, 50u);
    }
}

TEST_F(LookaheadTest, Finds_a_strategy_that_looks_ahead) {
    const auto report = check_lookahead(
        run_of(MILLRACE_SAMPLES "/libpeeking.so", {{{bars("a.csv", 7, 200)}, "A", {}}}), {8, 3});
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->orders, 0u) << "at first there is no future to be seen";
    EXPECT_FALSE(report->is_same());
    bool has_found = false;
    for (const LookaheadCut& cut : report->cuts) {
        if (!cut.difference) continue;
        has_found = true;
        EXPECT_EQ(cut.difference->whole, "nothing");
        EXPECT_TRUE(cut.difference->truncated.starts_with("order buy A by tested at 2024-01-02T"))
            << cut.difference->truncated;
        EXPECT_LE(cut.difference->time, cut.time);
    }
    EXPECT_TRUE(has_found);
}

TEST_F(LookaheadTest, Cuts_at_the_same_moments_for_the_same_seed) {
    const BacktestSettings settings = run_of("simple-ma", {{{bars("a.csv", 9, 300)}, "A", {}}});
    const LookaheadReport one = checked(settings);
    const LookaheadReport same = checked(settings);
    const auto other = check_lookahead(settings, {16, 12}).value();
    const auto times = [](const LookaheadReport& report) {
        std::vector<Time> moments;
        for (const LookaheadCut& cut : report.cuts)
            moments.push_back(cut.time);
        return moments;
    };
    EXPECT_EQ(times(one), times(same));
    EXPECT_NE(times(one), times(other));
    EXPECT_TRUE(std::is_sorted(one.cuts.begin(), one.cuts.end(),
                               [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST_F(LookaheadTest, Refuses_no_cuts_and_tells_what_is_wrong_with_the_run) {
    const BacktestSettings settings = run_of("simple-ma", {{{bars("a.csv", 9, 50)}, "A", {}}});
    EXPECT_EQ(check_lookahead(settings, {0, 1}).error().code, ErrorCode::usage);
    EXPECT_EQ(check_lookahead(run_of("simple-mo", settings.data)).error().code, ErrorCode::config);
}

TEST_F(LookaheadTest, Can_be_interrupted) {
    const BacktestSettings settings = run_of("simple-ma", {{{bars("a.csv", 9, 50)}, "A", {}}});
    const auto report =
        check_lookahead(settings, {4, 1}, [](const RunProgress& /*done*/) { return false; });
    EXPECT_EQ(report.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace millrace::backtest
