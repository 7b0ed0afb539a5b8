// Exchange: one request of the client through all its attempts. IdleConnections: what is kept open
// between them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millrace/base/random.hpp"
#include "millrace/edge/net/client/http_client.hpp"
#include "millrace/edge/net/driver/stream.hpp"

namespace millrace::net {

// Connections that wait for the next request to the same place; the oldest goes when there are too
// many, and one that says anything unasked goes too.
class IdleConnections {
  public:
    explicit IdleConnections(std::size_t most) : most_(most) {}
    void put(const std::string& place, std::unique_ptr<Stream> stream);
    [[nodiscard]] std::unique_ptr<Stream> take(const std::string& place);
    void clear() { kept_.clear(); }

  private:
    struct Kept : StreamHandler {
        std::string place;
        std::unique_ptr<Stream> stream;
        bool broken = false;
        void on_bytes(std::string_view) override { broken = true; }
        void on_end(const Error*) override { broken = true; }
    };
    std::size_t most_;
    std::vector<std::unique_ptr<Kept>> kept_;  // the oldest first
};

// What the exchanges of a client share; all of its loop's thread.
struct ClientSetting {
    const ClientOptions& options;
    Loop& loop;
    std::shared_ptr<const TlsContext> tls;
    Random& random;
    IdleConnections& idle;
};

class Exchange final : public StreamHandler {
  public:
    using Done = std::function<void(Result<ClientResponse>)>;
    Exchange(const ClientSetting& setting, ClientRequest request, Done done);

    void start();
    void finish(Result<ClientResponse> result);  // once

    void on_open() override;
    void on_bytes(std::string_view bytes) override;
    void on_end(const Error* error) override;

  private:
    enum class Stage : std::uint8_t { waiting, connecting, tunnel, securing, answer, done };

    void attempt();
    void send_request();
    void take_tunnel_answer(std::string_view bytes);
    void take_answer(std::string_view bytes);
    void complete();
    void fail_attempt(Error error);
    void fail_fault(const Problem& problem);
    void retry_or_finish(std::optional<Duration> retry_after, Result<ClientResponse> last);
    void limit_step(Duration time, const char* what);
    [[nodiscard]] std::string place() const;

    const ClientSetting& setting_;
    ClientRequest request_;
    Done done_;
    const Url* proxy_;
    std::string encoded_;
    bool repeatable_;
    Stage stage_ = Stage::waiting;
    int attempts_ = 0;
    bool reused_ = false;
    bool sent_ = false;  // the request, in this attempt: it may have been done
    std::unique_ptr<Stream> stream_;
    std::optional<ResponseReader> reader_;
    Timer overall_;
    Timer step_;
};

}  // namespace millrace::net
