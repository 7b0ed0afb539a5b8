// The style of the tear sheet, put into the program when it is built (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace millrace::runs {

struct EmbeddedFile {
    std::string_view path;  // "tear_sheet.css"
    std::string_view text;
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace millrace::runs
