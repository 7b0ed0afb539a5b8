#include "millrace/base/config_value.hpp"

#include <gtest/gtest.h>

namespace millrace::config {
namespace {

std::string shown(const Key& key, std::string_view text, Source source = Source::file) {
    const auto value = parse_value(key, text, source);
    return value ? show_value(key, *value) : "refused";
}

TEST(ConfigValue, Reads_sizes_in_powers_of_1000_and_1024) {
    EXPECT_EQ(parse_size("0B"), 0);
    EXPECT_EQ(parse_size("1kB"), 1'000);
    EXPECT_EQ(parse_size("64MiB"), 67'108'864);
    EXPECT_EQ(parse_size("1GB"), 1'000'000'000);
    EXPECT_EQ(parse_size("1gib"), 1'073'741'824);
    EXPECT_EQ(parse_size("8388607TiB"), 9'223'370'937'343'148'032);  // (2^23 - 1) * 2^40
    for (const char* bad :
         {"", "1", "MB", "-1B", "1.5MB", "1 MB", "1XB", "8388608TiB", "1M", "+1B"})
        EXPECT_FALSE(parse_size(bad)) << bad;
}

TEST(ConfigValue, Writes_sizes_in_the_largest_unit_that_is_exact) {
    EXPECT_EQ(format_size(0), "0B");
    EXPECT_EQ(format_size(1), "1B");
    EXPECT_EQ(format_size(1000), "1kB");
    EXPECT_EQ(format_size(1024), "1KiB");
    EXPECT_EQ(format_size(67'108'864), "64MiB");
    EXPECT_EQ(format_size(1'000'000'000), "1GB");
    EXPECT_EQ(format_size(1001), "1001B");
}

TEST(ConfigValue, Is_strict_in_a_file_and_patient_with_variables) {
    const Key flag{.name = "a", .kind = Kind::boolean};
    for (const char* text : {"true", "TRUE", "1", "yes", "On"})
        EXPECT_EQ(shown(flag, text, Source::variable), "true") << text;
    for (const char* text : {"false", "False", "0", "NO", "off"})
        EXPECT_EQ(shown(flag, text, Source::variable), "false") << text;
    for (const char* text : {"", "2", "y", "truely"})
        EXPECT_EQ(shown(flag, text, Source::variable), "refused") << text;
    EXPECT_EQ(shown(flag, "True"), "refused");
    const Key choice{.name = "a", .kind = Kind::choice, .choices = {"info", "warn"}};
    EXPECT_EQ(shown(choice, "WARN", Source::variable), "warn");
    EXPECT_EQ(shown(choice, "WARN"), "refused");
}

TEST(ConfigValue, Reads_whole_integers_within_their_range) {
    const Key key{.name = "a", .kind = Kind::integer, .min = -5, .max = 10};
    EXPECT_EQ(shown(key, "10"), "10");
    EXPECT_EQ(shown(key, "-5"), "-5");
    EXPECT_EQ(shown(key, "+7"), "7");
    for (const char* text :
         {"11", "-6", "", "1.0", "1e1", " 1", "1 ", "0x1", "+-1", "9223372036854775808"})
        EXPECT_EQ(shown(key, text), "refused") << text;
}

TEST(ConfigValue, Keeps_decimals_as_they_are_spelled_and_compares_them_exactly) {
    const Key key{.name = "a", .kind = Kind::decimal, .min = 0, .max = 1};
    for (const char* text : {"0", "1", "0.250", "1.0", "-0", "0.99999999999999999999999999"})
        EXPECT_EQ(shown(key, text), text);
    for (const char* text : {"1.00000000000000000000000001", "-0.00000000000000000000000001", "2",
                             "99999999999999999999", "-99999999999999999999", "", ".5", "5.", "-",
                             "1e0", "+1", "0,5", "nan", "0.0.0"})
        EXPECT_EQ(shown(key, text), "refused") << text;
}

TEST(ConfigValue, Reads_durations_and_writes_them_back) {
    const Key key{.name = "a", .kind = Kind::duration};
    EXPECT_EQ(std::get<std::int64_t>(*parse_value(key, "250ms", Source::file)), 250'000'000);
    EXPECT_EQ(shown(key, "90s"), "1m30s");
    EXPECT_EQ(shown(key, "250"), "refused");
}

TEST(ConfigValue, Takes_references_to_secrets_and_nothing_else) {
    const Key key{.name = "a", .kind = Kind::secret_reference};
    for (const char* text : {"", "env:X", "env:_a1", "file:/run/secrets/a", "file:a b"})
        EXPECT_EQ(shown(key, text), text);
    for (const char* text : {"env:", "env:1A", "env:A-B", "file:", "ENV:A", "hunter2", "env: A"})
        EXPECT_EQ(shown(key, text), "refused") << text;
}

TEST(ConfigValue, Refuses_text_that_no_other_program_could_take) {
    const Key key{.name = "a"};
    EXPECT_EQ(shown(key, "caf\xc3\xa9\n"), "caf\xc3\xa9\n");
    EXPECT_EQ(shown(key, "\xff"), "refused");
    EXPECT_EQ(shown(key, std::string_view("a\0b", 3)), "refused");
}

TEST(ConfigValue, Says_what_a_key_takes) {
    EXPECT_EQ(allowed_values({.name = "a", .kind = Kind::integer, .min = 1}),
              "an integer of at least 1");
    EXPECT_EQ(allowed_values({.name = "a", .kind = Kind::size, .max = 1024}),
              "a size such as \"64MiB\" of at most 1KiB");
    EXPECT_EQ(allowed_values({.name = "a", .kind = Kind::duration, .min = 1'000, .max = 1'000'000}),
              "a duration such as \"250ms\" or \"1h30m\" from 1us to 1ms");
}

}  // namespace
}  // namespace millrace::config
