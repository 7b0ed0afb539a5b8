// Rows go through as the server wrote them, so that no figure changes on its way.
#include "millrace/cli/remote_call.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace millrace::cli {

Option url_option() {
    return {.name = "--url",
            .value_name = "URL",
            .doc = "Of the running instance; that of the data directory unless given",
            .kind = Kind::text};
}

std::vector<Option> with_url(std::vector<Option> own) {
    own.push_back(url_option());
    return own;
}

std::vector<Option> with_paging(std::vector<Option> own) {
    own.push_back({.name = "--limit",
                   .value_name = "N",
                   .doc = "At most so many, the newest first",
                   .kind = Kind::integer,
                   .default_text = "100",
                   .minimum = 1,
                   .maximum = 1000});
    own.push_back({.name = "--before",
                   .value_name = "ID",
                   .doc = "Only older ones than this: the last id of the page before",
                   .kind = Kind::integer,
                   .minimum = 1});
    return with_url(std::move(own));
}

Result<remote::Remote> remote_of(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return failure(Error(config.error().front()));
    auto instance = remote::find_instance(*config, invocation.text("--url"));
    if (!instance) return failure(std::move(instance.error()));
    if (!instance->token.empty() && !instance->is_local && !instance->url.is_secure())
        invocation.say("note: the token of " + instance->token_from + " goes to " +
                       instance->address() + " in clear; https would hide it");
    remote::RemoteOptions options;
    options.timeout = config->duration("client.timeout");
    options.environment = invocation.environment();
    if (const auto path = config->path("client.authorities"); !path.empty())
        options.authorities = path;
    invocation.say_detail("asking " + instance->address() + " (" + instance->found_by + ")");
    return remote::Remote::open(std::move(*instance), options);
}

Result<remote::Reply> ask_remote(Invocation& invocation, const remote::Ask& ask,
                                 std::initializer_list<int> also) {
    auto remote = remote_of(invocation);
    if (!remote) return failure(std::move(remote.error()));
    return remote->ask(ask, also);
}

remote::Ask list_ask(const Invocation& invocation, std::string path,
                     const std::vector<std::string>& options) {
    remote::Ask ask;
    ask.path = std::move(path);
    for (const std::string& option : options)
        if (const std::string value = invocation.text(option); !value.empty())
            ask.query.push_back({option.substr(2), value});
    return ask;
}

int print_listing(Invocation& invocation, const remote::Reply& reply, const Listing& listing) {
    const auto texts = remote::elements_of(reply.text);
    const auto& items = reply.body.items();
    std::vector<TextColumn> columns;
    for (const ListColumn& column : listing.columns)
        columns.push_back(column.column);
    TextTable table(std::move(columns));
    JsonWriter document = Invocation::document();
    document.key(listing.name).begin_array();
    for (std::size_t i = 0; i < std::min(items.size(), texts.size()); ++i) {
        if (listing.is_shown != nullptr && !listing.is_shown(items[i])) continue;
        if (invocation.jsonl()) {
            invocation.out() << texts[i] << '\n';
            continue;
        }
        document.raw(texts[i]);
        std::vector<std::string> cells;
        for (const ListColumn& column : listing.columns)
            cells.push_back(items[i][column.member].text());
        table.add(std::move(cells));
    }
    if (invocation.jsonl()) return 0;
    document.end_array().end_object();
    if (invocation.json())
        invocation.print(document);
    else if (table.empty())
        invocation.say(listing.nothing);
    else
        table.print(invocation.out());
    return 0;
}

void print_reply(Invocation& invocation, std::string_view name, const remote::Reply& reply) {
    JsonWriter document = Invocation::document();
    document.key(name).raw(reply.text).end_object();
    invocation.print(document);
}

void print_members(Invocation& invocation, const runs::JsonValue& value,
                   const std::vector<std::string>& members) {
    for (const std::string& member : members) {
        std::string title = member;
        std::ranges::replace(title, '_', ' ');
        if (const std::string text = value[member].text(); !text.empty())
            invocation.out() << fmt::format("{:<18}{}\n", title, text);
    }
}

}  // namespace millrace::cli
