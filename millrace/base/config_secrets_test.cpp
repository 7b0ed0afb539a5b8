// Secrets: where they may come from, and that no message, entry or origin ever shows one.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "millrace/base/config.hpp"
#include "millrace/base/config_example.hpp"

namespace millrace::config {
namespace {

constexpr std::string_view kPlanted = "hunter2hunter2";

// All that load() says about these sources, be it errors or entries.
std::string everything_said(const Sources& sources) {
    const auto loaded = load(example_schema(), sources);
    std::string said;
    if (!loaded) {
        for (const Error& error : loaded.error())
            said += describe(error) + "\n";
        return said;
    }
    for (const Entry& entry : loaded->entries())
        said += entry.name + " " + entry.value + " " + entry.origin + "\n";
    return said;
}

Config loaded_from(const Sources& sources) {
    auto loaded = load(example_schema(), sources);
    EXPECT_TRUE(loaded) << (loaded ? "" : describe(loaded.error().at(0)));
    return std::move(loaded.value());
}

// Files in which '@' stands for the secret.
const std::vector<std::string> kFrames = {
    // as the value of each key, of an unknown one, and of a table
    "log.level = '@'",
    "log.file = ['@']",
    "log.colour = '@'",
    "log.rotate_size = '@'",
    "server.port = '@'",
    "server.timeout = '@'",
    "server.title = ['@']",
    "server.admin_password = ['@']",
    "risk.limits.max_loss = '@'",
    "broker.token = '@'",
    "secrets.x = '@'",
    "unknown = '@'",
    "log = '@'",
    "log.lvel = { a = '@' }",
    "[profile.p]\nbroker.token = '@'",
    "profile = '@'",
    "[profile]\np = '@'",
    "server = { prot = '@' }",
    "secrets.x = { y = '@' }",
    "[unknown]\nx = '@'",
    "log.level = { x = '@', y = 1 }",
    "secrets = ['@', '@']",
    // in a comment and further down than the error
    "unknown = 1 # @",
    "unknown = 1\n# @\nserver.title = '@'",
    "[unknown] # @",
    // in text that is not TOML
    "broker.token = @",
    "broker.token @",
    "broker.token: @",
    "@",
    "@=",
    "@==",
    "= @",
    "broker.token = '@",
    "broker.token = \"@",
    "broker.token = '''@",
    "broker.token = \"\"\"@\nx",
    "broker.token = \"\"\"\n@\nx = 1\n",
    "broker.token = '''\n@ = 1\n",
    "broker.token = '@'@",
    "broker.token = \"\\@\"",
    "broker.token = \"@\\q\"",
    "broker.token = \"\\u@\"",
    "[log\n@ = 1 1",
    "[broker] @",
    "[broker] = @",
    "[broker.'@",
    "broker.token = [\n'@'\nx",
    "broker.token = [\n@ = 1\n]",
    "broker.token = {\n@ = 1\n}",
    "broker.token = {a = @}",
    "broker.token = 0@",
    "broker.token = 1@",
    "broker.token = +@",
    "broker.token = inf@",
    "broker.token = true@",
    "broker.token = 2026-11-@",
    "broker.token = 0x@",
    "broker.token == @",
    "broker.token = env:@",
    "export BROKER_TOKEN=@ x",
    "broker token = '@'",
    "'broker token @",
    "broker.token = '@'\nbroker.token = '@'",
    "broker.token = '@' '@'",
    "broker.token = \xff@",
    "a.a = '@'\n[a]\n@",
    "broker.token = \"\"\"\"\"\"@",
    "broker.token = ''''''@ = 1",
};

TEST(ConfigSecrets, Never_show_in_a_message_wherever_they_were_put_in_the_file) {
    const ConfigFolder folder;
    for (const std::string& frame : kFrames) {
        SCOPED_TRACE(frame);
        std::string text = frame;
        for (auto at = text.find('@'); at != std::string::npos; at = text.find('@'))
            text.replace(at, 1, kPlanted);
        folder.write("millrace.toml", text);
        const std::string said = everything_said(folder.sources());
        EXPECT_TRUE(said.starts_with("error: ")) << said;
        EXPECT_EQ(said.find("hunter2"), std::string::npos) << said;
    }
}

TEST(ConfigSecrets, Never_show_in_a_message_when_they_are_digits_that_the_parser_would_quote) {
    const ConfigFolder folder;
    for (const char* value : {"31415926535897932384626", "0x31415926535897932384626",
                              "31415926e31415926", "31415926", "31415926.5"}) {
        SCOPED_TRACE(value);
        folder.write("millrace.toml", std::string("broker.token = ") + value + "\n");
        const std::string said = everything_said(folder.sources());
        EXPECT_TRUE(said.starts_with("error: ")) << said;
        EXPECT_EQ(said.find("31415926"), std::string::npos) << said;
    }
}

TEST(ConfigSecrets, Never_show_in_a_message_when_they_come_from_elsewhere) {
    const ConfigFolder folder;
    const Schema schema = example_schema();
    for (const Key& key : schema.keys()) {
        if (key.is_open() || key.kind == Kind::text || key.kind == Kind::path) continue;
        SCOPED_TRACE(key.name);
        Sources sources = folder.sources();
        sources.environment = {{variable_of(key.name), std::string(kPlanted)}};
        EXPECT_EQ(everything_said(sources).find("hunter2"), std::string::npos);
        sources.environment.clear();
        sources.overrides = {key.name + "=" + std::string(kPlanted)};
        EXPECT_EQ(everything_said(sources).find("hunter2"), std::string::npos);
        sources.overrides.clear();
        folder.write(".env", variable_of(key.name) + "=" + std::string(kPlanted));
        EXPECT_EQ(everything_said(sources).find("hunter2"), std::string::npos);
        folder.write(".env", "");
    }
    Sources sources = folder.sources();
    sources.environment = {{"MILLRACE_UNKNOWN", std::string(kPlanted)}};
    sources.overrides = {std::string(kPlanted), "unknown=" + std::string(kPlanted)};
    EXPECT_EQ(everything_said(sources).find("hunter2"), std::string::npos);
    for (const std::string bad : {"X=\"@", "X='@", "X=\"@\\q\"", "X=\"@\" @", "@", "X @", "=@"}) {
        std::string text = bad;
        for (auto at = text.find('@'); at != std::string::npos; at = text.find('@'))
            text.replace(at, 1, kPlanted);
        folder.write(".env", text);
        const std::string said = everything_said(folder.sources());
        EXPECT_TRUE(said.starts_with("error: ")) << said;
        EXPECT_EQ(said.find("hunter2"), std::string::npos) << said;
    }
}

TEST(ConfigSecrets, Never_show_in_the_entries) {
    const ConfigFolder folder;
    folder.write("millrace.toml",
                 "[server]\ntitle = 'uses entry-secret-1 here'\nadmin_password = 'plain'\n"
                 "[secrets]\na = 'env:MY_SECRET'\n");
    Sources sources = folder.sources();
    sources.environment = {{"MY_SECRET", "entry-secret-1"},
                           {"BROKER_TOKEN", "entry-secret-2"},
                           {"MILLRACE_SECRETS_EXTRA", "entry-secret-3"}};
    const std::string said = everything_said(sources);
    EXPECT_EQ(said.find("entry-secret"), std::string::npos) << said;
    EXPECT_EQ(said.find("plain"), std::string::npos) << said;
    EXPECT_NE(said.find("server.title uses [redacted] here "), std::string::npos) << said;
    EXPECT_NE(said.find("server.admin_password [redacted] "), std::string::npos) << said;
    EXPECT_NE(said.find("secrets.a env:MY_SECRET "), std::string::npos) << said;
    EXPECT_NE(said.find("broker.token env:BROKER_TOKEN environment BROKER_TOKEN"),
              std::string::npos)
        << said;
    EXPECT_NE(said.find("secrets.extra env:MILLRACE_SECRETS_EXTRA "), std::string::npos) << said;
}

TEST(ConfigSecrets, Come_from_the_environment) {
    const ConfigFolder folder;
    folder.write("millrace.toml", "secrets.a = 'env:FIRST'\nsecrets.b = 'env:GONE'\n");
    Sources sources = folder.sources();
    sources.environment = {{"FIRST", "value-of-first"}, {"BROKER_TOKEN", "env:FIRST"}};
    const Config config = loaded_from(sources);
    EXPECT_EQ(config.resolve("secrets.a").value().reveal(), "value-of-first");
    EXPECT_EQ(config.resolve("broker.token").value().reveal(), "value-of-first");
    EXPECT_EQ(config.members_of("secrets"), (std::vector<std::string>{"a", "b"}));
    const auto gone = config.resolve("secrets.b");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().what, "the variable GONE with the secret is not set");
    EXPECT_EQ(gone.error().code, ErrorCode::config);
    EXPECT_EQ(redact("the value-of-first"), "the [redacted]");
}

TEST(ConfigSecrets, Come_from_dotenv_only_while_nobody_else_can_read_it) {
    const ConfigFolder folder;
    folder.write("millrace.toml", "secrets.a = 'env:FIRST'\nsecrets.b = 'env:SECOND'\n");
    folder.write(".env", "FIRST=dotenv-secret-1\nSECOND=dotenv-secret-2\n");
    Sources sources = folder.sources();
    EXPECT_EQ(loaded_from(sources).resolve("secrets.a").value().reveal(), "dotenv-secret-1");
    folder.write(".env", "FIRST=dotenv-secret-1\nSECOND=dotenv-secret-2\n", 0644);
    sources.environment = {{"SECOND", "stronger-secret"}};
    const Config config = loaded_from(sources);
    const auto exposed = config.resolve("secrets.a");
    ASSERT_FALSE(exposed);
    EXPECT_EQ(folder.without_path(exposed.error().mend), "chmod 600 .env");
    EXPECT_EQ(config.resolve("secrets.b").value().reveal(), "stronger-secret");
}

TEST(ConfigSecrets, Come_from_files_that_only_their_owner_may_read) {
    const ConfigFolder folder;
    const auto file = folder.write("token", "file-secret-1\r\n");
    Sources sources = folder.sources();
    sources.overrides = {"broker.token=file:" + file.string()};
    const Config config = loaded_from(sources);
    EXPECT_EQ(config.resolve("broker.token").value().reveal(), "file-secret-1");
    EXPECT_EQ(redact("x file-secret-1 x"), "x [redacted] x");

    folder.write("token", "two\n\nlines\n\n", 0400);  // only one line end is trimmed
    EXPECT_EQ(config.resolve("broker.token").value().reveal(), "two\n\nlines\n");

    std::filesystem::permissions(file, std::filesystem::perms(0640));
    const auto exposed = config.resolve("broker.token");
    ASSERT_FALSE(exposed);
    EXPECT_EQ(exposed.error().why, "its mode is 0640; 0600 or stricter is needed");
    EXPECT_EQ(exposed.error().mend, "chmod 600 " + file.string());

    std::filesystem::remove(file);
    EXPECT_EQ(config.resolve("broker.token").error().what,
              "the file with the secret does not exist");
    folder.write("token", "\n");
    EXPECT_EQ(config.resolve("broker.token").error().what, "the file with the secret is empty");
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_EQ(config.resolve("broker.token").error().what, "this is not a regular file");
}

TEST(ConfigSecrets, Are_asked_for_by_names_that_need_not_exist) {
    const ConfigFolder folder;
    const Config config = loaded_from(folder.sources());
    EXPECT_EQ(config.resolve("secrets.none").error().what, "there is no secret \"secrets.none\"");
    EXPECT_EQ(config.resolve("log.level").error().what, "there is no secret \"log.level\"");
    EXPECT_EQ(config.resolve("broker.token").error().what,
              "the secret \"broker.token\" is not set");
}

}  // namespace
}  // namespace millrace::config
