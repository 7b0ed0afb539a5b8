// A TOML file as a flat list of what stands in it, with positions. The parser is toml++, seen by
// config_file.cpp alone; its own messages quote the text, so ours are put in their place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/config_source.hpp"
#include "millrace/base/result.hpp"

namespace millrace::config {

enum class NodeType { text, boolean, integer, real, date, list, table };

// "text", "an integer" … for messages.
[[nodiscard]] std::string_view described(NodeType type);

struct Node {
    std::vector<std::string> path;  // {"log", "level"}
    NodeType type = NodeType::table;
    std::string text = {};  // of a text; of a boolean and integer in canonical form; of a real as
                            // it is spelled in the file; else empty
    std::vector<std::string> items = {};  // of a list of texts
    Position key = {};
    Position value = {};
};

// Tables before their members, otherwise in the order of the file.
[[nodiscard]] Result<std::vector<Node>> parse_file(const SourceText& source);

}  // namespace millrace::config
