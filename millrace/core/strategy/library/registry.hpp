// The built-in strategies by name, with what each is for and which parameters it takes.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "millrace/core/strategy/strategy_type.hpp"

namespace millrace::strategy {

// In the order of their names.
[[nodiscard]] std::span<const StrategyType> all_strategies();

// By name, where '-' and '_' are the same. The error names the nearest.
[[nodiscard]] Result<std::unique_ptr<Strategy>> make_strategy(std::string_view name);

}  // namespace millrace::strategy
