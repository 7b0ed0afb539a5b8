// A snapshot's bytes: the engine's saved state with a header that says of which moment and
// composition, and a checksum.
#pragma once

#include <span>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::engine {

class Engine;

[[nodiscard]] std::vector<std::byte> write_snapshot(const Engine& engine);

// Puts the engine into the saved state. Errors: no snapshot, damaged, another composition, another
// format.
Result<void> read_snapshot(std::span<const std::byte> bytes, Engine& engine);

}  // namespace millrace::engine
