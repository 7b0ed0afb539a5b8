// Remote: asks a running instance over HTTP. Every wait has an end; what a server refuses becomes
// an Error of ours with the code that decides how the command ends; and an answer that is not
// Millrace's is never taken for one.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/app/remote/instance.hpp"
#include "millrace/app/runs/json_value.hpp"
#include "millrace/base/time.hpp"
#include "millrace/edge/net/client/http_client.hpp"

namespace millrace::remote {

struct RemoteOptions {
    Duration timeout = Duration::seconds(10);             // of a request with all its attempts
    std::map<std::string, std::string> environment = {};  // for proxies; none for this machine
    int attempts = 3;
    std::optional<std::filesystem::path> authorities = {};  // PEM; else those of the system
};

struct Ask {
    net::Method method = net::Method::get;
    std::string path = {};  // "/api/v1/orders/17", without what comes from a user unencoded
    std::vector<net::QueryParameter> query = {};
    std::string body = {};             // JSON
    std::string idempotency_key = {};  // makes it repeatable
    bool is_from_file = false;  // what is wrong with the body stands in a file, not on the line
};

struct Reply {
    int status = 200;
    std::string text;      // the JSON as it came
    runs::JsonValue body;  // the same, for looking things up
};

class Remote {
  public:
    [[nodiscard]] static Result<Remote> open(Instance instance, const RemoteOptions& options);

    // An answer of the class 2xx, or one of the statuses in `also`; all others are errors.
    [[nodiscard]] Result<Reply> ask(const Ask& ask, std::initializer_list<int> also = {});

    [[nodiscard]] const Instance& instance() const { return instance_; }

  private:
    Remote(Instance instance, std::unique_ptr<net::HttpClient> client)
        : instance_(std::move(instance)), client_(std::move(client)) {}

    Instance instance_;
    std::unique_ptr<net::HttpClient> client_;
};

// The error that a problem of the server is. Usage where the command line was wrong, data where a
// file or a state was, config for tokens, rejected for the guardian, network and timeout for the
// rest.
[[nodiscard]] Error error_of(const Reply& reply, const Ask& ask, const Instance& instance);

// The elements of a JSON array, each as it stands in the text. `json` has been parsed before.
[[nodiscard]] std::vector<std::string_view> elements_of(std::string_view json);

}  // namespace millrace::remote
