// Counts what is taken from the heap by `operator new`. A program that links this has its own
// operators new and delete; the memory still comes from malloc, so sanitizers see it.
#pragma once

#include <cstdint>

namespace millrace {

// Allocations made by the calling thread since it began.
[[nodiscard]] std::uint64_t allocation_count();

}  // namespace millrace
