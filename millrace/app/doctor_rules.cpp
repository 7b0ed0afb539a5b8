// The limits, each with its reason.
#include "millrace/app/doctor_rules.hpp"

#include <array>
#include <fmt/format.h>

namespace millrace::app {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kGiB = 1024 * kMiB;

constexpr std::uint64_t kMemoryEnough =
    2 * kGiB;  // a backtest of a year of minute bars fits with room
constexpr std::uint64_t kSpaceEnough = 5 * kGiB;   // some weeks of journal at a busy desk's rate
constexpr std::uint64_t kSpaceLeast = 256 * kMiB;  // a few journal segments and a snapshot
constexpr std::uint64_t kDescriptorsEnough =
    1024;  // connections, segments and databases of one process
constexpr std::uint64_t kDescriptorsLeast = 64;
constexpr Duration kStepMost =
    Duration::microseconds(1);  // coarser, and latencies cannot be measured
constexpr Duration kSyncMost =
    Duration::milliseconds(20);  // slower, and an order waits visibly for its journal
// No disk makes bytes durable faster; a sync that returns at once is memory, or a disk that lies.
constexpr Duration kSyncLeast = Duration::microseconds(8);

}  // namespace

std::string bytes_for_people(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    double amount = static_cast<double>(bytes);
    while (amount >= 1024 && unit + 1 < kUnits.size()) {
        amount /= 1024;
        ++unit;
    }
    const int decimals = unit == 0 || amount >= 100 ? 0 : 1;
    return fmt::format("{:.{}f} {}", amount, decimals, kUnits[unit]);
}

std::string duration_for_people(Duration duration) {
    const double ns = static_cast<double>(duration.ns());
    if (ns >= 1e9) return fmt::format("{:.1f} s", ns / 1e9);
    if (ns >= 1e6) return fmt::format("{:.1f} ms", ns / 1e6);
    if (ns >= 1e3) return fmt::format("{:.0f} us", ns / 1e3);
    return fmt::format("{:.0f} ns", ns);
}

Finding judge_processor(const Processor& processor) {
    Finding finding{.check = "processor",
                    .what = fmt::format("{}, {} core{}", processor.name, processor.cores,
                                        processor.cores == 1 ? "" : "s")};
    if (!processor.crc32c_hardware) {
        finding.status = FindingStatus::warn;
        finding.what +=
            ", without a CRC32C instruction: the journal checks its records in software";
        finding.mend = "run on a processor with SSE 4.2 (any x86-64 since 2009) for full speed";
    } else {
        finding.what += ", CRC32C in hardware";
    }
    return finding;
}

Finding judge_memory(std::optional<std::uint64_t> bytes) {
    if (!bytes)
        return {.check = "memory",
                .status = FindingStatus::warn,
                .what = "the system does not say how much memory it has",
                .mend = "check that there are at least 2 GiB: free -h"};
    Finding finding{.check = "memory", .what = bytes_for_people(*bytes)};
    if (*bytes < kMemoryEnough) {
        finding.status = FindingStatus::warn;
        finding.what += " is little: large backtests may not fit";
        finding.mend = "give the machine or the container at least 2 GiB";
    }
    return finding;
}

Finding judge_descriptors(const DescriptorLimit& limit) {
    Finding finding{.check = "file_descriptors",
                    .what = fmt::format("{} files may be open at once", limit.soft),
                    .code = ErrorCode::config};
    if (limit.soft >= kDescriptorsEnough) return finding;
    finding.status = limit.soft < kDescriptorsLeast ? FindingStatus::fail : FindingStatus::warn;
    finding.mend =
        limit.hard >= kDescriptorsEnough
            ? fmt::format("ulimit -n {}", kDescriptorsEnough)
            : fmt::format("raise the hard limit (now {}) to {} in /etc/security/limits.conf",
                          limit.hard, kDescriptorsEnough);
    return finding;
}

Finding judge_clock(Time now, Time source_time, Duration monotonic_step) {
    if (now < source_time)
        return {.check = "clock",
                .status = FindingStatus::fail,
                .what = fmt::format(
                    "the system clock shows {}, which is before this program was written ({})",
                    format_time(now), format_time(source_time)),
                .mend = "timedatectl set-ntp true",
                .code = ErrorCode::config};
    if (monotonic_step > kStepMost)
        return {
            .check = "clock",
            .status = FindingStatus::warn,
            .what = fmt::format("the monotonic clock moves in steps of {}: latencies are coarse",
                                duration_for_people(monotonic_step)),
            .mend =
                "choose a finer clock source: echo tsc | sudo tee "
                "/sys/devices/system/clocksource/clocksource0/current_clocksource"};
    return {.check = "clock",
            .what = fmt::format("{}, monotonic steps of {}", format_time(now),
                                duration_for_people(monotonic_step))};
}

Finding judge_zones(const std::optional<std::string>& version) {
    if (version) return {.check = "time_zones", .what = "tzdata " + *version};
    return {.check = "time_zones",
            .status = FindingStatus::fail,
            .what = "the system has no time zones, so no exchange's hours can be known",
            .mend = "sudo apt-get install tzdata",
            .code = ErrorCode::data};
}

Finding judge_directory(const std::string& path, const Result<Directory>& directory) {
    if (!directory) {
        std::string what = directory.error().what;
        if (!directory.error().why.empty()) what += ": " + directory.error().why;
        return {.check = "data_directory",
                .status = FindingStatus::fail,
                .what = what,
                .mend =
                    "choose a place that you may write to: --set data_dir=PATH, or data_dir in "
                    "millrace.toml",
                .code = ErrorCode::data};
    }
    if (directory->exists) return {.check = "data_directory", .what = path + " can be written"};
    return {.check = "data_directory",
            .what = path + " does not exist yet and can be made in " + directory->measured};
}

Finding judge_space(const Directory& directory) {
    Finding finding{
        .check = "disk_space",
        .what = bytes_for_people(directory.free_bytes) + " free in " + directory.measured,
        .code = ErrorCode::data};
    if (directory.free_bytes >= kSpaceEnough) return finding;
    finding.status = directory.free_bytes < kSpaceLeast ? FindingStatus::fail : FindingStatus::warn;
    finding.mend =
        "make room (du -xh --max-depth=1 shows what is large), or choose another disk: "
        "--set data_dir=PATH";
    return finding;
}

Finding judge_sync(const Directory& directory) {
    Finding finding{.check = "disk_sync",
                    .what = fmt::format("{} to make 4 KiB durable (median of 9)",
                                        duration_for_people(directory.sync_median))};
    if (directory.sync_median > kSyncMost) {
        finding.status = FindingStatus::warn;
        finding.what += ": every order waits that long for its journal";
        finding.mend = "put the data directory on a local SSD: --set data_dir=PATH";
    } else if (directory.sync_median < kSyncLeast) {
        finding.status = FindingStatus::warn;
        finding.what += ": too fast for a disk, so a power cut may lose what was acknowledged";
        finding.mend = "put the data directory on a real disk, not on tmpfs: --set data_dir=PATH";
    }
    return finding;
}

}  // namespace millrace::app
