// Requests out, answers in, and the translation of problems.
#include "millrace/app/remote/remote.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/edge/net/driver/stream.hpp"

namespace millrace::remote {
namespace {

constexpr std::string_view kProblemType = "urn:millrace:problem:";
constexpr std::size_t kShownBytes = 200;  // of an answer that cannot be understood

std::string target_of(const Instance& instance, const Ask& ask) {
    std::string target = instance.url.target + ask.path;
    char separator = '?';
    for (const auto& [name, value] : ask.query) {
        target += separator + net::percent_encoded(name) + "=" + net::percent_encoded(value);
        separator = '&';
    }
    return target;
}

Error told(Error error, const Instance& instance) {
    if (instance.is_local && net::is_no_connection(error))
        return {ErrorCode::not_running, "nothing runs at " + instance.address(), instance.found_by,
                error.why,
                "start it: " + std::string(kStartCommand) + "; or name another by --url"};
    if (error.where.empty()) error.where = instance.address();
    return error;
}

// What the status alone says, when the server's words are no problem of ours.
ErrorCode code_of(int status, const Ask& ask) {
    switch (status) {
        case 400:
        case 404: return ErrorCode::usage;
        case 401:
        case 403:
        case 421: return ErrorCode::config;
        case 408:
        case 504: return ErrorCode::timeout;
        case 409: return ErrorCode::data;
        case 413:
        case 422: return ask.is_from_file ? ErrorCode::data : ErrorCode::usage;
        default: return ErrorCode::network;
    }
}

std::string mend_of(int status, const Instance& instance) {
    switch (status) {
        case 401:
            return instance.token.empty()
                       ? "set MILLRACE_TOKEN, or run this with the server's data directory"
                       : "the token of " + instance.token_from +
                             " is not taken; set MILLRACE_TOKEN to one of `millrace token create`";
        case 403: return "use a token with that right: millrace token create NAME --scope admin";
        case 429: return "wait a moment, then ask again";
        case 500: return "look into the log of the server";
        default: return {};
    }
}

Error not_ours(int status, std::string_view text, const Instance& instance) {
    return {ErrorCode::network,
            fmt::format("the answer (status {}) is not one of Millrace's", status),
            instance.address(), std::string(text.substr(0, kShownBytes)),
            "check the address: " + instance.found_by + " names it"};
}

}  // namespace

Result<Remote> Remote::open(Instance instance, const RemoteOptions& options) {
    net::ClientOptions client;
    client.connect_time = std::min(client.connect_time, options.timeout);
    client.read_time = options.timeout;
    client.overall_time = options.timeout;
    client.trust.authorities = options.authorities;
    client.retry.attempts = options.attempts;
    client.retry.first_wait = Duration::milliseconds(100);
    if (!instance.is_local) {
        auto proxies = net::ProxyRules::from_environment(options.environment);
        if (!proxies) return failure(std::move(proxies.error()));
        client.proxies = std::move(*proxies);
    }
    auto made = net::HttpClient::make(client);
    if (!made) return failure(std::move(made.error()));
    return Remote(std::move(instance), std::move(*made));
}

Result<Reply> Remote::ask(const Ask& ask, std::initializer_list<int> also) {
    net::ClientRequest request;
    request.method = ask.method;
    request.url = instance_.url;
    request.url.target = target_of(instance_, ask);
    request.headers.add("Accept", "application/json");
    if (!instance_.token.empty())
        request.headers.add("Authorization", "Bearer " + std::string(instance_.token.reveal()));
    if (!ask.idempotency_key.empty()) request.headers.add("Idempotency-Key", ask.idempotency_key);
    if (!ask.body.empty()) request.content_type = "application/json";
    request.body = ask.body;
    auto answer = client_->fetch(std::move(request));
    if (!answer) return failure(told(std::move(answer.error()), instance_));

    Reply reply;
    reply.status = answer->response.status;
    reply.text = std::move(answer->response.body);
    auto body = runs::JsonValue::parse(reply.text, instance_.address());
    if (!body) return failure(not_ours(reply.status, reply.text, instance_));
    reply.body = std::move(*body);
    const bool is_wanted = (reply.status >= 200 && reply.status < 300) ||
                           std::ranges::find(also, reply.status) != also.end();
    if (is_wanted) return reply;
    return failure(error_of(reply, ask, instance_));
}

Error error_of(const Reply& reply, const Ask& ask, const Instance& instance) {
    const std::string type = reply.body["type"].text();
    if (!type.starts_with(kProblemType)) return not_ours(reply.status, reply.text, instance);
    const std::string kind = type.substr(kProblemType.size());
    Error error;
    error.code = kind == "rejected" ? ErrorCode::rejected : code_of(reply.status, ask);
    error.what = reply.body["detail"].text();
    if (error.what.empty()) error.what = reply.body["title"].text();
    error.where = reply.body["path"].text();
    if (error.where.empty()) error.where = instance.address();
    error.why = fmt::format("the server says {} {}", reply.status, kind);
    if (const std::string id = reply.body["request_id"].text(); !id.empty())
        error.why += " (request " + id + ")";
    error.mend = reply.body["mend"].text();
    if (error.mend.empty()) error.mend = mend_of(reply.status, instance);
    return error;
}

std::vector<std::string_view> elements_of(std::string_view json) {
    std::vector<std::string_view> elements;
    std::size_t begin = json.find('[');
    if (begin == std::string_view::npos) return elements;
    ++begin;
    int depth = 0;
    bool in_text = false;
    const auto take = [&](std::size_t end) {
        std::string_view element = json.substr(begin, end - begin);
        while (!element.empty() && element.front() <= ' ')
            element.remove_prefix(1);
        while (!element.empty() && element.back() <= ' ')
            element.remove_suffix(1);
        if (!element.empty()) elements.push_back(element);
        begin = end + 1;
    };
    for (std::size_t at = begin; at < json.size(); ++at) {
        const char c = json[at];
        if (in_text) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == ']' && depth == 0) {
            take(at);
            break;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (c == ',' && depth == 0) {
            take(at);
        }
    }
    return elements;
}

}  // namespace millrace::remote
