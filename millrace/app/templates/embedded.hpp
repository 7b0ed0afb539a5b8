// The files of the templates, put into the program when it is built (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace millrace::templates {

struct EmbeddedFile {
    std::string_view path;  // "bars/strategy.cpp.in"
    std::string_view text;
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace millrace::templates
