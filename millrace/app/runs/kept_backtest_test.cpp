// Small runs, kept: what is in the folder, what is never touched, and what a failure leaves.
#include "millrace/app/runs/kept_backtest.hpp"

#include <set>
#include <sstream>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/app/runs/comparison_page.hpp"
#include "millrace/app/runs/order_export.hpp"
#include "millrace/app/runs/registry.hpp"
#include "millrace/app/runs/tear_sheet.hpp"
#include "millrace/base/hash.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::runs {
namespace {

namespace fs = std::filesystem;

// A share at 90 to 95, then 100 to 105, then 104 to 110.
constexpr std::string_view kBars =
    "time,open,high,low,close,volume\n"
    "2024-01-02T00:00:00Z,90,95,90,95,1\n"
    "2024-01-02T00:01:00Z,100,105,100,105,1\n"
    "2024-01-02T00:02:00Z,104,110,104,110,1\n";

class KeptBacktestTest : public backtest::test::FilesTest {
  protected:
    // Two shares bought at the second bar's open.
    backtest::BacktestSettings hold(const std::string& quantity = "2") {
        backtest::BacktestSettings settings;
        settings.data.push_back({{write("a.csv", kBars)}, "A", {}});
        settings.strategies["hold"].type = "buy-and-hold";
        settings.strategies["hold"].parameters["quantity"] = quantity;
        settings.cash = Money::whole(1'000);
        return settings;
    }
    std::string path(const std::string& name) {
        return fs::path(write("x", "")).parent_path() / name;
    }
    KeepOptions options(const std::string& out = {}) {
        return {out.empty() ? out : path(out), path("data/runs")};
    }
    KeptBacktest keep(const backtest::BacktestSettings& settings, const std::string& out = {}) {
        auto kept = run_and_keep(settings, options(out));
        EXPECT_TRUE(kept) << describe(kept.error());
        return kept ? std::move(*kept) : KeptBacktest{};
    }
    Registry registry() { return Registry(path("data/runs")); }
    static std::string text_of(const fs::path& file) {
        std::stringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        return text.str();
    }
    static std::set<std::string> names_in(const fs::path& folder) {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder))
            names.insert(entry.path().filename().string());
        return names;
    }
};

TEST_F(KeptBacktestTest, Writes_what_happened) {
    keep(hold(), "out");
    EXPECT_EQ(text_of(path("out/equity_curve.csv")),
              "ts,equity\n2024-01-02T00:00:00Z,1000\n2024-01-02T00:01:00Z,1000\n"
              "2024-01-02T00:02:00Z,1010\n2024-01-02T00:03:00Z,1020\n");
    EXPECT_EQ(text_of(path("out/portfolio_ledger.csv")),
              "timestamp,cash,seq,account,currency,realized,fees\n"
              "2024-01-02T00:00:00Z,1000,0,main,USD,0,0\n"
              "2024-01-02T00:01:00Z,800,1,main,USD,0,0\n");
    EXPECT_EQ(text_of(path("out/fills.csv")),
              "symbol,fill_ts,fill_price,side,oco_group_id,fill_qty,commission_cost,"
              "commission_currency,liquidity,fill_id,order_id,order_type,strategy_id,account\n"
              "A,2024-01-02T00:01:00Z,100,BUY,,2,0,USD,taker,1,1,market,hold,main\n");
    const std::string trades = text_of(path("out/trades.csv"));
    EXPECT_EQ(std::count(trades.begin(), trades.end(), '\n'), 1) << trades;
}

TEST_F(KeptBacktestTest, Has_the_result_of_the_same_run_that_is_not_kept) {
    const auto plain = backtest::run_backtest(hold());
    ASSERT_TRUE(plain);
    EXPECT_EQ(keep(hold()).result.result_hash, plain->result_hash);
}

TEST_F(KeptBacktestTest, Is_the_same_to_the_byte_the_second_time) {
    const KeptBacktest first = keep(hold(), "one");
    const KeptBacktest again = keep(hold(), "two");
    EXPECT_FALSE(first.was_kept_before);
    EXPECT_TRUE(again.was_kept_before);
    EXPECT_EQ(first.hash, again.hash);
    EXPECT_EQ(names_in(path("one")), names_in(path("two")));
    for (const std::string& name : names_in(path("one")))
        if (!name.starts_with("run_") || name == "run_manifest.json") {
            EXPECT_EQ(text_of(path("one/" + name)), text_of(path("two/" + name))) << name;
        }
    EXPECT_EQ(names_in(path("data/runs")), std::set<std::string>{first.hash});
}

TEST_F(KeptBacktestTest, Is_known_by_what_it_was_told_and_read) {
    const std::string hash = keep(hold()).hash;
    EXPECT_NE(keep(hold("3")).hash, hash);
    backtest::BacktestSettings settings = hold();
    settings.data[0].files[0] = write("b.csv", kBars);
    EXPECT_EQ(keep(settings).hash, hash) << "where the data lie is no part of it";
    write("b.csv", std::string(kBars) + "2024-01-02T00:03:00Z,1,1,1,1,1\n");
    EXPECT_NE(keep(settings).hash, hash);
}

TEST_F(KeptBacktestTest, Never_writes_over_a_run) {
    keep(hold(), "out");
    const auto again = run_and_keep(hold("3"), options("out"));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().what, "there is something in the folder already");
    EXPECT_NE(text_of(path("out/equity_curve.csv")).find(",1020\n"), std::string::npos);
    EXPECT_EQ(registry().list().runs.size(), 1u) << "the refused run was not begun";
}

TEST_F(KeptBacktestTest, Of_a_run_that_fails_leaves_what_went_wrong_and_nothing_else) {
    auto settings = hold();
    settings.strategies["hold"].parameters["quantiti"] = "1";
    ASSERT_FALSE(run_and_keep(settings, options("out")));
    EXPECT_EQ(names_in(path("out")),
              (std::set<std::string>{"run_meta.json", "run_result.json", "run_steps.jsonl"}));
    const auto result = JsonValue::read(path("out/run_result.json"));
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)["status"].text(), "failed");
    EXPECT_NE((*result)["error"]["what"].text().find("quantiti"), std::string::npos);
    EXPECT_NE(text_of(path("out/run_steps.jsonl")).find("\"failed\""), std::string::npos);
    EXPECT_TRUE(registry().list().runs.empty());
    const auto shown = registry().find(path("out"));
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error().what, "the run failed, so there is nothing to see");
    // And it is no obstacle to the run that works.
    keep(hold(), "out");
    EXPECT_TRUE(fs::exists(path("out/trades.parquet")));
}

TEST_F(KeptBacktestTest, That_cannot_be_written_is_not_begun) {
    write("file", "");
    const auto kept = run_and_keep(hold(), {path("file") + "/out", path("data/runs")});
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code, ErrorCode::data);
    EXPECT_EQ(kept.error().what, "the run cannot be written");
}

TEST_F(KeptBacktestTest, Is_found_by_the_beginning_of_its_names) {
    const KeptBacktest one = keep(hold());
    keep(hold("3"));
    const auto found = registry().find(one.hash.substr(0, 10));
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_EQ(found->result_hash(), hash_text(one.result.result_hash));
    EXPECT_TRUE(registry().find(one.result.run_id));
    const auto both = registry().find("hold-");
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().what, "\"hold-\" is the beginning of 2 runs");
    EXPECT_FALSE(registry().find("zzz"));
    EXPECT_FALSE(registry().find(""));
}

TEST_F(KeptBacktestTest, That_is_damaged_stops_no_other) {
    const KeptBacktest whole = keep(hold());
    const KeptBacktest torn = keep(hold("3"));
    std::ofstream(torn.entry / "run_result.json") << "{";
    fs::create_directories(path("data/runs/notes"));
    const Listing listing = registry().list();
    ASSERT_EQ(listing.runs.size(), 1u);
    EXPECT_EQ(listing.runs[0].hash, whole.hash);
    ASSERT_EQ(listing.damaged.size(), 2u);
    const auto folder = registry().folder_of(torn.hash);
    ASSERT_TRUE(folder);
    EXPECT_TRUE(registry().remove(*folder));
    EXPECT_FALSE(fs::exists(torn.entry));
}

TEST_F(KeptBacktestTest, Shows_when_a_file_was_touched) {
    const KeptBacktest kept = keep(hold());
    const auto run = registry().find(kept.hash);
    ASSERT_TRUE(run);
    EXPECT_TRUE(verify(*run));
    std::ofstream(kept.entry / "fills.csv", std::ios::app) << "\n";
    const auto sound = verify(*run);
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error().where, (kept.entry / "fills.csv").string());
}

TEST_F(KeptBacktestTest, Compares_by_what_differs) {
    const std::string one = keep(hold()).hash;
    const std::string two = keep(hold("3")).hash;
    const std::vector<KeptRun> runs = {registry().find(one).value(), registry().find(two).value()};
    const Comparison comparison = compare(runs);
    EXPECT_FALSE(comparison.is_same_result);
    EXPECT_TRUE(comparison.code.empty());
    EXPECT_TRUE(comparison.inputs.empty());
    ASSERT_EQ(comparison.config.size(), 1u);
    EXPECT_EQ(comparison.config[0].name, "strategy.hold.set.quantity");
    EXPECT_EQ(comparison.config[0].values[0], "2");
    EXPECT_EQ(comparison.config[0].values[1], "3");
}

TEST_F(KeptBacktestTest, Makes_a_page_that_needs_nothing_else) {
    const auto run = registry().find(keep(hold()).hash);
    ASSERT_TRUE(run);
    const auto page = tear_sheet(*run);
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_LE(page->size(), kTearSheetBytesMax);
    EXPECT_EQ(page->find("http"), std::string::npos);
    EXPECT_EQ(page->find("<script"), std::string::npos);
    EXPECT_NE(page->find("2.00 %"), std::string::npos);          // 20 of 1,000
    EXPECT_NE(page->find("not annualised"), std::string::npos);  // of three minutes
    EXPECT_NE(page->find("no trade was closed"), std::string::npos);
    EXPECT_EQ(page->find("nan"), std::string::npos);
}

TEST_F(KeptBacktestTest, Keeps_the_candles_that_it_traded_on) {
    keep(hold(), "out");
    EXPECT_EQ(text_of(path("out/candles.csv")),
              "ts,symbol,open,high,low,close\n2024-01-02T00:00:00Z,A,90,95,90,95\n"
              "2024-01-02T00:01:00Z,A,100,105,100,105\n2024-01-02T00:02:00Z,A,104,110,104,110\n");
}

TEST_F(KeptBacktestTest, Known_by_its_splits_and_dividends_too) {
    auto settings = hold();
    const std::string hash = keep(settings).hash;
    const std::string actions = write("actions.csv", "date,amount\n2024-01-02T00:02:00Z,1\n");
    const std::string values[] = {actions};
    ASSERT_TRUE(backtest::set_run_value(settings, "data", "A", "actions", values));
    const std::string with = keep(settings).hash;
    EXPECT_NE(with, hash);
    write("actions.csv", "date,amount\n2024-01-02T00:02:00Z,2\n");
    EXPECT_NE(keep(settings).hash, with);
}

// One page for three minutes of two runs: 20 and 30 earned of 1,000.
TEST_F(KeptBacktestTest, Lays_equity_over_each_other_on_one_page) {
    std::vector<KeptRun> runs;
    for (const char* quantity : {"2", "3"})
        runs.push_back(registry().find(keep(hold(quantity)).hash).value());
    const auto page = comparison_page(runs, compare(runs));
    ASSERT_TRUE(page) << describe(page.error());
    for (const char* part :
         {"line l0\" d=\"M4.0", "line l1\" d=\"M4.0", "2.00 %", "3.00 %",
          "<td>strategy.hold.set.quantity</td><td>2</td><td>3</td>", "different results"})
        EXPECT_NE(page->find(part), std::string::npos) << part;
    for (const char* part : {"http", "<script", "nan"})
        EXPECT_EQ(page->find(part), std::string::npos) << part;
    const std::vector<KeptRun> many(9, runs.front());
    EXPECT_FALSE(comparison_page(many, compare(many)));
}

// A strategy that turns at every bar: more trades than a page can show.
TEST_F(KeptBacktestTest, Stays_small_however_much_was_traded) {
    std::string rows = "time,open,high,low,close,volume\n";
    for (int minute = 0; minute < 4'000; ++minute) {
        const int close = minute % 2 == 0 ? 100 : 101;
        rows += format_time(backtest::test::at(minute)) + "," + std::to_string(201 - close) +
                ",101,100," + std::to_string(close) + ",1\n";
    }
    auto settings = hold();
    settings.data[0].files = {write("busy.csv", rows)};
    settings.strategies.clear();
    settings.strategies["cross"].type = "ema-cross";
    settings.strategies["cross"].parameters = {{"fast", "1"}, {"slow", "2"}, {"quantity", "1"}};
    const auto run = registry().find(keep(settings).hash);
    ASSERT_TRUE(run);
    const auto page = tear_sheet(*run);
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_LE(page->size(), kTearSheetBytesMax);
    EXPECT_NE(page->find("A, trades on candles"), std::string::npos);
    EXPECT_NE(page->find("A, the end of it"), std::string::npos);
    EXPECT_NE(page->find("<g class=\"trade "), std::string::npos);
}

TEST_F(KeptBacktestTest, Exports_an_order_with_its_exit_at_the_close) {
    const auto run = registry().find(keep(hold()).hash);
    ASSERT_TRUE(run);
    ExportTerms terms;
    terms.format = ExportFormat::ib_basket;
    terms.zone = Zone::find("America/New_York").value();
    const auto exported = export_orders(*run, terms);
    ASSERT_TRUE(exported) << describe(exported.error());
    EXPECT_EQ(exported->orders, 2u);
    // One minute after midnight UTC it is still the first of January in New York, a holiday: the
    // next session ends on the second at 16:00.
    EXPECT_EQ(exported->csv,
              "Date,TradeID,Strategy,Side,IsExit,OrderId,ParentId,OcaId,RTSym,Symbol,Expiry,"
              "SecType,Currency,Exchange,Action,Quantity,OrderType,TimeInForce,GoodAfterTime,"
              "GoodTilDate,AllHours,LmtPrice,AuxPrice,Account,FaGroup,FaProfile,FaMethod\n"
              "20240101,1,hold,1,0,1,,,A,A,,STK,USD,SMART,BUY,2,MKT,GTD,,"
              "20240102 16:00:00 America/New_York,,,,,,,\n"
              "20240101,1,hold,1,1,1-exit,1,1,A,A,,STK,USD,SMART,SELL,2,MOC,DAY,,,,,,,,,\n");
}

TEST_F(KeptBacktestTest, Exports_sizes_of_its_own_only_where_they_can_be_known) {
    const auto run = registry().find(keep(hold()).hash);
    ASSERT_TRUE(run);
    ExportTerms terms;
    terms.sizing = ExportSizing::fixed;
    terms.size = Ratio::from_raw(Ratio::kOne * 5 / 2);  // 2.5 units are 2
    const auto fixed = export_orders(*run, terms);
    ASSERT_TRUE(fixed) << describe(fixed.error());
    EXPECT_NE(fixed->csv.find(",A,BUY,2,"), std::string::npos) << fixed->csv;
    terms.size = Ratio::from_raw(Ratio::kOne / 2);  // half a unit is none
    const auto none = export_orders(*run, terms);
    ASSERT_TRUE(none);
    EXPECT_EQ(none->dropped, 1u);
    EXPECT_EQ(none->orders, 0u);
    terms.sizing = ExportSizing::risk;
    const auto risk = export_orders(*run, terms);
    ASSERT_FALSE(risk);
    EXPECT_EQ(risk.error().why, "it has no price: it is a market order");
}

}  // namespace
}  // namespace millrace::runs
