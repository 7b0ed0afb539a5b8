// Reads .env files: NAME=value lines as shells and their many readers write them. `export` may
// stand in front, '#' begins a comment, single quotes take everything as it is, double quotes know
// \n \r \t \\ \" \$; quoted text may run over lines. Nothing is expanded: a '$' is a '$'.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::config {

struct DotenvEntry {
    std::string name;
    std::string value;
    std::size_t line = 1;  // of the name
};

inline constexpr std::size_t kDotenvBytesMax = 256 * 1024;

// `file` is what messages call it (".env:4:1"). No message shows any of a value. A name that comes
// twice is returned twice; the last one counts.
[[nodiscard]] Result<std::vector<DotenvEntry>> parse_dotenv(std::string_view text,
                                                            std::string_view file);

}  // namespace millrace::config
