#include "millrace/base/time.hpp"

#include <array>
#include <gtest/gtest.h>
#include <type_traits>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

// A record of times must hash and compare by its bytes.
template <class T>
constexpr bool kIsOnePlainWord = std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> &&
                                 std::has_unique_object_representations_v<T> && sizeof(T) == 8;
static_assert(kIsOnePlainWord<Time> && kIsOnePlainWord<Duration>);
static_assert(Time() == Time::from_ns(0) && Time::from_ns(1) > Time());
static_assert(Time::from_ns(5) + Duration::microseconds(1) == Time::from_ns(1'005));

TEST(Duration, Factories_count_nanoseconds) {
    EXPECT_EQ(Duration::nanoseconds(3).ns(), 3);
    EXPECT_EQ(Duration::microseconds(3).ns(), 3'000);
    EXPECT_EQ(Duration::milliseconds(3).ns(), 3'000'000);
    EXPECT_EQ(Duration::seconds(3).ns(), 3'000'000'000);
    EXPECT_EQ(Duration::minutes(3).ns(), 180'000'000'000);
    EXPECT_EQ(Duration::hours(3).ns(), 10'800'000'000'000);
    EXPECT_EQ(Duration::days(-3).ns(), -259'200'000'000'000);
}

TEST(Duration, Adds_subtracts_negates_and_multiplies) {
    EXPECT_EQ(Duration::seconds(3) + Duration::milliseconds(1), Duration::milliseconds(3'001));
    EXPECT_EQ(Duration::seconds(3) - Duration::seconds(5), Duration::seconds(-2));
    EXPECT_EQ(-Duration::seconds(3), Duration::seconds(-3));
    EXPECT_EQ(Duration::minutes(5) * 3, Duration::minutes(15));
    EXPECT_EQ(-2 * Duration::minutes(5), Duration::minutes(-10));
}

TEST(Duration, Overflow_in_an_operator_is_an_assertion) {
    const Duration longest = Duration::nanoseconds(INT64_MAX);
    EXPECT_THROW((void)(longest + Duration::nanoseconds(1)), AssertionFailed);
    EXPECT_THROW((void)(Duration::nanoseconds(-2) - longest), AssertionFailed);
    EXPECT_THROW((void)(longest * 2), AssertionFailed);
    EXPECT_THROW((void)-Duration::nanoseconds(INT64_MIN), AssertionFailed);
    EXPECT_THROW((void)Duration::days(106'752),
                 AssertionFailed);  // INT64_MAX ns are 106,751.99 days
    EXPECT_EQ(Duration::days(106'751).ns(), 9'223'286'400'000'000'000);
}

TEST(Time, Adds_and_subtracts_durations_and_times) {
    const Time time = Time::from_ns(1'000);
    EXPECT_EQ(time - Duration::nanoseconds(1'001), Time::from_ns(-1));
    EXPECT_EQ(Time::from_ns(7) - Time::from_ns(10), Duration::nanoseconds(-3));
}

TEST(Time, Overflow_in_an_operator_is_an_assertion) {
    EXPECT_THROW((void)(Time::latest() + Duration::nanoseconds(1)), AssertionFailed);
    EXPECT_THROW((void)(Time::earliest() - Duration::nanoseconds(2)), AssertionFailed);
    EXPECT_THROW((void)(Time::latest() - Time::earliest()), AssertionFailed);
}

TEST(Time, Checked_sums_return_an_error_beyond_the_range) {
    EXPECT_EQ(add(Time::from_ns(5), Duration::nanoseconds(-7)).value(), Time::from_ns(-2));
    EXPECT_EQ(subtract(Time::from_ns(5), Duration::nanoseconds(7)).value(), Time::from_ns(-2));
    EXPECT_EQ(subtract(Time::from_ns(5), Time::from_ns(7)).value(), Duration::nanoseconds(-2));
    EXPECT_FALSE(add(Time::latest(), Duration::nanoseconds(1)));
    EXPECT_FALSE(subtract(Time::latest(), Duration::nanoseconds(-1)));
    EXPECT_FALSE(subtract(Time::latest(), Time::from_ns(-1)));
    EXPECT_EQ(add(Time::latest(), Duration::nanoseconds(1)).error().code, ErrorCode::data);
}

// Maybe<Time> uses the lowest integer for "absent", so no door may give it out.
TEST(Time, The_lowest_integer_comes_through_no_door) {
    EXPECT_FALSE(subtract(Time::earliest(), Duration::nanoseconds(1)));
    EXPECT_FALSE(add(Time::earliest(), Duration::nanoseconds(-1)));
    EXPECT_FALSE(from_epoch(INT64_MIN, EpochUnit::nanoseconds));
    EXPECT_FALSE(parse_epoch("-9223372036854775808", EpochUnit::nanoseconds));
    EXPECT_FALSE(parse_time("1677-09-21T00:12:43.145224192Z"));
    EXPECT_EQ(parse_time("1677-09-21T00:12:43.145224193Z").value(), Time::earliest());
}

TEST(Time, Formats_the_fewest_exact_digits) {
    constexpr std::int64_t kSecond = 1'795'254'535;  // date -u -d @1795254535
    EXPECT_EQ(format_time(Time::from_ns(kSecond * 1'000'000'000)), "2026-11-21T09:48:55Z");
    EXPECT_EQ(format_time(Time::from_ns(kSecond * 1'000'000'000 + 120'000'000)),
              "2026-11-21T09:48:55.120Z");
    EXPECT_EQ(format_time(Time::from_ns(kSecond * 1'000'000'000 + 120'000)),
              "2026-11-21T09:48:55.000120Z");
    EXPECT_EQ(format_time(Time::from_ns(kSecond * 1'000'000'000 + 1)),
              "2026-11-21T09:48:55.000000001Z");
    EXPECT_EQ(format_time(Time()), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_time(Time::from_ns(-1)), "1969-12-31T23:59:59.999999999Z");
}

TEST(Time, Formats_the_ends_of_its_range) {
    EXPECT_EQ(format_time(Time::earliest()), "1677-09-21T00:12:43.145224193Z");
    EXPECT_EQ(format_time(Time::latest()), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(format_time(Time::from_ns(INT64_MIN)), "1677-09-21T00:12:43.145224192Z");
}

TEST(Time, Formats_into_the_buffer_of_the_caller) {
    std::array<char, 32> buffer{};
    const auto text = format_time(Time::from_ns(1), buffer);
    EXPECT_EQ(text, "1970-01-01T00:00:00.000000001Z");
    EXPECT_EQ(text.data(), buffer.data());
}

TEST(Time, A_million_random_times_survive_the_round_trip_through_text) {
    constexpr std::uint64_t kSeed = 20'261'121;
    Random random(kSeed);
    std::array<char, 32> buffer{};
    // Coarser times too, so that each number of fraction digits is met.
    constexpr std::array<std::int64_t, 4> kSteps{1, 1'000, 1'000'000, 1'000'000'000};
    for (int i = 0; i < 1'000'000; ++i) {
        const std::int64_t step = kSteps[random.below(kSteps.size())];
        const Time time =
            Time::from_ns(random.between(Time::earliest().ns(), INT64_MAX) / step * step);
        const auto read = parse_time(format_time(time, buffer));
        ASSERT_TRUE(read) << "seed " << kSeed << ": " << describe(read.error());
        ASSERT_EQ(read->ns(), time.ns()) << "seed " << kSeed << ": " << format_time(time);
    }
}

TEST(Time, Splits_into_date_and_time_of_day_in_utc) {
    EXPECT_EQ(utc_date_time(Time::from_ns(-1)),
              (LocalDateTime{{1969, 12, 31}, 86'399'999'999'999}));
    EXPECT_EQ(utc_date_time(Time::from_ns(86'400'000'000'005)), (LocalDateTime{{1970, 1, 2}, 5}));
}

TEST(Epoch, Counts_in_each_unit_reach_the_same_instant) {
    const Time time = Time::from_ns(1'795'254'535'000'000'000);
    EXPECT_EQ(from_epoch(1'795'254'535, EpochUnit::seconds).value(), time);
    EXPECT_EQ(from_epoch(1'795'254'535'000, EpochUnit::milliseconds).value(), time);
    EXPECT_EQ(from_epoch(1'795'254'535'000'000, EpochUnit::microseconds).value(), time);
    EXPECT_EQ(from_epoch(1'795'254'535'000'000'000, EpochUnit::nanoseconds).value(), time);
    EXPECT_FALSE(from_epoch(9'223'372'037, EpochUnit::seconds));
    EXPECT_FALSE(from_epoch(INT64_MIN, EpochUnit::milliseconds));
}

TEST(Epoch, Text_may_have_a_minus_and_a_fraction_down_to_the_nanosecond) {
    EXPECT_EQ(parse_epoch("1732182535.25", EpochUnit::seconds)->ns(), 1'732'182'535'250'000'000);
    EXPECT_EQ(parse_epoch("0.000000001", EpochUnit::seconds)->ns(), 1);
    EXPECT_EQ(parse_epoch("-0.5", EpochUnit::seconds)->ns(), -500'000'000);
    EXPECT_EQ(parse_epoch("1.5", EpochUnit::milliseconds)->ns(), 1'500'000);
    EXPECT_EQ(parse_epoch("-7.001", EpochUnit::microseconds)->ns(), -7'001);
    EXPECT_EQ(parse_epoch("9223372036854775807", EpochUnit::nanoseconds)->ns(), INT64_MAX);
    EXPECT_EQ(parse_epoch("9223372036.854775807", EpochUnit::seconds)->ns(), INT64_MAX);
}

TEST(Epoch, Text_that_is_no_plain_number_or_out_of_range_is_refused) {
    for (const char* text : {"", "-", "+1", " 1", "1 ", ".5", "1.", "1e9", "1.5.5", "0x10", "--1",
                             "1,5", "0.0000000001"})
        EXPECT_FALSE(parse_epoch(text, EpochUnit::seconds)) << text;
    EXPECT_FALSE(parse_epoch("1.5", EpochUnit::nanoseconds));
    EXPECT_FALSE(parse_epoch("9223372036.854775808", EpochUnit::seconds));
    EXPECT_FALSE(parse_epoch("99999999999999999999999", EpochUnit::nanoseconds));
    EXPECT_FALSE(parse_epoch("18446744073709551617", EpochUnit::nanoseconds));  // 2^64 + 1
    EXPECT_EQ(parse_epoch("0.0000000001", EpochUnit::seconds).error().why,
              "its fraction is finer than a nanosecond");
}

TEST(Epoch, Guesses_the_unit_of_every_date_from_1980_to_2200) {
    for (const std::int64_t second : {315'532'800LL, 1'732'182'535LL, 7'258'118'400LL}) {
        EXPECT_EQ(guess_epoch_unit(second), EpochUnit::seconds);
        EXPECT_EQ(guess_epoch_unit(second * 1'000), EpochUnit::milliseconds);
        EXPECT_EQ(guess_epoch_unit(second * 1'000'000), EpochUnit::microseconds);
        EXPECT_EQ(guess_epoch_unit(second * 1'000'000'000), EpochUnit::nanoseconds);
    }
    EXPECT_EQ(guess_epoch_unit(99'999'999'999), EpochUnit::seconds);
    EXPECT_EQ(guess_epoch_unit(100'000'000'000), EpochUnit::milliseconds);
    EXPECT_EQ(guess_epoch_unit(-100'000'000'000), EpochUnit::milliseconds);
    EXPECT_EQ(guess_epoch_unit(INT64_MIN), EpochUnit::nanoseconds);
}

TEST(Duration, Reads_units_from_large_to_small) {
    EXPECT_EQ(parse_duration("1500ms").value(), Duration::milliseconds(1'500));
    EXPECT_EQ(parse_duration("5s").value(), Duration::seconds(5));
    EXPECT_EQ(parse_duration("2m").value(), Duration::minutes(2));
    EXPECT_EQ(parse_duration("1h30m").value(), Duration::minutes(90));
    EXPECT_EQ(parse_duration("1d").value(), Duration::hours(24));
    EXPECT_EQ(parse_duration("-1d2h3m4s5ms6us7ns")->ns(), -93'784'005'006'007);
    EXPECT_EQ(parse_duration("0s").value(), Duration());
    EXPECT_EQ(parse_duration("-9223372036854775808ns")->ns(), INT64_MIN);
}

TEST(Duration, Refuses_doubled_unordered_unknown_or_missing_units) {
    for (const char* text :
         {"", "-", "5", "s", "5 s", "5s5s", "5m1h", "1.5s", "5x", "5S", "+5s", "1h-5m", "200000d",
          "99999999999999999999ns", "9223372036854775808ns", "106751d24h"})
        EXPECT_FALSE(parse_duration(text)) << text;
    EXPECT_EQ(parse_duration("5x").error().why, "there is no unit \"x\"");
}

TEST(Duration, Formats_exactly_and_reads_back) {
    EXPECT_EQ(format_duration(Duration()), "0s");
    EXPECT_EQ(format_duration(Duration::milliseconds(1'500)), "1s500ms");
    EXPECT_EQ(format_duration(Duration::nanoseconds(-93'784'005'006'007)), "-1d2h3m4s5ms6us7ns");
    EXPECT_EQ(format_duration(Duration::nanoseconds(INT64_MIN)),
              "-106751d23h47m16s854ms775us808ns");
    constexpr std::uint64_t kSeed = 7;
    Random random(kSeed);
    for (int i = 0; i < 100'000; ++i) {
        const auto duration = Duration::nanoseconds(random.between(INT64_MIN, INT64_MAX));
        ASSERT_EQ(parse_duration(format_duration(duration)).value(), duration) << "seed " << kSeed;
    }
}

}  // namespace
}  // namespace millrace
