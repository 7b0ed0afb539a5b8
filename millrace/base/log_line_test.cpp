#include "millrace/base/log_line.hpp"

#include <array>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "millrace/base/secret.hpp"

namespace millrace::log {
namespace {

// 1795254535 s is 2026-11-21T09:48:55Z.
constexpr Time kMoment = Time::from_ns(1'795'254'535'123'456'789);

std::string human(std::string_view message, Fields fields = {}, bool colour = false) {
    return human_line({kMoment, Level::info, message, 7, {fields.begin(), fields.size()}}, colour);
}

std::string json(std::string_view message, Fields fields = {}) {
    return json_line({kMoment, Level::warn, message, 7, {fields.begin(), fields.size()}});
}

TEST(LogLine, Reads_well_for_people) {
    EXPECT_EQ(
        human("bar closed", {{"symbol", "AAPL"}, {"note", "two words"}, {"count", 3}}),
        "2026-11-21T09:48:55.123Z  INFO  bar closed  symbol=AAPL  note=\"two words\"  count=3");
    EXPECT_EQ(human_line({Time(), Level::error, "x", 1, {}}, false),
              "1970-01-01T00:00:00.000Z ERROR  x");
    EXPECT_EQ(human_line({Time::from_ns(-1), Level::warn, "x", 1, {}}, false),
              "1969-12-31T23:59:59.999Z  WARN  x");
}

TEST(LogLine, Is_one_json_object_for_machines) {
    EXPECT_EQ(json("bar closed", {{"symbol", "AAPL"}, {"count", -3}, {"ok", true}, {"px", 0.5}}),
              R"({"time":"2026-11-21T09:48:55.123Z","level":"warn","message":"bar closed",)"
              R"("thread":7,"symbol":"AAPL","count":-3,"ok":true,"px":0.5})");
}

TEST(LogLine, Writes_the_ends_of_the_numbers) {
    EXPECT_EQ(human("x", {{"a", std::numeric_limits<std::int64_t>::min()},
                          {"b", std::numeric_limits<std::uint64_t>::max()},
                          {"c", std::numeric_limits<double>::infinity()},
                          {"d", false}}),
              "2026-11-21T09:48:55.123Z  INFO  x  a=-9223372036854775808  "
              "b=18446744073709551615  c=inf  d=false");
    EXPECT_NE(json("x", {{"c", std::numeric_limits<double>::infinity()}}).find("\"c\":null"),
              std::string::npos);
}

TEST(LogLine, Quotes_values_that_could_be_mistaken) {
    EXPECT_EQ(human("x", {{"a", ""}, {"b", "k=v"}, {"c", "say \"hi\""}}),
              "2026-11-21T09:48:55.123Z  INFO  x  a=\"\"  b=\"k=v\"  c=\"say \\\"hi\\\"\"");
}

TEST(LogLine, Stays_one_line_and_never_steers_a_terminal) {
    EXPECT_EQ(human("a\nb\r\x1b[31mc", {{"k", "1\n2"}}),
              "2026-11-21T09:48:55.123Z  INFO  a\\nb\\r\\x1b[31mc  k=\"1\\n2\"");
    // A byte that is no UTF-8, a C1 control, a mark that turns the direction of writing.
    EXPECT_EQ(human("\xff \xc2\x9b \xe2\x80\xae caf\xc3\xa9"),
              "2026-11-21T09:48:55.123Z  INFO  \\xff \\u009b \\u202e caf\xc3\xa9");
    EXPECT_EQ(json("a\nb\xff", {{"k\n", "\x01"}}),
              R"({"time":"2026-11-21T09:48:55.123Z","level":"warn","message":"a\nb\\xff",)"
              R"("thread":7,"k_":"\u0001"})");
}

TEST(LogLine, Colours_only_the_level) {
    EXPECT_EQ(human("x", {}, true), "2026-11-21T09:48:55.123Z \x1b[32m INFO\x1b[0m  x");
}

TEST(LogLine, Hides_the_value_of_a_field_whose_key_looks_secret) {
    EXPECT_EQ(human("x", {{"api_key", "abc"}, {"Password", 1234}, {"token", true}}),
              "2026-11-21T09:48:55.123Z  INFO  x  api_key=[redacted]  Password=[redacted]  "
              "token=[redacted]");
    EXPECT_NE(json("x", {{"api_key", 12}}).find(R"("api_key":"[redacted]")"), std::string::npos);
}

TEST(LogLine, Never_shows_a_registered_secret_wherever_it_stands) {
    register_secret("log\nsecret\"1");
    register_secret("55667788");
    for (const bool machine : {false, true}) {
        const std::string message = "sent log\nsecret\"1 to them";
        const std::array<Field, 3> fields = {Field{"url", "https://x/?k=log\nsecret\"1"},
                                             Field{"number", 55667788}, Field{"log\nsecret\"1", 1}};
        const Event event{kMoment, Level::info, message, 7, fields};
        const std::string line = machine ? json_line(event) : human_line(event, false);
        EXPECT_EQ(line.find("secret"), std::string::npos) << line;
        EXPECT_EQ(line.find("55667788"), std::string::npos) << line;
        EXPECT_NE(line.find("sent [redacted] to them"), std::string::npos) << line;
    }
}

TEST(LogLine, Finds_a_secret_that_lies_across_the_cut) {
    register_secret("cut-me-not");
    const std::string long_text = std::string(kTextLengthMax - 4, 'x') + "cut-me-not";
    EXPECT_EQ(human(long_text).find("cut"), std::string::npos);
}

TEST(LogLine, Cuts_what_is_too_long_and_says_so) {
    const std::string line = human(std::string(kTextLengthMax + 5, 'x'));
    EXPECT_TRUE(line.ends_with("x… (5 bytes more)")) << line.substr(line.size() - 40);
}

TEST(LogLine, Keeps_its_own_members_apart_from_fields_of_the_same_name) {
    EXPECT_EQ(json("x", {{"level", "high"}, {"", 1}}),
              R"({"time":"2026-11-21T09:48:55.123Z","level":"warn","message":"x","thread":7,)"
              R"("level_":"high","_":1})");
}

}  // namespace
}  // namespace millrace::log
