// `millrace intents`: ask a running instance to trade, and see what became of it.
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/remote/intent_key.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/intent_chain.hpp"
#include "millrace/cli/intents_send_command.hpp"
#include "millrace/cli/order_words.hpp"
#include "millrace/cli/remote_names.hpp"

namespace millrace::cli {
namespace {

constexpr std::string_view kDuplicate = "urn:millrace:problem:duplicate-intent";

std::string intent_body(const Invocation& invocation) {
    JsonWriter body;
    body.begin_object().member("symbol", in_capitals(invocation.text("SYMBOL")));
    body.member("side", in_capitals(invocation.text("SIDE")));
    body.member("quantity", invocation.text("QUANTITY"));
    body.member("order_type", order_type(invocation));
    for (const auto& [option, member] : {std::pair{"--limit", "price"},
                                         {"--stop", "stop_price"},
                                         {"--stop-loss", "stop_loss"},
                                         {"--take-profit", "take_profit"},
                                         {"--tif", "time_in_force"},
                                         {"--expires", "expires_at"},
                                         {"--account", "account"},
                                         {"--strategy", "strategy"},
                                         {"--tag", "client_tag"}})
        if (invocation.given(option)) body.member(member, invocation.text(option));
    if (invocation.flag("--reduce-only")) body.member("reduce_only", true);
    return body.end_object().str();
}

// The chain once the intent has come to rest, or what is known at once when nobody waits.
int tell_intent(Invocation& invocation, remote::Remote& remote, const std::string& id,
                const std::string& key, bool is_known) {
    const auto intent = invocation.flag("--no-wait")
                            ? remote.ask({.path = "/api/v1/orderintents/" + id})
                            : settled_intent(invocation, remote, id);
    if (!intent) return invocation.fail(intent.error());
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        if (!key.empty()) document.member("idempotency_key", key).member("known", is_known);
        document.key("intent").raw(intent->text).end_object();
        invocation.print(document);
    } else {
        print_chain(invocation, intent->body);
    }
    return end_with(invocation, intent->body);
}

int submit(Invocation& invocation) {
    if (invocation.flag("--dry-run")) return check_order(invocation);
    auto remote = remote_of(invocation);
    if (!remote) return invocation.fail(remote.error());
    const std::string key =
        invocation.given("--key") ? invocation.text("--key") : remote::fresh_key();
    const remote::Ask ask{.method = net::Method::post,
                          .path = "/api/v1/orderintents",
                          .body = intent_body(invocation),
                          .idempotency_key = key};
    const auto reply = remote->ask(ask, {409});
    if (!reply) {
        Error error = reply.error();
        if (error.code == ErrorCode::timeout)
            error.mend = "it may be taken all the same: repeat the command with --key " + key;
        return invocation.fail(error);
    }
    const bool is_known = reply->status != 202;
    if (reply->status == 409 && reply->body["type"].text() != kDuplicate)
        return invocation.fail(remote::error_of(*reply, ask, remote->instance()));
    const std::string id = reply->body["id"].text();
    if (is_known) invocation.say("this key was known: nothing new was taken");
    return tell_intent(invocation, *remote, id, key, is_known);
}

int list(Invocation& invocation) {
    const auto reply = ask_remote(
        invocation,
        list_ask(invocation, "/api/v1/intents", {"--limit", "--before", "--status", "--symbol"}));
    if (!reply) return invocation.fail(reply.error());
    return print_listing(
        invocation, *reply,
        {.name = "intents",
         .nothing = "no intents; send one: millrace intents submit buy AAPL 10 --limit 180",
         .columns = {{"id", {"id", true}},
                     {"created_at", {"created"}},
                     {"symbol", {"symbol"}},
                     {"side", {"side"}},
                     {"quantity", {"quantity", true}},
                     {"order_type", {"type"}},
                     {"price", {"price", true}},
                     {"status", {"status"}},
                     {"reason", {"reason"}},
                     {"client_tag", {"tag", false, 20}}}});
}

int show(Invocation& invocation) {
    const auto reply =
        ask_remote(invocation,
                   {.path = "/api/v1/orderintents/" + net::percent_encoded(invocation.text("ID"))});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "intent", *reply);
    else
        print_chain(invocation, reply->body);
    return 0;
}

int promote(Invocation& invocation) {
    auto remote = remote_of(invocation);
    if (!remote) return invocation.fail(remote.error());
    const std::string id = net::percent_encoded(invocation.text("ID"));
    const auto reply =
        remote->ask({.method = net::Method::post, .path = "/api/v1/intents/" + id + "/promote"});
    if (!reply) return invocation.fail(reply.error());
    return tell_intent(invocation, *remote, id, "", false);
}

int cancel(Invocation& invocation) {
    const std::string id = net::percent_encoded(invocation.text("ID"));
    const auto reply = ask_remote(invocation, {.method = net::Method::post,
                                               .path = "/api/v1/orderintents/" + id + "/cancel"});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "intent", *reply);
    else
        print_members(invocation, reply->body, {"id", "status", "symbol"});
    return 0;
}

std::vector<Option> submit_options() {
    std::vector<Option> options = order_options();
    options.push_back({.name = "--stop-loss",
                       .value_name = "PRICE",
                       .doc = "Protective stop of a bracket",
                       .kind = Kind::text});
    options.push_back({.name = "--take-profit",
                       .value_name = "PRICE",
                       .doc = "Target of a bracket",
                       .kind = Kind::text});
    options.push_back({.name = "--tif",
                       .value_name = "TIME",
                       .doc = "How long it may work; DAY unless given",
                       .kind = Kind::choice,
                       .choices = {"DAY", "GTC", "GTD", "IOC", "FOK"}});
    options.push_back({.name = "--tag",
                       .value_name = "TEXT",
                       .doc = "Your own mark, up to 64 bytes",
                       .kind = Kind::text});
    options.push_back({.name = "--key",
                       .value_name = "KEY",
                       .doc = "Idempotency key; with the same one nothing is taken twice",
                       .kind = Kind::text});
    options.push_back({.name = "--dry-run", .doc = "Only ask the guardian; nothing is taken"});
    options.push_back({.name = "--no-wait", .doc = "Do not wait for what becomes of it"});
    return with_url(std::move(options));
}

Argument intent_argument(Suggest suggest) {
    return {.name = "ID", .doc = "The intent's number", .suggest = suggest};
}

Option no_wait() {
    return {.name = "--no-wait", .doc = "Do not wait for what becomes of it"};
}

void add_submit(Table& table) {
    table.add(Command{
        .path = "intents submit",
        .summary = "Ask to trade, once",
        .description =
            "Sends an order intent to the running instance and waits until its orders are made: "
            "planned, sent, or refused, then with exit code 6. The intent is durable once it has a "
            "number. Without --key every call is a wish of its own; with one it can be repeated "
            "safely. --dry-run asks the guardian about the order, without its bracket, and takes "
            "nothing.",
        .arguments = order_arguments(),
        .options = submit_options(),
        .examples = {{"millrace intents submit buy AAPL 10 --limit 180", "A limit order"},
                     {"millrace intents submit sell MSFT 5 --type MKT --dry-run",
                      "Would the guardian let it pass?"},
                     {"millrace intents submit buy AAPL 10 --limit 180 --stop-loss 175 "
                      "--take-profit 190 --key monday-1",
                      "A bracket, safe to repeat"}},
        .run = submit});
}

}  // namespace

void add_intents_commands(Table& table) {
    table.add(Group{.name = "intents",
                    .section = "Trade",
                    .summary = "Ask a running instance to trade, and see what became of it"});
    add_submit(table);
    table.add(Command{
        .path = "intents ls",
        .summary = "List intents, the newest first",
        .description = "Lists what was asked of the running instance, and where each is in its "
                       "life: planned, ready, sent, filled, rejected, cancelled or in error.",
        .options = with_paging({{.name = "--status",
                                 .value_name = "WORD",
                                 .doc = "Only those in this state",
                                 .kind = Kind::choice,
                                 .choices = {"pending", "planning", "planned", "ready", "sending",
                                             "sent", "error", "filled", "rejected", "cancelled"}},
                                {.name = "--symbol",
                                 .value_name = "SYMBOL",
                                 .doc = "Only those in it",
                                 .kind = Kind::text,
                                 .suggest = remote_symbols}}),
        .examples = {{"millrace intents ls --status planned", "What waits for a promotion"}},
        .run = list,
        .streams = true});
    table.add(Command{
        .path = "intents show",
        .summary = "Show an intent and all that came of it",
        .description = "Shows the intent, what the guardian had against its orders, the orders and "
                       "their deals.",
        .arguments = {intent_argument(recent_intents)},
        .options = with_url({}),
        .examples = {{"millrace intents show 17 --json", "For a script"}},
        .run = show});
    table.add(Command{.path = "intents promote",
                      .summary = "Send what was planned",
                      .description =
                          "Makes a planned intent ready: it is sent as soon as orders may be sent. "
                          "Waits for what becomes of it, as `intents submit` does.",
                      .arguments = {intent_argument(planned_intents)},
                      .options = with_url({no_wait()}),
                      .examples = {{"millrace intents promote 17", "It looks good"}},
                      .run = promote});
    table.add(Command{
        .path = "intents cancel",
        .summary = "Take an intent back",
        .description = "Cancels what is not sent, and asks the venue to cancel what works there. "
                       "What was dealt stays dealt.",
        .arguments = {intent_argument(recent_intents)},
        .options = with_url({}),
        .examples = {{"millrace intents cancel 17", "Changed my mind"}},
        .run = cancel});
    add_intents_send_command(table);
}

}  // namespace millrace::cli
