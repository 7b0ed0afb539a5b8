// From a noun to its JSON object, field by field.
#include "millrace/base/hash.hpp"
#include "millrace/core/model/field_access.hpp"
#include "millrace/core/model/json.hpp"

namespace millrace::model {
namespace {

template <class IdType>
void write_name(const NameTable<IdType>& table, std::int64_t number, JsonWriter& writer) {
    const std::string_view name = table.name(IdType(static_cast<typename IdType::Value>(number)));
    if (name.empty())
        writer.text("#" + std::to_string(number));
    else
        writer.text(name);
}

void write_field(const FieldDescription& field, const void* value, const Names& names,
                 JsonWriter& writer) {
    const std::int64_t integer = field.kind == FieldKind::text ? 0 : load_integer(field, value);
    switch (field.kind) {
        case FieldKind::time: {
            std::array<char, 32> buffer{};
            writer.text(format_time(Time::from_ns(integer), buffer));
            return;
        }
        case FieldKind::decimal: {
            std::array<char, kDecimalTextMax> buffer{};
            writer.text(format_decimal(integer, field.scale, buffer));
            return;
        }
        case FieldKind::integer: writer.integer(integer); return;
        case FieldKind::boolean: writer.boolean(integer != 0); return;
        case FieldKind::choice:
            writer.text(is_allowed(field, integer)
                            ? field.choices[static_cast<std::size_t>(integer)]
                            : std::string_view("?"));
            return;
        case FieldKind::text: writer.text(load_text(field, value)); return;
        case FieldKind::instrument: write_name(names.instruments, integer, writer); return;
        case FieldKind::source: write_name(names.sources, integer, writer); return;
        case FieldKind::strategy: write_name(names.strategies, integer, writer); return;
        case FieldKind::account: write_name(names.accounts, integer, writer); return;
        case FieldKind::code:
            writer.text(Code::from_packed(static_cast<std::uint64_t>(integer)).text());
            return;
        case FieldKind::hash: writer.text(hash_text(static_cast<std::uint64_t>(integer))); return;
        case FieldKind::reserved: return;
    }
}

bool is_left_out(const FieldDescription& field, const void* value) {
    if (field.kind == FieldKind::reserved) return true;
    if (!field.optional) return false;
    if (field.kind == FieldKind::text) return load_text(field, value).empty();
    if (field.kind == FieldKind::code) return load_integer(field, value) == 0;
    return is_absent(field, load_integer(field, value));
}

}  // namespace

void write_json(const NounDescription& noun, const void* value, const Names& names,
                JsonWriter& writer) {
    writer.begin_object();
    for (const FieldDescription& field : noun.fields) {
        if (is_left_out(field, value)) continue;
        writer.key(field.name);
        write_field(field, value, names, writer);
    }
    writer.end_object();
}

}  // namespace millrace::model
