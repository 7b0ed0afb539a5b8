// docs/reference/nouns.md, read off the descriptions that the codecs use.
#include <fmt/format.h>
#include <limits>

#include "millrace/cli/reference.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::cli {
namespace {

using model::FieldDescription;
using model::FieldKind;

std::string words_of(const FieldDescription& field) {
    std::string words;
    for (const std::string_view choice : field.choices)
        words += fmt::format("{}`{}`", words.empty() ? "" : " ", choice);
    return words;
}

std::string decimal_type(const FieldDescription& field) {
    std::string type = fmt::format("decimal, {} places", field.scale);
    if (field.minimum == 1) type += ", above 0";
    if (field.minimum == 0) type += ", not negative";
    if (field.maximum != std::numeric_limits<std::int64_t>::max())
        type += ", at most " + format_decimal(field.maximum, field.scale);
    return type;
}

std::string type_of(const FieldDescription& field) {
    switch (field.kind) {
        case FieldKind::time: return "time";
        case FieldKind::decimal: return decimal_type(field);
        case FieldKind::integer:
            return fmt::format("integer, {} to {}", field.minimum, field.maximum);
        case FieldKind::boolean: return "true or false";
        case FieldKind::choice: return words_of(field);
        case FieldKind::text: return fmt::format("text, up to {} bytes", field.size);
        case FieldKind::instrument: return "symbol of an instrument";
        case FieldKind::source: return "name of a source";
        case FieldKind::strategy: return "name of a strategy";
        case FieldKind::account: return "name of an account";
        case FieldKind::code: return "code, up to 8 printable ASCII characters";
        case FieldKind::hash: return "16 hexadecimal digits";
        case FieldKind::reserved: return {};
    }
    return {};
}

}  // namespace

std::string nouns_markdown() {
    std::string page =
        "# Nouns\n\n"
        "Everything that enters or leaves the engine is one of these. Made from their descriptions "
        "by "
        "`millrace schema --markdown`; a test keeps the two equal. `millrace schema NAME` prints "
        "the "
        "same as a JSON Schema, `millrace schema NAME --columns` as the columns of a table.\n\n"
        "In JSON a time is RFC 3339 text, a decimal is text (a number is accepted), and a field "
        "that "
        "is not required may be absent or null. Unknown fields are refused.\n";
    for (const model::Noun noun : model::all_nouns()) {
        const model::NounDescription& description = model::description_of(noun);
        page += fmt::format("\n## {}\n\nVersion {}: {}.\n\n", description.name, description.version,
                            description.doc);
        page += "| field | type | required | meaning |\n|---|---|---|---|\n";
        for (const FieldDescription& field : description.fields)
            if (field.kind != FieldKind::reserved)
                page += fmt::format("| `{}` | {} | {} | {} |\n", field.name, type_of(field),
                                    field.optional ? "" : "yes", field.doc);
    }
    return page;
}

}  // namespace millrace::cli
