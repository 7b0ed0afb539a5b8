// The words go to the server as they are: it knows ticks, lots and symbols.
#include "millrace/cli/order_words.hpp"

#include <fmt/format.h>
#include <ostream>

#include "millrace/app/remote/intent_key.hpp"
#include "millrace/cli/remote_names.hpp"

namespace millrace::cli {
namespace {

std::string check_body(const Invocation& invocation) {
    JsonWriter body;
    body.begin_object().member("orderId", remote::fresh_key());
    body.member("symbol", in_capitals(invocation.text("SYMBOL")));
    body.member("side", in_capitals(invocation.text("SIDE")));
    body.member("qty", invocation.text("QUANTITY")).member("type", order_type(invocation));
    for (const auto& [option, member] : {std::pair{"--limit", "limitPrice"},
                                         {"--stop", "stopPrice"},
                                         {"--account", "account"},
                                         {"--strategy", "strategyId"},
                                         {"--expires", "expiresAt"}})
        if (invocation.given(option)) body.member(member, invocation.text(option));
    if (invocation.flag("--reduce-only")) body.member("reduceOnly", true);
    return body.end_object().str();
}

void print_verdict(Invocation& invocation, const remote::Reply& reply) {
    if (invocation.json()) return print_reply(invocation, "check", reply);
    const std::string decision = reply.body["decision"].text();
    const Paint& paint = invocation.paint();
    invocation.out() << (decision == "ACCEPT" ? paint.good(decision) : paint.bad(decision)) << '\n';
    TextTable table({{"code"}, {"scope"}, {"limit", true}, {"value", true}});
    for (const auto& reason : reply.body["reasons"].items())
        table.add({reason["code"].text(), reason["scope"].text(), reason["limit"].text(),
                   reason["value"].text()});
    if (!table.empty()) table.print(invocation.out());
}

}  // namespace

std::vector<Argument> order_arguments() {
    return {{.name = "SIDE",
             .doc = "Which way",
             .kind = Kind::choice,
             .choices = {"buy", "sell", "BUY", "SELL"}},
            {.name = "SYMBOL", .doc = "What", .suggest = remote_symbols},
            {.name = "QUANTITY", .doc = "How much"}};
}

std::vector<Option> order_options() {
    return {{.name = "--type",
             .value_name = "TYPE",
             .doc = "LMT with --limit, STP with --stop, STP_LMT with both; MKT must be said",
             .kind = Kind::choice,
             .choices = {"LMT", "MKT", "STP", "STP_LMT"}},
            {.name = "--limit",
             .value_name = "PRICE",
             .doc = "Worst acceptable price",
             .kind = Kind::text},
            {.name = "--stop",
             .value_name = "PRICE",
             .doc = "Price that triggers it",
             .kind = Kind::text},
            {.name = "--account",
             .value_name = "NAME",
             .doc = "The server's first one unless given",
             .kind = Kind::text,
             .suggest = remote_accounts},
            {.name = "--strategy",
             .value_name = "NAME",
             .doc = "Whose order it is",
             .kind = Kind::text},
            {.name = "--expires",
             .value_name = "TIME",
             .doc = "When it lapses, with a zone",
             .kind = Kind::text},
            {.name = "--reduce-only", .doc = "It may only shrink a position"}};
}

std::string in_capitals(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string order_type(const Invocation& invocation) {
    if (invocation.given("--type")) return invocation.text("--type");
    if (!invocation.given("--stop")) return "LMT";
    return invocation.given("--limit") ? "STP_LMT" : "STP";
}

int check_order(Invocation& invocation) {
    auto remote = remote_of(invocation);
    if (!remote) return invocation.fail(remote.error());
    const auto reply = remote->ask(
        {.method = net::Method::post, .path = "/api/v1/check", .body = check_body(invocation)});
    if (!reply) return invocation.fail(reply.error());
    if (const std::string reserved = reply->body["reservationId"].text(); !reserved.empty()) {
        const auto released = remote->ask(
            {.method = net::Method::post, .path = "/api/v1/reservations/" + reserved + "/release"},
            {404});
        if (!released) return invocation.fail(released.error());
    }
    print_verdict(invocation, *reply);
    return reply->body["decision"].text() == "ACCEPT" ? 0 : exit_code_of(ErrorCode::rejected);
}

}  // namespace millrace::cli
