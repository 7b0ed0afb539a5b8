// Problems as JSON.
#include "millrace/edge/net/problem.hpp"

#include "millrace/base/json_writer.hpp"

namespace millrace::net {
namespace {

struct Kind {
    int status;
    std::string_view code;
};

Kind kind_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::internal: return {500, "internal"};
        case ErrorCode::usage: return {400, "usage"};
        case ErrorCode::config: return {500, "config"};
        case ErrorCode::data: return {422, "invalid"};
        case ErrorCode::network: return {502, "upstream"};
        case ErrorCode::rejected: return {403, "rejected"};
        case ErrorCode::timeout: return {504, "timeout"};
        case ErrorCode::not_running: return {503, "not-running"};
        case ErrorCode::interrupted: return {503, "interrupted"};
    }
    return {500, "internal"};
}

}  // namespace

Problem problem_of(const Error& error) {
    const Kind kind = kind_of(error.code);
    return problem_of(error, kind.status, std::string(kind.code));
}

Problem problem_of(const Error& error, int status, std::string code) {
    Problem problem;
    problem.status = status;
    problem.code = std::move(code);
    problem.title = std::string(reason_of(status));
    problem.detail = error.why.empty() ? error.what : error.what + ": " + error.why;
    problem.path = error.where;
    problem.mend = error.mend;
    return problem;
}

Response to_response(const Problem& problem, std::string_view request_id) {
    JsonWriter writer;
    writer.begin_object();
    writer.member("type", "urn:millrace:problem:" + problem.code);
    writer.member("title",
                  problem.title.empty() ? std::string(reason_of(problem.status)) : problem.title);
    writer.member("status", problem.status);
    if (!problem.detail.empty()) writer.member("detail", problem.detail);
    if (!problem.instance.empty()) writer.member("instance", problem.instance);
    if (!request_id.empty()) writer.member("request_id", request_id);
    if (!problem.path.empty()) writer.member("path", problem.path);
    if (!problem.mend.empty()) writer.member("mend", problem.mend);
    for (const auto& [name, json] : problem.members)
        writer.key(name).raw(json);
    writer.end_object();
    return {problem.status, "application/problem+json", problem.headers, writer.str()};
}

}  // namespace millrace::net
