// CRC-32C (Castagnoli, the one of iSCSI and ext4): guards the records of the journal. The
// processor's instruction is used where it is there (SSE 4.2, found at the first call), otherwise
// tables; both give the same sums.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace millrace {

namespace crc32c_internal {

using Function = std::uint32_t (*)(std::span<const std::byte> bytes, std::uint32_t seed);

[[nodiscard]] bool has_hardware();
// Only where has_hardware().
[[nodiscard]] std::uint32_t by_hardware(std::span<const std::byte> bytes, std::uint32_t seed);
[[nodiscard]] std::uint32_t by_software(std::span<const std::byte> bytes, std::uint32_t seed);

// Chooses at its first call, which puts the better one here: so it is right even before main, on
// any thread.
extern constinit std::atomic<Function> chosen;

}  // namespace crc32c_internal

// The checksum of `bytes`; `seed` is the checksum of what came before them, so a long text may be
// summed in pieces.
[[nodiscard]] inline std::uint32_t crc32c(std::span<const std::byte> bytes,
                                          std::uint32_t seed = 0) {
    return crc32c_internal::chosen.load(std::memory_order_relaxed)(bytes, seed);
}

}  // namespace millrace
