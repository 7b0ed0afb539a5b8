// Finds the command, hands the rest to the option parser, and checks what came back against the
// table.
#include "millrace/cli/command_line.hpp"

#include <charconv>
#include <optional>

#include "millrace/base/nearest.hpp"
#include "millrace/cli/help.hpp"
#include "millrace/cli/option_parser.hpp"

namespace millrace::cli {
namespace {

std::vector<const Option*> global_option_pointers() {
    std::vector<const Option*> options;
    for (const Option& option : global_options())
        options.push_back(&option);
    return options;
}

std::string help_command_of(const Command* command, const std::string& group) {
    if (command != nullptr) return "millrace " + command->path + " --help";
    return group.empty() ? "millrace --help" : "millrace " + group + " --help";
}

// "did you mean `journal`?" when something is near, and where the whole list is.
std::string advice(std::string_view word, const std::vector<std::string>& candidates,
                   const std::string& help) {
    const std::vector<std::string_view> views(candidates.begin(), candidates.end());
    const std::string_view near = nearest(word, views);
    if (near.empty()) return "see: " + help;
    return "did you mean `" + std::string(near) + "`? see: " + help;
}

Error unknown_command(const Table& table, const std::string& group, const std::string& word) {
    std::vector<std::string> candidates;
    if (group.empty()) {
        for (const Noun& noun : table.nouns())
            candidates.push_back(noun.name);
    } else {
        for (const Command* verb : table.verbs_of(group))
            candidates.emplace_back(last_word(verb->path));
    }
    const std::string what = group.empty() ? "there is no command `" + word + "`"
                                           : "`millrace " + group + "` has no verb `" + word + "`";
    return {ErrorCode::usage, what, "", "it has " + comma_list(candidates),
            advice(word, candidates, help_command_of(nullptr, group))};
}

Error unknown_option(std::span<const Option* const> options, const Place& place,
                     const std::string& word) {
    std::vector<std::string> candidates;
    for (const Option* option : options)
        if (!option->hidden) candidates.push_back(option->name);
    const std::string name = word.substr(0, word.find('='));
    const std::string owner = place.command != nullptr
                                  ? "millrace " + place.command->path
                                  : (place.group.empty() ? "millrace" : "millrace " + place.group);
    return {ErrorCode::usage, "`" + owner + "` has no option `" + name + "`", "", "",
            advice(name, candidates, help_command_of(place.command, place.group))};
}

// What a value must be, whether it belongs to an option or to an argument.
struct Rule {
    std::string label;
    Kind kind;
    const std::vector<std::string>& choices;
    std::int64_t minimum;
    std::int64_t maximum;
};

std::optional<Error> check_value(const Rule& rule, const std::string& value,
                                 const std::string& help) {
    const auto refuse = [&](const std::string& why, const std::string& mend) {
        return Error{ErrorCode::usage, "`" + value + "` is not a value of " + rule.label, "", why,
                     mend};
    };
    switch (rule.kind) {
        case Kind::flag:
        case Kind::text: return std::nullopt;
        case Kind::path:
            if (value.empty()) return refuse("it takes a path", "see: " + help);
            return std::nullopt;
        case Kind::choice:
            if (std::ranges::find(rule.choices, value) != rule.choices.end()) return std::nullopt;
            return refuse("it takes one of " + comma_list(rule.choices),
                          advice(value, rule.choices, help));
        case Kind::integer: break;
    }
    std::int64_t number = 0;
    const char* const end = value.data() + value.size();
    const auto [stop, fault] = std::from_chars(value.data(), end, number);
    if (fault == std::errc() && stop == end && number >= rule.minimum && number <= rule.maximum)
        return std::nullopt;
    const std::string range = range_text(rule.minimum, rule.maximum);
    return refuse("it takes a whole number" + (range.empty() ? "" : ", " + range), "see: " + help);
}

std::optional<Error> check_option_values(std::span<const Option* const> options,
                                         const Option& option,
                                         const std::vector<std::string>& values,
                                         const std::string& help) {
    if (option.kind == Kind::flag) {
        for (const std::string& value : values)
            if (value != "true")
                return Error{ErrorCode::usage, option.name + " takes no value", "",
                             "it was given `" + value + "`", "see: " + help};
        return std::nullopt;
    }
    if (values.size() > 1 && !option.repeatable)
        return Error{ErrorCode::usage, option.name + " was given more than once", "",
                     "it takes one value", "see: " + help};
    for (const std::string& value : values) {
        if (option_named(options, value) != nullptr)
            return Error{ErrorCode::usage, option.name + " needs a value", "",
                         "the next word is the option " + value, "see: " + help};
        const Rule rule{option.name, option.kind, option.choices, option.minimum, option.maximum};
        if (auto error = check_value(rule, value, help)) return error;
    }
    return std::nullopt;
}

std::optional<Error> take_arguments(const Command& command, const std::vector<std::string>& words,
                                    Given& given) {
    const std::string help = help_command_of(&command, {});
    std::size_t next = 0;
    for (const Argument& argument : command.arguments) {
        if (next == words.size()) {
            if (!argument.required) break;
            return Error{ErrorCode::usage, argument.name + " is missing", "", argument.doc,
                         "usage: " + usage_line(command)};
        }
        const Rule rule{argument.name, argument.kind, argument.choices, argument.minimum,
                        argument.maximum};
        do {
            if (auto error = check_value(rule, words[next], help)) return error;
            given[argument.name].push_back(words[next]);
            ++next;
        } while (argument.repeatable && next < words.size());
    }
    if (next == words.size()) return std::nullopt;
    return Error{ErrorCode::usage, "`" + words[next] + "` is one word too many", "", "",
                 "usage: " + usage_line(command)};
}

std::optional<Error> check_options(std::span<const Option* const> options, const Place& place,
                                   const Given& given) {
    const std::string help = help_command_of(place.command, place.group);
    for (const Option* option : options) {
        const auto found = given.find(option->name);
        if (found != given.end()) {
            if (auto error = check_option_values(options, *option, found->second, help))
                return error;
        } else if (option->required) {
            return Error{ErrorCode::usage, option->name + " is missing", "", option->doc,
                         "see: " + help};
        }
    }
    return std::nullopt;
}

}  // namespace

const Option* option_named(std::span<const Option* const> options, std::string_view word) {
    if (word.size() < 2 || word[0] != '-') return nullptr;
    const std::string_view name = word.substr(0, word.find('='));
    for (const Option* option : options) {
        if (option->name == name) return option;
        if (name.size() == 2 && option->short_name == name[1]) return option;
    }
    return nullptr;
}

bool awaits_value(std::span<const Option* const> options, std::string_view word) {
    const Option* const option = option_named(options, word);
    return option != nullptr && option->kind != Kind::flag &&
           word.find('=') == std::string_view::npos;
}

Place find_place(const Table& table, std::span<const std::string> words) {
    // Only the options of every command may stand before the command is named.
    const auto options = global_option_pointers();
    Place place;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        const bool settled = place.command != nullptr || !place.stray.empty();
        if (settled || word == "--") {
            place.rest.insert(place.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i),
                              words.end());
            break;
        }
        if (word.starts_with('-')) {
            place.rest.push_back(word);
            if (awaits_value(options, word) && i + 1 < words.size())
                place.rest.push_back(words[++i]);
            continue;
        }
        place.command = table.find(place.group.empty() ? word : place.group + " " + word);
        if (place.command != nullptr) continue;
        if (place.group.empty() && table.find_group(word) != nullptr)
            place.group = word;
        else
            place.stray = word.empty() ? "''" : word;
    }
    return place;
}

Result<CommandLine> read_command_line(const Table& table, std::span<const std::string> words) {
    const Place place = find_place(table, words);
    if (!place.stray.empty()) return failure(unknown_command(table, place.group, place.stray));

    const auto options =
        place.command != nullptr ? options_of(*place.command) : global_option_pointers();
    auto split = split_options(options, place.rest);
    const std::string help = help_command_of(place.command, place.group);
    if (!split) {
        split.error().mend = "see: " + help;
        return failure(std::move(split.error()));
    }
    if (!split->unknown_options.empty())
        return failure(unknown_option(options, place, split->unknown_options.front()));

    CommandLine line{place.command, place.group, std::move(split->options), false, false};
    line.help = line.given.contains("--help");
    line.version = line.given.contains("--version");
    if (line.help || line.version) return line;
    if (auto error = check_options(options, place, line.given)) return failure(std::move(*error));
    if (place.command == nullptr) {
        if (!split->words.empty())
            return failure(unknown_command(table, place.group, split->words.front()));
        return line;
    }
    if (auto error = take_arguments(*place.command, split->words, line.given))
        return failure(std::move(*error));
    return line;
}

}  // namespace millrace::cli
