// When a fact about the machine is well, worth a warning, or a reason not to start. Pure, so that
// every limit is tested.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "millrace/app/finding.hpp"
#include "millrace/app/machine.hpp"

namespace millrace::app {

[[nodiscard]] Finding judge_processor(const Processor& processor);
[[nodiscard]] Finding judge_memory(std::optional<std::uint64_t> bytes);
[[nodiscard]] Finding judge_descriptors(const DescriptorLimit& limit);
[[nodiscard]] Finding judge_clock(Time now, Time source_time, Duration monotonic_step);
[[nodiscard]] Finding judge_zones(const std::optional<std::string>& version);
[[nodiscard]] Finding judge_directory(const std::string& path, const Result<Directory>& directory);
[[nodiscard]] Finding judge_space(const Directory& directory);
[[nodiscard]] Finding judge_sync(const Directory& directory);

// "1.5 GiB", "640 KiB": for people.
[[nodiscard]] std::string bytes_for_people(std::uint64_t bytes);

// "1.2 ms", "85 us", "40 ns".
[[nodiscard]] std::string duration_for_people(Duration duration);

}  // namespace millrace::app
