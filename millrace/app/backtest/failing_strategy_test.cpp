// A strategy that breaks, alone and among others.
#include "millrace/app/backtest/backtest.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::backtest {
namespace {

class FailingStrategyTest : public test::FilesTest {
  protected:
    // Five bars of a minute at 10, 11, 9, 12, 8.
    BacktestSettings settings() {
        std::string text = "time,open,high,low,close,volume\n";
        int minute = 0;
        for (const char* price : {"10", "11", "9", "12", "8"}) {
            text += format_time(test::at(minute++));
            for (int column = 0; column < 4; ++column)
                text += std::string(",") + price;
            text += ",1\n";
        }
        BacktestSettings settings;
        settings.data.push_back({{write("a.csv", text)}, "A", {}});
        settings.full = true;
        return settings;
    }
    static void add(BacktestSettings& settings, const std::string& name, const std::string& type) {
        settings.strategies[name].type = type;
    }
};

// simple-ma with 1 and 2: buy at 11, close at 9, buy at 12, close at 8.
TEST_F(FailingStrategyTest, Never_stops_the_others) {
    BacktestSettings both = settings();
    add(both, "a-breaking", MILLRACE_SAMPLES "/libbreaking.so");
    add(both, "cross", "simple_ma");
    both.strategies["cross"].parameters = {{"short_window", "1"}, {"long_window", "2"}};
    const auto result = run_backtest(both);
    ASSERT_TRUE(result) << describe(result.error());
    ASSERT_EQ(result->signals.size(), 4u);
    EXPECT_EQ(result->signals[3].action, model::SignalAction::close);
    const auto told =
        std::find_if(result->warnings.begin(), result->warnings.end(), [](const auto& warning) {
            return warning.starts_with("\"a-breaking\" had to be stopped, the others went on: ") &&
                   warning.find("this one breaks at its third bar") != std::string::npos;
        });
    EXPECT_NE(told, result->warnings.end());
}

TEST_F(FailingStrategyTest, Fails_a_run_in_which_it_is_alone) {
    BacktestSettings alone = settings();
    add(alone, "a-breaking", MILLRACE_SAMPLES "/libbreaking.so");
    const auto result = run_backtest(alone);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::internal);
    EXPECT_EQ(result.error().what, "\"a-breaking\" had to be stopped");
}

}  // namespace
}  // namespace millrace::backtest
