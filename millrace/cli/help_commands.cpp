// `millrace help`, and the hidden form that writes the reference page.
#include <ostream>

#include "millrace/cli/command_line.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/help.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/cli/reference.hpp"

namespace millrace::cli {
namespace {

int help(Invocation& invocation) {
    const Table& table = invocation.table();
    if (invocation.flag("--markdown")) {
        invocation.out() << reference_markdown(table);
        return 0;
    }
    std::vector<std::string> words = invocation.texts("COMMAND");
    words.emplace_back("--help");
    const auto line = read_command_line(table, words);
    if (!line) return invocation.fail(line.error());
    if (invocation.json()) {
        invocation.print(reference_document(
            table, line->command != nullptr ? line->command->path : line->group));
    } else {
        invocation.out() << help_page(table, line->command, line->group, invocation.paint());
    }
    return 0;
}

std::vector<std::string> nouns() {
    std::vector<std::string> names;
    for (const Noun& noun : all_commands().nouns())
        names.push_back(noun.name);
    return names;
}

}  // namespace

void add_help_commands(Table& table) {
    table.add(Command{
        .path = "help",
        .section = "About this program",
        .summary = "Show the help of a command",
        .description =
            "Shows what `millrace COMMAND --help` shows; without a command, the list of all. "
            "With --json, the whole command table as one document for programs.",
        .arguments = {{.name = "COMMAND",
                       .doc = "The command, such as: config show",
                       .repeatable = true,
                       .required = false,
                       .suggest = nouns}},
        .options = {{.name = "--markdown", .doc = "Print the reference page", .hidden = true}},
        .examples = {{"millrace help config show", "How to see the settings in force"}},
        .run = help});
}

}  // namespace millrace::cli
