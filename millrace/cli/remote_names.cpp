// One short request for each kind of name.
#include "millrace/cli/remote_names.hpp"

#include <cstdlib>

#include "millrace/app/remote/remote.hpp"
#include "millrace/app/settings.hpp"

namespace millrace::cli {
namespace {

constexpr Duration kPatience = Duration::milliseconds(500);  // of somebody who pressed Tab

remote::Reply asked(std::string path, std::vector<net::QueryParameter> query = {}) {
    config::Sources sources;
    for (const char* variable : {"MILLRACE_DATA_DIR", "MILLRACE_PROFILE", "MILLRACE_CONFIG",
                                 "MILLRACE_URL", "MILLRACE_TOKEN"})
        if (const char* value = std::getenv(variable)) sources.environment[variable] = value;
    const auto config = config::load(app::settings(), sources);
    if (!config) return {};
    auto instance = remote::find_instance(*config, "");
    if (!instance || !instance->is_local) return {};
    auto remote = remote::Remote::open(std::move(*instance), {.timeout = kPatience, .attempts = 1});
    if (!remote) return {};
    return remote->ask({.path = std::move(path), .query = std::move(query)})
        .value_or(remote::Reply());
}

std::vector<std::string> members(const runs::JsonValue& list, std::string_view member) {
    std::vector<std::string> names;
    for (const auto& item : list.items())
        names.push_back(item[member].text());
    return names;
}

}  // namespace

std::vector<std::string> remote_symbols() {
    return members(asked("/api/v1/status").body["symbols"], "symbol");
}

std::vector<std::string> remote_accounts() {
    return members(asked("/api/v1/accounts").body, "name");
}

std::vector<std::string> planned_intents() {
    return members(asked("/api/v1/intents", {{"status", "planned"}}).body, "id");
}

std::vector<std::string> recent_intents() {
    return members(asked("/api/v1/intents", {{"limit", "50"}}).body, "id");
}

std::vector<std::string> recent_orders() {
    return members(asked("/api/v1/orders", {{"limit", "50"}}).body, "id");
}

std::vector<std::string> guardian_scopes() {
    std::vector<std::string> scopes = {"global"};
    for (const std::string& account : remote_accounts())
        scopes.push_back("account:" + account);
    return scopes;
}

}  // namespace millrace::cli
