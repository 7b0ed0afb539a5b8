#include "millrace/app/runs/json_value.hpp"

#include <gtest/gtest.h>

namespace millrace::runs {
namespace {

JsonValue parsed(std::string_view text) {
    const auto value = JsonValue::parse(text, "test");
    EXPECT_TRUE(value) << describe(value.error());
    return value.value_or(JsonValue());
}

TEST(JsonValue, Finds_members_and_items) {
    const JsonValue value = parsed(R"({"a": {"b": [1, "x", true, null]}, "c": 0.25})");
    const auto& items = value["a"]["b"].items();
    ASSERT_EQ(items.size(), 4u);
    EXPECT_EQ(items[0].number(), 1.0);
    EXPECT_EQ(items[1].text(), "x");
    EXPECT_EQ(items[2].text(), "true");
    EXPECT_TRUE(items[3].is_null());
    EXPECT_EQ(value["c"].text(), "0.25");
    EXPECT_EQ(value.members()[1].first, "c");
}

TEST(JsonValue, Of_what_is_not_there_is_null) {
    const JsonValue value = parsed(R"({"a": 1})");
    EXPECT_TRUE(value["x"]["y"].is_null());
    EXPECT_TRUE(value["a"]["y"].is_null());
    EXPECT_EQ(value["x"].text(), "");
    EXPECT_FALSE(value["x"].number());
    EXPECT_TRUE(value["a"].items().empty());
}

TEST(JsonValue, Refuses_what_is_no_json) {
    for (const char* text : {"", "{", "{\"a\": NaN}", "[1,]", "{} {}"}) {
        const auto value = JsonValue::parse(text, "run.json");
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().where, "run.json");
        EXPECT_EQ(value.error().code, ErrorCode::data);
    }
}

TEST(JsonValue, Refuses_what_is_nested_too_deep) {
    EXPECT_FALSE(JsonValue::parse(std::string(40, '[') + std::string(40, ']'), "deep"));
}

}  // namespace
}  // namespace millrace::runs
