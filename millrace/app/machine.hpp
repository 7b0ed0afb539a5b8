// What can be measured of the machine that this process runs on. Only facts; doctor_rules.hpp
// judges them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"

namespace millrace::app {

struct Processor {
    std::string name;    // "AMD EPYC 7B13"; "unknown" where the system does not say
    unsigned cores = 0;  // that this process may use
    bool crc32c_hardware = false;
};

[[nodiscard]] Processor processor();

// Physical memory, or the limit of the control group when that is smaller.
[[nodiscard]] std::optional<std::uint64_t> memory_bytes();

struct DescriptorLimit {
    std::uint64_t soft = 0;
    std::uint64_t hard = 0;
};

[[nodiscard]] DescriptorLimit descriptor_limit();

[[nodiscard]] Time system_time();

// The smallest step that the monotonic clock was seen to make.
[[nodiscard]] Duration monotonic_step();

// "2026f"; nothing where the system has no time zones.
[[nodiscard]] std::optional<std::string> zones_version();

// What a data directory would be like. Nothing that is made for the measurement stays.
struct Directory {
    std::string measured;  // the directory itself, or the nearest one above it that exists
    bool exists = false;
    std::uint64_t free_bytes = 0;
    Duration sync_median;  // of an fdatasync after 4 KiB
};

// Fails with the reason when a file cannot be made there, or when the path is no directory.
[[nodiscard]] Result<Directory> measure_directory(const std::string& path);

}  // namespace millrace::app
