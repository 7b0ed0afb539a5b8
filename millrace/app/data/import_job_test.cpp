#include "millrace/app/data/import_job.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "millrace/edge/store/tape/tape_reader.hpp"

#include "tests/support/market_files.hpp"

namespace millrace::data {
namespace {

using backtest::test::at;
using model::Datum;

constexpr std::string_view kBars =
    "time,open,high,low,close,volume\n"
    "2024-01-02T00:00:00Z,10,12,9,11,100\n"
    "2024-01-02T00:01:00Z,11,13,10,12,50\n";
constexpr std::string_view kLaterBars =
    "time,open,high,low,close,volume\n"
    "2024-01-02T00:03:00Z,12,12.5,11,11,25\n"
    "2024-01-02T00:04:00Z,12,12.5,11,11,25\n";
constexpr std::string_view kTrades =
    "time,price,size\n"
    "2024-01-02T00:00:30Z,5,1\n"
    "2024-01-02T00:01:00Z,6,2\n";

class Import : public backtest::test::FilesTest {
  protected:
    Import() { settings_.out = beside("out.tape"); }

    std::string add(const std::string& name, std::string_view text) {
        settings_.files.push_back(write(name, text));
        return settings_.files.back();
    }
    std::string beside(const std::string& name) {
        return (std::filesystem::path(write("empty", "")).parent_path() / name).string();
    }
    Result<std::vector<ImportOutput>> run() {
        auto job = ImportJob::open(settings_);
        if (!job) return failure(std::move(job.error()));
        auto outputs = job->run();
        series_ = job->series();
        return outputs;
    }
    std::string error_of_run() {
        const auto outputs = run();
        return outputs ? "nothing" : outputs.error().what;
    }
    static std::vector<Datum> events_of(const std::string& path) {
        auto reader = tape::TapeReader::open(store::posix_disk(), path);
        EXPECT_TRUE(reader) << describe(reader.error());
        std::vector<Datum> events;
        Datum datum;
        while (reader && reader->next(datum).value())
            events.push_back(datum);
        return events;
    }

    ImportSettings settings_;
    std::vector<ImportSeries> series_;
};

TEST_F(Import, Joins_the_files_of_a_symbol_in_order_of_time) {
    settings_.symbol = "ACME";
    add("b.csv", kLaterBars);
    add("c.csv", kBars);
    const auto outputs = run();
    ASSERT_TRUE(outputs) << describe(outputs.error());
    ASSERT_EQ(series_.size(), 1U);
    EXPECT_EQ(series_[0].rows, 4U);
    EXPECT_EQ(series_[0].first, at(0));
    EXPECT_EQ(series_[0].last, at(4));
    const auto events = events_of(settings_.out);
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(std::get<model::Bar>(events[2]).open_time, at(3));
    EXPECT_EQ(std::get<model::Bar>(events[2]).high, Price::parse("12.5").value());
    EXPECT_EQ(outputs->front().written.bytes, std::filesystem::file_size(settings_.out));
}

TEST_F(Import, Merges_symbols_and_kinds_in_the_total_order) {
    add("ACME.csv", kBars);
    add("BETA.csv", kTrades);
    ASSERT_TRUE(run());
    const auto events = events_of(settings_.out);
    ASSERT_EQ(events.size(), 4U);
    // The trade of half past, at a minute the bar before the trade, then the second bar.
    EXPECT_EQ(std::get<model::Trade>(events[0]).price, Price::whole(5));
    EXPECT_EQ(std::get<model::Bar>(events[1]).close, Price::whole(11));
    EXPECT_EQ(std::get<model::Trade>(events[2]).size, Quantity::whole(2));
    EXPECT_EQ(std::get<model::Trade>(events[2]).instrument, InstrumentId(1));
    EXPECT_EQ(std::get<model::Bar>(events[3]).instrument, InstrumentId(0));
}

TEST_F(Import, Gives_each_series_its_place_in_a_catalog) {
    add("BTC.csv", kBars);
    add("BETA.csv", kTrades);
    settings_.out.clear();
    settings_.catalog = beside("catalog");
    ASSERT_TRUE(run());
    EXPECT_EQ(events_of(settings_.catalog + "/1m/BTC.tape").size(), 2U);
    EXPECT_EQ(events_of(settings_.catalog + "/trades/BETA.tape").size(), 2U);
    EXPECT_EQ(error_of_run(), "the file is there already");
    settings_.replaces = true;
    EXPECT_EQ(error_of_run(), "nothing");
}

TEST_F(Import, Refuses_what_has_no_one_place) {
    add("ACME.csv", kBars);
    settings_.catalog = "catalog";
    EXPECT_EQ(error_of_run(), "it is not clear where the data goes");
    settings_.catalog.clear();
    add("BETA.csv", kTrades);
    settings_.format = StoreFormat::parquet;
    EXPECT_EQ(error_of_run(), "a Parquet file holds one series");
    settings_.format = StoreFormat::tape;
    settings_.symbol = "ONE";
    settings_.files.pop_back();
    add("long.csv",
        "time,open,high,low,close\n2024-01-02T00:05:00Z,1,1,1,1\n2024-01-02T00:10:00Z,1,1,1,1\n");
    EXPECT_EQ(error_of_run(), "a tape holds bars of one length for a symbol");
    settings_.files.back() = settings_.files.front();
    EXPECT_EQ(error_of_run(), "the file is named twice");
}

TEST_F(Import, Leaves_nothing_of_an_import_that_fails) {
    const std::string path =
        add("bad.csv", std::string(kBars) + "2024-01-02T00:02:00Z,11,10,10,12,50\n");
    const auto outputs = run();
    ASSERT_FALSE(outputs);
    EXPECT_EQ(outputs.error().where, path + ":4");
    EXPECT_FALSE(std::filesystem::exists(settings_.out));
    settings_.table.policy.bad_rows = model::BadRows::skip;
    ASSERT_TRUE(run());
    EXPECT_EQ(series_[0].findings.left_out(model::RowFault::contradiction), 1U);
    EXPECT_EQ(series_[0].rows, 2U);
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
        EXPECT_EQ(entry.path().string().find("unfinished"), std::string::npos) << entry.path();
}

TEST_F(Import, Takes_trades_without_size_only_where_they_can_be_kept) {
    add("ticks.csv", "time,price,size\n2024-01-02T00:00:30Z,5,0\n2024-01-02T00:01:00Z,6,2\n");
    EXPECT_EQ(error_of_run(), "this trade has no size");
    settings_.table.policy.bad_rows = model::BadRows::skip;
    ASSERT_TRUE(run());
    EXPECT_EQ(series_[0].without_size, 1U);
    EXPECT_EQ(events_of(settings_.out).size(), 1U);
    settings_.out = beside("ticks.parquet");
    settings_.format = StoreFormat::parquet;
    ASSERT_TRUE(run());
    EXPECT_EQ(series_[0].rows, 2U);
}

TEST_F(Import, Ends_when_it_is_told_to) {
    std::string many = "time,price,size\n";
    for (int i = 0; i < 10'000; ++i)
        many += "2024-01-02T00:00:30Z,5,1\n";
    add("many.csv", many);
    auto job = ImportJob::open(settings_);
    ASSERT_TRUE(job);
    const auto outputs = job->run([](std::uint64_t rows) { return rows < 8'000; });
    ASSERT_FALSE(outputs);
    EXPECT_EQ(outputs.error().code, ErrorCode::interrupted);
    EXPECT_FALSE(std::filesystem::exists(settings_.out));
}

}  // namespace
}  // namespace millrace::data
