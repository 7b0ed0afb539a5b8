#include "millrace/app/data/indicator_job.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::data {
namespace {

using Columns = std::vector<std::optional<double>>;

class IndicatorJobs : public testing::Test {
  protected:
    // One bar a minute with those closes, without range.
    std::string file_of(const std::vector<int>& closes) {
        const std::string path = folder_ / "bars.csv";
        std::ofstream out(path, std::ios::binary);
        out << "time,open,high,low,close,volume\n";
        Time time = parse_time("2026-01-05T14:30:00Z").value();
        for (const int close : closes) {
            out << format_time(time);
            for (int i = 0; i < 4; ++i)
                out << ',' << close;
            out << ",1\n";
            time = Time::from_ns(time.ns() + 60'000'000'000);
        }
        return path;
    }

    TemporaryDirectory folder_;
};

TEST_F(IndicatorJobs, Give_nothing_until_ready_and_then_a_number_a_bar) {
    auto job = IndicatorJob::open(
        {.file = file_of({4, 6, 5}), .table = {}, .indicators = {"sma:2,min:3", "return"}});
    ASSERT_TRUE(job) << describe(job.error());
    EXPECT_EQ(job->columns(), (std::vector<std::string>{"sma:2", "min:3", "return"}));
    std::vector<Columns> rows;
    const auto bars = job->run([&](const model::Bar&, std::span<const std::optional<double>> row) {
        rows.emplace_back(row.begin(), row.end());
        return Result<void>();
    });
    ASSERT_TRUE(bars);
    EXPECT_EQ(*bars, 3U);
    const std::optional<double> none;
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0], (Columns{none, none, none}));
    EXPECT_EQ(rows[1], (Columns{5.0, none, 0.5}));      // 6 / 4 − 1
    EXPECT_EQ(rows[2], (Columns{5.5, 4.0, -1.0 / 6}));  // (5 − 6) / 6
    EXPECT_TRUE(job->not_ready().empty());
}

TEST_F(IndicatorJobs, End_when_the_sink_or_the_user_says_so) {
    const std::string path = file_of({1, 2, 3});
    auto job = IndicatorJob::open({.file = path, .table = {}, .indicators = {"sma:9"}});
    ASSERT_TRUE(job);
    const auto ended = job->run([](const model::Bar&, std::span<const std::optional<double>>) {
        return Result<void>(failure(ErrorCode::data, "the disk is full"));
    });
    EXPECT_EQ(ended.error().what, "the disk is full");
    const auto missing = job->not_ready();
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(missing[0].indicator, "sma:9");
    EXPECT_EQ(missing[0].bar, 9);

    auto long_job = IndicatorJob::open(
        {.file = file_of(std::vector<int>(9'000, 5)), .table = {}, .indicators = {"sma:9"}});
    ASSERT_TRUE(long_job);
    const auto stopped = long_job->run(
        [](const model::Bar&, std::span<const std::optional<double>>) { return Result<void>(); },
        [](std::uint64_t) { return false; });
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

TEST_F(IndicatorJobs, Refuse_what_is_no_indicator_as_a_wrong_use) {
    const auto job =
        IndicatorJob::open({.file = file_of({1}), .table = {}, .indicators = {"sma:0"}});
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace millrace::data
