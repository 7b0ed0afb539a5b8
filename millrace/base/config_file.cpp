// Walks the tree of toml++ into a list. What can overflow its stack (it recurses over nested tables
// without a limit for dotted keys) and what it reports at a wrong place (bad UTF-8) is caught
// before it sees the text.
#include "millrace/base/config_file.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <toml++/toml.h>
#include <tuple>
#include <utility>

namespace millrace::config {
namespace {

Position position_from(const toml::source_region& region) {
    Position position;
    position.line = region.begin.line;
    position.column = region.begin.column;
    const bool one_line = region.begin.line == region.end.line;
    if (one_line && region.end.column > region.begin.column)
        position.length = region.end.column - region.begin.column;
    return position;
}

class Walk {
  public:
    explicit Walk(const SourceText& source) : source_(source) {}

    std::vector<Node> run(const toml::table& root) {
        members(root);
        std::ranges::sort(nodes_, {}, [](const Node& node) {
            return std::tuple(node.key.line, node.key.column, node.path.size());
        });
        return std::move(nodes_);
    }

  private:
    // Recursion is bounded: SourceText::too_deep was asked, and a header and a dotted key inside
    // nested inline tables add up to a small multiple of kNestingMax.
    void members(const toml::table& table) {
        for (const auto& [key, value] : table) {
            path_.emplace_back(key.str());
            nodes_.push_back(node_for(key, value));
            if (const toml::table* inner = value.as_table()) members(*inner);
            path_.pop_back();
        }
    }

    Node node_for(const toml::key& key, const toml::node& value) const {
        Node node;
        node.path = path_;
        node.key = position_from(key.source());
        node.value = position_from(value.source());
        if (const auto* text = value.as_string()) {
            node.type = NodeType::text;
            node.text = text->get();
        } else if (const auto* flag = value.as_boolean()) {
            node.type = NodeType::boolean;
            node.text = flag->get() ? "true" : "false";
        } else if (const auto* integer = value.as_integer()) {
            node.type = NodeType::integer;
            node.text = fmt::format("{}", integer->get());
        } else if (value.is_floating_point()) {
            node.type = NodeType::real;
            node.text = source_.slice(node.value, value.source().end.column);
        } else if (value.is_array()) {
            node.type = NodeType::list;
            node.items = texts_of(*value.as_array());
        } else if (value.is_table()) {
            node.type = NodeType::table;
        } else {
            node.type = NodeType::date;
        }
        return node;
    }

    // Empty unless all of it is text.
    static std::vector<std::string> texts_of(const toml::array& list) {
        std::vector<std::string> texts;
        for (const toml::node& item : list) {
            const auto* text = item.as_string();
            if (text == nullptr) return {};
            texts.push_back(text->get());
        }
        return texts;
    }

    const SourceText& source_;
    std::vector<std::string> path_;
    std::vector<Node> nodes_;
};

// What toml++ says and what we say instead. Only the fixed beginnings of its messages are looked
// at, because their ends quote the file.
struct Rule {
    std::string_view theirs;
    std::string_view ours;
    std::string_view mend;
};
constexpr std::array<Rule, 20> kRules = {{
    {"encountered end-of-file", "the file ends in the middle of it",
     "look for a missing quote, bracket or '='"},
    {"cannot redefine", "the same key or table stands above already", "keep one of them"},
    {"cannot insert", "an inline table cannot be added to", "write its members between the braces"},
    {"could not determine value type", "this is not a TOML value", "text stands in quotes"},
    {"expected 'true'", "this is not a TOML value", "text stands in quotes"},
    {"expected 'false'", "this is not a TOML value", "text stands in quotes"},
    {"expected '='", "a key must be followed by '=' and a value", "write key = value"},
    {"expected value, saw", "there is no value after '='", "write key = value"},
    {"expected a comment", "only a comment may follow on this line",
     "text with spaces stands in quotes; each key has a line of its own"},
    {"expected value-terminator", "something stands right behind the value",
     "text stands in quotes"},
    {"unescaped control characters", "the line ends, or a control character stands, inside quotes",
     "close the quote on the same line"},
    {"control characters other than TAB",
     "the line ends, or a control character stands, inside quotes or a comment",
     "close the quote on the same line, and remove control characters"},
    {"unknown escape sequence", "this character cannot follow a backslash",
     "double the backslash, or use single quotes"},
    {"expected comma or closing", "a list needs a comma or ']' here", "look for a missing ']'"},
    {"expected key or closing", "an inline table needs a key or '}' here",
     "an inline table stands on one line"},
    {"expected ']'", "the name of a table must be closed by ']'", "write [table]"},
    {"expected keys, tables", "a line must begin with a key or a [table]",
     "a key with other characters than letters, digits, '_' and '-' stands in quotes"},
    {"leading zeroes", "a number cannot begin with 0", "leave out the zeros, or put it in quotes"},
    {"underscores", "'_' must stand between digits", "remove the '_'"},
    {"expected", "this cannot stand here", "text stands in quotes"},
}};

Error from_parser(const SourceText& source, const toml::parse_error& fault) {
    Position position = position_from(fault.source());
    // "Error while parsing SCOPE: MESSAGE"
    std::string_view message = fault.description();
    if (const auto colon = message.find(": "); colon != std::string_view::npos)
        message.remove_prefix(colon + 2);
    Rule rule{"", "the value cannot be understood", "text stands in quotes"};
    if (message.find("not representable in 64 bits") != std::string_view::npos)
        rule = {"", "the number does not fit in 64 bits", "write a smaller number"};
    const auto known = std::ranges::find_if(
        kRules, [&](const Rule& candidate) { return message.starts_with(candidate.theirs); });
    if (known != kRules.end()) rule = *known;
    // toml++ notices a doubled key only behind its '='.
    if (message.starts_with("cannot redefine")) position = source.first_word(position.line);
    return {ErrorCode::config, "this is not valid TOML", source.where(position),
            fmt::format("{}\n{}", rule.ours, source.excerpt(position)), std::string(rule.mend)};
}

}  // namespace

std::string_view described(NodeType type) {
    switch (type) {
        case NodeType::text: return "text";
        case NodeType::boolean: return "a boolean";
        case NodeType::integer: return "an integer";
        case NodeType::real: return "a number with a fraction";
        case NodeType::date: return "a date or time";
        case NodeType::list: return "a list";
        case NodeType::table: return "a table";
    }
    return "text";
}

Result<std::vector<Node>> parse_file(const SourceText& source) {
    if (const auto position = source.invalid_utf8())
        return failure(ErrorCode::config, "the file is not UTF-8", source.where(*position),
                       "a byte here belongs to no character", "save the file as UTF-8");
    if (const auto position = source.too_deep())
        return failure(
            ErrorCode::config, "tables and lists lie too deep in each other",
            source.where(*position),
            fmt::format("{} levels are read\n{}", kNestingMax, source.excerpt(*position)),
            "no key needs more than a few levels");
    try {
        return Walk(source).run(toml::parse(std::string_view(source.text())));
    } catch (const toml::parse_error& fault) {
        return failure(from_parser(source, fault));
    }
}

}  // namespace millrace::config
