// What this program was built from and with. version.cpp is the only file that hears of it, so a
// new commit recompiles one file.
#pragma once

#include <string>

#include "millrace/base/time.hpp"

namespace millrace::app {

struct Version {
    std::string number;      // "0.1.0", of the CMake project
    std::string commit;      // short hash of the tree that was built; empty without git
    std::string compiler;    // "GCC 12.2.0"
    std::string build_type;  // "Release"
    std::string sanitizers;  // "address,undefined"; empty without
    Time source_time;        // when the source was committed: no honest clock shows an earlier time
};

[[nodiscard]] Version version();

}  // namespace millrace::app
