#include "millrace/core/strategy/parameters.hpp"

#include <gtest/gtest.h>

namespace millrace::strategy {
namespace {

constexpr std::string_view kModes[] = {"body", "high-low"};

struct Example : Parameters {
    Integer length{*this, "length", 10, {1, 100}, "How many bars."};
    Decimal factor{*this, "stop_factor", "1.5", {"0.1", "10"}, "Times the range."};
    Boolean inverted{*this, "inverted", false, "The other way round."};
    Choice mode{*this, "mode", kModes, "Which part of the bar."};
    Span patience{
        *this, "patience", Duration::seconds(5), {Duration(), Duration::hours(1)}, "How long."};

    [[nodiscard]] Result<void> check() const override {
        if (length.value() != 13) return {};
        return failure(ErrorCode::config, "thirteen is refused with any factor",
                       "parameter length");
    }
};

TEST(Parameters, Have_their_defaults_until_they_are_set) {
    Example example;
    EXPECT_EQ(example.length.value(), 10);
    EXPECT_EQ(example.factor.ratio().to_string(), "1.5");
    EXPECT_FALSE(example.inverted.value());
    EXPECT_EQ(example.mode.text(), "body");
    EXPECT_EQ(example.patience.value(), Duration::seconds(5));
}

TEST(Parameters, Are_set_by_name_where_dash_and_underscore_are_the_same) {
    Example example;
    ASSERT_TRUE(example.set({{"length", "20"},
                             {"stop-factor", "2.25"},
                             {"inverted", "true"},
                             {"mode", "high_low"},
                             {"patience", "2m"}}));
    EXPECT_EQ(example.length.value(), 20);
    EXPECT_EQ(example.factor.quantity(), Quantity::parse("2.25").value());
    EXPECT_TRUE(example.inverted.value());
    EXPECT_EQ(example.mode.index(), 1U);
    EXPECT_EQ(example.patience.value(), Duration::minutes(2));
}

TEST(Parameters, Refuse_what_is_out_of_bounds_or_no_value_at_all) {
    Example example;
    for (const auto& [name, text] :
         std::vector<std::pair<std::string, std::string>>{{"length", "0"},
                                                          {"length", "101"},
                                                          {"length", "1.5"},
                                                          {"length", ""},
                                                          {"length", "ten"},
                                                          {"length", "99999999999999999999"},
                                                          {"stop_factor", "0.05"},
                                                          {"stop_factor", "11"},
                                                          {"stop_factor", "NaN"},
                                                          {"inverted", "yes"},
                                                          {"mode", "bdy"},
                                                          {"patience", "2h"},
                                                          {"patience", "soon"}}) {
        const auto done = example.set({{name, text}});
        ASSERT_FALSE(done) << name << '=' << text;
        EXPECT_EQ(done.error().code, ErrorCode::config);
        EXPECT_EQ(done.error().where, "parameter " + name);
    }
    EXPECT_EQ(example.set({{"lenght", "5"}}).error().mend, "did you mean \"length\"?");
}

TEST(Parameters, Change_all_together_or_not_at_all) {
    Example example;
    EXPECT_FALSE(example.set({{"length", "20"}, {"mode", "nonsense"}}));
    EXPECT_EQ(example.length.value(), 10);
    EXPECT_EQ(example.set({{"inverted", "true"}, {"length", "13"}}).error().what,
              "thirteen is refused with any factor");
    EXPECT_EQ(example.length.value(), 10);
    EXPECT_FALSE(example.inverted.value());
}

TEST(Parameters, Describe_themselves_for_forms) {
    Example example;
    JsonWriter writer;
    write_json(example.length.describe(), writer);
    EXPECT_EQ(writer.str(),
              R"({"name":"length","kind":"integer","default":"10","minimum":"1","maximum":"100",)"
              R"("doc":"How many bars."})");
    writer.clear();
    write_json(example.mode.describe(), writer);
    EXPECT_EQ(writer.str(),
              R"({"name":"mode","kind":"choice","default":"body","choices":["body","high-low"],)"
              R"("doc":"Which part of the bar."})");
}

TEST(Parameters, Have_one_spelling_for_dashes_and_underscores) {
    EXPECT_EQ(plain_parameter_name("short-window"), "short_window");
    EXPECT_EQ(plain_parameter_name("short_window"), "short_window");
}

constexpr std::string_view kVersions[] = {"1.0", "2.0"};
constexpr PresetValue kVersionRows[] = {
    {"1.0", "length", "10"}, {"2.0", "length", "30"}, {"2.0", "hours", "09:00"}};

Result<void> check_hours(std::string_view text) {
    if (text == "08:00" || text == "09:00") return {};
    return failure(ErrorCode::config, "not an hour", {}, "allowed: 08:00, 09:00");
}

struct Versioned : Parameters {
    Integer length{*this, "length", 10, {1, 100}, "How many bars."};
    Line hours{*this, "hours", "08:00", check_hours, "When it trades."};
    Preset version{*this, "version", kVersions, kVersionRows, "Which one."};
};

TEST(Preset, Fills_what_is_not_named_beside_it) {
    Versioned example;
    ASSERT_TRUE(example.set({{"version", "2.0"}}));
    EXPECT_EQ(example.length.value(), 30);
    EXPECT_EQ(example.hours.value(), "09:00");
    // "length" comes before "version" in the map, and stands above it all the same.
    ASSERT_TRUE(example.set({{"length", "7"}, {"version", "2.0"}}));
    EXPECT_EQ(example.length.value(), 7);
    ASSERT_TRUE(example.set({{"hours", "08:00"}}));
    EXPECT_EQ(example.length.value(), 7) << "a version that is not named fills nothing again";
}

TEST(Preset, Leaves_everything_as_it_was_when_something_beside_it_is_refused) {
    Versioned example;
    EXPECT_FALSE(example.set({{"version", "2.0"}, {"length", "101"}}));
    EXPECT_EQ(example.length.value(), 10);
    EXPECT_EQ(example.hours.value(), "08:00");
    EXPECT_EQ(example.version.text(), "1.0");
}

TEST(Line, Says_what_its_form_is) {
    Versioned example;
    EXPECT_EQ(example.set({{"hours", "10:00"}}).error().why, "allowed: 08:00, 09:00");
    EXPECT_EQ(example.hours.describe().kind, ParameterKind::text);
    EXPECT_FALSE(example.set({{"hours", std::string(1'001, '0')}}));
}

}  // namespace
}  // namespace millrace::strategy
