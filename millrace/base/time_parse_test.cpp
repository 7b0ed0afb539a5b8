// Text to Time: what is accepted, and for what is refused the reason that the user reads.
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/base/time.hpp"

namespace millrace {
namespace {

std::string why_not(std::string_view text) {
    const auto read = parse_time(text);
    return read ? "accepted as " + format_time(*read) : read.error().why;
}

TEST(ParseTime, Reads_every_accepted_form_of_one_instant) {
    for (const char* text :
         {"2026-11-21T09:48:55Z", "2026-11-21t09:48:55z", "2026-11-21 09:48:55Z",
          "2026-11-21T09:48:55.000Z", "2026-11-21T09:48:55.000000000Z",
          "2026-11-21 09:48:55.000000+00:00", "2026-11-21T10:48:55+01:00",
          "2026-11-21T10:48:55+0100", "2026-11-21T10:48:55+01", "2026-11-21T04:18:55-05:30",
          "2026-11-22T09:47:55+23:59", "2026-11-21T09:48:55-00:00"}) {
        const auto read = parse_time(text);
        ASSERT_TRUE(read) << describe(read.error());
        EXPECT_EQ(read->ns(), 1'795'254'535'000'000'000) << text;
    }
}

TEST(ParseTime, Reads_fractions_of_one_to_nine_digits) {
    EXPECT_EQ(parse_time("1970-01-01T00:00:00.5Z")->ns(), 500'000'000);
    EXPECT_EQ(parse_time("1970-01-01T00:00:00.12Z")->ns(), 120'000'000);
    EXPECT_EQ(parse_time("1970-01-01T00:00:00.000000001Z")->ns(), 1);
    EXPECT_EQ(parse_time("1969-12-31T23:59:59.999999999Z")->ns(), -1);
    EXPECT_EQ(why_not("1970-01-01T00:00:00.0000000001Z"),
              "a fraction has at most 9 digits (nanoseconds)");
    EXPECT_EQ(why_not("1970-01-01T00:00:00.Z"), "no digit follows the point");
}

TEST(ParseTime, Refuses_fields_that_no_calendar_or_clock_has) {
    EXPECT_EQ(why_not("2026-13-01T00:00:00Z"), "there is no month 13");
    EXPECT_EQ(why_not("2026-00-01T00:00:00Z"), "there is no month 00");
    EXPECT_EQ(why_not("2023-02-29T00:00:00Z"), "2023-02 has no day 29");
    EXPECT_EQ(why_not("2100-02-29T00:00:00Z"), "2100-02 has no day 29");
    EXPECT_EQ(why_not("2024-02-29T00:00:00Z"), "accepted as 2024-02-29T00:00:00Z");
    EXPECT_EQ(why_not("2024-04-31T00:00:00Z"), "2024-04 has no day 31");
    EXPECT_EQ(why_not("2024-04-00T00:00:00Z"), "2024-04 has no day 00");
    EXPECT_EQ(why_not("2024-04-01T25:00:00Z"), "there is no hour 25");
    EXPECT_EQ(why_not("2024-04-01T00:60:00Z"), "there is no minute 60");
    EXPECT_EQ(why_not("2024-04-01T00:00:61Z"), "there is no second 61");
    EXPECT_EQ(why_not("2024-04-01T00:00:00+24:00"), "an offset lies between -23:59 and +23:59");
    EXPECT_EQ(why_not("2024-04-01T00:00:00+01:60"), "an offset lies between -23:59 and +23:59");
}

TEST(ParseTime, Refuses_hour_24_and_second_60_and_says_what_to_write) {
    const auto midnight = parse_time("2026-11-21T24:00:00Z");
    ASSERT_FALSE(midnight);
    EXPECT_EQ(describe(midnight.error()),
              "error: \"2026-11-21T24:00:00Z\" is not a date and time\n  at: character 12\n"
              "  why: hour 24 is refused, because it names the next day\n"
              "  mend: write 00:00:00 of the next day");
    EXPECT_EQ(why_not("2016-12-31T23:59:60Z"),
              "second 60 is refused, because Unix time has no leap seconds");
}

TEST(ParseTime, Refuses_text_of_another_form) {
    for (const char* text : {"",
                             "2026",
                             "2026-11-21",
                             "2026-11-21T",
                             "2026-11-21T09:48Z",
                             "2026-11-21T09:48:55 Z",
                             "2026-11-21  09:48:55Z",
                             "2026-11-21_09:48:55Z",
                             "20261121T094855Z",
                             "2026-11-21T09:48:55Zulu",
                             "2026-11-21T09:48:55+1",
                             "2026-11-21T09:48:55+01:",
                             "2026-11-21T09:48:55+01:0",
                             "2026-11-21T09:48:55+01:00x",
                             " 2026-11-21T09:48:55Z",
                             "2026-1-21T09:48:55Z",
                             "-026-11-21T09:48:55Z",
                             "12026-11-21T09:48:55Z",
                             "2026-11-21T09:48:55,5Z",
                             "2026/11/21 09:48:55Z",
                             "now"})
        EXPECT_FALSE(parse_time(text)) << text;
}

TEST(ParseTime, A_time_without_a_zone_names_the_ways_to_give_one) {
    const auto read = parse_time("2026-11-21 09:48:55");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "\"2026-11-21 09:48:55\" names no zone");
    EXPECT_EQ(read.error().mend,
              "append Z or an offset such as +01:00, or name the zone it was written in "
              "(option --tz; in code parse_time_in)");
}

TEST(ParseTime, Ends_exactly_where_64_bits_end) {
    EXPECT_EQ(parse_time("2262-04-11T23:47:16.854775807Z")->ns(), INT64_MAX);
    EXPECT_FALSE(parse_time("2262-04-11T23:47:16.854775808Z"));
    EXPECT_EQ(parse_time("2262-04-12T00:47:16.854775807+01:00")->ns(), INT64_MAX);
    EXPECT_FALSE(parse_time("2262-04-11T23:47:17-00:01"));
    EXPECT_EQ(parse_time("1677-09-21T00:12:43.145224193Z")->ns(), -INT64_MAX);
    EXPECT_FALSE(parse_time("1677-09-21T00:12:43.145224191Z"));
    EXPECT_FALSE(parse_time("0000-01-01T00:00:00Z"));
    EXPECT_FALSE(parse_time("9999-12-31T23:59:59.999999999-23:59"));
    EXPECT_EQ(why_not("9999-12-31T23:59:59Z"),
              "times are nanoseconds in 64 bits, from 1677-09-21 to 2262-04-11");
}

TEST(ParseTime, Shows_at_most_40_bytes_of_the_text_and_no_control_bytes) {
    const auto read = parse_time("\x1b[31m" + std::string(100, 'x'));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what,
              "\"?[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" is not a date and time");
}

// Damages one byte of a good time: whatever comes out, it is a value or an error, and never reads
// beyond the text.
TEST(ParseTime, A_damaged_byte_is_never_more_than_an_error) {
    constexpr std::uint64_t kSeed = 42;
    Random random(kSeed);
    std::size_t accepted = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text = "2026-11-21T09:48:55.123456789+01:00";
        text[random.below(text.size())] = static_cast<char>(random.below(256));
        text.resize(1 + random.below(text.size()));
        if (const auto read = parse_time(text)) {
            ++accepted;
            ASSERT_EQ(parse_time(format_time(*read)).value(), *read) << "seed " << kSeed;
        }
    }
    EXPECT_GT(accepted, 0U);
    EXPECT_LT(accepted, 20'000U);
}

TEST(ParseLocal, Reads_a_wall_clock_time_and_refuses_one_with_a_zone) {
    EXPECT_EQ(parse_local("2024-03-10 02:30:00.25").value(),
              (LocalDateTime{{2024, 3, 10}, 9'000'250'000'000}));
    EXPECT_EQ(parse_local("2024-03-10T02:30:00Z").error().what,
              "\"2024-03-10T02:30:00Z\" names a zone");
}

TEST(ParseDate, Reads_a_date_and_nothing_more) {
    EXPECT_EQ(parse_date("2024-02-29").value(), (Date{2024, 2, 29}));
    EXPECT_FALSE(parse_date("2024-02-30"));
    EXPECT_FALSE(parse_date("2024-02-29T00:00:00"));
    EXPECT_FALSE(parse_date("2024-02"));
}

TEST(TimeAtOffset, Takes_the_offset_off_the_wall_clock) {
    EXPECT_EQ(time_at_offset({{1970, 1, 1}, 0}, Duration::hours(1))->ns(), -3'600'000'000'000);
    EXPECT_EQ(time_at_offset({{1970, 1, 1}, 5}, Duration::nanoseconds(7))->ns(), -2);
}

}  // namespace
}  // namespace millrace
