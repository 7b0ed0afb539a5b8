#include "millrace/edge/feeds/files/action_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

class ActionFile : public testing::Test {
  protected:
    // "SYMBOL TIME new:old" or "SYMBOL TIME amount CURRENCY" of each row; or what was wrong, with
    // its line.
    std::vector<std::string> read(std::string_view text, const Zone& zone = Zone::utc()) {
        const std::string path = folder_ / "actions.csv";
        std::ofstream(path, std::ios::binary) << text;
        const auto rows = read_actions(path, zone);
        if (!rows) {
            const std::string& where = rows.error().where;
            const std::size_t colon = where.rfind(':');
            const std::string line = colon == std::string::npos ? "" : where.substr(colon + 1);
            EXPECT_EQ(rows.error().code, ErrorCode::data);
            return {line + ": " + rows.error().what};
        }
        std::vector<std::string> told;
        for (const ActionRow& row : *rows) {
            const model::CorporateAction& action = row.action;
            told.push_back(row.symbol + " " + format_time(action.known_at) + " ");
            if (model::is_split(action))
                told.back() +=
                    std::to_string(action.new_units) + ":" + std::to_string(action.old_units);
            else
                told.back() += action.amount.value().to_string() + " " + action.currency.text();
        }
        return told;
    }
    using Lines = std::vector<std::string>;

  private:
    TemporaryDirectory folder_;
};

TEST_F(ActionFile, Reads_splits_and_dividends_in_the_order_of_their_moments) {
    EXPECT_EQ(read("symbol,date,kind,ratio,amount,currency\n"
                   "ACME,2024-06-10,split,7:1,,\n"
                   "BETA,2023-02-01,dividend,,0.25,EUR\n"
                   "ACME,2022-03-04,split,1/10,,\n"),
              (Lines{"ACME 2022-03-04T00:00:00Z 1:10", "BETA 2023-02-01T00:00:00Z 0.25 EUR",
                     "ACME 2024-06-10T00:00:00Z 7:1"}));
}

TEST_F(ActionFile, A_date_is_midnight_in_the_zone_of_the_calendar) {
    const auto zone = Zone::find("America/New_York");
    ASSERT_TRUE(zone);
    EXPECT_EQ(read("date,ratio\n2024-06-10,10:1\n", *zone), (Lines{" 2024-06-10T04:00:00Z 10:1"}));
}

TEST_F(ActionFile, Of_one_moment_the_dividend_comes_first) {
    EXPECT_EQ(read("date,ratio,amount\n2024-06-10,2:1,0.50\n"),
              (Lines{" 2024-06-10T00:00:00Z 0.5 ", " 2024-06-10T00:00:00Z 2:1"}));
}

TEST_F(ActionFile, Shortens_ratios_and_reads_decimal_ones) {
    EXPECT_EQ(read("date,split\n2024-01-01,7.000000/1.000000\n2024-01-02,6:4\n2024-01-03,1.5\n"
                   "2024-01-04,0.1\n"),
              (Lines{" 2024-01-01T00:00:00Z 7:1", " 2024-01-02T00:00:00Z 3:2",
                     " 2024-01-03T00:00:00Z 3:2", " 2024-01-04T00:00:00Z 1:10"}));
}

// The table holds the larger number by the smaller: 4 where the price fell from 400 to 100, and 4
// too where it rose from 1 to 4.
TEST_F(ActionFile, A_stock_splits_table_says_by_its_prices_which_way_a_split_went) {
    EXPECT_EQ(read("symbol,split_date,split_ratio,raw_price_before,raw_price_after,"
                   "adjusted_price,created_at\n"
                   "ACME,2020-08-31,4.0,400.00,101.00,100.00,2024-01-01\n"
                   "GAMMA,2021-05-03,4,1.02,4.01,,\n"),
              (Lines{"ACME 2020-08-31T00:00:00Z 4:1", "GAMMA 2021-05-03T00:00:00Z 1:4"}));
}

TEST_F(ActionFile, A_stock_splits_table_without_prices_is_refused_unless_both_numbers_stand) {
    EXPECT_EQ(read("symbol,split_date,split_ratio\nACME,2020-08-31,4\n"),
              (Lines{"2: it is not known which way the split went"}));
    EXPECT_EQ(read("symbol,split_date,split_ratio\nACME,2020-08-31,1:4\n"),
              (Lines{"ACME 2020-08-31T00:00:00Z 1:4"}));
}

TEST_F(ActionFile, Yahoos_history_has_actions_in_few_of_its_rows) {
    EXPECT_EQ(read("Date,Open,Close,Dividends,Stock Splits\n"
                   "2024-06-07,1200,1208,0.0,0.0\n"
                   "2024-06-10,120,121,0.0,10.0\n"
                   "2024-06-11,121,120,0.01,0.0\n"),
              (Lines{" 2024-06-10T00:00:00Z 10:1", " 2024-06-11T00:00:00Z 0.01 "}));
}

TEST_F(ActionFile, What_cannot_be_applied_is_refused_with_its_line) {
    EXPECT_EQ(read("date,kind,ratio\n2024-01-02,split,2:1\n2024-01-03,rights,3:1\n"),
              (Lines{"3: \"rights\" cannot be applied"}));
    EXPECT_EQ(read("date,kind,ratio\n2024-01-03,merger,\n"),
              (Lines{"2: \"merger\" cannot be applied"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,1:1\n"), (Lines{"2: \"1:1\" is no ratio of a split"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,-2\n"), (Lines{"2: \"-2\" is no ratio of a split"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,3:0\n"), (Lines{"2: \"3:0\" is no ratio of a split"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,2000001:1\n"),
              (Lines{"2: \"2000001:1\" is no ratio of a split"}));
    EXPECT_EQ(read("date,amount\n2024-01-03,-0.1\n"), (Lines{"2: a dividend of -0.1"}));
    EXPECT_EQ(read("date,kind,ratio,amount\n2024-01-03,split,,0.1\n"),
              (Lines{"2: the row is not what its kind says"}));
    EXPECT_EQ(read("date,kind,ratio,amount\n2024-01-03,split,,\n"),
              (Lines{"2: the row is not what its kind says"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,\n"), (Lines{"2: nothing happens in this row"}));
    EXPECT_EQ(read("symbol,date,ratio\n,2024-01-03,2:1\n"), (Lines{"2: the row names no symbol"}));
    EXPECT_EQ(read("date,ratio\n2024-01-03,2:1\n2024-01-03,4:2\n"),
              (Lines{"3: this stands twice"}));
}

TEST_F(ActionFile, A_table_of_something_else_is_refused) {
    EXPECT_EQ(read(""), (Lines{"1: the file of corporate actions is empty"}));
    EXPECT_EQ(read("symbol,ratio\nA,2:1\n"), (Lines{"1: no column says when"}));
    EXPECT_EQ(read("date,open,close\n2024-01-02,1,2\n"),
              (Lines{"1: no column says what happened"}));
    EXPECT_EQ(read("date,ratio,split\n2024-01-02,2:1,2:1\n"),
              (Lines{"1: two columns mean the same"}));
}

}  // namespace
}  // namespace millrace::files
