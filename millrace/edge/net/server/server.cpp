// The workers, the listener in front of them, and the ways back from other threads.
#include "millrace/edge/net/server/server.hpp"

#include <chrono>
#include <random>
#include <thread>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/server/connection.hpp"
#include "millrace/edge/net/server/worker.hpp"

namespace millrace::net {

class Server::Core final : public AnswerSink,
                           public WebSocketSink,
                           public std::enable_shared_from_this<Server::Core> {
  public:
    Core(const ServerOptions& options, const Api& api) : options_(options), api_(api) {}
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    ~Core() override { stop(Duration()); }

    [[nodiscard]] Result<void> start();
    void stop(Duration drain);

    void answer(std::uint64_t connection, std::uint64_t number, Response&& response) override;
    void send(std::uint64_t connection, bool is_text, std::string_view data,
              std::string_view key) override;
    void send(std::uint64_t connection, EncodedFrame frame, std::string_view key) override;
    void close(std::uint64_t connection, std::uint16_t code, std::string_view reason) override;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const SharedCounts& counts() const { return counts_; }

  private:
    // Runs `work` with the connection on its own thread: now, when that is this one.
    template <class Work>
    void at_connection(std::uint64_t id, Work work);
    [[nodiscard]] Worker& worker_of(std::uint64_t id) { return *workers_[Worker::worker_of(id)]; }

    const ServerOptions options_;
    const Api& api_;
    SharedCounts counts_;
    std::unique_ptr<ServerSetting> setting_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Listener> listener_;
    std::size_t next_ = 0;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopped_ = false;
};

Result<void> Server::Core::start() {
    MILLRACE_ASSERT(options_.threads >= 1 && options_.threads <= 64, "1 to 64 io threads");
    std::shared_ptr<const TlsContext> tls;
    if (options_.tls) {
        auto context = TlsContext::server(*options_.tls);
        if (!context) return failure(std::move(context.error()));
        tls = std::move(*context);
    }
    setting_ = std::make_unique<ServerSetting>(
        ServerSetting{options_, api_, counts_, weak_from_this(), weak_from_this()});
    std::random_device random;
    const std::uint64_t start = std::uint64_t{random()} << 32 | random();
    for (std::size_t i = 0; i < options_.threads; ++i)
        workers_.push_back(std::make_unique<Worker>(*setting_, i, start + i));
    auto listener = Listener::open(
        workers_[0]->loop(), options_.address, options_.port, std::move(tls),
        [this]() -> Loop& { return workers_[next_++ % workers_.size()]->loop(); },
        [this](std::unique_ptr<Stream> stream) {
            for (const auto& worker : workers_)
                if (worker->loop().is_here()) return worker->take(std::move(stream));
        });
    if (!listener) return failure(std::move(listener.error()));
    listener_ = std::move(*listener);
    port_ = listener_->port();
    for (const auto& worker : workers_)
        worker->start();
    return {};
}

void Server::Core::stop(Duration drain) {
    if (stopped_.exchange(true)) return;
    if (drain > Duration() && listener_) {
        workers_[0]->loop().post([this] { listener_->close(); });
        for (const auto& worker : workers_)
            worker->loop().post([each = worker.get()] { each->drain(); });
        const Time end = Loop::now() + drain;
        while (counts_.connections.load() > 0 && Loop::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (const auto& worker : workers_)
        worker->loop().stop();
    listener_.reset();
    for (const auto& worker : workers_)
        worker->stop();
}

template <class Work>
void Server::Core::at_connection(std::uint64_t id, Work work) {
    Worker& worker = worker_of(id);
    if (worker.loop().is_here()) {
        if (Connection* const connection = worker.find(id)) work(*connection);
        return;
    }
    if (stopped_.load(std::memory_order_relaxed) && counts_.connections.load() == 0) return;
    worker.loop().post([&worker, id, work = std::move(work)]() mutable {
        if (Connection* const connection = worker.find(id)) work(*connection);
    });
}

void Server::Core::answer(std::uint64_t connection, std::uint64_t number, Response&& response) {
    at_connection(connection, [number, response = std::move(response)](Connection& found) {
        found.answer(number, response);
    });
}

void Server::Core::send(std::uint64_t connection, bool is_text, std::string_view data,
                        std::string_view key) {
    Worker& worker = worker_of(connection);
    if (worker.loop().is_here()) {
        if (Connection* const found = worker.find(connection)) found->send(is_text, data, key);
        return;
    }
    send(connection, is_text ? encode_text(data) : encode_binary(data), key);
}

void Server::Core::send(std::uint64_t connection, EncodedFrame frame, std::string_view key) {
    at_connection(connection, [frame = std::move(frame), key = std::string(key)](
                                  Connection& found) { found.send(frame, key); });
}

void Server::Core::close(std::uint64_t connection, std::uint16_t code, std::string_view reason) {
    at_connection(connection, [code, reason = std::string(reason)](Connection& found) {
        found.close(code, reason);
    });
}

Server::Server(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Server::~Server() {
    stop(Duration());
}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, const Api& api) {
    auto core = std::make_shared<Core>(options, api);
    if (auto started = core->start(); !started) return failure(std::move(started.error()));
    return std::unique_ptr<Server>(new Server(std::move(core)));
}

std::uint16_t Server::port() const {
    return core_->port();
}

ServerCounts Server::counts() const {
    const SharedCounts& from = core_->counts();
    ServerCounts counts;
    counts.connections = from.connections.load();
    counts.accepted = from.accepted.load();
    counts.refused = from.refused.load();
    counts.requests = from.requests.load();
    counts.websockets = from.websockets.load();
    counts.messages = from.messages.load();
    counts.too_slow = from.too_slow.load();
    counts.faults = from.faults.load();
    return counts;
}

void Server::stop(Duration drain) {
    core_->stop(drain);
}

}  // namespace millrace::net
