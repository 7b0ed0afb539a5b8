// `millrace schema`: the nouns as they look from outside.
#include <fmt/format.h>
#include <ostream>

#include "millrace/base/nearest.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/cli/reference.hpp"
#include "millrace/core/model/nouns.hpp"
#include "millrace/core/model/schema.hpp"

namespace millrace::cli {
namespace {

std::vector<std::string_view> noun_names() {
    std::vector<std::string_view> names;
    for (const model::Noun noun : model::all_nouns())
        names.push_back(model::description_of(noun).name);
    return names;
}

std::vector<std::string> suggested_names() {
    const auto names = noun_names();
    return {names.begin(), names.end()};
}

int list_nouns(Invocation& invocation) {
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("nouns").begin_array();
        for (const model::Noun noun : model::all_nouns()) {
            const model::NounDescription& description = model::description_of(noun);
            document.begin_object().member("name", description.name);
            document.member("version", std::int64_t{description.version})
                .member("doc", description.doc)
                .end_object();
        }
        document.end_array().end_object();
        invocation.print(document);
        return 0;
    }
    for (const model::Noun noun : model::all_nouns())
        invocation.out() << fmt::format("{:<14}{}\n", model::description_of(noun).name,
                                        model::description_of(noun).doc);
    return 0;
}

int show_columns(Invocation& invocation, const model::NounDescription& noun) {
    const auto columns = model::columns_of(noun);
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("noun", noun.name).key("columns").begin_array();
        for (const model::Column& column : columns)
            document.begin_object()
                .member("name", column.name)
                .member("type", column.type)
                .member("nullable", column.nullable)
                .member("doc", column.doc)
                .end_object();
        document.end_array().end_object();
        invocation.print(document);
        return 0;
    }
    for (const model::Column& column : columns)
        invocation.out() << fmt::format("{:<18}{:<16}{:<10}{}\n", column.name, column.type,
                                        column.nullable ? "" : "NOT NULL", column.doc);
    return 0;
}

int schema(Invocation& invocation) {
    if (invocation.flag("--markdown")) {
        invocation.out() << nouns_markdown();
        return 0;
    }
    const std::string name = invocation.text("NAME");
    if (name.empty()) return list_nouns(invocation);
    const auto noun = model::noun_named(name);
    if (!noun) {
        const auto names = noun_names();
        const std::string_view near = nearest(name, names);
        return invocation.fail(Error{
            ErrorCode::usage,
            "there is no noun \"" + name + "\"",
            {},
            "`millrace schema` lists them all",
            near.empty() ? "name one of those" : "did you mean \"" + std::string(near) + "\"?"});
    }
    const model::NounDescription& description = model::description_of(*noun);
    if (invocation.flag("--columns")) return show_columns(invocation, description);
    JsonWriter writer(JsonWriter::Style::indented);
    model::write_json_schema(description, writer);
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("noun", name).key("schema").raw(writer.str()).end_object();
        invocation.print(document);
    } else {
        invocation.out() << writer.str() << '\n';
    }
    return 0;
}

}  // namespace

void add_schema_commands(Table& table) {
    table.add(
        Command{.path = "schema",
                .section = "Engine",
                .summary = "Print the JSON Schema or the columns of a noun",
                .description = "Without a name, lists the nouns: everything that enters or leaves "
                               "the engine. With one, prints "
                               "its JSON Schema (draft 2020-12), or its table columns. With --json "
                               "the schema stands in a "
                               "document, under \"schema\".",
                .arguments = {{.name = "NAME",
                               .doc = "A noun, such as quote or order_intent",
                               .required = false,
                               .suggest = suggested_names}},
                .options = {{.name = "--columns", .doc = "Print the columns it has in a table"},
                            {.name = "--markdown",
                             .doc = "Print the reference page of all nouns",
                             .hidden = true}},
                .examples = {{"millrace schema", "Which nouns are there?"},
                             {"millrace schema order_intent", "What must an order intent say?"}},
                .run = schema});
}

}  // namespace millrace::cli
