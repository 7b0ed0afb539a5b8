// Feeds any bytes to the readers of configuration files, TOML and .env. They must neither crash nor
// hang, every place they name must lie in the text, and no message may grow with the text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "millrace/base/assert.hpp"
#include "millrace/base/config_file.hpp"
#include "millrace/base/dotenv.hpp"

namespace millrace::config {
namespace {

constexpr std::size_t kMessageBytesMax = 2048;

void check(const Error& error) {
    MILLRACE_ASSERT(describe(error).size() < kMessageBytesMax, "a message that grows");
    MILLRACE_ASSERT(error.where.starts_with("f"), "an error without a place");
}

void read_toml(std::string_view text) {
    const SourceText source("f", std::string(text));
    const auto nodes = parse_file(source);
    if (!nodes) {
        check(nodes.error());
        return;
    }
    for (const Node& node : *nodes) {
        MILLRACE_ASSERT(!node.path.empty() && node.key.line >= 1 && node.key.column >= 1,
                        "a node without a place");
        MILLRACE_ASSERT(!source.slice(node.key, node.key.column + 1).empty(),
                        "a key that is not in the text");
        static_cast<void>(source.excerpt(node.key));
        static_cast<void>(source.excerpt(node.value));
    }
}

void read_dotenv(std::string_view text) {
    const auto entries = parse_dotenv(text, "f");
    if (!entries) {
        check(entries.error());
        return;
    }
    for (const DotenvEntry& entry : *entries)
        MILLRACE_ASSERT(!entry.name.empty() && entry.line >= 1, "an entry without a name");
}

}  // namespace
}  // namespace millrace::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    millrace::config::read_toml(text);
    millrace::config::read_dotenv(text);
    return 0;
}
