// From the tables of the file to the keys of a run.
#include "millrace/app/backtest/run_file.hpp"

#include <algorithm>
#include <filesystem>

#include "millrace/app/backtest/run_keys.hpp"
#include "millrace/base/config_file.hpp"
#include "millrace/base/nearest.hpp"
#include "millrace/base/small_file.hpp"
#include "millrace/core/strategy/parameters.hpp"

namespace millrace::backtest {
namespace {

using config::Node;
using config::NodeType;

constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::string_view kParameters = "set";  // [strategy.NAME.set]

class Reader {
  public:
    Reader(const config::SourceText& source, std::string folder, BacktestSettings& settings)
        : source_(source), folder_(std::move(folder)), settings_(settings) {}

    Result<void> read(const Node& node) {
        const std::string& table = node.path[0];
        const auto tables = run_tables();
        if (std::find(tables.begin(), tables.end(), table) == tables.end())
            return unknown_table(node);
        if (!has_members(table)) return read_plain(node);
        return read_member(node);
    }

  private:
    Result<void> read_plain(const Node& node) {
        if (node.path.size() == 1) return expect_table(node);
        if (node.path.size() > 2) return too_deep(node);
        return set(node, node.path[0], {}, node.path[1]);
    }

    Result<void> read_member(const Node& node) {
        if (node.path.size() <= 2) {
            if (node.path.size() == 2 && node.path[0] == "account" && node.type == NodeType::table)
                settings_.accounts[node.path[1]];  // one that takes every default
            return expect_table(node);
        }
        const bool has_parameters = node.path[0] == "strategy" && node.path[2] == kParameters;
        if (!has_parameters)
            return node.path.size() == 3 ? set(node, node.path[0], node.path[1], node.path[2])
                                         : too_deep(node);
        if (node.path.size() == 3) return expect_table(node);
        if (node.path.size() > 4) return too_deep(node);
        const auto values = values_of(node);
        if (!values) return failure(Error(values.error()));
        const std::string name = strategy::plain_parameter_name(node.path[3]);
        settings_.strategies[node.path[1]].parameters[name] = values->front();
        return {};
    }

    Result<void> set(const Node& node, std::string_view table, const std::string& member,
                     const std::string& key) {
        auto values = values_of(node);
        if (!values) return failure(std::move(values.error()));
        const bool is_path = (table == "data" && (key == "file" || key == "actions")) ||
                             (table == "run" && key == "contracts");
        if (is_path)
            for (std::string& path : *values)
                path = (std::filesystem::path(folder_) / path).lexically_normal().string();
        auto done = set_run_value(settings_, table, member, key, *values);
        if (done) return done;
        const bool is_key = done.error().what.starts_with("there is no key");
        return refused(is_key ? node.key : node.value, std::move(done.error()));
    }

    Result<std::vector<std::string>> values_of(const Node& node) const {
        switch (node.type) {
            case NodeType::text:
            case NodeType::boolean:
            case NodeType::integer:
            case NodeType::real: return std::vector<std::string>{node.text};
            case NodeType::list:
                if (!node.items.empty()) return node.items;
                return refused(node.value, {ErrorCode::config,
                                            "this list is not one of texts",
                                            {},
                                            "it is empty or holds something else",
                                            "write it like [\"one\", \"two\"]"});
            case NodeType::date:
                return refused(node.value, {ErrorCode::config,
                                            "a date stands in quotes here",
                                            {},
                                            {},
                                            "write it like \"2024-01-31\""});
            case NodeType::table:
                return refused(node.key, {ErrorCode::config,
                                          "a value belongs here, not a table",
                                          {},
                                          {},
                                          "write key = value"});
        }
        return std::vector<std::string>{};
    }

    Result<void> expect_table(const Node& node) const {
        if (node.type == NodeType::table) return {};
        return refused(node.key, {ErrorCode::config,
                                  "this is a table, not a value",
                                  {},
                                  {},
                                  has_members(node.path[0]) ? "write [" + node.path[0] + ".NAME]"
                                                            : "write [" + node.path[0] + "]"});
    }

    Result<void> too_deep(const Node& node) const {
        return refused(node.key, {ErrorCode::config,
                                  "nothing can stand this deep",
                                  {},
                                  {},
                                  "see docs/reference/run-file.md"});
    }

    Result<void> unknown_table(const Node& node) const {
        const std::string_view near = nearest(node.path[0], run_tables());
        std::string list;
        for (const std::string_view table : run_tables())
            list += (list.empty() ? "" : ", ") + std::string(table);
        return refused(node.key, {ErrorCode::config,
                                  "there is no table \"" + node.path[0] + "\"",
                                  {},
                                  "there are: " + list,
                                  near.empty() ? "use one of those"
                                               : "did you mean \"" + std::string(near) + "\"?"});
    }

    tl::unexpected<Error> refused(config::Position position, Error error) const {
        error.where = source_.where(position);
        error.why += (error.why.empty() ? "" : "\n") + source_.excerpt(position);
        return failure(std::move(error));
    }

    const config::SourceText& source_;
    std::string folder_;
    BacktestSettings& settings_;
};

}  // namespace

Result<void> read_run_file(const std::string& path, BacktestSettings& settings) {
    auto file = read_small_file(path, kFileBytesMax);
    if (!file) return failure(std::move(file.error()));
    if (!*file)
        return failure(ErrorCode::config, "there is no such run file", path, {},
                       "check the path; docs/reference/run-file.md shows one");
    const config::SourceText source(path, std::move((*file)->text));
    const auto nodes = config::parse_file(source);
    if (!nodes) return failure(Error(nodes.error()));
    Reader reader(source, std::filesystem::path(path).parent_path().string(), settings);
    for (const Node& node : *nodes)
        if (auto read = reader.read(node); !read) return read;
    return {};
}

}  // namespace millrace::backtest
