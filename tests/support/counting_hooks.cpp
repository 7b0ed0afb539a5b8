// The count under a sanitizer, whose own operators new and delete must stay: every allocation, by
// whatever form, calls the hook.
#include <cstddef>
#include <sanitizer/allocator_interface.h>

#include "millrace/base/assert.hpp"

#include "tests/support/counting_allocator.hpp"

namespace millrace {
namespace {

thread_local std::uint64_t allocations = 0;

void count_one(const volatile void* /*memory*/, std::size_t /*size*/) {
    ++allocations;
}
void ignore(const volatile void* /*memory*/) {}

const bool installed = __sanitizer_install_malloc_and_free_hooks(count_one, ignore) != 0;

}  // namespace

std::uint64_t allocation_count() {
    MILLRACE_ASSERT(installed, "the sanitizer has no room for the hook");
    return allocations;
}

}  // namespace millrace
