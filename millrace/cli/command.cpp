// The table's own rules: what an entry must look like, and the options that every command has.
#include "millrace/cli/command.hpp"

#include <algorithm>

#include "millrace/app/settings.hpp"
#include "millrace/base/assert.hpp"

namespace millrace::cli {
namespace {

std::size_t word_count(std::string_view path) {
    return path.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(path, ' '));
}

std::string_view first_word(std::string_view path) {
    return path.substr(0, path.find(' '));
}

void check_option(const Option& option) {
    MILLRACE_ASSERT(option.name.starts_with("--") && option.name.size() > 2,
                    "an option's name begins with two dashes");
    MILLRACE_ASSERT(!option.doc.empty(), "an option says what it does");
    MILLRACE_ASSERT((option.kind == Kind::flag) == option.value_name.empty(),
                    "every option but a flag names its value");
    MILLRACE_ASSERT((option.kind == Kind::choice) == !option.choices.empty(),
                    "a choice, and only a choice, has choices");
    MILLRACE_ASSERT(!(option.required && !option.default_text.empty()),
                    "a required option needs no default");
}

void check_arguments(const std::vector<Argument>& arguments) {
    bool optional_seen = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Argument& argument = arguments[i];
        MILLRACE_ASSERT(!argument.name.empty() && argument.kind != Kind::flag,
                        "an argument has a name and a value");
        MILLRACE_ASSERT(!argument.doc.empty(), "an argument says what it is");
        MILLRACE_ASSERT((argument.kind == Kind::choice) == !argument.choices.empty(),
                        "a choice, and only a choice, has choices");
        MILLRACE_ASSERT(!argument.repeatable || i + 1 == arguments.size(),
                        "only the last argument repeats");
        MILLRACE_ASSERT(!(argument.required && optional_seen),
                        "no required argument stands behind an optional one");
        optional_seen = optional_seen || !argument.required;
    }
}

// Open tables have no fixed keys to offer.
std::vector<std::string> setting_keys() {
    std::vector<std::string> keys;
    for (const config::Key& key : app::settings().keys())
        if (!key.is_open()) keys.push_back(key.name + "=");
    return keys;
}

const Option& jsonl_option() {
    static const Option kOption{.name = "--jsonl",
                                .doc = "Print one JSON object a line for each row"};
    return kOption;
}

}  // namespace

std::string_view last_word(std::string_view path) {
    return path.substr(path.rfind(' ') + 1);
}

void Table::add(Group group) {
    MILLRACE_ASSERT(word_count(group.name) == 1, "a group is one noun");
    MILLRACE_ASSERT(find_group(group.name) == nullptr && find(group.name) == nullptr,
                    "a noun stands once in the table");
    MILLRACE_ASSERT(!group.section.empty() && !group.summary.empty(),
                    "a group has a section and a summary");
    nouns_.push_back({group.name, group.section, group.summary});
    groups_.push_back(std::move(group));
}

void Table::add(Command command) {
    MILLRACE_ASSERT(command.run != nullptr, "a command has a function");
    MILLRACE_ASSERT(!command.summary.empty() && !command.description.empty(),
                    "a command says what it does");
    MILLRACE_ASSERT(find(command.path) == nullptr && find_group(command.path) == nullptr,
                    "a path stands once in the table");
    check_arguments(command.arguments);
    for (const Option& option : command.options)
        check_option(option);
    const auto options = options_of(command);
    for (std::size_t i = 0; i < options.size(); ++i)
        for (std::size_t j = i + 1; j < options.size(); ++j) {
            MILLRACE_ASSERT(options[i]->name != options[j]->name, "an option stands once");
            MILLRACE_ASSERT(
                options[i]->short_name == '\0' || options[i]->short_name != options[j]->short_name,
                "a short name stands once");
        }

    const std::size_t words = word_count(command.path);
    MILLRACE_ASSERT(words == 1 || words == 2, "a path is a noun, or a noun and a verb");
    if (words == 2) {
        MILLRACE_ASSERT(find_group(first_word(command.path)) != nullptr,
                        "the group is added before its verbs");
    } else {
        MILLRACE_ASSERT(!command.section.empty(), "a noun alone has a section");
        nouns_.push_back({command.path, command.section, command.summary});
    }
    commands_.push_back(std::move(command));
}

const Command* Table::find(std::string_view path) const {
    const auto found = std::ranges::find(commands_, path, &Command::path);
    return found == commands_.end() ? nullptr : &*found;
}

const Group* Table::find_group(std::string_view name) const {
    const auto found = std::ranges::find(groups_, name, &Group::name);
    return found == groups_.end() ? nullptr : &*found;
}

std::vector<const Command*> Table::verbs_of(std::string_view group) const {
    std::vector<const Command*> verbs;
    for (const Command& command : commands_)
        if (word_count(command.path) == 2 && first_word(command.path) == group)
            verbs.push_back(&command);
    return verbs;
}

const std::vector<Option>& global_options() {
    static const std::vector<Option> kOptions = {
        {.name = "--config",
         .value_name = "FILE",
         .doc = "Read this configuration file instead of millrace.toml",
         .kind = Kind::path},
        {.name = "--profile",
         .value_name = "NAME",
         .doc = "Lay the settings of [profile.NAME] over the others",
         .kind = Kind::text},
        {.name = "--set",
         .value_name = "KEY=VALUE",
         .doc = "Set one configuration key for this run",
         .kind = Kind::text,
         .repeatable = true,
         .suggest = setting_keys},
        {.name = "--json", .doc = "Print one JSON document instead of text"},
        {.name = "--quiet", .short_name = 'q', .doc = "Say nothing on stderr but errors"},
        {.name = "--verbose", .short_name = 'v', .doc = "Say more on stderr", .repeatable = true},
        {.name = "--no-color", .doc = "Use no colours, as with NO_COLOR in the environment"},
        {.name = "--help", .short_name = 'h', .doc = "Show this help"},
        {.name = "--version", .doc = "Show the version"},
    };
    return kOptions;
}

bool is_global(const Option& option) {
    const std::vector<Option>& all = global_options();
    return &option >= all.data() && &option < all.data() + all.size();
}

std::vector<const Option*> options_of(const Command& command) {
    std::vector<const Option*> options;
    for (const Option& option : command.options)
        options.push_back(&option);
    if (command.streams) options.push_back(&jsonl_option());
    // A command may give a global option a meaning of its own: --config of a backtest is the run's.
    for (const Option& option : global_options())
        if (std::ranges::none_of(command.options, [&](const Option& own) {
                return own.replaces_global && own.name == option.name;
            }))
            options.push_back(&option);
    return options;
}

}  // namespace millrace::cli
