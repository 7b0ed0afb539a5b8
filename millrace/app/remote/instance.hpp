// Instance: the running Millrace that commands talk to: where it is, who said so, and the token
// that is shown to it. A token never comes from an argument, and the one of the data directory goes
// to no other machine.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "millrace/base/config.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/edge/net/url.hpp"

namespace millrace::remote {

// What a server writes into the data directory while it runs.
inline constexpr std::string_view kRunFile = "run.json";
// Starts what is not running.
inline constexpr std::string_view kStartCommand = "millrace serve orders";

struct Instance {
    net::Url url;          // its target is what stands before every path, without a last slash
    std::string found_by;  // "--url", "environment MILLRACE_URL", "millrace-data/run.json"
    Secret token;          // empty: none is shown
    std::string token_from;
    bool is_local = false;  // on this machine

    // "http://127.0.0.1:8080"
    [[nodiscard]] std::string address() const;
};

// `url` is what --url says, or empty. Then come client.url, and run.json in the data directory;
// without any of them nothing runs.
[[nodiscard]] Result<Instance> find_instance(const config::Config& config, std::string_view url);

}  // namespace millrace::remote
