// Wrapping, columns, and the order of the parts of a help page.
#include "millrace/cli/help.hpp"

#include <algorithm>
#include <limits>

namespace millrace::cli {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLabelWidthMost = 30;  // a longer label gets a line of its own

using Rows = std::vector<std::pair<std::string, std::string>>;

// `text` in lines of at most kWidth columns; every line but the first begins at column `indent`.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool first = column == indent;
        if (!first && column + 1 + word.size() > kWidth) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out;
}

std::string table_of(const Rows& rows) {
    std::size_t width = 0;
    for (const auto& [label, text] : rows)
        if (label.size() <= kLabelWidthMost) width = std::max(width, label.size());
    std::string out;
    for (const auto& [label, text] : rows) {
        out += "  " + label;
        if (label.size() > width) {
            out += '\n';
            out.append(width + 4, ' ');
        } else {
            out.append(width - label.size() + 2, ' ');
        }
        out += wrapped(text, width + 4) + '\n';
    }
    return out;
}

std::string with_notes(std::string text, const std::vector<std::string>& notes) {
    std::string inside;
    for (const std::string& note : notes)
        if (!note.empty()) inside += (inside.empty() ? "" : "; ") + note;
    if (!inside.empty()) text += " [" + inside + "]";
    return text;
}

std::string heading(const Paint& paint, std::string_view title) {
    return "\n" + paint.bold(std::string(title) + ":") + "\n";
}

Rows option_rows(const std::vector<Option>& options) {
    Rows rows;
    for (const Option& option : options) {
        if (option.hidden) continue;
        const std::string gap = option.short_name == '\0' ? "    " : "";
        rows.emplace_back(gap + option_label(option), option_text(option));
    }
    return rows;
}

constexpr std::string_view kExitCodes =
    "Exit codes: 0 done, 1 a fault of millrace, 2 usage, 3 configuration, 4 data,\n"
    "            5 network or venue, 6 rejected by risk, 7 timeout, 8 not running, 130 "
    "interrupted.\n";

}  // namespace

std::string comma_list(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string range_text(std::int64_t minimum, std::int64_t maximum) {
    const bool has_minimum = minimum != std::numeric_limits<std::int64_t>::min();
    const bool has_maximum = maximum != std::numeric_limits<std::int64_t>::max();
    if (has_minimum && has_maximum)
        return std::to_string(minimum) + " to " + std::to_string(maximum);
    if (has_minimum) return "at least " + std::to_string(minimum);
    if (has_maximum) return "at most " + std::to_string(maximum);
    return "";
}

std::string usage_line(const Command& command) {
    std::string usage = "millrace " + command.path + " [OPTIONS]";
    for (const Option& option : command.options)
        if (option.required) usage += " " + option_label(option);
    for (const Argument& argument : command.arguments) {
        const std::string name = argument.name + (argument.repeatable ? "..." : "");
        usage += argument.required ? " " + name : " [" + name + "]";
    }
    return usage;
}

std::string option_label(const Option& option) {
    std::string label;
    if (option.short_name != '\0') label = std::string("-") + option.short_name + ", ";
    label += option.name;
    if (!option.value_name.empty()) label += " " + option.value_name;
    return label;
}

std::string option_text(const Option& option) {
    return with_notes(
        option.doc,
        {option.kind == Kind::choice ? comma_list(option.choices) : "",
         option.kind == Kind::integer ? range_text(option.minimum, option.maximum) : "",
         option.default_text.empty() ? "" : "default " + option.default_text,
         option.required ? "required" : "", option.repeatable ? "may be repeated" : ""});
}

std::string argument_text(const Argument& argument) {
    return with_notes(
        argument.doc,
        {argument.kind == Kind::choice ? comma_list(argument.choices) : "",
         argument.kind == Kind::integer ? range_text(argument.minimum, argument.maximum) : "",
         argument.default_text.empty() ? "" : "default " + argument.default_text});
}

std::vector<std::string> sections_of(const Table& table) {
    std::vector<std::string> sections;
    for (const Noun& noun : table.nouns())
        if (std::ranges::find(sections, noun.section) == sections.end())
            sections.push_back(noun.section);
    return sections;
}

std::string help_of_all(const Table& table, const Paint& paint) {
    std::string page =
        "Millrace: a trading platform with one deterministic engine.\n\n"
        "Usage: millrace COMMAND [OPTIONS] [ARGUMENTS]\n";
    std::size_t width = 0;
    for (const Noun& noun : table.nouns())
        width = std::max(width, noun.name.size());
    for (const std::string& section : sections_of(table)) {
        page += heading(paint, section);
        Rows rows;
        for (const Noun& noun : table.nouns()) {
            if (noun.section != section) continue;
            // One width for all sections, so that the page reads as one list.
            rows.emplace_back(noun.name + std::string(width - noun.name.size(), ' '), noun.summary);
        }
        page += table_of(rows);
    }
    page += heading(paint, "Options of every command") + table_of(option_rows(global_options()));
    page += "\nEvery command explains itself: millrace COMMAND --help\n";
    return page;
}

std::string help_of_group(const Table& table, const Group& group, const Paint& paint) {
    std::string page = wrapped(group.summary + ".", 0) + "\n\nUsage: millrace " + group.name +
                       " VERB [OPTIONS] [ARGUMENTS]\n" + heading(paint, "Verbs");
    Rows rows;
    for (const Command* verb : table.verbs_of(group.name))
        rows.emplace_back(std::string(last_word(verb->path)), verb->summary);
    page += table_of(rows);
    page += "\nEvery verb explains itself: millrace " + group.name + " VERB --help\n";
    return page;
}

std::string help_of_command(const Command& command, const Paint& paint) {
    std::string page = "Usage: " + usage_line(command) + "\n\n";
    page += wrapped(command.description, 0) + "\n";
    if (!command.arguments.empty()) {
        Rows rows;
        for (const Argument& argument : command.arguments)
            rows.emplace_back(argument.name, argument_text(argument));
        page += heading(paint, "Arguments") + table_of(rows);
    }
    std::vector<Option> own;
    std::vector<Option> global;
    for (const Option* option : options_of(command))
        (is_global(*option) ? global : own).push_back(*option);
    if (!own.empty()) page += heading(paint, "Options") + table_of(option_rows(own));
    page += heading(paint, "Options of every command") + table_of(option_rows(global));
    if (!command.examples.empty()) {
        page += heading(paint, "Examples");
        for (const Example& example : command.examples)
            page += "  " + example.line + "\n      " + wrapped(example.doc, 6) + "\n";
    }
    return page.append("\n").append(kExitCodes);
}

std::string help_page(const Table& table, const Command* command, const std::string& group,
                      const Paint& paint) {
    if (command != nullptr) return help_of_command(*command, paint);
    if (const Group* found = table.find_group(group)) return help_of_group(table, *found, paint);
    return help_of_all(table, paint);
}

}  // namespace millrace::cli
