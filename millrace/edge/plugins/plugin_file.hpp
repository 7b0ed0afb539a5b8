// PluginFile: an opened library of strategies. It is never closed again: strategies, their
// exceptions and texts point into it until the process ends.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "millrace/core/strategy/strategy_type.hpp"

namespace millrace::plugins {

struct PluginFile {
    std::string path;  // absolute
    std::span<const strategy::StrategyType> types;
};

// Opens a library and believes it only after its stamp says that it was compiled for this program.
// Its strategies have sound names, each its own and none that of a built-in one. All errors are of
// code `config`.
[[nodiscard]] Result<PluginFile> load_plugin(const std::filesystem::path& path);

}  // namespace millrace::plugins
