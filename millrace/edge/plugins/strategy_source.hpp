// What STRATEGY means on a command line and in a configuration: a built-in strategy by its name, or
// one from a library.
//
//   ema-cross               built in
//   build/libdip.so         the one strategy of that library
//   build/liball.so:dip     the one of that name
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/core/strategy/strategy_type.hpp"

namespace millrace::plugins {

// Which strategies the words name: one, or with a path alone all that the library has. A library
// is opened for it and stays open, so the types are good until the process ends.
[[nodiscard]] Result<std::vector<strategy::StrategyType>> strategies_of(std::string_view words);

// The one strategy that the words name; a library with several must be asked for one of them.
[[nodiscard]] Result<strategy::StrategyType> find_strategy(std::string_view words);

// A new strategy of the type. What its own constructor throws becomes an error.
[[nodiscard]] Result<std::unique_ptr<strategy::Strategy>> make_strategy(
    const strategy::StrategyType& type);

// Both at once.
[[nodiscard]] Result<std::unique_ptr<strategy::Strategy>> make_strategy_from(
    std::string_view words);

}  // namespace millrace::plugins
