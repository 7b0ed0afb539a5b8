// CLI11 does the cutting (long and short options, =, bundles, --); meaning and messages are
// command_line.cpp's.
#include "millrace/cli/option_parser.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <ranges>

namespace millrace::cli {
namespace {

std::string cli11_name(const Option& option) {
    if (option.short_name == '\0') return option.name;
    return std::string("-") + option.short_name + "," + option.name;
}

CLI::Option* declare(CLI::App& app, const Option& option) {
    if (option.kind == Kind::flag) return app.add_flag(cli11_name(option));
    return app.add_option(cli11_name(option))
        ->type_size(1)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// "-5" and "-" are words: a number, and stdin.
bool looks_like_an_option(const std::string& word) {
    if (word.size() < 2 || word[0] != '-') return false;
    return word[1] < '0' || word[1] > '9';
}

}  // namespace

Result<SplitWords> split_options(std::span<const Option* const> options,
                                 std::span<const std::string> words) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::vector<std::pair<const Option*, CLI::Option*>> declared;
    for (const Option* option : options)
        declared.emplace_back(option, declare(app, *option));

    try {
        // CLI11 takes the words backwards.
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ArgumentMismatch&) {
        // Values are taken greedily, so only the last word of all can lack its value.
        return failure(ErrorCode::usage, words.back() + " needs a value");
    } catch (const CLI::ParseError& error) {
        return failure(ErrorCode::usage, error.what());
    }

    SplitWords split;
    for (const auto& [option, parsed] : declared)
        if (parsed->count() > 0) split.options[option->name] = parsed->results();
    bool only_words = false;
    for (std::string& word : app.remaining()) {
        if (!only_words && word == "--")
            only_words = true;
        else if (!only_words && looks_like_an_option(word))
            split.unknown_options.push_back(std::move(word));
        else
            split.words.push_back(std::move(word));
    }
    return split;
}

}  // namespace millrace::cli
