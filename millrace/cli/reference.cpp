// The order is the table's, so that a change of one command changes one place of the page.
#include "millrace/cli/reference.hpp"

#include "millrace/cli/help.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

// A pipe would end the cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string option_table(std::string_view title, const std::vector<const Option*>& options) {
    std::string rows;
    for (const Option* option : options)
        if (!option->hidden)
            rows +=
                "| `" + cell(option_label(*option)) + "` | " + cell(option_text(*option)) + " |\n";
    if (rows.empty()) return "";
    return "\n| " + std::string(title) + " | what it does |\n|---|---|\n" + rows;
}

std::vector<const Option*> own_options_of(const Command& command) {
    std::vector<const Option*> own = options_of(command);
    std::erase_if(own, [](const Option* option) { return is_global(*option); });
    return own;
}

std::string command_markdown(const Command& command) {
    std::string page = "\n### millrace " + command.path + "\n\n" + command.description +
                       "\n\n```\n" + usage_line(command) + "\n```\n";
    if (!command.arguments.empty()) {
        page += "\n| argument | what it is |\n|---|---|\n";
        for (const Argument& argument : command.arguments)
            page += "| `" + cell(argument.name) + "` | " + cell(argument_text(argument)) + " |\n";
    }
    page += option_table("option", own_options_of(command));
    if (!command.examples.empty()) {
        page += "\n```\n";
        for (const Example& example : command.examples)
            page += "# " + example.doc + "\n" + example.line + "\n";
        page += "```\n";
    }
    return page;
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::flag: return "flag";
        case Kind::text: return "text";
        case Kind::integer: return "integer";
        case Kind::choice: return "choice";
        case Kind::path: return "path";
    }
    return "text";
}

// What options and arguments have in common.
template <class Value>
void write_value(JsonWriter& writer, const Value& value) {
    writer.member("name", value.name).member("kind", name_of(value.kind)).member("doc", value.doc);
    if (!value.default_text.empty()) writer.member("default", value.default_text);
    if (!value.choices.empty()) {
        writer.key("choices").begin_array();
        for (const std::string& choice : value.choices)
            writer.text(choice);
        writer.end_array();
    }
    if (value.kind == Kind::integer)
        writer.member("minimum", value.minimum).member("maximum", value.maximum);
    writer.member("required", value.required).member("repeatable", value.repeatable);
}

void write_option(JsonWriter& writer, const Option& option) {
    if (option.hidden) return;
    writer.begin_object();
    write_value(writer, option);
    if (option.short_name != '\0')
        writer.member("short_name", std::string("-") + option.short_name);
    if (!option.value_name.empty()) writer.member("value_name", option.value_name);
    writer.end_object();
}

void write_command(JsonWriter& writer, const Command& command) {
    writer.begin_object()
        .member("path", command.path)
        .member("usage", usage_line(command))
        .member("summary", command.summary)
        .member("description", command.description);
    writer.key("arguments").begin_array();
    for (const Argument& argument : command.arguments) {
        writer.begin_object();
        write_value(writer, argument);
        writer.end_object();
    }
    writer.end_array().key("options").begin_array();
    for (const Option* option : own_options_of(command))
        write_option(writer, *option);
    writer.end_array().key("examples").begin_array();
    for (const Example& example : command.examples)
        writer.begin_object().member("line", example.line).member("doc", example.doc).end_object();
    writer.end_array().end_object();
}

bool leads_to(const std::string& command, std::string_view path) {
    if (path.empty() || command == path) return true;
    return command.starts_with(path) && command[path.size()] == ' ';
}

}  // namespace

std::string reference_markdown(const Table& table) {
    std::string page =
        "# Commands\n\n"
        "Made from the program's own command table by `millrace help --markdown`; a test keeps the "
        "two equal.\n"
        "Data goes to stdout, talk to stderr. The exit codes are in "
        "[exit-codes.md](exit-codes.md).\n\n"
        "## Options of every command\n";
    std::vector<const Option*> global;
    for (const Option& option : global_options())
        global.push_back(&option);
    page += option_table("option", global);
    for (const std::string& section : sections_of(table)) {
        page += "\n## " + section + "\n";
        for (const Noun& noun : table.nouns()) {
            if (noun.section != section) continue;
            if (const Command* alone = table.find(noun.name)) page += command_markdown(*alone);
            for (const Command* verb : table.verbs_of(noun.name))
                page += command_markdown(*verb);
        }
    }
    return page;
}

JsonWriter reference_document(const Table& table, std::string_view path) {
    JsonWriter document = Invocation::document();
    document.key("global_options").begin_array();
    for (const Option& option : global_options())
        write_option(document, option);
    document.end_array().key("commands").begin_array();
    for (const Command& command : table.commands())
        if (leads_to(command.path, path)) write_command(document, command);
    document.end_array().end_object();
    return document;
}

}  // namespace millrace::cli
