#include <fstream>
#include <gtest/gtest.h>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/test_run.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::cli {
namespace {

Ran calendar(std::vector<std::string> words) {
    Table table;
    add_calendar_commands(table);
    words.insert(words.begin(), "calendar");
    return ran(table, words);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(CalendarGotobi, Lists_the_dates_of_a_year) {
    const Ran ran = calendar({"gotobi", "--year", "2021"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(has(ran.out, "2021-01-05 tue\n"));
    EXPECT_TRUE(has(ran.out, "2021-07-21 wed  for 2021-07-25\n"));
    EXPECT_TRUE(has(ran.out, "2021-04-30 fri  for 2021-04-30, 2021-05-05\n"));
    EXPECT_TRUE(has(ran.err, "70 dates, 21 of them rolled"));
}

TEST(CalendarGotobi, Answers_programs) {
    const Ran ran = calendar({"gotobi", "--year", "2024", "--json"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(has(ran.out, "\"holidays\": \"jp\""));
    EXPECT_TRUE(has(ran.out, "\"count\": 71"));
    EXPECT_TRUE(has(ran.out, "\"date\": \"2024-02-22\""));
}

TEST(CalendarGotobi, Takes_holidays_from_a_file_or_none) {
    EXPECT_TRUE(has(calendar({"gotobi", "--year", "2024", "--holidays", "none"}).out,
                    "2024-02-23 fri  for 2024-02-25\n"));
    EXPECT_TRUE(has(calendar({"gotobi", "--year", "2024", "--holidays", "jp-banks"}).out,
                    "2024-12-30 mon  for 2024-12-30, 2025-01-05\n"));
    const TemporaryDirectory folder;
    const std::string path = folder / "closed.txt";
    std::ofstream(path) << "# our own\n2024-02-23 # a Friday\n2024-02-22\n";
    EXPECT_TRUE(has(calendar({"gotobi", "--year", "2024", "--holidays", path}).out,
                    "2024-02-21 wed  for 2024-02-25\n"));
    std::ofstream(path) << "2024-02-30\n";
    const Ran wrong = calendar({"gotobi", "--year", "2024", "--holidays", path});
    EXPECT_EQ(wrong.code, 3);
    EXPECT_TRUE(has(wrong.err, path));
    EXPECT_EQ(calendar({"gotobi", "--year", "2024", "--holidays", folder / "none"}).code, 3);
}

TEST(CalendarGotobi, Wants_a_year_and_days_that_exist) {
    EXPECT_EQ(calendar({"gotobi"}).code, 2);
    EXPECT_EQ(calendar({"gotobi", "--year", "1948"}).code, 2);
    EXPECT_EQ(calendar({"gotobi", "--year", "2024", "--days", "5,32"}).code, 3);
    EXPECT_TRUE(has(calendar({"gotobi", "--year", "2024", "--days", "10"}).err, "12 dates"));
}

TEST(CalendarHolidays, Names_them) {
    const Ran ran = calendar({"holidays", "--year", "2021"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(has(ran.out, "2021-08-08 sun Mountain Day\n2021-08-09 mon Substitute Holiday\n"));
    EXPECT_TRUE(
        has(calendar({"holidays", "--year", "2020", "--json"}).out, "\"name\": \"Sports Day\""));
}

// Independence Day 2024 was a Thursday; the day before the exchange closed at 13:00.
TEST(CalendarSessions, Shows_holidays_and_short_days) {
    const Ran ran =
        calendar({"sessions", "us-equities", "--from", "2024-07-03", "--to", "2024-07-05"});
    EXPECT_EQ(ran.out,
              "2024-07-03 2024-07-03T13:30:00Z 2024-07-03T17:00:00Z\n"
              "2024-07-05 2024-07-05T13:30:00Z 2024-07-05T20:00:00Z\n");
    EXPECT_TRUE(has(calendar({"sessions", "nyse", "--from", "2024-07-03", "--json"}).out,
                    "\"closes_early\": true"));
    EXPECT_EQ(calendar({"sessions", "moon", "--from", "2024-07-03"}).code, 3);
    EXPECT_EQ(calendar({"sessions", "fx", "--from", "2024-07-03", "--to", "2024-07-01"}).code, 2);
}

}  // namespace
}  // namespace millrace::cli
