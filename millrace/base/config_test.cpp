#include "millrace/base/config.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/config_example.hpp"

namespace millrace::config {
namespace {

Config loaded_from(const Sources& sources) {
    auto loaded = load(example_schema(), sources);
    if (!loaded) {
        for (const Error& error : loaded.error())
            ADD_FAILURE() << describe(error);
        return load(example_schema(), {.default_file = "/nowhere/a", .dotenv = "/nowhere/b"})
            .value();
    }
    return std::move(*loaded);
}

TEST(Config, Has_a_default_for_every_key_without_any_file) {
    const ConfigFolder folder;
    const Config config = loaded_from(folder.sources());
    EXPECT_EQ(config.text("log.level"), "info");
    EXPECT_EQ(config.path("log.file"), "");
    EXPECT_FALSE(config.boolean("log.colour"));
    EXPECT_EQ(config.size_bytes("log.rotate_size"), 67'108'864U);
    EXPECT_EQ(config.integer("server.port"), 8001);
    EXPECT_EQ(config.duration("server.timeout"), Duration::seconds(30));
    EXPECT_EQ(config.text("risk.limits.max_loss"), "0.02");
    EXPECT_EQ(config.origin("log.level"), "default");
    EXPECT_EQ(config.profile(), "");
}

TEST(Config, Reads_every_kind_from_the_file) {
    const ConfigFolder folder;
    folder.write("millrace.toml",
                 "server = { port = 0x50, timeout = '1m30s', title = \"caf\xc3\xa9\" }\n"
                 "log.level = 'debug'\nlog.file = 'a/b.log'\nlog.colour = true\n"
                 "log.rotate_size = '1GB'\n[risk.limits]\nmax_loss = 0.10\n");
    const Config config = loaded_from(folder.sources());
    EXPECT_EQ(config.integer("server.port"), 80);
    EXPECT_EQ(config.duration("server.timeout"), Duration::seconds(90));
    EXPECT_EQ(config.text("server.title"), "caf\xc3\xa9");
    EXPECT_EQ(config.text("log.level"), "debug");
    EXPECT_EQ(config.path("log.file"), std::filesystem::path("a/b.log"));
    EXPECT_TRUE(config.boolean("log.colour"));
    EXPECT_EQ(config.size_bytes("log.rotate_size"), 1'000'000'000U);
    EXPECT_EQ(config.text("risk.limits.max_loss"), "0.10");  // as it is spelled, never a double
}

TEST(Config, Takes_each_value_from_the_strongest_layer_and_says_which) {
    const ConfigFolder folder;
    Sources sources = folder.sources();
    const auto level = [&] {
        const Config config = loaded_from(sources);
        return config.text("log.level") + " from " +
               folder.without_path(config.origin("log.level"));
    };
    EXPECT_EQ(level(), "info from default");
    folder.write("millrace.toml",
                 "[profile.paper.log]\nlevel = 'debug'\n\n[log]\nlevel =   'trace'\n");
    EXPECT_EQ(level(), "trace from millrace.toml:5:11");
    sources.profile = "paper";
    EXPECT_EQ(level(), "debug from profile paper, millrace.toml:2:9");
    folder.write(".env", "# c\nexport AT_LOG_LEVEL=\"warn\"\n");
    EXPECT_EQ(level(), "warn from .env:2");
    folder.write(".env", "AT_LOG_LEVEL=warn\nMILLRACE_LOG_LEVEL=error # c\n");
    EXPECT_EQ(level(), "error from .env:2");
    sources.environment = {{"AT_LOG_LEVEL", "INFO"}};
    EXPECT_EQ(level(), "info from environment AT_LOG_LEVEL");
    sources.environment["LOG_LEVEL"] = "Trace";
    EXPECT_EQ(level(), "trace from environment LOG_LEVEL");
    sources.environment["MILLRACE_LOG_LEVEL"] = "debug";
    EXPECT_EQ(level(), "debug from environment MILLRACE_LOG_LEVEL");
    sources.overrides = {"log.level=warn", "log.level=off"};
    EXPECT_EQ(level(), "off from flag --set");
}

TEST(Config, Overlays_only_what_a_profile_names) {
    const ConfigFolder folder;
    folder.write("millrace.toml",
                 "[server]\nport = 1\ntitle = 'base'\n[profile.live.server]\nport = 2\n"
                 "[profile.paper.server]\nport = 3\n[profile.empty]\n");
    Sources sources = folder.sources();
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 1);
    sources.profile = "live";
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 2);
    EXPECT_EQ(loaded_from(sources).text("server.title"), "base");
    EXPECT_EQ(loaded_from(sources).profile(), "live");
    sources.profile = "empty";
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 1);
    sources.profile.clear();
    sources.environment = {{"MILLRACE_PROFILE", "paper"}};
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 3);
    sources.profile = "live";  // the flag is stronger
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 2);
}

TEST(Config, Finds_its_file_and_profile_through_dotenv_and_environment) {
    const ConfigFolder folder;
    folder.write("one.toml", "server.port = 1\n[profile.p]\nserver.port = 11\n");
    folder.write("two.toml", "server.port = 2\n");
    folder.write(".env", "MILLRACE_CONFIG=" + (folder.path() / "one.toml").string() +
                             "\nMILLRACE_PROFILE=p\n");
    Sources sources = folder.sources();
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 11);
    sources.environment = {{"MILLRACE_CONFIG", ""}, {"MILLRACE_PROFILE", ""}};
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 11);  // empty: not meant
    folder.write(".env", "");
    sources.environment = {{"MILLRACE_CONFIG", (folder.path() / "two.toml").string()}};
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 2);
    sources.file = folder.path() / "one.toml";
    EXPECT_EQ(loaded_from(sources).integer("server.port"), 1);
}

TEST(Config, Understands_the_variables_of_the_predecessors) {
    const ConfigFolder folder;
    Sources sources = folder.sources();
    sources.environment = {{"PORT", "3001"},
                           {"LOG_COLOUR", "Yes"},
                           {"TIMEOUT_SECONDS", "5"},
                           {"LOG_LEVEL", ""},
                           {"HOME", "/root"}};
    const Config config = loaded_from(sources);
    EXPECT_EQ(config.integer("server.port"), 3001);
    EXPECT_TRUE(config.boolean("log.colour"));
    EXPECT_EQ(config.duration("server.timeout"), Duration::seconds(5));
    EXPECT_EQ(config.origin("log.level"), "default");  // an empty foreign variable says nothing
}

TEST(Config, Reads_files_with_windows_line_ends_and_a_byte_order_mark) {
    const ConfigFolder folder;
    folder.write("millrace.toml", "\xef\xbb\xbf[server]\r\nport = 7\r\n\r\ntitle = 'x'\r\n");
    folder.write(".env", "\xef\xbb\xbfLOG_LEVEL=warn\r\nPORT = 8\r\n");
    const Config config = loaded_from(folder.sources());
    EXPECT_EQ(config.text("server.title"), "x");
    EXPECT_EQ(folder.without_path(config.origin("server.title")), "millrace.toml:4:9");
    EXPECT_EQ(config.text("log.level"), "warn");
    EXPECT_EQ(config.integer("server.port"), 8);
}

TEST(Config, Accepts_an_empty_file) {
    const ConfigFolder folder;
    folder.write("millrace.toml", "");
    EXPECT_EQ(loaded_from(folder.sources()).integer("server.port"), 8001);
    folder.write("millrace.toml", "\n# only a comment");
    EXPECT_EQ(loaded_from(folder.sources()).integer("server.port"), 8001);
}

TEST(Config, Lists_every_key_in_the_order_of_the_schema) {
    const ConfigFolder folder;
    folder.write("millrace.toml",
                 "[secrets]\nzulu = 'env:Z'\nalpha = 'file:/x/y'\n"
                 "[log]\nrotate_size = '2048KiB'\n");
    const auto entries = loaded_from(folder.sources()).entries();
    std::string names;
    for (const Entry& entry : entries)
        names += entry.name + "=" + entry.value + "\n";
    EXPECT_EQ(names,
              "log.level=info\nlog.file=\nlog.colour=false\nlog.rotate_size=2MiB\n"
              "server.port=8001\nserver.timeout=30s\nserver.title=Millrace\n"
              "server.admin_password=\nrisk.limits.max_loss=0.02\nbroker.token=\n"
              "secrets.alpha=file:/x/y\nsecrets.zulu=env:Z\n");
    EXPECT_EQ(entries[0].reload, Reload::hot);
    EXPECT_EQ(entries[0].doc, "The least level that is logged.");
    EXPECT_EQ(entries[0].kind, Kind::choice);
}

TEST(Config, Asserts_when_the_program_asks_for_what_is_not_in_the_schema) {
    const ConfigFolder folder;
    const Config config = loaded_from(folder.sources());
    EXPECT_THROW(static_cast<void>(config.text("log.lvel")), AssertionFailed);
    EXPECT_THROW(static_cast<void>(config.text("server.port")), AssertionFailed);
    EXPECT_THROW(static_cast<void>(config.integer("log.level")), AssertionFailed);
    EXPECT_THROW(static_cast<void>(config.text("broker.token")), AssertionFailed);
    EXPECT_THROW(static_cast<void>(config.origin("secrets.none")), AssertionFailed);
}

}  // namespace
}  // namespace millrace::config
