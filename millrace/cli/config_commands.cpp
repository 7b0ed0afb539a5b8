// `millrace config`: what is set, where it was set, and what could be set.
#include <algorithm>
#include <ostream>

#include "millrace/app/settings.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

void print_json(Invocation& invocation, const config::Config& config) {
    JsonWriter document = Invocation::document();
    document.member("profile", config.profile()).key("settings").begin_array();
    for (const config::Entry& entry : config.entries())
        document.begin_object()
            .member("key", entry.name)
            .member("value", entry.value)
            .member("kind", config::name_of(entry.kind))
            .member("origin", entry.origin)
            .member("reload", config::name_of(entry.reload))
            .member("doc", entry.doc)
            .end_object();
    document.end_array().end_object();
    invocation.print(document);
}

void print_text(Invocation& invocation, const config::Config& config) {
    const auto entries = config.entries();
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    for (const config::Entry& entry : entries) {
        name_width = std::max(name_width, entry.name.size());
        value_width = std::max(value_width, entry.value.size());
    }
    for (const config::Entry& entry : entries) {
        std::string line = entry.name + std::string(name_width - entry.name.size(), ' ') + "  ";
        line += entry.value;
        if (invocation.flag("--origin"))
            line += std::string(value_width - entry.value.size(), ' ') + "  " +
                    invocation.paint().faint(entry.origin);
        line.erase(line.find_last_not_of(' ') + 1);
        invocation.out() << line << '\n';
    }
}

int show(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    if (invocation.json())
        print_json(invocation, *config);
    else
        print_text(invocation, *config);
    return 0;
}

int check(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("valid", true).member("profile", config->profile()).end_object();
        invocation.print(document);
    } else {
        invocation.out() << "the configuration is right\n";
    }
    return 0;
}

int schema(Invocation& invocation) {
    const std::string schema = config::json_schema(app::settings());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("schema").raw(schema).end_object();
        invocation.print(document);
    } else {
        invocation.out() << schema << '\n';
    }
    return 0;
}

}  // namespace

void add_config_commands(Table& table) {
    table.add(Group{.name = "config",
                    .section = "Settings",
                    .summary = "Show and check the settings, and where each was set"});
    table.add(Command{
        .path = "config show",
        .summary = "Show every setting in force",
        .description =
            "Shows every setting with its value. A later source wins over an earlier one: default, "
            "millrace.toml, profile, .env, environment, --set. Secrets are shown as the place "
            "where "
            "they are kept, never as they are.",
        .options = {{.name = "--origin", .doc = "Show where each value was set"}},
        .examples = {{"millrace config show --origin", "Why is it so?"},
                     {"millrace --profile paper config show", "What would that profile change?"}},
        .run = show});
    table.add(Command{
        .path = "config check",
        .summary = "Check the settings and tell all that is wrong",
        .description =
            "Reads the settings as every command does and tells all errors at once, each with "
            "file, "
            "line and column, and the nearest name that is known. Exit code 3 when there is one.",
        .examples = {{"millrace config check --config new.toml", "Before it is put in place"}},
        .run = check});
    table.add(
        Command{.path = "config schema",
                .summary = "Print the JSON Schema of millrace.toml",
                .description = "Prints a JSON Schema of the configuration file, with which an "
                               "editor completes and checks "
                               "it. With --json it stands in a document, under \"schema\".",
                .examples = {{"millrace config schema > millrace.schema.json", "For an editor"}},
                .run = schema});
}

}  // namespace millrace::cli
