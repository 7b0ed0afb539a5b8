// Whole runs, small enough to follow by hand.
#include "millrace/app/backtest/backtest.hpp"

#include "tests/support/market_files.hpp"
#include "tests/support/parquet_files.hpp"

namespace millrace::backtest {
namespace {

Money money(std::string_view text) {
    return Money::parse(text).value();
}

class BacktestTest : public test::FilesTest {
  protected:
    // Bars of a minute that open and close at these prices.
    static std::string bars(std::initializer_list<std::pair<int, int>> prices) {
        std::string text = "time,open,high,low,close,volume\n";
        int minute = 0;
        for (const auto& [open, close] : prices)
            text += format_time(test::at(minute++)) + "," + std::to_string(open) + "," +
                    std::to_string(std::max(open, close)) + "," +
                    std::to_string(std::min(open, close)) + "," + std::to_string(close) + ",1\n";
        return text;
    }
    BacktestSettings hold(const std::string& symbol, const std::string& path,
                          const std::string& quantity) {
        BacktestSettings settings;
        settings.data.push_back({{path}, symbol, {}});
        settings.strategies["hold"].type = "buy-and-hold";
        settings.strategies["hold"].parameters["quantity"] = quantity;
        settings.cash = Money::whole(1'000);
        return settings;
    }
    static InstrumentTerms pair_of(const std::string& base, const std::string& quote) {
        InstrumentTerms terms;
        terms.asset_class = model::AssetClass::fx;
        terms.base_currency = base;
        terms.currency = quote;
        return terms;
    }
    static BacktestResult run(const BacktestSettings& settings) {
        auto result = run_backtest(settings);
        EXPECT_TRUE(result) << describe(result.error());
        return result ? std::move(*result) : BacktestResult{};
    }
};

// Bought at the second bar's open, 100; worth 110 at the end.
constexpr std::initializer_list<std::pair<int, int>> kRise = {{90, 95}, {100, 105}, {104, 110}};

TEST_F(BacktestTest, Deals_at_the_open_after_the_decision) {
    const BacktestResult result = run(hold("A", write("a.csv", bars(kRise)), "2"));
    EXPECT_EQ(result.equity.final, money("1020"));
    EXPECT_EQ(result.equity.unrealized, money("20"));
    EXPECT_EQ(result.counts.fills, 1u);
    ASSERT_EQ(result.open_positions.size(), 1u);
    EXPECT_EQ(result.open_positions[0].average_price.value(), Price::whole(100));
}

TEST_F(BacktestTest, Profit_in_another_currency_is_converted_by_the_pair_itself) {
    BacktestSettings settings = hold("USDJPY", write("usdjpy.csv", bars(kRise)), "1000");
    settings.instruments["USDJPY"] = pair_of("USD", "JPY");
    // 1,000 units made 10 JPY each: 10,000 JPY at 110 are 90.909… USD.
    EXPECT_EQ(run(settings).equity.final, money("1090.90909091"));
}

TEST_F(BacktestTest, Without_a_rate_the_run_says_which_is_missing) {
    BacktestSettings settings = hold("EURJPY", write("eurjpy.csv", bars(kRise)), "1000");
    settings.instruments["EURJPY"] = pair_of("EUR", "JPY");
    const auto result = run_backtest(settings);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::data);
    EXPECT_NE(result.error().mend.find("pair that converts"), std::string::npos);
}

TEST_F(BacktestTest, Lots_are_multiplied_by_their_size) {
    BacktestSettings settings = hold("USDJPY", write("usdjpy.csv", bars(kRise)), "10");
    settings.instruments["USDJPY"] = pair_of("USD", "JPY");
    settings.contracts = write("contracts.json", R"({"USD/JPY": 100})");
    settings.strategies["hold"].lots = true;
    EXPECT_EQ(run(settings).equity.final, money("1090.90909091"));
}

TEST_F(BacktestTest, An_inverse_contract_pays_in_its_base_currency) {
    BacktestSettings settings =
        hold("XBTUSD", write("xbt.csv", bars({{40, 45}, {50, 80}, {90, 100}})), "1000");
    InstrumentTerms terms = pair_of("BTC", "USD");
    terms.asset_class = model::AssetClass::future;
    terms.inverse = true;
    settings.instruments["XBTUSD"] = terms;
    settings.currency = "BTC";
    // 1,000 dollars bought at 50 and worth 100: 1000 / 50 - 1000 / 100 = 10 BTC.
    settings.instruments["XBTUSD"].currency = "USD";
    EXPECT_EQ(run(settings).equity.final, money("1010"));
}

TEST_F(BacktestTest, A_cash_account_buys_only_what_it_can_pay) {
    BacktestSettings settings = hold("A", write("a.csv", bars(kRise)), "20");
    settings.cash_only = true;
    const BacktestResult result = run(settings);
    EXPECT_EQ(result.counts.rejected, 1u);
    ASSERT_FALSE(result.warnings.empty());
    EXPECT_NE(result.warnings[0].find("no_cash"), std::string::npos) << result.warnings[0];
}

TEST_F(BacktestTest, Outside_of_trading_hours_nothing_deals) {
    // Tuesday 2024-01-02 from midnight UTC: New York opens at 14:30.
    BacktestSettings settings = hold("A", write("a.csv", bars(kRise)), "1");
    settings.instruments["A"].calendar = "us-equities";
    EXPECT_EQ(run(settings).counts.fills, 0u);
}

TEST_F(BacktestTest, What_ends_a_run_early_is_told) {
    const BacktestSettings settings = hold("A", write("a.csv", bars(kRise)), "1");
    const auto result = run_backtest(settings, [](const RunProgress&) { return false; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
}

using ParquetBacktest = parquet::ParquetFiles;

TEST_F(ParquetBacktest, A_parquet_file_gives_the_hash_of_the_same_rows_in_text) {
    const std::string query =
        "SELECT TIMESTAMP '2024-01-02 00:00:00' + INTERVAL (i) MINUTE AS time, "
        "100 + i % 7 AS open, 109 AS high, 90 AS low, 100 + (i * i) % 9 AS close, 5 AS volume "
        "FROM range(500) t(i)";
    const std::string parquet = written(query);
    const std::string text = parquet + ".csv";
    auto copied = parquet::DuckStream::open(
        "COPY (" + query + ") TO " + parquet::in_quotes(text) + " (FORMAT csv, HEADER)", {});
    ASSERT_TRUE(copied && copied->next_block());
    std::vector<std::uint64_t> hashes;
    for (const std::string& path : {parquet, text}) {
        BacktestSettings settings;
        settings.data.push_back({{path}, "A", {}});
        settings.strategies["cross"].type = "ema-cross";
        const auto result = run_backtest(settings);
        ASSERT_TRUE(result) << describe(result.error());
        EXPECT_GT(result->counts.fills, 10u);
        hashes.push_back(result->result_hash);
    }
    EXPECT_EQ(hashes[0], hashes[1]);
}

}  // namespace
}  // namespace millrace::backtest
