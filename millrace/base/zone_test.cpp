#include "millrace/base/zone.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <type_traits>
#include <vector>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

static_assert(std::is_trivially_copyable_v<Zone> && sizeof(Zone) == sizeof(void*));

Zone zone(const char* name) {
    return Zone::find(name).value();
}

LocalDateTime local(const char* text) {
    return parse_local(text).value();
}

// "2024-03-10T01:59:59 -5h EST" and a * while daylight saving is on.
std::string shown(const char* name, const char* utc) {
    const LocalTime there = zone(name).to_local(parse_time(utc).value());
    return format_local(there.local) + ' ' + format_duration(there.offset) + ' ' +
           there.abbreviation + (there.daylight_saving ? "*" : "");
}

// The instant of a wall-clock time, or the words of the refusal.
std::string instant(const char* name, const char* text, Ambiguity ambiguity = Ambiguity::refuse,
                    Gap gap = Gap::refuse) {
    const auto time = zone(name).to_time(local(text), ambiguity, gap);
    return time ? format_time(*time) : time.error().what;
}

TEST(Zone, Shows_the_spring_and_autumn_edges_of_new_york) {
    EXPECT_EQ(shown("America/New_York", "2024-03-10T06:59:59.999999999Z"),
              "2024-03-10T01:59:59.999999999 -5h EST");
    EXPECT_EQ(shown("America/New_York", "2024-03-10T07:00:00Z"), "2024-03-10T03:00:00 -4h EDT*");
    EXPECT_EQ(shown("America/New_York", "2024-11-03T05:59:59Z"), "2024-11-03T01:59:59 -4h EDT*");
    EXPECT_EQ(shown("America/New_York", "2024-11-03T06:00:00Z"), "2024-11-03T01:00:00 -5h EST");
}

TEST(Zone, Shows_the_spring_and_autumn_edges_of_berlin_and_london) {
    EXPECT_EQ(shown("Europe/Berlin", "2024-03-31T00:59:59Z"), "2024-03-31T01:59:59 1h CET");
    EXPECT_EQ(shown("Europe/Berlin", "2024-03-31T01:00:00Z"), "2024-03-31T03:00:00 2h CEST*");
    EXPECT_EQ(shown("Europe/Berlin", "2024-10-27T00:59:59Z"), "2024-10-27T02:59:59 2h CEST*");
    EXPECT_EQ(shown("Europe/Berlin", "2024-10-27T01:00:00Z"), "2024-10-27T02:00:00 1h CET");
    EXPECT_EQ(shown("Europe/London", "2024-03-31T00:59:59Z"), "2024-03-31T00:59:59 0s GMT");
    EXPECT_EQ(shown("Europe/London", "2024-03-31T01:00:00Z"), "2024-03-31T02:00:00 1h BST*");
}

// Wall Street opens at 09:30. Berlin is six hours ahead, but five in the weeks when only one of the
// two has changed.
TEST(Zone, Wall_street_opens_an_hour_earlier_for_berlin_in_the_weeks_between_the_changes) {
    const auto opens_in_berlin = [](const char* new_york) {
        const Time open = zone("America/New_York").to_time(local(new_york)).value();
        return format_local(zone("Europe/Berlin").to_local(open).local);
    };
    EXPECT_EQ(opens_in_berlin("2024-03-08T09:30:00"), "2024-03-08T15:30:00");
    EXPECT_EQ(opens_in_berlin("2024-03-11T09:30:00"), "2024-03-11T14:30:00");
    EXPECT_EQ(opens_in_berlin("2024-03-28T09:30:00"), "2024-03-28T14:30:00");
    EXPECT_EQ(opens_in_berlin("2024-04-01T09:30:00"), "2024-04-01T15:30:00");
    EXPECT_EQ(opens_in_berlin("2024-10-25T09:30:00"), "2024-10-25T15:30:00");
    EXPECT_EQ(opens_in_berlin("2024-10-28T09:30:00"), "2024-10-28T14:30:00");
    EXPECT_EQ(opens_in_berlin("2024-11-04T09:30:00"), "2024-11-04T15:30:00");
}

TEST(Zone, Resolves_the_hour_that_happens_twice) {
    EXPECT_EQ(instant("America/New_York", "2024-11-03T01:30:00"),
              "2024-11-03T01:30:00 in America/New_York happens twice");
    EXPECT_EQ(instant("America/New_York", "2024-11-03T01:30:00", Ambiguity::earlier),
              "2024-11-03T05:30:00Z");
    EXPECT_EQ(instant("America/New_York", "2024-11-03T01:30:00", Ambiguity::later),
              "2024-11-03T06:30:00Z");
    EXPECT_EQ(instant("Europe/Berlin", "2024-10-27T02:00:00", Ambiguity::earlier),
              "2024-10-27T00:00:00Z");
    EXPECT_EQ(instant("Europe/Berlin", "2024-10-27T02:59:59", Ambiguity::later),
              "2024-10-27T01:59:59Z");
}

TEST(Zone, The_hours_around_the_doubled_one_happen_once) {
    EXPECT_EQ(instant("America/New_York", "2024-11-03T00:59:59.999999999"),
              "2024-11-03T04:59:59.999999999Z");
    EXPECT_EQ(instant("America/New_York", "2024-11-03T02:00:00"), "2024-11-03T07:00:00Z");
    EXPECT_EQ(instant("Europe/Berlin", "2024-10-27T01:59:59"), "2024-10-26T23:59:59Z");
    EXPECT_EQ(instant("Europe/Berlin", "2024-10-27T03:00:00"), "2024-10-27T02:00:00Z");
}

TEST(Zone, Refuses_the_hour_that_never_happens_or_shifts_it_forward) {
    EXPECT_EQ(instant("America/New_York", "2024-03-10T02:00:00"),
              "2024-03-10T02:00:00 in America/New_York never happens");
    EXPECT_EQ(instant("America/New_York", "2024-03-10T02:59:59.999999999", Ambiguity::later),
              "2024-03-10T02:59:59.999999999 in America/New_York never happens");
    // 02:30 becomes 03:30 EDT.
    EXPECT_EQ(
        instant("America/New_York", "2024-03-10T02:30:00", Ambiguity::refuse, Gap::shift_forward),
        "2024-03-10T07:30:00Z");
    EXPECT_EQ(instant("America/New_York", "2024-03-10T01:59:59"), "2024-03-10T06:59:59Z");
    EXPECT_EQ(instant("America/New_York", "2024-03-10T03:00:00"), "2024-03-10T07:00:00Z");
}

TEST(Zone, Tokyo_has_no_daylight_saving) {
    EXPECT_EQ(shown("Asia/Tokyo", "2024-01-01T00:00:00Z"), "2024-01-01T09:00:00 9h JST");
    EXPECT_EQ(shown("Asia/Tokyo", "2024-07-01T15:00:00Z"), "2024-07-02T00:00:00 9h JST");
    EXPECT_EQ(shown("Asia/Tokyo", "2150-07-01T15:00:00Z"), "2150-07-02T00:00:00 9h JST");
}

TEST(Zone, Sydney_has_its_summer_in_january) {
    EXPECT_EQ(shown("Australia/Sydney", "2024-01-15T00:00:00Z"), "2024-01-15T11:00:00 11h AEDT*");
    EXPECT_EQ(shown("Australia/Sydney", "2024-04-06T15:59:59Z"), "2024-04-07T02:59:59 11h AEDT*");
    EXPECT_EQ(shown("Australia/Sydney", "2024-04-06T16:00:00Z"), "2024-04-07T02:00:00 10h AEST");
    EXPECT_EQ(shown("Australia/Sydney", "2024-10-05T16:00:00Z"), "2024-10-06T03:00:00 11h AEDT*");
}

TEST(Zone, Lord_howe_changes_by_half_an_hour) {
    EXPECT_EQ(shown("Australia/Lord_Howe", "2024-04-06T14:59:59Z"), "2024-04-07T01:59:59 11h +11*");
    EXPECT_EQ(shown("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),
              "2024-04-07T01:30:00 10h30m +1030");
    EXPECT_EQ(instant("Australia/Lord_Howe", "2024-04-07T01:29:59"), "2024-04-06T14:29:59Z");
    EXPECT_EQ(instant("Australia/Lord_Howe", "2024-04-07T01:45:00", Ambiguity::later),
              "2024-04-06T15:15:00Z");
    EXPECT_EQ(instant("Australia/Lord_Howe", "2024-10-06T02:15:00", Ambiguity::refuse,
                      Gap::shift_forward),
              "2024-10-05T15:45:00Z");
}

TEST(Zone, Samoa_skipped_a_whole_day) {
    EXPECT_EQ(instant("Pacific/Apia", "2011-12-29T23:59:59"), "2011-12-30T09:59:59Z");
    EXPECT_EQ(instant("Pacific/Apia", "2011-12-30T12:00:00"),
              "2011-12-30T12:00:00 in Pacific/Apia never happens");
    EXPECT_EQ(instant("Pacific/Apia", "2011-12-31T00:00:00"), "2011-12-30T10:00:00Z");
}

TEST(Zone, Knows_the_winter_daylight_saving_of_the_oil_crisis) {
    EXPECT_EQ(shown("America/New_York", "1974-01-06T06:59:59Z"), "1974-01-06T01:59:59 -5h EST");
    EXPECT_EQ(shown("America/New_York", "1974-01-15T17:00:00Z"), "1974-01-15T13:00:00 -4h EDT*");
    EXPECT_EQ(instant("America/New_York", "1973-01-15T12:00:00"), "1973-01-15T17:00:00Z");
}

// The lists in the zone files end in 2037; from there on the rule at their end must go on.
TEST(Zone, Goes_on_by_the_rule_after_2037) {
    EXPECT_EQ(shown("America/New_York", "2037-07-01T12:00:00Z"), "2037-07-01T08:00:00 -4h EDT*");
    EXPECT_EQ(shown("America/New_York", "2038-01-19T03:14:08Z"), "2038-01-18T22:14:08 -5h EST");
    EXPECT_EQ(shown("America/New_York", "2050-03-13T06:59:59Z"), "2050-03-13T01:59:59 -5h EST");
    EXPECT_EQ(shown("America/New_York", "2050-03-13T07:00:00Z"), "2050-03-13T03:00:00 -4h EDT*");
    EXPECT_EQ(shown("Europe/Berlin", "2100-07-01T12:00:00Z"), "2100-07-01T14:00:00 2h CEST*");
    EXPECT_EQ(instant("Australia/Sydney", "2200-01-15T11:00:00"), "2200-01-15T00:00:00Z");
    EXPECT_EQ(instant("America/New_York", "2050-03-13T02:30:00"),
              "2050-03-13T02:30:00 in America/New_York never happens");
}

TEST(Zone, Serves_the_whole_range_of_time_and_no_more) {
    const Zone new_york = zone("America/New_York");
    EXPECT_EQ(format_local(new_york.to_local(Time::latest()).local),
              "2262-04-11T19:47:16.854775807");
    // Local mean time: 4:56:02 behind Greenwich.
    EXPECT_EQ(format_local(new_york.to_local(Time::earliest()).local),
              "1677-09-20T19:16:41.145224193");
    EXPECT_EQ(new_york.to_time(new_york.to_local(Time::earliest()).local).value(),
              Time::earliest());
    EXPECT_EQ(new_york.to_time(new_york.to_local(Time::latest()).local).value(), Time::latest());
    EXPECT_FALSE(new_york.to_time(local("2262-04-11T19:47:16.854775808")));
    EXPECT_FALSE(new_york.to_time(local("0001-01-01T00:00:00")));
}

TEST(Zone, Utc_is_there_by_both_ways) {
    EXPECT_EQ(Zone::find("UTC").value(), Zone::utc());
    EXPECT_EQ(Zone::utc().name(), "UTC");
    const LocalTime there = Zone::utc().to_local(Time::from_ns(-1));
    EXPECT_EQ(format_local(there.local), "1969-12-31T23:59:59.999999999");
    EXPECT_EQ(there.offset, Duration());
    EXPECT_EQ(there.abbreviation, "UTC");
    EXPECT_EQ(Zone::utc().to_time(local("2024-06-01T12:00:00")).value(),
              parse_time("2024-06-01T12:00:00Z").value());
    EXPECT_EQ(shown("Etc/UTC", "2024-06-01T12:00:00Z"), "2024-06-01T12:00:00 0s UTC");
}

TEST(Zone, An_unknown_name_gets_the_nearest_known_ones) {
    const auto misspelt = Zone::find("America/NewYork");
    ASSERT_FALSE(misspelt);
    EXPECT_EQ(misspelt.error().what, "there is no time zone \"America/NewYork\"");
    EXPECT_EQ(misspelt.error().mend, "use an IANA name; the nearest known is America/New_York");
    EXPECT_EQ(Zone::find("new york").error().mend,
              "use an IANA name; the nearest known is America/New_York");
    EXPECT_EQ(Zone::find("europe/berlin").error().mend,
              "use an IANA name; the nearest known is Europe/Berlin");
    EXPECT_EQ(Zone::find("qqqqqq").error().mend,
              "use an IANA name such as America/New_York or Europe/Berlin");
    EXPECT_FALSE(Zone::find(""));
    EXPECT_FALSE(Zone::find("../zoneinfo/UTC"));
    EXPECT_FALSE(Zone::find(std::string(1'000'000, 'x')));
}

TEST(Zone, The_zone_of_the_machine_is_refused) {
    EXPECT_FALSE(Zone::find("localtime"));
}

TEST(Zone, Every_instant_comes_back_from_its_wall_clock_time) {
    constexpr std::uint64_t kSeed = 2'024;
    Random random(kSeed);
    for (const char* name : {"America/New_York", "Europe/Berlin", "Europe/Dublin", "Asia/Tokyo",
                             "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"}) {
        const Zone there = zone(name);
        for (int i = 0; i < 20'000; ++i) {
            const Time time = Time::from_ns(random.between(Time::earliest().ns(), INT64_MAX));
            const LocalDateTime shown_there = there.to_local(time).local;
            const Time earlier = there.to_time(shown_there, Ambiguity::earlier).value();
            const Time later = there.to_time(shown_there, Ambiguity::later).value();
            ASSERT_TRUE(time == earlier || time == later)
                << name << ' ' << format_time(time) << " seed " << kSeed;
        }
    }
}

TEST(Zone, Many_threads_find_and_use_one_zone) {
    std::vector<std::string> shown_by(4);
    std::vector<std::thread> threads;
    for (auto& text : shown_by)
        threads.emplace_back([&text] { text = shown("Europe/Madrid", "2024-07-01T00:00:00Z"); });
    for (auto& thread : threads)
        thread.join();
    for (const auto& text : shown_by)
        EXPECT_EQ(text, "2024-07-01T02:00:00 2h CEST*");
}

TEST(ParseTimeIn, Reads_naive_text_in_the_zone_and_zoned_text_as_it_says) {
    const Zone new_york = zone("America/New_York");
    EXPECT_EQ(format_time(parse_time_in("2024-07-01 09:30:00", new_york).value()),
              "2024-07-01T13:30:00Z");
    EXPECT_EQ(format_time(parse_time_in("2024-07-01 09:30:00+02:00", new_york).value()),
              "2024-07-01T07:30:00Z");
    EXPECT_EQ(format_time(parse_time_in("2024-11-03T01:30:00", new_york, Ambiguity::later).value()),
              "2024-11-03T06:30:00Z");
    EXPECT_FALSE(parse_time_in("2024-11-03T01:30:00", new_york));
    EXPECT_FALSE(parse_time_in("2024-03-10T02:30:00", new_york));
    EXPECT_FALSE(parse_time_in("2024-13-10T02:30:00", new_york));
}

}  // namespace
}  // namespace millrace
