// Bad configurations, each with the exact place and the mend. Columns are counted by hand: the
// first character of a line is column 1.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "millrace/base/config.hpp"
#include "millrace/base/config_example.hpp"

namespace millrace::config {
namespace {

struct Bad {
    std::string text;
    std::string where;
    std::string what;
    std::string mend;  // empty: not looked at
};

Errors errors_of(const std::string& text) {
    const ConfigFolder folder;
    folder.write("millrace.toml", text);
    auto loaded = load(example_schema(), folder.sources());
    if (loaded) return {};
    for (Error& error : loaded.error()) {
        for (std::string* part : {&error.what, &error.where, &error.why, &error.mend})
            *part = folder.without_path(*part);
    }
    return loaded.error();
}

void expect_refused(const std::vector<Bad>& cases) {
    for (const Bad& bad : cases) {
        SCOPED_TRACE(bad.text);
        const Errors errors = errors_of(bad.text);
        ASSERT_EQ(errors.size(), 1U);
        EXPECT_EQ(errors[0].code, ErrorCode::config);
        EXPECT_EQ(errors[0].where, bad.where);
        EXPECT_EQ(errors[0].what, bad.what);
        if (!bad.mend.empty()) {
            EXPECT_EQ(errors[0].mend, bad.mend);
        }
    }
}

constexpr const char* kNoIdea = "remove it; `millrace config schema` lists every key";

TEST(ConfigErrors, Unknown_keys_are_refused_with_the_nearest_one) {
    expect_refused({
        {"[log]\nlvel = 1", "millrace.toml:2:1", "unknown key \"log.lvel\"",
         "did you mean \"log.level\"?"},
        {"[log]\n\n  levle = 1", "millrace.toml:3:3", "unknown key \"log.levle\"",
         "did you mean \"log.level\"?"},
        {"log.lvel = 1", "millrace.toml:1:5", "unknown key \"log.lvel\"",
         "did you mean \"log.level\"?"},
        {"[log]\nLevel = 'info'", "millrace.toml:2:1", "unknown key \"log.Level\"",
         "did you mean \"log.level\"?"},
        {"[log]\nrotatesize = 1", "millrace.toml:2:1", "unknown key \"log.rotatesize\"",
         "did you mean \"log.rotate_size\"?"},
        {"[server]\nprot = 1", "millrace.toml:2:1", "unknown key \"server.prot\"",
         "did you mean \"server.port\"?"},
        {"level = 'info'", "millrace.toml:1:1", "unknown key \"level\"",
         "did you mean \"log.level\"?"},
        {"[server]\nmax_loss = 1", "millrace.toml:2:1", "unknown key \"server.max_loss\"",
         "did you mean \"risk.limits.max_loss\"?"},
        {"[log]\nzzzzzzzz = 1", "millrace.toml:2:1", "unknown key \"log.zzzzzzzz\"", kNoIdea},
        {"# c\nserver = { prot = 1 }", "millrace.toml:2:12", "unknown key \"server.prot\"",
         "did you mean \"server.port\"?"},
        {"[risk.limits]\nmax_los = 1", "millrace.toml:2:1", "unknown key \"risk.limits.max_los\"",
         "did you mean \"risk.limits.max_loss\"?"},
        {"'log.level' = 1", "millrace.toml:1:1", "unknown key \"'log.level'\"", ""},
        {"\"a\\nb\" = 1", "millrace.toml:1:1", "unknown key \"'a\\nb'\"", kNoIdea},
        {"[log]\n\"lev\xc3\xa9l\" = 1", "millrace.toml:2:1", "unknown key \"log.'lev\xc3\xa9l'\"",
         "did you mean \"log.level\"?"},
        {"\"\" = 1", "millrace.toml:1:1", "unknown key \"''\"", kNoIdea},
        {"[secrets]\n'a b' = 'env:X'", "millrace.toml:2:1", "unknown key \"secrets.'a b'\"",
         kNoIdea},
        {"[profile.paper.log]\nlvel = 1", "millrace.toml:2:1", "unknown key \"log.lvel\"",
         "did you mean \"log.level\"?"},
    });
}

TEST(ConfigErrors, Unknown_tables_are_refused_once_and_not_again_for_their_members) {
    expect_refused({
        {"[lgo]\nlevel = 'info'\nfile = 'x'", "millrace.toml:1:2", "unknown table \"lgo\"",
         "did you mean \"log\"?"},
        {"[  servr  ]\nport = 1", "millrace.toml:1:4", "unknown table \"servr\"",
         "did you mean \"server\"?"},
        {"[risk.limit]\nmax_loss = 0", "millrace.toml:1:7", "unknown table \"risk.limit\"",
         "did you mean \"risk.limits\"?"},
        {"[a.b.c.d]\ne = 1", "millrace.toml:1:2", "unknown table \"a\"", kNoIdea},
        {"[profile.paper.lgo]\nlevel = 1", "millrace.toml:1:16", "unknown table \"lgo\"",
         "did you mean \"log\"?"},
        {"[profile.a.profile.b]", "millrace.toml:1:12", "unknown table \"profile\"", kNoIdea},
    });
}

TEST(ConfigErrors, Values_of_the_wrong_type_are_refused) {
    expect_refused({
        {"[log]\nlevel = 3", "millrace.toml:2:9", "\"log.level\" cannot be an integer",
         "write one of: trace, debug, info, warn, error, off"},
        {"[log]\nlevel = true", "millrace.toml:2:9", "\"log.level\" cannot be a boolean", ""},
        {"[log]\nfile = 1.5", "millrace.toml:2:8",
         "\"log.file\" cannot be a number with a fraction", "write a path in quotes"},
        {"[log]\ncolour = 'true'", "millrace.toml:2:10", "\"log.colour\" cannot be text",
         "leave out the quotes"},
        {"[log]\ncolour = 1", "millrace.toml:2:10", "\"log.colour\" cannot be an integer",
         "write true or false"},
        {"[log]\nrotate_size = 1000", "millrace.toml:2:15",
         "\"log.rotate_size\" cannot be an integer", "write the number with its unit, in quotes"},
        {"[server]\nport = '80'", "millrace.toml:2:8", "\"server.port\" cannot be text",
         "leave out the quotes"},
        {"[server]\nport = 80.0", "millrace.toml:2:8",
         "\"server.port\" cannot be a number with a fraction", "write an integer from 1 to 65535"},
        {"[server]\nport = [80]", "millrace.toml:2:8", "\"server.port\" cannot be a list",
         "write one value, without brackets"},
        {"[server]\ntimeout = 30", "millrace.toml:2:11", "\"server.timeout\" cannot be an integer",
         "write the number with its unit, in quotes"},
        {"[server]\ntimeout = 2026-11-21", "millrace.toml:2:11",
         "\"server.timeout\" cannot be a date or time", ""},
        {"[server]\ntimeout = 10:00:00", "millrace.toml:2:11",
         "\"server.timeout\" cannot be a date or time", ""},
        {"[server]\ntitle = 2026-11-21T10:00:00Z", "millrace.toml:2:9",
         "\"server.title\" cannot be a date or time", "write text in quotes"},
        {"[server]\ntitle = { a = 1 }", "millrace.toml:2:1", "\"server.title\" cannot be a table",
         ""},
        {"[log.level]\nx = 1", "millrace.toml:1:6", "\"log.level\" cannot be a table", ""},
        {"[[log.level]]\nx = 1", "millrace.toml:1:1", "\"log.level\" cannot be a list", ""},
        {"[risk.limits]\nmax_loss = true", "millrace.toml:2:12",
         "\"risk.limits.max_loss\" cannot be a boolean", ""},
        {"[broker]\ntoken = 5", "millrace.toml:2:9", "\"broker.token\" cannot be an integer",
         "write \"env:VARIABLE\" or \"file:PATH\""},
        {"[secrets.alpaca]\nkey = 'x'", "millrace.toml:1:10",
         "\"secrets.alpaca\" cannot be a table", ""},
        {"log = 'info'", "millrace.toml:1:1", "\"log\" is a table, not a value",
         "write [log] and the keys below it"},
        {"[[log]]\nlevel = 'info'", "millrace.toml:1:3", "\"log\" is a table, not a value", ""},
        {"risk.limits = 1", "millrace.toml:1:6", "\"risk.limits\" is a table, not a value",
         "write [risk.limits] and the keys below it"},
        {"profile = 'paper'", "millrace.toml:1:1", "\"profile\" must be a table",
         "write [profile.NAME] and the settings below it"},
        {"[profile]\npaper = 1", "millrace.toml:2:1", "\"profile.paper\" must be a table", ""},
    });
}

TEST(ConfigErrors, Values_that_are_not_allowed_are_refused) {
    const std::string level = "the value of \"log.level\" is not allowed";
    const std::string port = "the value of \"server.port\" is out of range";
    const std::string timeout = "the value of \"server.timeout\" is not allowed";
    const std::string size = "the value of \"log.rotate_size\" is not allowed";
    const std::string loss = "the value of \"risk.limits.max_loss\" is not allowed";
    const std::string literal = "\"broker.token\" must be a reference to a secret, not the secret";
    expect_refused({
        {"[log]\nlevel = 'wran'", "millrace.toml:2:9", level, "did you mean \"warn\"?"},
        {"[log]\nlevel = 'INFO'", "millrace.toml:2:9", level, "did you mean \"info\"?"},
        {"[log]\nlevel = ''", "millrace.toml:2:9", level, ""},
        {"[log]\nfile = \"a\\u0000b\"", "millrace.toml:2:8",
         "the value of \"log.file\" is not allowed", ""},
        {"[log]\nrotate_size = '1023B'", "millrace.toml:2:15",
         "the value of \"log.rotate_size\" is out of range", ""},
        {"[log]\nrotate_size = '10 MB'", "millrace.toml:2:15", size, ""},
        {"[log]\nrotate_size = '9999999TiB'", "millrace.toml:2:15", size, ""},
        {"[log]\nrotate_size = '10'", "millrace.toml:2:15", size, ""},
        {"[server]\nport = 0", "millrace.toml:2:8", port, ""},
        {"[server]\nport = 65536", "millrace.toml:2:8", port, ""},
        {"[server]\nport = -1", "millrace.toml:2:8", port, ""},
        {"[server]\nport = 0xFFFFF", "millrace.toml:2:8", port, ""},
        {"[server]\ntimeout = '30'", "millrace.toml:2:11", timeout, ""},
        {"[server]\ntimeout = '30 s'", "millrace.toml:2:11", timeout, ""},
        {"[server]\ntimeout = '1.5s'", "millrace.toml:2:11", timeout, ""},
        {"[server]\ntimeout = '1ns'", "millrace.toml:2:11",
         "the value of \"server.timeout\" is out of range", ""},
        {"[server]\ntimeout = '2h'", "millrace.toml:2:11",
         "the value of \"server.timeout\" is out of range", ""},
        {"[risk.limits]\nmax_loss = 1e-2", "millrace.toml:2:12", loss, ""},
        {"[risk.limits]\nmax_loss = nan", "millrace.toml:2:12", loss, ""},
        {"[risk.limits]\nmax_loss = '1,5'", "millrace.toml:2:12", loss, ""},
        {"[risk.limits]\nmax_loss = 1.0000000000000000000001", "millrace.toml:2:12",
         "the value of \"risk.limits.max_loss\" is out of range", ""},
        {"[risk.limits]\nmax_loss = '-0.01'", "millrace.toml:2:12",
         "the value of \"risk.limits.max_loss\" is out of range", ""},
        {"[broker]\ntoken = 'hunter2'", "millrace.toml:2:9", literal,
         "write \"env:VARIABLE\" or \"file:PATH\"; if the secret stood here, change it"},
        {"[broker]\ntoken = 'env:'", "millrace.toml:2:9", literal, ""},
        {"[broker]\ntoken = 'env:TWO WORDS'", "millrace.toml:2:9", literal, ""},
        {"[broker]\ntoken = 'file:'", "millrace.toml:2:9", literal, ""},
        {"[secrets]\nalpaca = 'hunter2'", "millrace.toml:2:10",
         "\"secrets.alpaca\" must be a reference to a secret, not the secret", ""},
        {"[profile.live.log]\nlevel = 'loud'", "millrace.toml:2:9", level, ""},
    });
}

TEST(ConfigErrors, Text_that_is_not_toml_is_refused_where_it_breaks) {
    const std::string what = "this is not valid TOML";
    const std::string quotes = "text stands in quotes";
    expect_refused({
        {"[log]\nlevel = info", "millrace.toml:2:12", what, quotes},  // inf is a number, then an o
        {"[log]\nlevel = debug", "millrace.toml:2:9", what, quotes},
        {"[log]\nlevel 'info'", "millrace.toml:2:7", what, "write key = value"},
        {"[log]\nlevel = 'info", "millrace.toml:2:14", what, ""},
        {"[log]\nlevel = \"info\nfile = 'x'", "millrace.toml:2:14", what,
         "close the quote on the same line"},
        {"[log\nlevel = 'info'", "millrace.toml:1:5", what, "write [table]"},
        {"[log]\nlevel =", "millrace.toml:2:8", what, ""},
        {"[log]\nlevel = 'info' extra", "millrace.toml:2:16", what, ""},
        {"[log]\nlevel = 'info'\n  level = 'warn'", "millrace.toml:3:3", what, "keep one of them"},
        {"[log]\n[log]", "millrace.toml:2:1", what, "keep one of them"},
        {"[log]\nfile = \"\"\"\na\nb", "millrace.toml:4:2", what,
         "look for a missing quote, bracket or '='"},
        {"[log]\nfile = \"C:\\dir\"", "millrace.toml:2:12", what,
         "double the backslash, or use single quotes"},
        {"[server]\nport = 080", "millrace.toml:2:11", what,
         "leave out the zeros, or put it in quotes"},
        {"[server]\nport = 99999999999999999999", "millrace.toml:2:28", what,
         "write a smaller number"},
        {"[server]\nport = 1_", "millrace.toml:2:9", what, ""},
        {"= 3", "millrace.toml:1:1", what, ""},
        {"log = {level = 'info'", "millrace.toml:1:22", what, ""},
        {"\xc3\xa9 = 1", "millrace.toml:1:1", what, ""},
        {std::string("[log]\nfile = 'a\0b'", 18), "millrace.toml:2:10", what, ""},
        {"[log]\nfile = 'a\xff'", "millrace.toml:2:10", "the file is not UTF-8",
         "save the file as UTF-8"},
        {"\xff\xfe[\0l\0", "millrace.toml:1:1", "the file is not UTF-8", "save the file as UTF-8"},
    });
}

TEST(ConfigErrors, Show_the_line_with_its_value_elided_and_a_caret_under_the_key) {
    const Errors errors = errors_of("[log]\n# words\nlvel = \"very secret\"  # really\n");
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(describe(errors[0]),
              "error: unknown key \"log.lvel\"\n"
              "  at: millrace.toml:3:1\n"
              "  why: [log] has: level, file, colour, rotate_size\n"
              "    3 | lvel = …\n"
              "      | ^~~~\n"
              "  mend: did you mean \"log.level\"?");
}

TEST(ConfigErrors, Explain_what_is_not_toml_in_words_of_their_own) {
    EXPECT_EQ(errors_of("[log]\nlevel = debug\n").at(0).why,
              "this is not a TOML value\n"
              "    2 | level = …\n"
              "      |         ^");
    EXPECT_EQ(errors_of("[log]\nfile = \"\"\"\nlines = of text\n").at(0).why,
              "the file ends in the middle of it\n"
              "    3 | …\n"
              "      | ^");
}

TEST(ConfigErrors, Put_the_caret_on_the_elided_value_when_that_is_wrong) {
    const Errors errors = errors_of("[server]\n\tport = 70000\n");
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].where, "millrace.toml:2:9");
    EXPECT_EQ(errors[0].why,
              "it takes an integer from 1 to 65535\n"
              "    2 |  port = …\n"
              "      |         ^");
}

TEST(ConfigErrors, Are_all_told_at_once_in_the_order_of_the_layers) {
    const ConfigFolder folder;
    folder.write("millrace.toml", "[log]\nlvel = 1\nlevel = 3\n[profile.a.log]\nfoo = 1\n");
    folder.write(".env", "\nMILLRACE_LOG_FIEL=x\n");
    Sources sources = folder.sources();
    sources.environment = {{"MILLRACE_SERVER_PROT", "1"}, {"MILLRACE_SERVER_PORT", "x"}};
    sources.overrides = {"log.colour=maybe", "log.colur=true"};
    const auto loaded = load(example_schema(), sources);
    ASSERT_FALSE(loaded);
    std::vector<std::string> wheres;
    for (const Error& error : loaded.error())
        wheres.push_back(folder.without_path(error.where));
    EXPECT_EQ(wheres, (std::vector<std::string>{
                          "millrace.toml:2:1", "millrace.toml:3:9", "millrace.toml:5:1", ".env:2",
                          "environment MILLRACE_SERVER_PORT", "environment MILLRACE_SERVER_PROT",
                          "flag --set", "flag --set"}));
}

TEST(ConfigErrors, Count_what_they_do_not_tell) {
    std::string text;
    for (int i = 0; i < 250; ++i)
        text += "key" + std::to_string(i) + "_zzzzzzzz = 1\n";
    const Errors errors = errors_of(text);
    ASSERT_EQ(errors.size(), 100U);
    EXPECT_EQ(errors[99].what, "and 151 errors more");
}

TEST(ConfigErrors, Unknown_variables_are_refused_with_the_nearest_one) {
    Sources sources;
    sources.default_file = "/nowhere/millrace.toml";
    sources.dotenv = "/nowhere/.env";
    sources.environment = {{"MILLRACE_LOG_LEVL", "info"}, {"PATH", "/bin"}, {"LOG_LEVLE", "x"}};
    const auto loaded = load(example_schema(), sources);
    ASSERT_FALSE(loaded);
    ASSERT_EQ(loaded.error().size(), 1U);
    EXPECT_EQ(loaded.error()[0].what, "unknown variable MILLRACE_LOG_LEVL");
    EXPECT_EQ(loaded.error()[0].where, "environment MILLRACE_LOG_LEVL");
    EXPECT_EQ(loaded.error()[0].mend, "did you mean MILLRACE_LOG_LEVEL?");
}

TEST(ConfigErrors, Wrong_flags_are_refused) {
    Sources sources;
    sources.default_file = "/nowhere/millrace.toml";
    sources.dotenv = "/nowhere/.env";
    sources.overrides = {"log.lvel=info",        "log.level", "hunter2", "=x",
                         "broker.token=hunter2", "log=info"};
    const auto loaded = load(example_schema(), sources);
    ASSERT_FALSE(loaded);
    ASSERT_EQ(loaded.error().size(), 6U);
    EXPECT_EQ(loaded.error()[0].what, "unknown key \"log.lvel\"");
    EXPECT_EQ(loaded.error()[0].mend, "did you mean \"log.level\"?");
    EXPECT_EQ(loaded.error()[1].what, "--set needs a value for \"log.level\"");
    EXPECT_EQ(loaded.error()[2].what, "--set needs a value");
    EXPECT_EQ(loaded.error()[3].what, "unknown key \"\"");
    EXPECT_EQ(loaded.error()[4].what,
              "\"broker.token\" must be a reference to a secret, not the secret");
    EXPECT_EQ(loaded.error()[5].what, "unknown key \"log\"");
}

TEST(ConfigErrors, An_unknown_profile_lists_those_there_are) {
    const ConfigFolder folder;
    Sources sources = folder.sources();
    sources.profile = "papre";
    EXPECT_EQ(load(example_schema(), sources).error().at(0).why, "there is no configuration file");
    folder.write("millrace.toml", "[profile.paper]\n[profile.live.log]\nlevel = 'warn'\n");
    const auto loaded = load(example_schema(), sources);
    ASSERT_FALSE(loaded);
    ASSERT_EQ(loaded.error().size(), 1U);
    EXPECT_EQ(loaded.error()[0].what, "unknown profile \"papre\"");
    EXPECT_EQ(loaded.error()[0].where, "flag --profile");
    EXPECT_EQ(folder.without_path(loaded.error()[0].why),
              "millrace.toml has the profiles: paper, live");
    EXPECT_EQ(loaded.error()[0].mend, "did you mean \"paper\"?");
}

TEST(ConfigErrors, A_file_that_was_asked_for_must_be_there) {
    const ConfigFolder folder;
    Sources sources = folder.sources();
    sources.file = folder.path() / "mine.toml";
    const auto loaded = load(example_schema(), sources);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error()[0].what, "the configuration file does not exist");
    sources.file = folder.path();
    EXPECT_EQ(load(example_schema(), sources).error().at(0).what, "this is not a regular file");
    sources.file.reset();
    sources.environment = {{"MILLRACE_CONFIG", "/nowhere/x.toml"}};
    const auto named = load(example_schema(), sources);
    ASSERT_FALSE(named);
    EXPECT_EQ(named.error()[0].why, "it was asked for by environment MILLRACE_CONFIG");
}

TEST(ConfigErrors, Huge_and_deeply_nested_files_are_refused_before_they_do_harm) {
    const std::string huge = "[log]\n# " + std::string(kFileBytesMax, 'x') + "\n";
    ASSERT_EQ(errors_of(huge).size(), 1U);
    EXPECT_EQ(errors_of(huge)[0].what, "the file is too large");

    const std::string what = "tables and lists lie too deep in each other";
    std::string dotted = "a";  // 200,000 levels would overflow the stack of a recursive parser
    for (int i = 0; i < 200'000; ++i)
        dotted += ".a";
    std::string braces = "a = ";
    for (int i = 0; i < 200'000; ++i)
        braces += "{a=";
    const std::string brackets = "a = " + std::string(200'000, '[');
    const std::string header = "[" + dotted + "]";
    for (const auto& [text, column] : std::vector<std::pair<std::string, std::string>>{
             {dotted + " = 1", "130"},  // each level is ".a"; the 65th dot is in column 130
             {header, "131"},
             {brackets, "69"},    // "a = " and the 65th bracket
             {braces, "197"}}) {  // "a = ", 64 times "{a=", and the 65th brace
        const Errors errors = errors_of(text);
        ASSERT_EQ(errors.size(), 1U);
        EXPECT_EQ(errors[0].what, what);
        EXPECT_EQ(errors[0].where, "millrace.toml:1:" + column);
    }
    // Many levels one after the other are not deep.
    std::string wide = "[server]\nport = [";
    for (int i = 0; i < 1000; ++i)
        wide += "1.5, [2.5], {a.b = 1}, ";
    EXPECT_EQ(errors_of(wide + "]").at(0).what, "\"server.port\" cannot be a list");
}

}  // namespace
}  // namespace millrace::config
