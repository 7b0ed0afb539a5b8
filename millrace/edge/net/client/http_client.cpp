// The client's thread and the exchanges that run on it.
#include "millrace/edge/net/client/http_client.hpp"

#include <future>
#include <map>

#include "millrace/base/assert.hpp"
#include "millrace/edge/net/client/exchange.hpp"

namespace millrace::net {

class HttpClient::Core {
  public:
    Core(const ClientOptions& options, std::shared_ptr<const TlsContext> tls)
        : options_(options),
          random_(options.seed),
          idle_(options.idle_connections),
          setting_{options_, loop_, std::move(tls), random_, idle_} {
        loop_.start();
    }
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;
    ~Core();

    void fetch(ClientRequest request, Answered answered);
    [[nodiscard]] bool is_here() const { return loop_.is_here(); }

  private:
    void begin(ClientRequest request, Answered answered);

    const ClientOptions options_;
    Loop loop_;
    Random random_;
    IdleConnections idle_;
    ClientSetting setting_;
    std::map<std::uint64_t, std::unique_ptr<Exchange>> exchanges_;
    std::uint64_t next_ = 1;
    std::mutex mutex_;
    std::uint64_t next_waiting_ = 1;
    std::map<std::uint64_t, std::pair<ClientRequest, Answered>> waiting_;  // not begun yet
};

void HttpClient::Core::fetch(ClientRequest request, Answered answered) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = next_waiting_++;
        waiting_.emplace(number, std::pair(std::move(request), std::move(answered)));
    }
    loop_.post([this, number] {
        std::unique_lock lock(mutex_);
        auto node = waiting_.extract(number);
        lock.unlock();
        begin(std::move(node.mapped().first), std::move(node.mapped().second));
    });
}

void HttpClient::Core::begin(ClientRequest request, Answered answered) {
    if (exchanges_.size() >= options_.requests_max)
        return answered(failure(ErrorCode::network, "too many requests are under way", {},
                                "at most " + std::to_string(options_.requests_max) + " at once",
                                "wait for answers before asking more"));
    const std::uint64_t number = next_++;
    auto done = [this, number, answered = std::move(answered)](Result<ClientResponse> result) {
        // Not at once: the exchange is still at work.
        loop_.post([this, number] { exchanges_.erase(number); });
        answered(std::move(result));
    };
    auto exchange = std::make_unique<Exchange>(setting_, std::move(request), std::move(done));
    Exchange& begun = *exchange;
    exchanges_.emplace(number, std::move(exchange));
    begun.start();
}

HttpClient::Core::~Core() {
    loop_.stop();
    const auto interrupted = [] {
        return failure(ErrorCode::interrupted, "the client ended before the answer came", {},
                       "this program is stopping", "ask again after its start");
    };
    for (const auto& [number, exchange] : exchanges_)
        exchange->finish(interrupted());
    for (auto& [number, waiting] : waiting_)
        waiting.second(interrupted());
    exchanges_.clear();
    idle_.clear();
}

HttpClient::HttpClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}

HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::make(const ClientOptions& options) {
    auto tls = TlsContext::client(options.trust);
    if (!tls) return failure(std::move(tls.error()));
    return std::unique_ptr<HttpClient>(
        new HttpClient(std::make_unique<Core>(options, std::move(*tls))));
}

void HttpClient::fetch(ClientRequest request, Answered answered) {
    core_->fetch(std::move(request), std::move(answered));
}

Result<ClientResponse> HttpClient::fetch(ClientRequest request) {
    MILLRACE_ASSERT(!core_->is_here(), "the client's own thread cannot wait for itself");
    auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
    auto answer = promise->get_future();
    core_->fetch(std::move(request), [promise](Result<ClientResponse> result) {
        promise->set_value(std::move(result));
    });
    return answer.get();
}

}  // namespace millrace::net
