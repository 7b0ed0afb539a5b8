// `millrace token`: who may call the servers of this data directory.
#include <chrono>
#include <fmt/format.h>
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"
#include "millrace/edge/net/access/token_store.hpp"

namespace millrace::cli {
namespace {

using net::TokenRecord;
using net::TokenStore;

Time now() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

Result<TokenStore> open_store(const config::Config& config) {
    return TokenStore::open(config.path("data_dir"));
}

std::string_view state_of(const TokenRecord& record, Time at) {
    if (record.revoked.has_value()) return "revoked";
    return record.is_valid(at) ? "valid" : "expired";
}

void write_record(const TokenRecord& record, Time at, JsonWriter& writer) {
    writer.member("id", record.id.view()).member("name", record.name.view());
    writer.member("scope", net::name_of(record.scope)).member("state", state_of(record, at));
    writer.member("created", format_time(record.created));
    if (record.expires.has_value()) writer.member("expires", format_time(record.expires.value()));
    if (record.revoked.has_value()) writer.member("revoked", format_time(record.revoked.value()));
}

int create(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    const Time at = now();
    std::optional<Time> expires;
    if (invocation.given("--expires")) {
        auto life = parse_duration(invocation.text("--expires"));
        if (!life) return invocation.fail(life.error());
        auto end = add(at, *life);
        if (!end) return invocation.fail(end.error());
        expires = *end;
    }
    auto store = open_store(*config);
    if (!store) return invocation.fail(store.error());
    const auto scope = net::scope_named(invocation.text("--scope"));
    auto token =
        store->create(invocation.text("NAME"), scope.value_or(net::Scope::read), at, expires);
    if (!token) return invocation.fail(token.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        write_record(token->record, at, document);
        document.member("token", token->text.reveal()).end_object();
        invocation.print(document);
    } else {
        invocation.out() << token->text.reveal() << '\n';
    }
    invocation.say("it is shown this once; only a hash of it is kept");
    return 0;
}

int list(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    auto store = open_store(*config);
    if (!store) return invocation.fail(store.error());
    const Time at = now();
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.key("tokens").begin_array();
        for (const TokenRecord& record : store->tokens()) {
            document.begin_object();
            write_record(record, at, document);
            document.end_object();
        }
        document.end_array().end_object();
        invocation.print(document);
        return 0;
    }
    if (store->tokens().empty()) invocation.say("no tokens; millrace token create NAME makes one");
    for (const TokenRecord& record : store->tokens()) {
        const std::string end =
            record.expires.has_value() ? format_time(record.expires.value()) : "never";
        invocation.out() << fmt::format("{:<14}{:<8}{:<9}{:<32}{}\n", record.id.view(),
                                        net::name_of(record.scope), state_of(record, at), end,
                                        record.name.view());
    }
    return 0;
}

int revoke(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    auto store = open_store(*config);
    if (!store) return invocation.fail(store.error());
    const Time at = now();
    auto record = store->revoke(invocation.text("ID"), at);
    if (!record) return invocation.fail(record.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        write_record(*record, at, document);
        document.end_object();
        invocation.print(document);
    } else {
        invocation.say(fmt::format("revoked {} ({})", record->id.view(), record->name.view()));
    }
    return 0;
}

}  // namespace

void add_token_commands(Table& table) {
    table.add(Group{.name = "token",
                    .section = "Settings",
                    .summary = "Make, list and revoke the tokens that servers ask for"});
    table.add(Command{
        .path = "token create",
        .summary = "Make a token and print it once",
        .description =
            "Makes a bearer token of 256 random bits and prints it on stdout. Only a hash of it is "
            "kept, in the data directory, in a file that only its owner may read. A token of the "
            "scope trade may also read, and one of admin may do everything.",
        .arguments = {{.name = "NAME", .doc = "What it is for, at most 64 bytes"}},
        .options = {{.name = "--scope",
                     .value_name = "SCOPE",
                     .doc = "What it may do",
                     .kind = Kind::choice,
                     .default_text = "read",
                     .choices = {"read", "trade", "admin"}},
                    {.name = "--expires",
                     .value_name = "TIME",
                     .doc = "How long it works, such as 12h or 90d; without it, for ever",
                     .kind = Kind::text}},
        .examples = {{"millrace token create dashboard", "Somebody may look"},
                     {"millrace token create desk --scope trade --expires 90d",
                      "Somebody may trade, for a quarter"}},
        .run = create});
    table.add(Command{.path = "token list",
                      .summary = "List the tokens, without their secrets",
                      .description =
                          "Lists every token that was made: id, scope, whether it is valid, until "
                          "when, and its name. What a token reads is kept nowhere.",
                      .examples = {{"millrace token list --json", "For a script"}},
                      .run = list});
    table.add(Command{.path = "token revoke",
                      .summary = "Make a token work no more",
                      .description =
                          "Marks the token as revoked. Running servers notice within two seconds. "
                          "Revoking twice changes nothing.",
                      .arguments = {{.name = "ID", .doc = "The id, as the list shows it"}},
                      .examples = {{"millrace token revoke 0123456789ab", "It was lost"}},
                      .run = revoke});
}

}  // namespace millrace::cli
