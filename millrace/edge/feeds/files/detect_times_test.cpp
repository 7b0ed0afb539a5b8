// How times, zones and symbols are told, and what stays open.
#include <fstream>
#include <gtest/gtest.h>

#include "millrace/edge/feeds/files/table_reader.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

class TimesOfTables : public testing::Test {
  protected:
    // The time of the last row, or "what: why".
    std::string last(std::string_view text, std::string_view key = {},
                     std::string_view value = {}) {
        const std::string path = folder_ / "table.csv";
        std::ofstream(path, std::ios::binary) << text;
        TableOptions options;
        if (!key.empty()) {
            EXPECT_TRUE(set_table_option(options, key, value)) << key;
        }
        auto reader = TableReader::open(path, options);
        if (!reader) return reader.error().what + ": " + reader.error().why;
        zone_ = reader->dialect().zone.name();
        rows_ = 0;
        Datum datum;
        std::string time;
        for (;;) {
            const auto more = reader->next(datum);
            if (!more) return more.error().what + ": " + more.error().why;
            if (!*more) return time;
            ++rows_;
            time = std::visit([](const auto& noun) { return format_time(noun.known_at); }, datum);
        }
    }
    // Of a quote at this time.
    std::string time_of(const std::string& text, std::string_view key = {},
                        std::string_view value = {}) {
        return last("time;bid;ask\n" + text + ";1;2\n", key, value);
    }
    TemporaryDirectory folder_;
    std::string zone_;
    std::uint64_t rows_ = 0;
};

TEST_F(TimesOfTables, Are_read_in_many_spellings) {
    EXPECT_EQ(time_of("2026-11-21T09:48:55.123456789Z"), "2026-11-21T09:48:55.123456789Z");
    EXPECT_EQ(time_of("2026-11-21 09:48:55+01:00"), "2026-11-21T08:48:55Z");
    EXPECT_EQ(time_of("2026/11/21 9:48"), "2026-11-21T09:48:00Z");
    EXPECT_EQ(time_of("20261121 094855"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(time_of("20261121T094855"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(time_of("20261121094855"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(time_of("202611210948"), "2026-11-21T09:48:00Z");
    EXPECT_EQ(time_of("20261121"), "2026-11-21T00:00:00Z");
    EXPECT_EQ(time_of("21.11.2026 09:48:55.5"), "2026-11-21T09:48:55.500Z");
    EXPECT_EQ(time_of("11/21/2026 9:48:55 PM"), "2026-11-21T21:48:55Z");
    EXPECT_EQ(time_of("21-11-2026 12:00 am"), "2026-11-21T00:00:00Z");
    EXPECT_EQ(time_of("21/11/2026, 09:48:55 UTC"), "2026-11-21T09:48:55Z");
}

TEST_F(TimesOfTables, Count_from_1970_in_a_unit_that_all_rows_have) {
    EXPECT_EQ(time_of("1795254535"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(time_of("1795254535.25"), "2026-11-21T09:48:55.250Z");
    EXPECT_EQ(time_of("1795254535007"), "2026-11-21T09:48:55.007Z");
    EXPECT_EQ(time_of("1795254535000007"), "2026-11-21T09:48:55.000007Z");
    EXPECT_EQ(time_of("1795254535000000007"), "2026-11-21T09:48:55.000000007Z");
    EXPECT_EQ(time_of("1795254535;1;2\n1795254535007"),
              "the times of the file are not clear: \"1795254535\" and \"1795254535007\" count in "
              "different units");
    EXPECT_EQ(time_of("34200000"),
              "the times of the file are not clear: \"34200000\" is too small to count from 1970");
    EXPECT_EQ(time_of("34200", "time-format", "epoch-s"), "1970-01-01T09:30:00Z");
}

TEST_F(TimesOfTables, Tell_day_from_month_by_all_rows_or_are_refused) {
    EXPECT_EQ(time_of("01/02/2026 09:00;1;2\n13/02/2026 09:00"), "2026-02-13T09:00:00Z");
    EXPECT_EQ(time_of("01/02/2026 09:00;1;2\n01/13/2026 09:00"), "2026-01-13T09:00:00Z");
    EXPECT_EQ(time_of("01/02/2026 09:00"),
              "the times of the file are not clear: \"01/02/2026 09:00\" may have the day or the "
              "month first, and so may all of 1 rows");
    EXPECT_EQ(time_of("01/02/2026 09:00", "time-format", "day-first"), "2026-02-01T09:00:00Z");
    EXPECT_EQ(time_of("01/02/2026 09:00", "time-format", "month-first"), "2026-01-02T09:00:00Z");
    EXPECT_EQ(time_of("13/02/2026 09:00;1;2\n02/13/2026 09:00"),
              "the times of the file are not clear: some dates have the day first, some the month");
    // Nobody writes the month first with points.
    EXPECT_EQ(time_of("01.02.2026 09:00"), "2026-02-01T09:00:00Z");
}

// What decides may stand behind the lines that are looked at first.
TEST_F(TimesOfTables, Tell_day_from_month_far_into_the_file) {
    std::string text = "time;bid;ask\n";
    for (int i = 0; i < 5'000; ++i)
        text += "01/02/2026 09:00;1;2\n";
    EXPECT_EQ(last(text + "01/14/2026 09:00;1;2\n"), "2026-01-14T09:00:00Z");
    EXPECT_EQ(rows_, 5'001U);
}

TEST_F(TimesOfTables, Are_in_the_zone_that_is_said_unless_they_name_one) {
    EXPECT_EQ(time_of("2026-07-01 09:30:00", "zone", "America/New_York"), "2026-07-01T13:30:00Z");
    EXPECT_EQ(zone_, "America/New_York");
    EXPECT_EQ(time_of("2026-07-01 09:30:00Z", "zone", "America/New_York"), "2026-07-01T09:30:00Z");
    EXPECT_EQ(time_of("01.07.2026 09:30", "zone", "Asia/Tokyo"), "2026-07-01T00:30:00Z");
    EXPECT_EQ(last("Time (UTC),bid,ask\n2026-07-01 09:30:00,1,2\n"), "2026-07-01T09:30:00Z");
}

// A day is a day, though the clocks go forward in the night to the 8th of March 2026: seen as
// instants, two of these dates are 23 hours apart.
TEST_F(TimesOfTables, Of_days_are_a_day_apart_in_every_zone) {
    const std::string path = folder_ / "days.csv";
    std::ofstream(path) << "date,open,high,low,close\n2026-03-06,1,1,1,1\n2026-03-07,1,1,1,1\n"
                           "2026-03-09,1,1,1,1\n";
    TableOptions options;
    options.zone = Zone::find("America/New_York").value();
    EXPECT_EQ(TableReader::open(path, options)->bar_length(), Duration::days(1));
}

TEST_F(TimesOfTables, From_new_to_old_are_named_as_such) {
    EXPECT_EQ(last("date,open,high,low,close\n2026-03-09,1,1,1,1\n2026-03-08,1,1,1,1\n"
                   "2026-03-07,1,1,1,1\n"),
              "the rows go from new to old: each of the first is older than the one before it");
}

constexpr std::string_view kTwoSymbols =
    "symbol,date,open,high,low,close\nAAA,2026-03-02,1,1,1,1\nBB/B,2026-03-02,2,2,2,2\n"
    "AAA,2026-03-03,1,1,1,1\nBB/B,2026-03-03,2,2,2,2\nBB/B,2026-03-04,2,2,2,2\n";

TEST_F(TimesOfTables, Of_several_symbols_are_those_of_the_one_that_is_said) {
    EXPECT_EQ(last(kTwoSymbols), "the file has several symbols: there are AAA, BB/B");
    EXPECT_EQ(last(kTwoSymbols, "symbol", "AAA"), "2026-03-04T00:00:00Z");
    EXPECT_EQ(rows_, 2U);
    EXPECT_EQ(last(kTwoSymbols, "symbol", "bbb"), "2026-03-05T00:00:00Z");
    EXPECT_EQ(rows_, 3U);
    EXPECT_EQ(last(kTwoSymbols, "symbol", "CCC"),
              "the file has no rows of \"CCC\": there are AAA, BB/B");
}

TEST_F(TimesOfTables, Of_a_second_symbol_that_comes_late_are_refused_with_their_line) {
    std::string text = "symbol,time,bid,ask\n";
    for (int i = 0; i < 1'000; ++i)
        text += "AAA,2026-03-02 00:00,1,2\n";
    EXPECT_EQ(last(text), "2026-03-02T00:00:00Z");
    EXPECT_EQ(last(text + "BBB,2026-03-02 00:00,1,2\n"),
              "the file has several symbols: \"BBB\" comes behind \"AAA\"");
    EXPECT_EQ(last(text + "BBB,2026-03-03 00:00,1,2\n", "symbol", "AAA"), "2026-03-02T00:00:00Z");
}

TEST_F(TimesOfTables, Keys_are_checked) {
    TableOptions options;
    const auto told = [&](std::string_view key, std::string_view value) {
        const auto done = set_table_option(options, key, value);
        return done ? "" : done.error().what + "; " + done.error().mend;
    };
    EXPECT_EQ(told("bad_rows", "repair"), "");
    EXPECT_EQ(options.policy.bad_rows, model::BadRows::repair);
    EXPECT_EQ(told("time-format", "day_first"), "");
    EXPECT_EQ(told("bad-row", "skip"),
              "there is no key \"bad-row\" of a table; did you mean bad-rows?");
    EXPECT_EQ(told("bad-rows", "mend"), "\"mend\" is not allowed; write one of those");
    for (const TableKey& key : table_keys()) {
        const bool is_name = key.key == "symbol" || key.key == "member";  // which may be anything
        EXPECT_EQ(set_table_option(options, key.key, "no such value").has_value(), is_name)
            << key.key;
    }
}

}  // namespace
}  // namespace millrace::files
