// OrdersServer: the orders service with its doors open: tokens, routes, a listening socket, made-up
// prices, the file that tells commands where it is, and two ways to stop all trading without the
// network.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "millrace/app/orders/http/figures.hpp"
#include "millrace/app/orders/http/orders_api.hpp"
#include "millrace/app/orders/http/price_source.hpp"
#include "millrace/edge/net/server/server.hpp"

namespace millrace::orders {

inline constexpr std::string_view kRunFile = "run.json";  // in the data directory, while it runs
inline constexpr std::string_view kKillFile = "KILL_SWITCH";  // whoever makes it stops all trading

struct ServeTerms {
    Settings orders;
    std::string bind = "127.0.0.1";
    std::uint16_t port = 8080;
    std::size_t threads = 2;
    std::vector<std::string> hosts = {};
    std::vector<std::string> origins = {};
    std::shared_ptr<const Secret> shared_token = {};
    std::shared_ptr<net::ServiceTokens> services = {};  // of other roles; null: none are taken
    std::optional<net::TlsIdentity> tls = {};
    bool limits_rates = true;
    bool repeats_original = false;
    Maybe<Quantity> signal_quantity = {};
    Duration drain = Duration::seconds(10);
    std::string version = {};
};

// Whether only this machine reaches the address.
[[nodiscard]] bool is_loopback(std::string_view address);

class OrdersServer {
  public:
    // It takes requests when this returns.
    [[nodiscard]] static Result<std::unique_ptr<OrdersServer>> start(ServeTerms terms);
    OrdersServer(const OrdersServer&) = delete;
    OrdersServer& operator=(const OrdersServer&) = delete;
    ~OrdersServer();

    [[nodiscard]] const std::string& url() const { return url_; }
    // The token of DATA_DIR/token, when it was made now: nobody has seen it yet.
    [[nodiscard]] const std::optional<Secret>& new_token() const { return new_token_; }
    [[nodiscard]] const OrderService& service() const { return *service_; }

    // To be called several times a second: engages the kill switch while DATA_DIR/KILL_SWITCH is
    // there, and when a signal asked for it.
    void watch(bool signalled);

    // Lets what is under way end, then ends in order. Once; the destructor does it otherwise.
    Result<void> stop();

  private:
    explicit OrdersServer(ServeTerms terms) : terms_(std::move(terms)) {}
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<net::DoorRules> open_tokens();
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] Result<void> write_run_file() const;
    void engage(const std::string& reason, const std::string& actor);

    ServeTerms terms_;
    std::filesystem::path data_;
    std::string url_;
    std::optional<Secret> new_token_;
    Time started_;
    std::unique_ptr<OrderService> service_;
    std::unique_ptr<PriceSource> prices_;
    std::unique_ptr<net::TokenVerifier> tokens_;
    std::unique_ptr<net::Doorkeeper> keeper_;
    std::unique_ptr<Figures> figures_;
    std::unique_ptr<net::Api> api_;
    std::unique_ptr<OrdersApi> routes_;
    std::unique_ptr<net::Server> server_;
    bool signal_waits_ = false;
    std::shared_ptr<std::atomic<bool>> is_engaging_ = std::make_shared<std::atomic<bool>>(false);
    bool is_stopped_ = false;
};

}  // namespace millrace::orders
