// The words of log.level that predecessors used are kept: WARNING and CRITICAL.
#include "millrace/app/log_options.hpp"

#include "millrace/base/assert.hpp"

namespace millrace::app {
namespace {

log::Level level_named(std::string_view name) {
    if (name == "warning") return log::Level::warn;
    if (name == "critical") return log::Level::error;
    for (const log::Level level : {log::Level::trace, log::Level::debug, log::Level::info,
                                   log::Level::warn, log::Level::error, log::Level::off})
        if (log::name_of(level) == name) return level;
    MILLRACE_ASSERT(false, "log.level offers only words that are known here");
    return log::Level::info;
}

}  // namespace

log::Options log_options(const config::Config& config) {
    log::Options options;
    options.level = level_named(config.text("log.level"));
    options.format = config.text("log.format") == "json" ? log::Format::json : log::Format::human;
    options.file = config.path("log.file").string();
    options.rotate_bytes = config.size_bytes("log.rotate_bytes");
    options.rotate_files = static_cast<int>(config.integer("log.rotate_files"));
    return options;
}

}  // namespace millrace::app
