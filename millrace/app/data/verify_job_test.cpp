#include "millrace/app/data/verify_job.hpp"

#include <gtest/gtest.h>

#include "tests/support/market_files.hpp"

namespace millrace::data {
namespace {

using Verify = backtest::test::FilesTest;

TEST_F(Verify, Counts_what_had_to_be_mended_and_looks_at_the_rest) {
    const std::string path =
        write("ACME.csv",
              "time,open,high,low,close,volume\n"
              "2024-01-02T14:30:00Z,10,12,9,11,100\n"
              "2024-01-02T14:31:00Z,11,11.5,10,12,50\n"  // its close is above its high
              "2024-01-02T14:32:00Z,11,13,10,x,50\n"
              "2024-01-02T14:35:00Z,11,13,10,12,50\n");
    const auto verified = verify({.file = path, .table = {}, .calendar = "NYSE", .every = {}});
    ASSERT_TRUE(verified) << describe(verified.error());
    EXPECT_EQ(verified->symbol, "ACME");
    EXPECT_EQ(verified->rules.step, Duration::minutes(1));
    EXPECT_EQ(verified->report.rows, 3U);
    EXPECT_EQ(verified->findings.mended(model::RowFault::contradiction), 1U);
    EXPECT_EQ(verified->findings.left_out(model::RowFault::unreadable) +
                  verified->findings.left_out(model::RowFault::price),
              1U);
    EXPECT_EQ(verified->report.expected, 6U);  // 14:30 to 14:35
    EXPECT_EQ(verified->report.actual, 3U);
    EXPECT_EQ(verified->report.missing, 3U);
    EXPECT_EQ(verified->verdict.grade, 'F');
}

TEST_F(Verify, Refuses_what_it_cannot_look_at) {
    const auto error_of = [](const VerifySettings& settings) {
        const auto verified = verify(settings);
        return verified ? std::string("nothing") : verified.error().what;
    };
    const std::string bars = write("b.csv",
                                   "time,open,high,low,close\n2024-01-02T14:30:00Z,1,1,1,1\n"
                                   "2024-01-02T14:31:00Z,1,1,1,1\n");
    EXPECT_EQ(error_of({.file = bars, .table = {}, .calendar = "", .every = {}}), "nothing");
    EXPECT_NE(error_of({.file = bars, .table = {}, .calendar = "moon", .every = {}}), "nothing");
    EXPECT_NE(error_of({.file = bars + "x", .table = {}, .calendar = "", .every = {}}), "nothing");
    EXPECT_EQ(error_of({.file = write("n.csv", "time,price,size\n2024-01-02T14:30:00Z,x,1\n"),
                        .table = {},
                        .calendar = "",
                        .every = {}}),
              "the file has no row that can be believed");
}

}  // namespace
}  // namespace millrace::data
