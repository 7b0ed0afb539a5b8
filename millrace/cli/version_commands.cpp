// `millrace version`, which is also `millrace --version`.
#include <ostream>

#include "millrace/app/version.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

int version(Invocation& invocation) {
    const app::Version facts = app::version();
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("version", facts.number)
            .member("commit", facts.commit)
            .member("compiler", facts.compiler)
            .member("build_type", facts.build_type)
            .member("sanitizers", facts.sanitizers)
            .end_object();
        invocation.print(document);
        return 0;
    }
    std::ostream& out = invocation.out();
    out << "millrace " << facts.number << '\n';
    if (!facts.commit.empty()) out << "commit    " << facts.commit << '\n';
    out << "compiler  " << facts.compiler << '\n';
    out << "build     " << facts.build_type;
    if (!facts.sanitizers.empty()) out << ", sanitizers " << facts.sanitizers;
    out << '\n';
    return 0;
}

}  // namespace

void add_version_commands(Table& table) {
    table.add(Command{.path = "version",
                      .section = "About this program",
                      .summary = "Show the version and how it was built",
                      .description =
                          "Shows the version, the commit it was built from when that is known, the "
                          "compiler and the kind of build. Put it in every report of a fault.",
                      .examples = {{"millrace version --json", "For programs"}},
                      .run = version});
}

}  // namespace millrace::cli
