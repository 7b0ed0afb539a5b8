#include "millrace/core/model/table_time.hpp"

#include <array>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

namespace millrace::model {
namespace {

std::string read(std::string_view time, std::string_view time_of_day = {},
                 const Zone& zone = Zone::utc()) {
    const auto found = TimeColumn(zone).read(time, time_of_day);
    return found ? format_time(*found) : found.error().what;
}

TEST(TableTime, Is_read_in_the_spellings_of_tables) {
    EXPECT_EQ(read("2026-11-21 09:48:55"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("2026-11-21T09:48:55.123456789Z"), "2026-11-21T09:48:55.123456789Z");
    EXPECT_EQ(read("2026-11-21 09:48:55.5+00:00"), "2026-11-21T09:48:55.500Z");
    EXPECT_EQ(read("2026-11-21 09:48:55+01:00"), "2026-11-21T08:48:55Z");
    EXPECT_EQ(read("2026-11-21 09:48"), "2026-11-21T09:48:00Z");
    EXPECT_EQ(read("2026-11-21"), "2026-11-21T00:00:00Z");
    EXPECT_EQ(read("2026.11.21 09:48:55"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("20261121"), "2026-11-21T00:00:00Z");
    EXPECT_EQ(read("20261121 094855007"), "2026-11-21T09:48:55.007Z");
    EXPECT_EQ(read("20261121 09:48:55"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("2026-11-21", "09:48:55"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("20261121", "094855"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("1795254535"), "2026-11-21T09:48:55Z");
    EXPECT_EQ(read("1795254535007"), "2026-11-21T09:48:55.007Z");
    EXPECT_EQ(read("1677-09-22 00:00:00"), "1677-09-22T00:00:00Z");
}

TEST(TableTime, Follows_the_clock_of_its_zone_unless_the_text_names_one) {
    const Zone tokyo = Zone::find("Asia/Tokyo").value();
    EXPECT_EQ(read("2026-11-21 09:00:00", {}, tokyo), "2026-11-21T00:00:00Z");
    EXPECT_EQ(read("2026-11-21", {}, tokyo), "2026-11-20T15:00:00Z");
    EXPECT_EQ(read("2026-11-21 09:00:00Z", {}, tokyo), "2026-11-21T09:00:00Z");
    EXPECT_EQ(read("1795254535", {}, tokyo), "2026-11-21T09:48:55Z");
}

TEST(TableTime, Refuses_what_no_clock_shows) {
    const Zone new_york = Zone::find("America/New_York").value();
    EXPECT_EQ(read("2026-02-29 00:00:00"), "\"2026-02-29 00:00:00\" is not a date and time");
    EXPECT_EQ(read("2026-11-21 24:00:00"), "\"2026-11-21 24:00:00\" is not a date and time");
    EXPECT_EQ(read("2026-11-21 09:60"), "\"2026-11-21 09:60:00\" is not a date and time");
    EXPECT_EQ(read("2026-03-08 02:30:00", {}, new_york),
              "2026-03-08T02:30:00 in America/New_York never happens");
    EXPECT_EQ(read("2026-11-01 01:30:00", {}, new_york),
              "2026-11-01T01:30:00 in America/New_York happens twice");
}

TEST(TableTime, Is_read_in_the_order_that_is_said) {
    const auto read_as = [](TimeFormat format, std::string_view text, const Zone& zone) {
        const auto found = TimeColumn(zone, format, Date{2026, 11, 21}).read(text, {});
        return found ? format_time(*found) : found.error().what;
    };
    const Zone utc = Zone::utc();
    const Zone new_york = Zone::find("America/New_York").value();
    EXPECT_EQ(read_as(TimeFormat::day_first, "02.01.2026 9:05", utc), "2026-01-02T09:05:00Z");
    EXPECT_EQ(read_as(TimeFormat::month_first, "1/2/2026 12:05:07 PM", utc),
              "2026-01-02T12:05:07Z");
    EXPECT_EQ(read_as(TimeFormat::month_first, "1/2/2026 12:05 am", new_york),
              "2026-01-02T05:05:00Z");
    EXPECT_EQ(read_as(TimeFormat::day_first, "02-01-2026 09:05:00.25 GMT-0330", utc),
              "2026-01-02T12:35:00.250Z");
    EXPECT_EQ(read_as(TimeFormat::day_first, "30.02.2026", utc),
              "\"2026-02-30 00:00:00\" is not a date and time");
    for (const char* wrong : {"1/2/26 9:05", "1/2-2026", "1/2/2026 13:05 PM", "1/2/2026 9:5",
                              "1/2/2026 9:05 XST", "1/2/2026T", "1/2/2026 9:05 +1:5", ""})
        EXPECT_EQ(read_as(TimeFormat::month_first, wrong, utc),
                  "\"" + std::string(wrong) + "\" is not a date and time");
    EXPECT_EQ(read_as(TimeFormat::epoch_s, "-1.5", utc), "1969-12-31T23:59:58.500Z");
    EXPECT_EQ(read_as(TimeFormat::epoch_us, "1795254535000007", new_york),
              "2026-11-21T09:48:55.000007Z");
    // New York is five hours behind UTC in November.
    EXPECT_EQ(read_as(TimeFormat::day_ms, "34200000", new_york), "2026-11-21T14:30:00Z");
    EXPECT_EQ(read_as(TimeFormat::day_ms, "86400000", utc), "\"86400000\" is no time of a day");
    EXPECT_EQ(read_as(TimeFormat::day_ms, "nine", utc), "\"nine\" is not a usable decimal number");
}

// The pieces that a time is put together from; many of the results are none.
struct Pieces {
    Random random{20'261'121};

    template <std::size_t N>
    std::string one_of(const std::array<const char*, N>& words) {
        return words[random.below(N)];
    }
    std::string date() {
        return one_of<16>({"2026-11-21", "2026-11-01", "2026-03-08", "2024-02-29", "2023-02-29",
                           "2026.11.21", "2026-11.21", "20261121", "20260308", "1677-09-21",
                           "2262-04-11", "2262-04-12", "1969-12-31", "2026-13-01", "0000-01-01",
                           "9999-12-31"});
    }
    std::string clock() {
        return one_of<16>({"00:00:00", "23:59:59", "02:30:00", "01:30:00", "09:48", "9:48:55",
                           "094855", "0948", "24:00:00", "23:60:00", "23:59:60", "09:48:5",
                           "09-48-55", "", "094855007", "23:47:16"});
    }
    std::string fraction() {
        return one_of<8>({"", "", "", ".5", ".000001", ".123456789", ".1234567890", "."});
    }
    std::string zone() {
        return one_of<12>(
            {"", "", "", "", "Z", "z", "+00:00", "-00:00", "+0530", "+05", "+24:00", " UTC"});
    }
    std::string separator() { return one_of<6>({" ", " ", "T", "t", "  ", "_"}); }
    // One character in twenty texts is another.
    std::string spoilt(std::string text) {
        if (!text.empty() && random.below(20) == 0)
            text[random.below(text.size())] = "0123456789-:. TZ+x\xff"[random.below(19)];
        return text;
    }
};

std::string words_of(const Result<Time>& time) {
    return time ? format_time(*time) : describe(time.error());
}

TEST(TableTime, Is_the_same_by_the_short_way_and_the_long_one) {
    constexpr int kTexts = 40'000;
    Pieces pieces;
    for (const char* name : {"UTC", "America/New_York", "Asia/Kathmandu"}) {
        const Zone zone = Zone::find(name).value();
        TimeColumn column(zone);  // one for all, so that the date it keeps is put to the test
        int read = 0;
        for (int i = 0; i < kTexts; ++i) {
            std::string time = pieces.date();
            std::string time_of_day;
            const std::string rest = pieces.clock() + pieces.fraction() + pieces.zone();
            if (pieces.random.below(4) == 0)
                time_of_day = rest;
            else
                time += rest.empty() ? "" : pieces.separator() + rest;
            time = pieces.spoilt(std::move(time));
            const auto found = column.read(time, time_of_day);
            const auto expected =
                parse_table_time(time_of_day.empty() ? time : time + " " + time_of_day, zone);
            ASSERT_EQ(words_of(found), words_of(expected)) << time << " | " << time_of_day;
            read += found ? 1 : 0;
        }
        EXPECT_GT(read, kTexts / 20) << name;  // of both kinds there are enough
        EXPECT_LT(read, kTexts / 2) << name;
    }
}

}  // namespace
}  // namespace millrace::model
