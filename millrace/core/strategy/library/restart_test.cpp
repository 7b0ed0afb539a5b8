// Whatever a strategy of this list has heard is in its state: one that was saved and loaded
// half-way asks for the same orders as one that was not.
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/strategy/library/test_orders.hpp"

namespace millrace::strategy::test {
namespace {

struct Tried {
    const char* name;
    Values values;
};

class Restart : public testing::TestWithParam<Tried> {
  protected:
    static std::unique_ptr<Strategy> made() {
        auto strategy = make_strategy(GetParam().name).value();
        EXPECT_TRUE(strategy->set(GetParam().values));
        return strategy;
    }
    // Some days of bars of two instruments that drift together; restarted after so many.
    static StrategyTrial told(int restart_after) {
        StrategyTrial trial(made());
        list_instrument(trial, 1);
        Random random(7);
        Time time = utc("2024-01-04T00:00");
        std::int64_t price = 1'000;
        for (int bar = 0; bar < 1'200; ++bar, time = time + Duration::minutes(5)) {
            if (bar == restart_after) trial.restart(made());
            for (std::uint32_t instrument = 0; instrument < 2; ++instrument) {
                const std::int64_t open = price + random.between(-9, 9);
                price += random.between(-12, 12);
                trial.tell(bar_at(time,
                                  {open, std::max(open, price) + random.between(0, 9),
                                   std::min(open, price) - random.between(0, 9), price},
                                  Duration::minutes(5), instrument));
            }
            if (bar % 3 == 0 && !trial.orders().empty() &&
                trial.orders().back().status == model::OrderStatus::pending &&
                trial.orders().back().type != model::OrderType::market)
                trial.fill(trial.orders().back());
        }
        return trial;
    }
};

TEST_P(Restart, Changes_nothing) {
    const StrategyTrial whole = told(-1);
    EXPECT_GT(whole.orders().size(), 3U) << "it has to trade for this test to say something";
    for (const int after : {1, 333, 777}) {
        const StrategyTrial restarted = told(after);
        EXPECT_EQ(asked(restarted), asked(whole)) << after;
        EXPECT_EQ(restarted.running_hash(), whole.running_hash()) << after;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Library, Restart,
    testing::Values(Tried{"breakout-close", {{"lookback", "10"}}},
                    Tried{"mean-reversion-band", {{"lookback", "10"}, {"band", "0.01"}}},
                    Tried{"donchian-trend", {{"stop_loss_pct", "0.01"}}},
                    Tried{"rsi-macd-ma",
                          {{"rsi_period", "3"}, {"rsi_low", "50"}, {"rsi_high", "50"}}},
                    Tried{"gotobi", {{"stop_loss_pct", "0.001"}}},
                    Tried{"inside-bar",
                          {{"session_mode", "all"},
                           {"session_filter", "00:00-12:00,12:00-24:00"},
                           {"valid_from_policy", "next_bar"},
                           {"timeframe_minutes", "15"}}},
                    Tried{"inside-bar", {{"version", "original"}, {"inside_bar_mode", "sequence"}}},
                    Tried{"confirmed-breakout",
                          {{"session_mode", "all"},
                           {"session_filter", "00:00-24:00"},
                           {"max_trades_per_session", "50"},
                           {"exit_order", "on_close"}}},
                    Tried{"rudometkin-moc",
                          {{"min_bars", "45"},
                           {"sma_length", "20"},
                           {"min_volume", "0"},
                           {"adx_min", "10"},
                           {"drop_min", "0.001"},
                           {"crsi_min", "50"},
                           {"atr2_min", "0"},
                           {"atr40_min", "0"}}},
                    Tried{"pairs", {{"lookback", "20"}, {"entry_z", "1.5"}, {"stop_z", "3"}}}),
    [](const testing::TestParamInfo<Tried>& tried) {
        std::string name = tried.param.name;
        std::replace(name.begin(), name.end(), '-', '_');
        return name + '_' + std::to_string(tried.index);
    });

}  // namespace
}  // namespace millrace::strategy::test
