#include "millrace/base/config_schema.hpp"

#include <gtest/gtest.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/config_example.hpp"

namespace millrace::config {
namespace {

TEST(ConfigSchema, Refuses_to_be_built_wrong) {
    const auto build = [](std::vector<Key> keys) { return Schema(std::move(keys)); };
    EXPECT_NO_THROW(build({{.name = "a.b"}, {.name = "a.c"}, {.name = "b"}, {.name = "c.*"}}));
    for (const char* name : {"", "A", "a b", "a..b", ".a", "a.", "a-b", "*", "a.*.b"})
        EXPECT_THROW(build({{.name = name}}), AssertionFailed) << name;
    EXPECT_THROW(build({{.name = "a"}, {.name = "a"}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "a"}, {.name = "a.b"}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "a.b_c"}, {.name = "a_b.c"}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "config"}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "profile.x"}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "a", .kind = Kind::choice}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "a", .kind = Kind::integer}}), AssertionFailed);
    EXPECT_THROW(build({{.name = "a", .kind = Kind::integer, .default_value = "5", .min = 6}}),
                 AssertionFailed);
    EXPECT_THROW(build({{.name = "a", .kind = Kind::secret_reference, .default_value = "literal"}}),
                 AssertionFailed);
}

TEST(ConfigSchema, Finds_keys_members_of_open_tables_and_tables) {
    const Schema schema = example_schema();
    EXPECT_EQ(schema.find("log.level")->name, "log.level");
    EXPECT_EQ(schema.find("secrets.alpaca-live")->name, "secrets.*");
    for (const char* name : {"log", "secrets", "secrets.*", "secrets.a.b", "log.lvel", "", "level"})
        EXPECT_EQ(schema.find(name), nullptr) << name;
    for (const char* name : {"", "log", "risk", "risk.limits", "secrets"})
        EXPECT_TRUE(schema.is_table(name)) << name;
    for (const char* name : {"lo", "log.level", "risk.limits.max_loss", "secrets.x"})
        EXPECT_FALSE(schema.is_table(name)) << name;
    EXPECT_EQ(schema.members_of("risk"), std::vector<std::string>{"limits"});
    EXPECT_EQ(schema.members_of(""),
              (std::vector<std::string>{"log", "server", "risk", "broker", "secrets"}));
}

TEST(ConfigSchema, Names_the_variable_of_a_key) {
    EXPECT_EQ(variable_of("log.level"), "MILLRACE_LOG_LEVEL");
    EXPECT_EQ(variable_of("risk.limits.max_loss"), "MILLRACE_RISK_LIMITS_MAX_LOSS");
}

constexpr const char* kJsonSchema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Millrace configuration",
  "type": "object",
  "$defs": {
    "settings": {
      "type": "object",
      "properties": {
        "log": {
          "type": "object",
          "properties": {
            "level": {
              "description": "The least level.",
              "type": "string",
              "enum": [
                "info",
                "warn"
              ],
              "default": "info",
              "x-millrace-reload": "hot",
              "x-millrace-variable": "MILLRACE_LOG_LEVEL"
            }
          },
          "additionalProperties": false
        },
        "port": {
          "description": "The port.",
          "type": "integer",
          "minimum": 1,
          "maximum": 9,
          "default": 1,
          "x-millrace-reload": "restart",
          "x-millrace-variable": "MILLRACE_PORT"
        },
        "secrets": {
          "type": "object",
          "properties": {},
          "additionalProperties": {
            "description": "Secrets.",
            "type": "string",
            "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)?$",
            "x-millrace-reload": "restart"
          }
        }
      },
      "additionalProperties": false
    }
  },
  "properties": {
    "log": {
      "$ref": "#/$defs/settings/properties/log"
    },
    "port": {
      "$ref": "#/$defs/settings/properties/port"
    },
    "secrets": {
      "$ref": "#/$defs/settings/properties/secrets"
    },
    "profile": {
      "type": "object",
      "description": "Settings that replace those of the file when chosen by name",
      "additionalProperties": {
        "$ref": "#/$defs/settings"
      }
    }
  },
  "additionalProperties": false
}
)";

TEST(ConfigSchema, Becomes_a_json_schema_for_editors) {
    const Schema schema({
        {.name = "log.level",
         .kind = Kind::choice,
         .default_value = "info",
         .doc = "The least level.",
         .reload = Reload::hot,
         .choices = {"info", "warn"}},
        {.name = "port",
         .kind = Kind::integer,
         .default_value = "1",
         .doc = "The port.",
         .min = 1,
         .max = 9},
        {.name = "secrets.*", .kind = Kind::secret_reference, .doc = "Secrets."},
    });
    EXPECT_EQ(json_schema(schema), kJsonSchema);
}

}  // namespace
}  // namespace millrace::config
