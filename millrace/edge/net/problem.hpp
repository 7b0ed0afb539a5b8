// Problem: how an error is told over HTTP (RFC 9457, application/problem+json): what happened, the
// JSON path of the field it concerns, and the mend, beside the id of the request.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/http_message.hpp"

namespace millrace::net {

struct Problem {
    int status = 500;
    std::string code;    // names the kind for ever: "unknown-field"; type is urn:millrace:problem:…
    std::string title;   // the same for every problem of the kind
    std::string detail;  // what happened this time, and why
    std::string path;    // "$.price"; empty when no field is meant
    std::string mend;    // what to do next
    std::string instance;  // the path of the request
    Headers headers;       // that the answer carries, such as Retry-After
    std::vector<std::pair<std::string, std::string>> members;  // more, each a name and its JSON
};

// The problem that an error of ours is: data 422, usage 400, rejected 403, timeout 504, network
// 502, not_running and interrupted 503, config and internal 500.
[[nodiscard]] Problem problem_of(const Error& error);
[[nodiscard]] Problem problem_of(const Error& error, int status, std::string code);

[[nodiscard]] Response to_response(const Problem& problem, std::string_view request_id);

}  // namespace millrace::net
