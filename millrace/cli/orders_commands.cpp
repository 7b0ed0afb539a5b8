// `millrace orders` and `millrace positions`: what works at the venue, and what one has.
#include <fmt/format.h>
#include <ostream>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/remote_call.hpp"
#include "millrace/cli/remote_names.hpp"

namespace millrace::cli {
namespace {

int list(Invocation& invocation) {
    const auto reply = ask_remote(invocation, list_ask(invocation, "/api/v1/orders",
                                                       {"--limit", "--before", "--status",
                                                        "--symbol", "--account", "--strategy"}));
    if (!reply) return invocation.fail(reply.error());
    return print_listing(invocation, *reply,
                         {.name = "orders",
                          .nothing = "no orders; see what was asked for: millrace intents ls",
                          .columns = {{"id", {"id", true}},
                                      {"intent_id", {"intent", true}},
                                      {"created_at", {"created"}},
                                      {"symbol", {"symbol"}},
                                      {"side", {"side"}},
                                      {"quantity", {"quantity", true}},
                                      {"order_type", {"type"}},
                                      {"price", {"price", true}},
                                      {"status", {"status"}},
                                      {"reason", {"reason"}},
                                      {"filled_quantity", {"filled", true}},
                                      {"average_price", {"average", true}}}});
}

int show(Invocation& invocation) {
    const auto reply = ask_remote(
        invocation, {.path = "/api/v1/orders/" + net::percent_encoded(invocation.text("ID"))});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json()) {
        print_reply(invocation, "order", *reply);
        return 0;
    }
    print_members(
        invocation, reply->body,
        {"id", "client_order_id", "intent_id", "status", "reason", "symbol", "side", "quantity",
         "order_type", "price", "stop_price", "time_in_force", "filled_quantity", "average_price",
         "account", "strategy", "created_at", "updated_at"});
    TextTable fills({{"deal"}, {"quantity", true}, {"price", true}, {"fee", true}, {"at"}});
    for (const auto& fill : reply->body["fills"].items())
        fills.add({fill["id"].text(), fill["quantity"].text(), fill["price"].text(),
                   fill["fee"].text(), fill["ts"].text()});
    if (fills.empty()) return 0;
    invocation.out() << "\ndeals\n";
    fills.print(invocation.out());
    return 0;
}

int cancel(Invocation& invocation) {
    const std::string id = net::percent_encoded(invocation.text("ID"));
    const auto reply = ask_remote(
        invocation, {.method = net::Method::post, .path = "/api/v1/orders/" + id + "/cancel"});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "order", *reply);
    else
        print_members(invocation, reply->body, {"id", "status", "symbol"});
    return 0;
}

int cancel_all(Invocation& invocation) {
    auto ask =
        list_ask(invocation, "/api/v1/orders/cancel-all", {"--account", "--strategy", "--symbol"});
    ask.method = net::Method::post;
    const auto reply = ask_remote(invocation, ask);
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "cancelled", *reply);
    else
        invocation.out() << fmt::format("asked the venue to cancel {} orders\n",
                                        reply->body["orders"].text());
    return 0;
}

bool is_open(const runs::JsonValue& position) {
    return position["quantity"].text() != "0";
}

int positions(Invocation& invocation) {
    const auto reply = ask_remote(
        invocation, list_ask(invocation, "/api/v1/positions",
                             {"--limit", "--before", "--account", "--strategy", "--symbol"}));
    if (!reply) return invocation.fail(reply.error());
    return print_listing(invocation, *reply,
                         {.name = "positions",
                          .nothing = "no open positions; those that are flat: --all",
                          .columns = {{"account", {"account"}},
                                      {"symbol", {"symbol"}},
                                      {"strategy", {"strategy"}},
                                      {"quantity", {"quantity", true}},
                                      {"average_price", {"average", true}},
                                      {"currency", {"currency"}},
                                      {"realized_pnl", {"realized", true}},
                                      {"unrealized_pnl", {"unrealized", true}},
                                      {"fees", {"fees", true}}},
                          .is_shown = invocation.flag("--all") ? nullptr : is_open});
}

std::vector<Option> scope_options() {
    return {{.name = "--account",
             .value_name = "NAME",
             .doc = "Only those of this account",
             .kind = Kind::text,
             .suggest = remote_accounts},
            {.name = "--strategy",
             .value_name = "NAME",
             .doc = "Only those of this strategy",
             .kind = Kind::text},
            {.name = "--symbol",
             .value_name = "SYMBOL",
             .doc = "Only those in it",
             .kind = Kind::text,
             .suggest = remote_symbols}};
}

std::vector<Option> with_scope(Option own) {
    std::vector<Option> options = {std::move(own)};
    for (Option& option : scope_options())
        options.push_back(std::move(option));
    return with_paging(std::move(options));
}

Argument order_argument() {
    return {.name = "ID", .doc = "The order's number", .suggest = recent_orders};
}

}  // namespace

void add_orders_commands(Table& table) {
    table.add(Group{.name = "orders",
                    .section = "Trade",
                    .summary = "See and cancel the orders of a running instance"});
    table.add(Command{
        .path = "orders ls",
        .summary = "List orders, the newest first",
        .description = "Lists the orders that were made of intents, and what the venue says.",
        .options =
            with_scope({.name = "--status",
                        .value_name = "WORD",
                        .doc = "Only those in this state",
                        .kind = Kind::choice,
                        .choices = {"pending", "submitted", "accepted", "triggered",
                                    "partially_filled", "cancel_requested", "replace_requested",
                                    "filled", "cancelled", "rejected", "expired"}}),
        .examples = {{"millrace orders ls --status accepted", "What works at the venue"}},
        .run = list,
        .streams = true});
    table.add(Command{.path = "orders show",
                      .summary = "Show an order and its deals",
                      .description = "Shows one order, where it is in its life, and its deals.",
                      .arguments = {order_argument()},
                      .options = with_url({}),
                      .examples = {{"millrace orders show 1125899906842692", "By its number"}},
                      .run = show});
    table.add(Command{.path = "orders cancel",
                      .summary = "Ask the venue to cancel an order",
                      .description = "Asks; it is cancelled when the venue says so.",
                      .arguments = {order_argument()},
                      .options = with_url({}),
                      .examples = {{"millrace orders cancel 1125899906842692", "By its number"}},
                      .run = cancel});
    table.add(Command{
        .path = "orders cancel-all",
        .summary = "Ask the venue to cancel all orders",
        .description = "Asks for all that work, or those of one account, strategy or symbol. New "
                       "orders may still come: to stop them, too, engage the kill switch.",
        .options = with_url(scope_options()),
        .examples = {{"millrace orders cancel-all --symbol AAPL", "Out of one market"}},
        .run = cancel_all});
    table.add(Command{
        .path = "positions",
        .section = "Trade",
        .summary = "List the positions of a running instance",
        .description = "Lists what each account and strategy has, as it is rebuilt from the deals.",
        .options = with_scope({.name = "--all", .doc = "Flat ones, too"}),
        .examples = {{"millrace positions --json", "For a script"}},
        .run = positions,
        .streams = true});
}

}  // namespace millrace::cli
