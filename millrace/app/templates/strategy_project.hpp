// A project for one strategy, made from a template: which there are, what its files are called,
// and what to run once it is written.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/app/templates/new_folder.hpp"
#include "millrace/base/result.hpp"

namespace millrace::templates {

struct StrategyTemplate {
    std::string_view name;
    std::string_view summary;
};

[[nodiscard]] std::span<const StrategyTemplate> strategy_templates();

struct StrategyProject {
    std::string name;            // "golden-cross", whatever way it was written
    std::vector<NewFile> files;  // by name
    std::string library;         // that it compiles to, from its folder
};

// A name is letters, digits, '-' and '_', begins with a letter, and is no built-in strategy's. The
// template is one of strategy_templates().
[[nodiscard]] Result<StrategyProject> strategy_project(std::string_view name,
                                                       std::string_view from);

// Where the CMake package of the running program lies: beside an installed one, or in the folder it
// was built in; empty when it is in neither.
[[nodiscard]] std::filesystem::path package_folder(const std::filesystem::path& program);

// What configures, builds, tests and runs a project that was written to `folder`.
[[nodiscard]] std::vector<std::string> next_commands(const StrategyProject& project,
                                                     const std::filesystem::path& folder,
                                                     const std::filesystem::path& package);

}  // namespace millrace::templates
