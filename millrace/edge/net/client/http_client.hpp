// HttpClient: asks HTTP servers, one thread for all its requests. Certificates are verified, every
// wait has an end, connections are kept for the next request, and what may be repeated is: see
// retry.hpp. A redirect is an answer like any other; nothing is followed.
#pragma once

#include <functional>
#include <memory>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/client_session.hpp"
#include "millrace/edge/net/driver/tls.hpp"
#include "millrace/edge/net/proxy.hpp"
#include "millrace/edge/net/retry.hpp"

namespace millrace::net {

struct ClientOptions {
    Duration connect_time = Duration::seconds(5);   // name, connection, tunnel and TLS
    Duration read_time = Duration::seconds(10);     // without a byte of the answer
    Duration overall_time = Duration::seconds(30);  // of all attempts together
    RetryRules retry;
    HttpLimits limits{.body_bytes = 64 * 1024 * 1024};
    TlsTrust trust;
    ProxyRules proxies;
    std::uint64_t seed = 0;             // of the waits between attempts
    std::size_t idle_connections = 8;   // that are kept
    std::size_t requests_max = 10'000;  // at once
};

struct ClientResponse {
    Response response;
    int attempts = 1;
};

class HttpClient {
  public:
    // Called once, on the client's own thread; it must not wait.
    using Answered = std::function<void(Result<ClientResponse>)>;

    [[nodiscard]] static Result<std::unique_ptr<HttpClient>> make(const ClientOptions& options);
    ~HttpClient();  // what is not answered yet ends with `interrupted`

    // Any thread. A status of 400 or more is an answer, not an error.
    void fetch(ClientRequest request, Answered answered);
    // Waits; not on the client's own thread.
    [[nodiscard]] Result<ClientResponse> fetch(ClientRequest request);

  private:
    class Core;
    explicit HttpClient(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace millrace::net
