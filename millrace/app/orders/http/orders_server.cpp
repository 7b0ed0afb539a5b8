// Opening and closing, in this order: directory, service, tokens, routes, socket, run file.
#include "millrace/app/orders/http/orders_server.hpp"

#include <chrono>
#include <fmt/format.h>
#include <unistd.h>

#include "millrace/base/json_writer.hpp"
#include "millrace/base/log.hpp"
#include "millrace/base/small_file.hpp"
#include "millrace/base/utf8.hpp"
#include "millrace/edge/net/access/private_file.hpp"

namespace millrace::orders {
namespace {

constexpr std::size_t kKillTextMax = 4'096;
constexpr std::size_t kReasonMax = 200;
constexpr std::size_t kTokenBytesMin = 16;

Time now() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

std::string url_of(const ServeTerms& terms, std::uint16_t port) {
    std::string host = terms.bind;
    // Whoever listens on every address is called by the one that is always there.
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "::") host = "::1";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return (terms.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

// The first line of the file, in printable characters; what cannot be read is a reason, too.
std::string reason_in(const std::filesystem::path& path) {
    const auto file = read_small_file(path, kKillTextMax);
    std::string text = file && *file ? (*file)->text : std::string();
    text = text.substr(0, text.find('\n')).substr(0, kReasonMax);
    if (const auto bad = first_invalid_utf8(text)) text.resize(*bad);  // or cut by kReasonMax
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    return text.empty() ? "the file " + path.filename().string() + " is there" : "file: " + text;
}

}  // namespace

bool is_loopback(std::string_view address) {
    return address == "localhost" || address == "::1" || address.starts_with("127.");
}

Result<std::unique_ptr<OrdersServer>> OrdersServer::start(ServeTerms terms) {
    std::unique_ptr<OrdersServer> server(new OrdersServer(std::move(terms)));
    server->data_ = server->terms_.orders.data_directory;
    server->started_ = now();
    Result<void> done = server->prepare();
    if (done) done = server->listen();
    if (!done) return failure(std::move(done.error()));
    return server;
}

OrdersServer::~OrdersServer() {
    if (is_stopped_) return;
    if (auto stopped = stop(); !stopped)
        log::error("not ended in order", {{"error", stopped.error().what}});
}

Result<void> OrdersServer::prepare() {
    std::error_code error;
    std::filesystem::create_directories(data_, error);
    if (error)
        return failure(ErrorCode::config, "the data directory cannot be made", data_.string(),
                       error.message(), "give a directory that can be written: --data-dir");
    auto service = OrderService::start(terms_.orders);
    if (!service) return failure(std::move(service.error()));
    service_ = std::move(*service);
    auto prices = PriceSource::start(*service_, now);
    if (!prices) return failure(std::move(prices.error()));
    prices_ = std::move(*prices);
    return {};
}

Result<net::DoorRules> OrdersServer::open_tokens() {
    auto local = net::local_token(data_, now());
    if (!local) return failure(std::move(local.error()));
    auto tokens = net::TokenVerifier::open(data_);
    if (!tokens) return failure(std::move(tokens.error()));
    tokens_ = std::move(*tokens);
    const bool has_tokens =
        terms_.shared_token || terms_.services || tokens_->has_tokens(now(), local->id);
    if (!is_loopback(terms_.bind) && !has_tokens)
        return failure(ErrorCode::config,
                       "the server would listen where others reach it, and there is no token",
                       "server.bind", terms_.bind + " is no loopback address",
                       "millrace token create desk --scope trade; or listen on 127.0.0.1");
    if (!is_loopback(terms_.bind) && terms_.shared_token &&
        terms_.shared_token->reveal().size() < kTokenBytesMin)
        return failure(ErrorCode::config, "the configured token is too short", "server.token",
                       "whoever reaches " + terms_.bind + " could guess it",
                       "use 16 characters or more of chance; or listen on 127.0.0.1");
    if (local->created) new_token_ = std::move(local->text);
    net::DoorRules rules;
    rules.hosts = terms_.hosts;
    if (terms_.bind != "0.0.0.0" && terms_.bind != "::") rules.hosts.push_back(terms_.bind);
    rules.origins = terms_.origins;
    rules.open_reading_without_tokens = is_loopback(terms_.bind);
    rules.local_token_id = local->id;
    rules.shared_token = terms_.shared_token;
    return rules;
}

Result<void> OrdersServer::listen() {
    auto rules = open_tokens();
    if (!rules) return failure(std::move(rules.error()));
    keeper_ =
        std::make_unique<net::Doorkeeper>(std::move(*rules), tokens_.get(), terms_.services.get());
    figures_ = std::make_unique<Figures>(*service_, prices_.get());
    net::ApiOptions options;
    options.title = "Millrace orders";
    options.version = terms_.version;
    options.secure = terms_.tls.has_value();
    options.rate_limits = terms_.limits_rates;
    options.observe = [this](const net::Route& route) { return figures_->observe(route); };
    api_ = std::make_unique<net::Api>(std::move(options), *keeper_);
    ApiTerms api;
    api.version = terms_.version;
    api.repeats_original = terms_.repeats_original;
    api.signal_quantity = terms_.signal_quantity;
    api.started = started_;
    api.figures = figures_.get();
    routes_ = std::make_unique<OrdersApi>(*api_, *service_, std::move(api));
    net::ServerOptions where;
    where.address = terms_.bind;
    where.port = terms_.port;
    where.threads = terms_.threads;
    where.tls = terms_.tls;
    where.each_second = [this] {
        if (auto read = tokens_->refresh(); !read)
            log::error("the tokens cannot be read", {{"error", read.error().what}});
    };
    auto server = net::Server::start(where, *api_);
    if (!server) return failure(std::move(server.error()));
    server_ = std::move(*server);
    url_ = url_of(terms_, server_->port());
    if (auto written = write_run_file(); !written) return written;
    routes_->set_ready(true);
    log::info(
        "serving orders",
        {{"url", url_}, {"mode", name_of(terms_.orders.mode)}, {"sends", terms_.orders.sends()}});
    return {};
}

Result<void> OrdersServer::write_run_file() const {
    JsonWriter writer;
    writer.begin_object().member("url", url_);
    writer.member("pid", std::int64_t{::getpid()});
    writer.member("version", terms_.version).member("started_at", format_time(started_));
    writer.end_object();
    return net::write_private_file(data_ / kRunFile, writer.str() + "\n");
}

void OrdersServer::watch(bool signalled) {
    signal_waits_ = signal_waits_ || signalled;
    if (is_engaging_->load()) return;
    if (signal_waits_) {
        signal_waits_ = false;
        return engage("signal SIGUSR1", "signal");
    }
    std::error_code error;
    const auto status = std::filesystem::symlink_status(data_ / kKillFile, error);
    if (!std::filesystem::exists(status)) return;
    const auto view = service_->view();
    for (const StopView& stop : view->stops)
        if (stop.is_kill && stop.scope == "global") return;
    engage(reason_in(data_ / kKillFile), "file");
}

// What is not taken now is asked for again at the next watch().
void OrdersServer::engage(const std::string& reason, const std::string& actor) {
    CommandRequest request;
    request.name = "engage-kill-switch";
    request.target = "global";
    request.argument = reason;
    request.actor = actor;
    is_engaging_->store(true);
    const auto submitted = service_->command(
        request, [engaging = is_engaging_](const Outcome&) { engaging->store(false); });
    if (submitted) {
        log::warn("kill switch", {{"reason", reason}});
        return;
    }
    is_engaging_->store(false);
    signal_waits_ = signal_waits_ || actor == "signal";
}

Result<void> OrdersServer::stop() {
    is_stopped_ = true;
    if (routes_) routes_->set_ready(false);
    if (server_) server_->stop(terms_.drain);
    std::error_code error;
    if (server_) std::filesystem::remove(data_ / kRunFile, error);
    if (prices_) prices_->stop();
    if (!service_) return {};
    auto stopped = service_->stop();
    log::info("ended", {});
    return stopped;
}

}  // namespace millrace::orders
