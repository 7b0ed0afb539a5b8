// A new folder of a few files that is written whole or not at all.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "millrace/base/result.hpp"

namespace millrace::templates {

struct NewFile {
    std::string name;  // no folders in it
    std::string text;
};

// Writes the files beside `folder` and gives them its name in one step. `folder` must be new or
// empty, and the folder around it must be there.
[[nodiscard]] Result<void> write_new_folder(const std::filesystem::path& folder,
                                            std::span<const NewFile> files);

}  // namespace millrace::templates
