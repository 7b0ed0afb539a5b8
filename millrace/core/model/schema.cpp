// Columns and JSON Schema, read off a noun's description.
#include "millrace/core/model/schema.hpp"

namespace millrace::model {
namespace {

constexpr std::string_view kDecimalPattern =
    "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$";

std::string column_type(const FieldDescription& field) {
    switch (field.kind) {
        case FieldKind::time: return "TIMESTAMP_NS";
        case FieldKind::decimal: return "DECIMAL(19," + std::to_string(field.scale) + ")";
        case FieldKind::integer: return field.size == 8 ? "BIGINT" : "INTEGER";
        case FieldKind::boolean: return "BOOLEAN";
        case FieldKind::choice:
        case FieldKind::hash:
        case FieldKind::text:
        case FieldKind::instrument:
        case FieldKind::source:
        case FieldKind::strategy:
        case FieldKind::account:
        case FieldKind::code: return "VARCHAR";
        case FieldKind::reserved: return {};
    }
    return {};
}

// Whether a record may lack a value in this field (as opposed to having a default).
bool is_nullable(const FieldDescription& field) {
    return field.optional && (field.kind == FieldKind::text || field.kind == FieldKind::code ||
                              field.kind == FieldKind::time || field.kind == FieldKind::decimal);
}

void write_types(const FieldDescription& field, std::initializer_list<std::string_view> types,
                 JsonWriter& writer) {
    writer.key("type");
    if (types.size() == 1 && !field.optional) {
        writer.text(*types.begin());
        return;
    }
    writer.begin_array();
    for (const std::string_view type : types)
        writer.text(type);
    if (field.optional) writer.text("null");
    writer.end_array();
}

void write_decimal(const FieldDescription& field, JsonWriter& writer) {
    write_types(field, {"string", "number"}, writer);
    writer.member("pattern", kDecimalPattern);
    writer.key("minimum").raw(format_decimal(field.minimum, field.scale));
    writer.key("maximum").raw(format_decimal(field.maximum, field.scale));
}

void write_choices(const FieldDescription& field, JsonWriter& writer) {
    writer.key("enum").begin_array();
    for (const std::string_view choice : field.choices)
        writer.text(choice);
    if (field.optional) writer.null();
    writer.end_array();
}

void write_property(const FieldDescription& field, JsonWriter& writer) {
    writer.key(field.name).begin_object().member("description", field.doc);
    switch (field.kind) {
        case FieldKind::time:
            write_types(field, {"string"}, writer);
            writer.member("format", "date-time");
            break;
        case FieldKind::decimal: write_decimal(field, writer); break;
        case FieldKind::integer:
            write_types(field, {"integer"}, writer);
            writer.member("minimum", field.minimum).member("maximum", field.maximum);
            break;
        case FieldKind::boolean: write_types(field, {"boolean"}, writer); break;
        case FieldKind::choice: write_choices(field, writer); break;
        case FieldKind::text:
            write_types(field, {"string"}, writer);
            writer.member("maxLength", std::int64_t{field.size});
            if (!field.optional) writer.member("minLength", 1);
            break;
        case FieldKind::instrument:
        case FieldKind::source:
        case FieldKind::strategy:
        case FieldKind::account:
            write_types(field, {"string"}, writer);
            writer.member("minLength", 1);
            break;
        case FieldKind::code:
            write_types(field, {"string"}, writer);
            writer.member("pattern", field.optional ? "^[!-~]{0,8}$" : "^[!-~]{1,8}$");
            break;
        case FieldKind::hash:
            write_types(field, {"string"}, writer);
            writer.member("pattern", "^[0-9A-Fa-f]{16}$");
            break;
        case FieldKind::reserved: break;
    }
    writer.end_object();
}

}  // namespace

std::vector<Column> columns_of(const NounDescription& noun) {
    std::vector<Column> columns;
    for (const FieldDescription& field : noun.fields)
        if (field.kind != FieldKind::reserved)
            columns.push_back({field.name, column_type(field), is_nullable(field), field.doc});
    return columns;
}

void write_json_schema(const NounDescription& noun, JsonWriter& writer) {
    writer.begin_object();
    writer.member("$schema", "https://json-schema.org/draft/2020-12/schema");
    writer.member("$id", "urn:millrace:schema:" + std::string(noun.name) + ":" +
                             std::to_string(noun.version));
    writer.member("title", noun.name).member("description", noun.doc).member("type", "object");
    writer.key("properties").begin_object();
    for (const FieldDescription& field : noun.fields)
        if (field.kind != FieldKind::reserved) write_property(field, writer);
    writer.end_object().key("required").begin_array();
    for (const FieldDescription& field : noun.fields)
        if (field.kind != FieldKind::reserved && !field.optional) writer.text(field.name);
    writer.end_array().member("additionalProperties", false).end_object();
}

}  // namespace millrace::model
