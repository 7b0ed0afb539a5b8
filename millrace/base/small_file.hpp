// Reads a file that is expected to be small (configuration, a secret) in one piece, with a limit,
// and tells who owns it and who may read it. It opens no device, pipe or folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "millrace/base/result.hpp"

namespace millrace {

struct SmallFile {
    std::string text;
    unsigned mode = 0;  // the permission bits, 0600 for example
    bool ours = false;  // owned by the user of this process
};

// Nothing when there is no such file; an error of code `config` when it cannot be read or is larger
// than `bytes_max`.
[[nodiscard]] Result<std::optional<SmallFile>> read_small_file(const std::filesystem::path& path,
                                                               std::size_t bytes_max);

// Refuses a file that belongs to somebody else or that others may read; `path` is for the message.
[[nodiscard]] Result<void> check_private(const SmallFile& file, const std::filesystem::path& path);

}  // namespace millrace
