// StrategyType: a strategy by its name, what it is for and how one is made. The built-in ones stand
// in library/registry, those of a library outside in its MILLRACE_STRATEGIES (plugin.hpp).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

struct StrategyType {
    std::string_view name;  // as is_strategy_name() demands
    std::string_view summary;
    std::unique_ptr<Strategy> (*make)() = nullptr;
};

// The maker of a strategy that is made without arguments, as all are.
template <class T>
[[nodiscard]] std::unique_ptr<Strategy> make() {
    return std::make_unique<T>();
}

// An instance in an engine is named after its strategy, and a component's name has 32 bytes.
inline constexpr std::size_t kStrategyNameMax = 32;

// Lower-case words of letters and digits joined by single '-', beginning with a letter.
[[nodiscard]] bool is_strategy_name(std::string_view name);

// The name somebody means: '_' is '-' and capitals are small letters. At most twice the longest
// name is read, so a longer text stays too long to be one.
[[nodiscard]] std::string plain_strategy_name(std::string_view text);

// The type of that name, as plain_strategy_name() reads it; `where` tells the error whose types
// they are.
[[nodiscard]] Result<StrategyType> find_strategy(std::span<const StrategyType> types,
                                                 std::string_view name, std::string where = {});

}  // namespace millrace::strategy
