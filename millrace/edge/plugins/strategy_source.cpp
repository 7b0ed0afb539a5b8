// Telling a path from a name: a path ends in ".so", before a ':' or at the end.
#include "millrace/edge/plugins/strategy_source.hpp"

#include <exception>

#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/edge/plugins/plugin_file.hpp"

namespace millrace::plugins {
namespace {

constexpr std::string_view kEnding = ".so";

struct Words {
    std::string_view path;  // empty for a built-in strategy
    std::string_view name;  // may be empty behind a path
};

Words read(std::string_view words) {
    if (words.ends_with(kEnding)) return {words, {}};
    const std::size_t colon = words.rfind(':');
    if (colon != std::string_view::npos && words.substr(0, colon).ends_with(kEnding))
        return {words.substr(0, colon), words.substr(colon + 1)};
    return {{}, words};
}

}  // namespace

Result<std::vector<strategy::StrategyType>> strategies_of(std::string_view words) {
    const Words asked = read(words);
    std::span<const strategy::StrategyType> types = strategy::all_strategies();
    std::string where;
    if (!asked.path.empty()) {
        const auto file = load_plugin(asked.path);
        if (!file) return failure(file.error());
        types = file->types;
        where = file->path;
        if (asked.path.size() == words.size()) return std::vector(types.begin(), types.end());
    }
    auto found = strategy::find_strategy(types, asked.name, where);
    if (found) return std::vector{*found};
    if (asked.path.empty())
        found.error().mend += ", or a library of your own: PATH.so (see: millrace new strategy)";
    return failure(found.error());
}

Result<strategy::StrategyType> find_strategy(std::string_view words) {
    const auto types = strategies_of(words);
    if (!types) return failure(types.error());
    if (types->size() == 1) return types->front();
    std::string list;
    for (const strategy::StrategyType& type : *types)
        list += (list.empty() ? "" : ", ") + std::string(type.name);
    return failure(ErrorCode::config, "the library has several strategies", std::string(words),
                   "there are: " + list,
                   "say which: " + std::string(words) + ":" + std::string(types->front().name));
}

Result<std::unique_ptr<strategy::Strategy>> make_strategy(const strategy::StrategyType& type) {
    const std::string name(type.name);
    std::string why = "its function answers nothing";
    try {
        if (auto made = type.make()) return made;
    } catch (const std::exception& thrown) {
        why = thrown.what();
    }
    return failure(ErrorCode::config, "the strategy " + name + " cannot be made", {}, why,
                   "mend its constructor and the bounds of its parameters");
}

Result<std::unique_ptr<strategy::Strategy>> make_strategy_from(std::string_view words) {
    const auto type = find_strategy(words);
    if (!type) return failure(type.error());
    return make_strategy(*type);
}

}  // namespace millrace::plugins
