// Which words fit at the end of an unfinished line, and how each shell wants to hear them.
#include "millrace/cli/completion.hpp"

#include <algorithm>

#include "millrace/cli/command_line.hpp"

namespace millrace::cli {
namespace {

std::vector<const Option*> options_at(const Place& place) {
    if (place.command != nullptr) return options_of(*place.command);
    std::vector<const Option*> options;
    for (const Option& option : global_options())
        options.push_back(&option);
    return options;
}

void offer(Completion& completion, std::string_view begun, std::string word, std::string doc = {}) {
    if (word.starts_with(begun))
        completion.suggestions.push_back({std::move(word), std::move(doc)});
}

// The values of an option or an argument; `before` is what stands in front of the value in the same
// word ("--seeds=").
void offer_values(Completion& completion, std::string_view begun, const std::string& before,
                  Kind kind, const std::vector<std::string>& choices, Suggest suggest) {
    completion.files = kind == Kind::path && suggest == nullptr;
    for (const std::string& choice : choices)
        offer(completion, begun, before + choice);
    if (suggest == nullptr) return;
    for (const std::string& name : suggest())
        offer(completion, begun, before + name);
}

void offer_commands(Completion& completion, const Table& table, const Place& place,
                    std::string_view begun) {
    if (place.group.empty()) {
        for (const Noun& noun : table.nouns())
            offer(completion, begun, noun.name, noun.summary);
        return;
    }
    for (const Command* verb : table.verbs_of(place.group))
        offer(completion, begun, std::string(last_word(verb->path)), verb->summary);
}

void offer_options(Completion& completion, std::span<const Option* const> options,
                   const std::vector<std::string>& used, std::string_view begun) {
    for (const Option* option : options) {
        const bool again = std::ranges::any_of(
            used, [&](const std::string& word) { return option_named(options, word) == option; });
        if (!option->hidden && (!again || option->repeatable))
            offer(completion, begun, option->name, option->doc);
    }
}

// How many of the words behind the path are arguments, not options or their values.
std::size_t argument_count(std::span<const Option* const> options,
                           const std::vector<std::string>& rest) {
    std::size_t count = 0;
    bool only_words = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (!only_words && rest[i] == "--") {
            only_words = true;
        } else if (!only_words && rest[i].size() > 1 && rest[i][0] == '-') {
            if (awaits_value(options, rest[i])) ++i;
        } else {
            ++count;
        }
    }
    return count;
}

// bash cuts words at '=' and ':'; this glues "--seeds" "=" "5" together again.
std::vector<std::string> glued(std::span<const std::string> pieces) {
    std::vector<std::string> words;
    bool glue = false;
    for (const std::string& piece : pieces) {
        const bool cut = piece == "=" || piece == ":";
        if ((cut || glue) && !words.empty())
            words.back() += piece;
        else
            words.push_back(piece);
        glue = cut;
    }
    return words;
}

// What bash replaces of a word: the part behind the last '=' or ':' at which it cut.
std::string behind_cut(const std::string& word, const std::string& current) {
    const std::size_t cut = current.find_last_of("=:");
    return cut == std::string::npos ? word : word.substr(cut + 1);
}

}  // namespace

Completion complete(const Table& table, std::span<const std::string> words) {
    Completion completion;
    if (words.empty()) return completion;
    const std::string& current = words.back();
    const auto before = words.first(words.size() - 1);
    const Place place = find_place(table, before);
    if (!place.stray.empty()) return completion;

    const auto options = options_at(place);
    const bool only_words = std::ranges::find(place.rest, "--") != place.rest.end();
    if (!only_words && !before.empty() && awaits_value(options, before.back())) {
        const Option* option = option_named(options, before.back());
        offer_values(completion, current, "", option->kind, option->choices, option->suggest);
        return completion;
    }
    if (!only_words && current.starts_with('-')) {
        const std::size_t equals = current.find('=');
        const Option* option = option_named(options, current);
        if (equals == std::string::npos)
            offer_options(completion, options, place.rest, current);
        else if (option != nullptr)
            offer_values(completion, current, current.substr(0, equals + 1), option->kind,
                         option->choices, option->suggest);
        return completion;
    }
    if (place.command == nullptr) {
        offer_commands(completion, table, place, current);
        return completion;
    }
    const auto& arguments = place.command->arguments;
    if (arguments.empty()) return completion;
    std::size_t index = argument_count(options, place.rest);
    if (index >= arguments.size() && arguments.back().repeatable) index = arguments.size() - 1;
    if (index < arguments.size())
        offer_values(completion, current, "", arguments[index].kind, arguments[index].choices,
                     arguments[index].suggest);
    return completion;
}

std::string answer_completion(const Table& table, std::span<const std::string> words) {
    if (words.size() < 3 || words[1] != "--") return "";
    const std::string& shell = words[0];
    const auto pieces = words.subspan(2);
    const std::vector<std::string> whole =
        shell == "bash" ? glued(pieces) : std::vector<std::string>(pieces.begin(), pieces.end());
    const Completion completion = complete(table, whole);
    if (completion.files && completion.suggestions.empty()) return ":files\n";
    std::string answer;
    for (const auto& [word, doc] : completion.suggestions) {
        answer += shell == "bash" ? behind_cut(word, whole.back()) : word;
        if (shell != "bash" && !doc.empty()) answer += '\t' + doc;
        answer += '\n';
    }
    return answer;
}

}  // namespace millrace::cli
