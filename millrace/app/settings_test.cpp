#include "millrace/app/settings.hpp"

#include <gtest/gtest.h>
#include <map>
#include <stdexcept>

#include "millrace/app/log_options.hpp"
#include "millrace/base/config.hpp"

namespace millrace::app {
namespace {

config::Config loaded(const std::map<std::string, std::string>& environment) {
    config::Sources sources;
    sources.default_file = "no-such-file.toml";
    sources.dotenv = "no-such-file.env";
    sources.environment = environment;
    auto config = config::load(settings(), sources);
    if (!config) throw std::runtime_error(config.error().front().what);
    return *std::move(config);
}

TEST(Settings, Defaults_are_the_documented_ones) {
    const config::Config config = loaded({});
    EXPECT_EQ(config.path("data_dir"), "millrace-data");
    EXPECT_EQ(config.size_bytes("journal.segment_bytes"), 67'108'864u);
    EXPECT_EQ(config.integer("log.rotate_files"), 5);
    EXPECT_TRUE(config.members_of("secrets").empty());
    for (const config::Key& key : settings().keys())
        EXPECT_TRUE(key.doc.ends_with('.')) << key.name;
}

TEST(Settings, Logger_starts_as_it_does_without_any) {
    const log::Options options = log_options(loaded({}));
    EXPECT_EQ(options.level, log::Level::info);
    EXPECT_EQ(options.format, log::Format::human);
    EXPECT_EQ(options.file, "");
    EXPECT_EQ(options.rotate_bytes, 67'108'864u);
    EXPECT_EQ(options.rotate_files, 5);
}

TEST(Settings, Logger_listens_to_the_predecessors_variables_and_words) {
    const log::Options options =
        log_options(loaded({{"LOG_LEVEL", "WARNING"}, {"MILLRACE_LOG_FORMAT", "json"}}));
    EXPECT_EQ(options.level, log::Level::warn);
    EXPECT_EQ(options.format, log::Format::json);
    EXPECT_EQ(log_options(loaded({{"AT_LOG_LEVEL", "CRITICAL"}})).level, log::Level::error);
    EXPECT_EQ(log_options(loaded({{"MILLRACE_LOG_LEVEL", "off"}})).level, log::Level::off);
}

TEST(Settings, Every_word_of_the_log_level_has_its_level) {
    const std::map<std::string, log::Level> expected = {
        {"trace", log::Level::trace},    {"debug", log::Level::debug},
        {"info", log::Level::info},      {"warn", log::Level::warn},
        {"warning", log::Level::warn},   {"error", log::Level::error},
        {"critical", log::Level::error}, {"off", log::Level::off}};
    EXPECT_EQ(settings().find("log.level")->choices.size(), expected.size());
    for (const auto& [word, level] : expected)
        EXPECT_EQ(log_options(loaded({{"LOG_LEVEL", word}})).level, level) << word;
}

}  // namespace
}  // namespace millrace::app
