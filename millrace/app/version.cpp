// The facts come as definitions from CMakeLists.txt; nothing here depends on when or where it was
// built.
#include "millrace/app/version.hpp"

namespace millrace::app {
namespace {

std::string compiler() {
#if defined(__clang__)
    return "Clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) +
           "." + std::to_string(__clang_patchlevel__);
#else
    return "GCC " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
           std::to_string(__GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

Version version() {
    return {.number = MILLRACE_VERSION,
            .commit = MILLRACE_COMMIT,
            .compiler = compiler(),
            .build_type = MILLRACE_BUILD_TYPE,
            .sanitizers = MILLRACE_SANITIZERS,
            .source_time = Time() + Duration::seconds(MILLRACE_SOURCE_SECONDS)};
}

}  // namespace millrace::app
