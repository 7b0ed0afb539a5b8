// `millrace strategies`: which strategies there are, built in or in a library, and what they take.
#include <algorithm>
#include <fmt/format.h>
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/core/strategy/library/registry.hpp"
#include "millrace/edge/plugins/strategy_source.hpp"

namespace millrace::cli {
namespace {

using strategy::Parameter;
using strategy::ParameterDescription;
using strategy::StrategyType;

struct Listed {
    StrategyType type;
    std::unique_ptr<strategy::Strategy> made;  // whose parameters are shown
};

Result<std::vector<Listed>> listed(Invocation& invocation) {
    const auto built_in = strategy::all_strategies();
    Result<std::vector<StrategyType>> types =
        invocation.given("STRATEGY") ? plugins::strategies_of(invocation.text("STRATEGY"))
                                     : std::vector(built_in.begin(), built_in.end());
    if (!types) return failure(types.error());
    std::vector<Listed> list;
    for (const StrategyType& type : *types) {
        auto made = plugins::make_strategy(type);
        if (!made) return failure(made.error());
        list.push_back({type, std::move(*made)});
    }
    return list;
}

void print_json(Invocation& invocation, const std::vector<Listed>& list) {
    JsonWriter document = Invocation::document();
    document.key("strategies").begin_array();
    for (const Listed& each : list) {
        document.begin_object().member("name", each.type.name);
        document.member("summary", each.type.summary).key("parameters").begin_array();
        for (const Parameter* parameter : each.made->parameters())
            write_json(parameter->describe(), document);
        document.end_array().end_object();
    }
    document.end_array().end_object();
    invocation.print(document);
}

std::string bounds_of(const ParameterDescription& parameter) {
    if (parameter.kind == strategy::ParameterKind::text) return "text";
    if (parameter.choices.empty())
        return parameter.minimum_text.empty()
                   ? std::string("true, false")
                   : parameter.minimum_text + " to " + parameter.maximum_text;
    std::string text;
    for (const std::string_view choice : parameter.choices)
        text += (text.empty() ? "" : ", ") + std::string(choice);
    return text;
}

void print_parameters(std::ostream& out, const Listed& each) {
    for (const Parameter* parameter : each.made->parameters()) {
        const ParameterDescription described = parameter->describe();
        out << fmt::format("  {}={} ({})\n      {}\n", described.name, described.default_text,
                           bounds_of(described), described.doc);
    }
}

int strategies(Invocation& invocation) {
    const auto list = listed(invocation);
    if (!list) return invocation.fail(list.error());
    if (invocation.json()) {
        print_json(invocation, *list);
        return 0;
    }
    std::size_t width = 16;
    for (const Listed& each : *list)
        width = std::max(width, each.type.name.size() + 2);
    for (const Listed& each : *list) {
        invocation.out() << fmt::format("{:<{}}{}\n", each.type.name, width, each.type.summary);
        if (invocation.given("STRATEGY")) print_parameters(invocation.out(), each);
    }
    return 0;
}

std::vector<std::string> built_in_names() {
    std::vector<std::string> names;
    for (const StrategyType& type : strategy::all_strategies())
        names.emplace_back(type.name);
    return names;
}

}  // namespace

void add_strategies_commands(Table& table) {
    table.add(Command{
        .path = "strategies",
        .section = "Research",
        .summary = "List the strategies, or one's parameters",
        .description = "Lists the built-in strategies. With a name, or the path of a library of "
                       "your own (PATH.so, or PATH.so:NAME for one of several), it shows their "
                       "parameters: name, default, bounds and what they are for. A library that "
                       "was compiled for another millrace is refused, exit code 3.",
        .arguments = {{.name = "STRATEGY",
                       .doc = "Name of a built-in strategy, or a library",
                       .required = false,
                       .suggest = built_in_names}},
        .examples = {{"millrace strategies", "Which are built in?"},
                     {"millrace strategies ema-cross", "What does it take?"},
                     {"millrace strategies build/libgolden-cross.so", "Does mine load?"}},
        .run = strategies});
}

}  // namespace millrace::cli
