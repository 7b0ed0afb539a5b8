// `millrace risk` and `millrace kill-switch`: the guardian of a running instance.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <ostream>
#include <thread>

#include "millrace/cli/commands.hpp"
#include "millrace/cli/order_words.hpp"
#include "millrace/cli/remote_names.hpp"
#include "millrace/core/risk/limit.hpp"

namespace millrace::cli {
namespace {

constexpr std::chrono::milliseconds kPause{50};
constexpr std::string_view kKillFile = "KILL_SWITCH";  // in the data directory of a server

std::vector<std::string> limit_names() {
    std::vector<std::string> names;
    for (const risk::LimitDescription& limit : risk::limits())
        names.emplace_back(limit.name);
    return names;
}

// "symbol:AAPL" as the path has it; "global" has no key of its own.
std::string limits_path(const std::string& scope) {
    const std::size_t colon = std::min(scope.find(':'), scope.size());
    const std::string key = colon == scope.size() ? "-" : scope.substr(colon + 1);
    return "/api/v1/limits/" + net::percent_encoded(scope.substr(0, colon)) + "/" +
           net::percent_encoded(key);
}

int limits(Invocation& invocation) {
    const std::string path =
        invocation.given("SCOPE") ? limits_path(invocation.text("SCOPE")) : "/api/v1/limits";
    const auto reply = ask_remote(invocation, {.path = path});
    if (!reply) return invocation.fail(reply.error());
    return print_listing(
        invocation, *reply,
        {.name = "limits",
         .nothing = "no limits are set here; set one: millrace risk set global max-order-qty 500",
         .columns = {{"scope", {"scope"}},
                     {"key", {"key"}},
                     {"limit", {"limit"}},
                     {"value", {"value", true}},
                     {"version", {"version", true}},
                     {"changed_by", {"by"}},
                     {"since", {"since"}}}});
}

int set_limit(Invocation& invocation) {
    JsonWriter body;
    body.begin_object().member("limit", invocation.text("LIMIT"));
    body.member("value", invocation.text("VALUE"));
    const auto reply = ask_remote(invocation, {.method = net::Method::put,
                                               .path = limits_path(invocation.text("SCOPE")),
                                               .body = body.end_object().str()});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "limit", *reply);
    else
        print_members(invocation, reply->body,
                      {"scope", "key", "limit", "value", "version", "changed_by", "since"});
    return 0;
}

int events(Invocation& invocation) {
    const auto reply = ask_remote(
        invocation,
        list_ask(invocation, "/api/v1/alerts", {"--limit", "--before", "--severity", "--status"}));
    if (!reply) return invocation.fail(reply.error());
    return print_listing(invocation, *reply,
                         {.name = "events",
                          .nothing = "nothing was raised; the limits: millrace risk limits",
                          .columns = {{"alertId", {"id", true}},
                                      {"ts", {"at"}},
                                      {"severity", {"severity"}},
                                      {"code", {"code"}},
                                      {"scope", {"scope"}},
                                      {"value", {"value", true}},
                                      {"limit", {"limit", true}},
                                      {"status", {"status"}},
                                      {"message", {"message", false, 80}}}});
}

void print_switch(Invocation& invocation, const runs::JsonValue& kill_switch) {
    const bool is_engaged = kill_switch["engaged"].text() == "true";
    const std::string scope = kill_switch["scope"].text();
    if (!is_engaged) {
        invocation.out() << fmt::format("{} is released\n", scope);
        return;
    }
    const std::string working =
        kill_switch["proven"].text() == "true"
            ? "nothing works any more"
            : fmt::format("{} orders still work", kill_switch["working"].text());
    invocation.out() << fmt::format("{} is {} by {} since {}: {}; {}\n", scope,
                                    invocation.paint().bad("engaged"), kill_switch["actor"].text(),
                                    kill_switch["since"].text(), kill_switch["reason"].text(),
                                    working);
}

Error with_the_other_way(Error error, const config::Config& config) {
    if (error.code == ErrorCode::network || error.code == ErrorCode::timeout ||
        error.code == ErrorCode::not_running)
        error.mend += (error.mend.empty() ? "" : "; ") + std::string("the file ") +
                      (config.path("data_dir") / kKillFile).string() + " engages it, too";
    return error;
}

const runs::JsonValue& switch_of(const runs::JsonValue& all, const std::string& scope) {
    static const runs::JsonValue kNone;
    for (const auto& one : all["switches"].items())
        if (one["scope"].text() == scope) return one;
    return kNone;
}

// Until nothing of the scope works any more: an engaged switch is a promise only then.
int prove(Invocation& invocation, remote::Remote& remote, const std::string& scope) {
    const Duration patience = invocation.configuration()->duration("client.timeout");
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(patience.ns());
    for (;;) {
        const auto reply = remote.ask({.path = "/api/v1/kill-switch"});
        if (!reply) return invocation.fail(reply.error());
        const runs::JsonValue& found = switch_of(reply->body, scope);
        const bool is_proven = found["proven"].text() == "true";
        if (is_proven || std::chrono::steady_clock::now() >= end) {
            if (invocation.json())
                print_reply(invocation, "kill_switch", *reply);
            else
                print_switch(invocation, found);
            if (is_proven) return 0;
            invocation.say("it is engaged, but orders still work: look at millrace orders ls");
            return exit_code_of(ErrorCode::timeout);
        }
        std::this_thread::sleep_for(kPause);
    }
}

int engage(Invocation& invocation) {
    auto remote = remote_of(invocation);
    if (!remote) {
        const auto& config = invocation.configuration();
        return invocation.fail(config ? with_the_other_way(remote.error(), *config)
                                      : remote.error());
    }
    const std::string scope = invocation.text("SCOPE");
    JsonWriter body;
    body.begin_object().member("action", "engage").member("scope", scope);
    body.member("reason", invocation.text("--reason"));
    body.member("flatten", invocation.flag("--flatten")).end_object();
    const auto reply = remote->ask(
        {.method = net::Method::post, .path = "/api/v1/kill-switch", .body = body.str()});
    if (!reply)
        return invocation.fail(with_the_other_way(reply.error(), *invocation.configuration()));
    return prove(invocation, *remote, scope);
}

// The server engages the switch for as long as the file is there.
Result<void> check_no_file(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return failure(Error(config.error().front()));
    const std::filesystem::path path = config->path("data_dir") / kKillFile;
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) return {};
    return failure(ErrorCode::data, "a file engages the switch", path.string(),
                   "the server would engage it again at once", "rm " + path.string());
}

int release(Invocation& invocation) {
    if (auto checked = check_no_file(invocation); !checked) return invocation.fail(checked.error());
    JsonWriter body;
    body.begin_object().member("action", "release").member("scope", invocation.text("SCOPE"));
    body.member("reason", invocation.text("--reason")).end_object();
    const auto reply = ask_remote(
        invocation,
        {.method = net::Method::post, .path = "/api/v1/kill-switch", .body = body.str()});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json())
        print_reply(invocation, "kill_switch", *reply);
    else
        print_switch(invocation, reply->body);
    return 0;
}

int status(Invocation& invocation) {
    const auto reply = ask_remote(invocation, {.path = "/api/v1/kill-switch"});
    if (!reply) return invocation.fail(reply.error());
    if (invocation.json()) {
        print_reply(invocation, "kill_switch", *reply);
        return 0;
    }
    bool is_any = false;
    for (const auto& one : reply->body["switches"].items()) {
        if (one["engaged"].text() != "true") continue;
        print_switch(invocation, one);
        is_any = true;
    }
    if (!is_any) invocation.out() << "no kill switch is engaged\n";
    return 0;
}

Argument scope_argument(std::string doc, bool is_required) {
    return {.name = "SCOPE",
            .doc = std::move(doc),
            .default_text = is_required ? "" : "global",
            .required = is_required,
            .suggest = guardian_scopes};
}

constexpr const char* kScopeDoc = "global, account:NAME, strategy:NAME or symbol:NAME";

void add_kill_switch_commands(Table& table) {
    table.add(Group{.name = "kill-switch",
                    .section = "Trade",
                    .summary = "Stop all trading of a running instance, and let it go on"});
    table.add(Command{
        .path = "kill-switch engage",
        .summary = "Refuse every new order and cancel what works",
        .description =
            "Engages the switch, and ends when nothing of its scope works at the venue any more; "
            "with exit code 7 when that takes longer than client.timeout. It outlives restarts. "
            "Engaging it again asks for the cancels again.",
        .arguments = {scope_argument(kScopeDoc, false)},
        .options = with_url({{.name = "--reason",
                              .value_name = "TEXT",
                              .doc = "Why; it stands in the audit trail",
                              .kind = Kind::text,
                              .default_text = "by the command line"},
                             {.name = "--flatten", .doc = "Close the positions, too"}}),
        .examples = {{"millrace kill-switch engage --reason \"prices look wrong\"",
                      "Everything stops"},
                     {"millrace kill-switch engage strategy:meanrev --flatten",
                      "One strategy, and out of its positions"}},
        .run = engage});
    table.add(Command{
        .path = "kill-switch release",
        .summary = "Let orders pass again",
        .description = "Releases the switch. It needs a token of the scope admin and a reason.",
        .arguments = {scope_argument(kScopeDoc, false)},
        .options = with_url({{.name = "--reason",
                              .value_name = "TEXT",
                              .doc = "Why; it stands in the audit trail",
                              .kind = Kind::text,
                              .required = true}}),
        .examples = {{"millrace kill-switch release --reason \"feed mended\"", "Go on"}},
        .run = release});
    table.add(Command{.path = "kill-switch status",
                      .summary = "Tell which kill switches are engaged",
                      .description = "Tells scope, actor, time and reason of each that is engaged, "
                                     "and how many of its orders still work.",
                      .options = with_url({}),
                      .examples = {{"millrace kill-switch status --json", "For a monitor"}},
                      .run = status});
}

}  // namespace

void add_risk_commands(Table& table) {
    table.add(Group{.name = "risk",
                    .section = "Trade",
                    .summary = "Ask and set the guardian of a running instance"});
    table.add(Command{.path = "risk limits",
                      .summary = "List the limits that were set",
                      .description = "Lists all limits that were ever set, or those of one scope, "
                                     "each with its version and who set it.",
                      .arguments = {[] {
                          Argument argument = scope_argument(kScopeDoc, true);
                          argument.required = false;
                          return argument;
                      }()},
                      .options = with_url({}),
                      .examples = {{"millrace risk limits symbol:AAPL", "Those of one symbol"}},
                      .run = limits,
                      .streams = true});
    table.add(Command{
        .path = "risk set",
        .summary = "Set a limit, or take it away",
        .description = "Sets one limit in one scope; of several scopes the tightest wins. The "
                       "value `none` takes it away. It needs a token of the scope admin.",
        .arguments = {scope_argument(kScopeDoc, true),
                      {.name = "LIMIT", .doc = "Which limit", .suggest = limit_names},
                      {.name = "VALUE", .doc = "Its new value: 500, 0.05, 5s, true, none"}},
        .options = with_url({}),
        .examples = {{"millrace risk set global max-order-qty 500", "No order above 500"},
                     {"millrace risk set symbol:TSLA allow-short false", "One symbol"}},
        .run = set_limit});
    table.add(Command{
        .path = "risk check",
        .summary = "Ask whether the guardian would let an order pass",
        .description = "Asks, prints the verdict with all reasons, and gives back at once what was "
                       "reserved. Exit code 6 where it would be refused.",
        .arguments = order_arguments(),
        .options = with_url(order_options()),
        .examples = {{"millrace risk check buy AAPL 20000 --limit 180", "Too many?"}},
        .run = check_order});
    table.add(Command{
        .path = "risk events",
        .summary = "List what the guardian raised, the newest first",
        .description = "Lists warnings at 80 % of a limit, breaches, refusals to act, changes of "
                       "limits and switches.",
        .options = with_paging({{.name = "--severity",
                                 .value_name = "WORD",
                                 .doc = "Only of this severity",
                                 .kind = Kind::choice,
                                 .choices = {"INFO", "WARN", "CRITICAL"}},
                                {.name = "--status",
                                 .value_name = "WORD",
                                 .doc = "Only open ones, or those that somebody has seen",
                                 .kind = Kind::choice,
                                 .choices = {"open", "acked"}}}),
        .examples = {{"millrace risk events --severity CRITICAL", "What hurts"}},
        .run = events,
        .streams = true});
    add_kill_switch_commands(table);
}

}  // namespace millrace::cli
