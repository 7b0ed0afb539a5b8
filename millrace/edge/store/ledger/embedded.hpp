// The migrations, put into the program when it is built (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace millrace::ledger {

struct EmbeddedFile {
    std::string_view path;  // "0001_trading.sql"
    std::string_view text;
};

[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace millrace::ledger
