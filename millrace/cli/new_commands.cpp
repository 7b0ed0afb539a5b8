// `millrace new`: projects to begin with.
#include <ostream>

#include "millrace/app/templates/strategy_project.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

void print_json(Invocation& invocation, const templates::StrategyProject& project,
                const std::string& folder, const std::vector<std::string>& next) {
    JsonWriter document = Invocation::document();
    document.member("strategy", project.name).member("template", invocation.text("--template"));
    document.member("directory", folder).key("files").begin_array();
    for (const templates::NewFile& file : project.files)
        document.text(file.name);
    document.end_array().member("library", project.library).key("next").begin_array();
    for (const std::string& command : next)
        document.text(command);
    document.end_array().end_object();
    invocation.print(document);
}

int new_strategy(Invocation& invocation) {
    const auto project =
        templates::strategy_project(invocation.text("NAME"), invocation.text("--template"));
    if (!project) return invocation.fail(project.error());
    const std::string folder = invocation.given("--dir") ? invocation.text("--dir") : project->name;
    if (auto written = templates::write_new_folder(folder, project->files); !written)
        return invocation.fail(written.error());
    const auto next =
        templates::next_commands(*project, folder, templates::package_folder(kThisProgram));
    if (invocation.json()) {
        print_json(invocation, *project, folder, next);
        return 0;
    }
    auto& out = invocation.out();
    out << "wrote " << folder << ':';
    for (const templates::NewFile& file : project->files)
        out << ' ' << file.name;
    out << "\nnext:\n";
    for (const std::string& command : next)
        out << "  " << command << '\n';
    return 0;
}

std::vector<std::string> template_names() {
    std::vector<std::string> names;
    for (const templates::StrategyTemplate& each : templates::strategy_templates())
        names.emplace_back(each.name);
    return names;
}

std::string template_summaries() {
    std::string text;
    for (const templates::StrategyTemplate& each : templates::strategy_templates())
        text +=
            (text.empty() ? "" : "; ") + std::string(each.name) + " " + std::string(each.summary);
    return text;
}

}  // namespace

void add_new_commands(Table& table) {
    table.add(Group{.name = "new", .section = "Get started", .summary = "Begin a project"});
    table.add(Command{
        .path = "new strategy",
        .summary = "Write a strategy of your own, with a test, ready to compile",
        .description = "Writes a folder with a whole strategy in C++, its test, its build and a "
                       "README, and shows the commands that build, test and run it. The "
                       "templates: " +
                       template_summaries() +
                       ". It is compiled outside of Millrace to a library that a backtest takes "
                       "by its path. The folder is new or empty, or nothing is written.",
        .arguments = {{.name = "NAME", .doc = "Name of the strategy, like golden-cross"}},
        .options = {{.name = "--template",
                     .value_name = "TEMPLATE",
                     .doc = "What it begins with",
                     .kind = Kind::choice,
                     .default_text = "bars",
                     .choices = template_names()},
                    {.name = "--dir",
                     .value_name = "DIR",
                     .doc = "Folder to write; NAME in the current one when not given",
                     .kind = Kind::path}},
        .examples = {{"millrace new strategy golden-cross", "One that trades on bars"},
                     {"millrace new strategy dip --template quotes --dir try/dip",
                      "One that rests orders, elsewhere"}},
        .run = new_strategy});
}

}  // namespace millrace::cli
