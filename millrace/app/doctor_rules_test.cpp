#include "millrace/app/doctor_rules.hpp"

#include <gtest/gtest.h>

namespace millrace::app {
namespace {

constexpr std::uint64_t kMiB = 1048576;
constexpr std::uint64_t kGiB = 1073741824;

TEST(DoctorRules, Sizes_and_durations_read_well) {
    EXPECT_EQ(bytes_for_people(0), "0 bytes");
    EXPECT_EQ(bytes_for_people(1023), "1023 bytes");
    EXPECT_EQ(bytes_for_people(1536), "1.5 KiB");
    EXPECT_EQ(bytes_for_people(256 * kMiB), "256 MiB");
    EXPECT_EQ(bytes_for_people(5 * kGiB), "5.0 GiB");
    EXPECT_EQ(bytes_for_people(~std::uint64_t{0}), "16777216 TiB");
    EXPECT_EQ(duration_for_people(Duration::nanoseconds(40)), "40 ns");
    EXPECT_EQ(duration_for_people(Duration::microseconds(85)), "85 us");
    EXPECT_EQ(duration_for_people(Duration::microseconds(1200)), "1.2 ms");
    EXPECT_EQ(duration_for_people(Duration::seconds(2)), "2.0 s");
}

TEST(DoctorRules, Processor_without_a_crc_instruction_is_a_warning) {
    const Finding well = judge_processor({"Fast One", 8, true});
    EXPECT_EQ(well.status, FindingStatus::ok);
    EXPECT_EQ(well.what, "Fast One, 8 cores, CRC32C in hardware");
    const Finding slow = judge_processor({"Old One", 1, false});
    EXPECT_EQ(slow.status, FindingStatus::warn);
    EXPECT_EQ(slow.what,
              "Old One, 1 core, without a CRC32C instruction: the journal checks its records in "
              "software");
    EXPECT_NE(slow.mend, "");
}

TEST(DoctorRules, Memory_below_two_gib_or_unknown_is_a_warning) {
    EXPECT_EQ(judge_memory(2 * kGiB).status, FindingStatus::ok);
    EXPECT_EQ(judge_memory(2 * kGiB - 1).status, FindingStatus::warn);
    EXPECT_EQ(judge_memory(std::nullopt).status, FindingStatus::warn);
}

TEST(DoctorRules, Few_file_descriptors_warn_and_very_few_fail_with_the_mend_that_can_work) {
    EXPECT_EQ(judge_descriptors({1024, 1024}).status, FindingStatus::ok);
    const Finding few = judge_descriptors({1023, 4096});
    EXPECT_EQ(few.status, FindingStatus::warn);
    EXPECT_EQ(few.mend, "ulimit -n 1024");
    const Finding very_few = judge_descriptors({63, 100});
    EXPECT_EQ(very_few.status, FindingStatus::fail);
    EXPECT_EQ(very_few.mend, "raise the hard limit (now 100) to 1024 in /etc/security/limits.conf");
}

TEST(DoctorRules, Clock_before_the_source_fails_and_a_coarse_one_warns) {
    const Time source = Time::from_ns(1'795'255'366'000'000'000);  // 2026-11-21T10:02:46Z
    const Duration fine = Duration::nanoseconds(40);
    EXPECT_EQ(judge_clock(source, source, fine).status, FindingStatus::ok);
    const Finding early = judge_clock(Time(), source, fine);
    EXPECT_EQ(early.status, FindingStatus::fail);
    EXPECT_EQ(early.what,
              "the system clock shows 1970-01-01T00:00:00Z, which is before this program was "
              "written (2026-11-21T10:02:46Z)");
    EXPECT_EQ(judge_clock(source, source, Duration::nanoseconds(1001)).status, FindingStatus::warn);
}

TEST(DoctorRules, Missing_time_zones_fail) {
    EXPECT_EQ(judge_zones("2026f").what, "tzdata 2026f");
    const Finding missing = judge_zones(std::nullopt);
    EXPECT_EQ(missing.status, FindingStatus::fail);
    EXPECT_EQ(missing.code, ErrorCode::data);
    EXPECT_EQ(missing.mend, "sudo apt-get install tzdata");
}

TEST(DoctorRules, Data_directory_that_cannot_be_written_fails_with_exit_4) {
    const Finding refused = judge_directory(
        "data", failure(ErrorCode::data, "cannot make a file in data", "data", "Read-only"));
    EXPECT_EQ(refused.status, FindingStatus::fail);
    EXPECT_EQ(refused.what, "cannot make a file in data: Read-only");
    EXPECT_EQ(exit_code_of(std::vector<Finding>{refused}), 4);
    const Directory parent{.measured = ".", .exists = false, .free_bytes = 1, .sync_median = {}};
    EXPECT_EQ(judge_directory("data", parent).what, "data does not exist yet and can be made in .");
    EXPECT_EQ(judge_directory("data", parent).status, FindingStatus::ok);
}

TEST(DoctorRules, Little_space_warns_and_next_to_none_fails) {
    const auto with = [](std::uint64_t bytes) {
        return judge_space(
            {.measured = "d", .exists = true, .free_bytes = bytes, .sync_median = {}});
    };
    EXPECT_EQ(with(5 * kGiB).status, FindingStatus::ok);
    EXPECT_EQ(with(5 * kGiB).what, "5.0 GiB free in d");
    EXPECT_EQ(with(5 * kGiB - 1).status, FindingStatus::warn);
    EXPECT_EQ(with(256 * kMiB - 1).status, FindingStatus::fail);
}

TEST(DoctorRules, Syncs_that_are_slow_or_too_good_to_be_true_warn) {
    const auto with = [](Duration median) {
        return judge_sync(
            {.measured = "d", .exists = true, .free_bytes = 1, .sync_median = median});
    };
    EXPECT_EQ(with(Duration::microseconds(800)).status, FindingStatus::ok);
    EXPECT_EQ(with(Duration::microseconds(800)).what, "800 us to make 4 KiB durable (median of 9)");
    EXPECT_EQ(with(Duration::milliseconds(21)).status, FindingStatus::warn);
    EXPECT_EQ(with(Duration::microseconds(7)).status, FindingStatus::warn);
}

TEST(Finding, Exit_code_is_that_of_the_first_failure_and_warnings_pass) {
    const Finding warning{.check = "a", .status = FindingStatus::warn, .what = "w"};
    const Finding config{
        .check = "b", .status = FindingStatus::fail, .what = "c", .code = ErrorCode::config};
    const Finding data{
        .check = "c", .status = FindingStatus::fail, .what = "d", .code = ErrorCode::data};
    EXPECT_EQ(exit_code_of(std::vector<Finding>{}), 0);
    EXPECT_EQ(exit_code_of(std::vector<Finding>{warning}), 0);
    EXPECT_EQ(exit_code_of({warning, config, data}), 3);
}

}  // namespace
}  // namespace millrace::app
