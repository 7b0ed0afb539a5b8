// The JSON Schema that editors use to complete and check millrace.toml while it is written.
#include <optional>

#include "millrace/base/config_schema.hpp"
#include "millrace/base/config_value.hpp"
#include "millrace/base/json_writer.hpp"

namespace millrace::config {
namespace {

constexpr std::string_view kDurationPattern = R"(^-?(\d+(d|h|m|s|ms|us|ns))+$)";
constexpr std::string_view kSizePattern = R"(^\d+([KkMmGgTt][Ii]?)?[Bb]$)";
constexpr std::string_view kDecimalPattern = R"(^-?\d+(\.\d+)?$)";
constexpr std::string_view kReferencePattern = R"(^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)?$)";

void write_type(JsonWriter& writer, const Key& key) {
    switch (key.kind) {
        case Kind::text:
        case Kind::path: writer.member("type", "string"); return;
        case Kind::boolean: writer.member("type", "boolean"); return;
        case Kind::integer:
            writer.member("type", "integer");
            if (key.min) writer.member("minimum", *key.min);
            if (key.max) writer.member("maximum", *key.max);
            return;
        case Kind::decimal:
            writer.key("type").begin_array().text("string").text("number").end_array();
            writer.member("pattern", kDecimalPattern);
            if (key.min) writer.member("minimum", *key.min);
            if (key.max) writer.member("maximum", *key.max);
            return;
        case Kind::duration:
            writer.member("type", "string").member("pattern", kDurationPattern);
            return;
        case Kind::size: writer.member("type", "string").member("pattern", kSizePattern); return;
        case Kind::choice:
            writer.member("type", "string").key("enum").begin_array();
            for (const std::string& choice : key.choices)
                writer.text(choice);
            writer.end_array();
            return;
        case Kind::secret_reference:
            writer.member("type", "string").member("pattern", kReferencePattern);
            return;
    }
}

void write_default(JsonWriter& writer, const Key& key) {
    const Value value = parse_value(key, key.default_value, Source::file).value();
    writer.key("default");
    if (const auto* flag = std::get_if<bool>(&value))
        writer.boolean(*flag);
    else if (key.kind == Kind::integer)
        writer.integer(std::get<std::int64_t>(value));
    else
        writer.text(key.default_value);
}

void write_key(JsonWriter& writer, const Key& key) {
    writer.begin_object().member("description", key.doc);
    write_type(writer, key);
    if (!key.is_open()) write_default(writer, key);
    writer.member("x-millrace-reload", name_of(key.reload));
    if (!key.is_open()) writer.member("x-millrace-variable", variable_of(key.name));
    writer.end_object();
}

void write_table(JsonWriter& writer, const Schema& schema, const std::string& table);

// "properties" and "additionalProperties"; the object stays open.
void write_members(JsonWriter& writer, const Schema& schema, const std::string& table) {
    const Key* open = nullptr;
    writer.key("properties").begin_object();
    for (const std::string& member : schema.members_of(table)) {
        const std::string name = table.empty() ? member : table + "." + member;
        if (member == "*") {
            open = schema.find(table + ".any");
            continue;
        }
        writer.key(member);
        if (schema.is_table(name))
            write_table(writer, schema, name);
        else
            write_key(writer, *schema.find(name));
    }
    writer.end_object().key("additionalProperties");
    if (open == nullptr)
        writer.boolean(false);
    else
        write_key(writer, *open);
}

void write_table(JsonWriter& writer, const Schema& schema, const std::string& table) {
    writer.begin_object().member("type", "object");
    write_members(writer, schema, table);
    writer.end_object();
}

}  // namespace

std::string json_schema(const Schema& schema) {
    JsonWriter writer(JsonWriter::Style::indented);
    writer.begin_object();
    writer.member("$schema", "https://json-schema.org/draft/2020-12/schema");
    writer.member("title", "Millrace configuration").member("type", "object");
    // Profiles hold the same settings as the file, so these are described once.
    writer.key("$defs").begin_object().key("settings").begin_object();
    writer.member("type", "object");
    write_members(writer, schema, "");
    writer.end_object().end_object();

    writer.key("properties").begin_object();
    for (const std::string& member : schema.members_of(""))
        writer.key(member)
            .begin_object()
            .member("$ref", "#/$defs/settings/properties/" + member)
            .end_object();
    writer.key(kProfileTable).begin_object().member("type", "object");
    writer.member("description", "Settings that replace those of the file when chosen by name");
    writer.key("additionalProperties").begin_object().member("$ref", "#/$defs/settings");
    writer.end_object().end_object().end_object();
    writer.member("additionalProperties", false).end_object();
    return writer.str() + "\n";
}

}  // namespace millrace::config
