#include "millrace/base/json_writer.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace millrace {
namespace {

TEST(JsonWriter, Puts_the_commas_between_members_and_elements) {
    JsonWriter writer;
    writer.begin_object().member("a", 1).key("b").begin_array().integer(1).text("x").end_array();
    writer.member("c", true).end_object();
    EXPECT_EQ(writer.str(), R"({"a":1,"b":[1,"x"],"c":true})");
}

TEST(JsonWriter, Indents_for_people_and_keeps_empty_containers_short) {
    JsonWriter writer(JsonWriter::Style::indented);
    writer.begin_object().key("a").begin_object().end_object().key("b").begin_array();
    writer.integer(1).integer(2).end_array().end_object();
    EXPECT_EQ(writer.str(), "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ]\n}");
}

TEST(JsonWriter, Escapes_quotes_backslashes_and_control_bytes) {
    JsonWriter writer;
    writer.text(std::string_view("\"\\\n\t\x01\x7f\xc3\xa9", 8));
    EXPECT_EQ(writer.str(), "\"\\\"\\\\\\n\\t\\u0001\\u007f\xc3\xa9\"");
}

TEST(JsonWriter, Writes_null_for_what_json_cannot_say) {
    JsonWriter writer;
    writer.begin_array().number(std::numeric_limits<double>::quiet_NaN());
    writer.number(-std::numeric_limits<double>::infinity()).number(0.1).end_array();
    EXPECT_EQ(writer.str(), "[null,null,0.1]");
}

TEST(JsonWriter, Writes_large_doubles_as_doubles) {
    JsonWriter writer;
    writer.begin_array()
        .number(9007199254740991)
        .number(201002325248440270848.0)
        .number(1e-7)
        .end_array();
    EXPECT_EQ(writer.str(), "[9007199254740991,2.0100232524844027e+20,1e-07]");
}

TEST(JsonWriter, Writes_the_ends_of_the_integer_range) {
    JsonWriter writer;
    writer.begin_array().integer(std::numeric_limits<std::int64_t>::min());
    writer.unsigned_integer(std::numeric_limits<std::uint64_t>::max()).end_array();
    EXPECT_EQ(writer.str(), "[-9223372036854775808,18446744073709551615]");
}

}  // namespace
}  // namespace millrace
