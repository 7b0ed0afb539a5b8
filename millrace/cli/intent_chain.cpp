// Polling, because an intent is answered when it is durable, and its orders are made right after.
#include "millrace/cli/intent_chain.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <ostream>
#include <thread>

namespace millrace::cli {
namespace {

constexpr std::chrono::milliseconds kFirstPause{2};
constexpr std::chrono::milliseconds kLongestPause{100};

bool is_moving(const std::string& status) {
    return status == "pending" || status == "planning" || status == "sending";
}

void print_risk(Invocation& invocation, const runs::JsonValue& intent) {
    TextTable table(
        {{"order"}, {"decision"}, {"code"}, {"scope"}, {"limit", true}, {"value", true}});
    for (const auto& event : intent["risk"].items())
        table.add({event["order_id"].text(), event["decision"].text(), event["code"].text(),
                   event["scope"].text(), event["limit"].text(), event["value"].text()});
    if (table.empty()) return;
    invocation.out() << "\nthe guardian\n";
    table.print(invocation.out());
}

void print_orders(Invocation& invocation, const runs::JsonValue& intent) {
    TextTable orders({{"order"},
                      {"side"},
                      {"quantity", true},
                      {"type"},
                      {"price", true},
                      {"stop", true},
                      {"status"},
                      {"reason"},
                      {"filled", true},
                      {"average", true}});
    TextTable fills(
        {{"deal"}, {"order"}, {"quantity", true}, {"price", true}, {"fee", true}, {"at"}});
    for (const auto& order : intent["orders"].items()) {
        orders.add({order["id"].text(), order["side"].text(), order["quantity"].text(),
                    order["order_type"].text(), order["price"].text(), order["stop_price"].text(),
                    order["status"].text(), order["reason"].text(), order["filled_quantity"].text(),
                    order["average_price"].text()});
        for (const auto& fill : order["fills"].items())
            fills.add({fill["id"].text(), order["id"].text(), fill["quantity"].text(),
                       fill["price"].text(), fill["fee"].text(), fill["ts"].text()});
    }
    if (orders.empty()) return;
    invocation.out() << "\norders\n";
    orders.print(invocation.out());
    if (fills.empty()) return;
    invocation.out() << "\ndeals\n";
    fills.print(invocation.out());
}

}  // namespace

void print_chain(Invocation& invocation, const runs::JsonValue& intent) {
    print_members(
        invocation, intent,
        {"id", "status", "reason", "symbol", "side", "quantity", "order_type", "price",
         "stop_price", "stop_loss", "take_profit", "time_in_force", "expires_at", "account",
         "strategy", "client_tag", "idempotency_key", "created_at", "updated_at"});
    print_risk(invocation, intent);
    print_orders(invocation, intent);
}

Result<remote::Reply> settled_intent(Invocation& invocation, remote::Remote& remote,
                                     const std::string& id) {
    const Duration patience = invocation.configuration()->duration("client.timeout");
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(patience.ns());
    auto pause = kFirstPause;
    for (;;) {
        auto reply = remote.ask({.path = "/api/v1/orderintents/" + id});
        if (!reply || !is_moving(reply->body["status"].text())) return reply;
        if (std::chrono::steady_clock::now() >= end)
            return failure(ErrorCode::timeout,
                           fmt::format("intent {} is taken, but it is still {}", id,
                                       reply->body["status"].text()),
                           remote.instance().address(),
                           format_duration(patience) + " have passed (client.timeout)",
                           "look at it: millrace intents show " + id);
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, kLongestPause);
    }
}

int end_with(Invocation& invocation, const runs::JsonValue& intent) {
    const std::string status = intent["status"].text();
    const std::string reason = intent["reason"].text();
    if (status == "planned")
        invocation.say("planned, not sent; to send it: millrace intents promote " +
                       intent["id"].text());
    if (status == "ready") invocation.say("it waits until orders may be sent");
    if (status == "error") {
        invocation.say("no order can be made of it: " + reason);
        return exit_code_of(ErrorCode::data);
    }
    if (status != "rejected") return 0;
    const auto& risk = intent["risk"].items();
    if (risk.empty()) {
        invocation.say("the venue refused it: " + reason);
        return exit_code_of(ErrorCode::network);
    }
    for (const auto& event : risk)
        invocation.say(fmt::format("the guardian refused it: {} (limit {}, value {})",
                                   event["code"].text(), event["limit"].text(),
                                   event["value"].text()));
    return exit_code_of(ErrorCode::rejected);
}

}  // namespace millrace::cli
