// Counts what is taken from the heap. A program that links this has its own operators new and
// delete; under a sanitizer, which has replaced them already, the sanitizer's hooks count instead.
#pragma once

#include <cstdint>

namespace millrace {

// Allocations made by the calling thread since it began.
[[nodiscard]] std::uint64_t allocation_count();

}  // namespace millrace
