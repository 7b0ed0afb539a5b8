// `millrace completion SHELL`: prints the script that teaches the shell the words of millrace.
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/completion.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

int completion(Invocation& invocation) {
    const std::string shell = invocation.text("SHELL");
    const std::string_view script = completion_script(shell);
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("shell", shell).member("script", script).end_object();
        invocation.print(document);
    } else {
        invocation.out() << script;
    }
    return 0;
}

}  // namespace

void add_completion_commands(Table& table) {
    table.add(
        Command{.path = "completion",
                .section = "About this program",
                .summary = "Print the completion script of a shell",
                .description = "Prints a script that completes commands, options and their values "
                               "at each Tab. The script asks "
                               "the installed program, so it never goes stale.",
                .arguments = {{.name = "SHELL",
                               .doc = "The shell to complete for",
                               .kind = Kind::choice,
                               .choices = {"bash", "zsh", "fish"}}},
                .examples = {{"source <(millrace completion bash)", "In ~/.bashrc"},
                             {"millrace completion zsh > ~/.zfunc/_millrace",
                              "For zsh, with ~/.zfunc in its fpath"},
                             {"millrace completion fish > ~/.config/fish/completions/millrace.fish",
                              "For fish"}},
                .run = completion});
}

}  // namespace millrace::cli
