// `millrace serve`: the servers, each alone in its process. They end tidily on SIGINT and SIGTERM.
#include <chrono>
#include <ostream>
#include <thread>
#include <unistd.h>

#include "millrace/app/orders/http/terms.hpp"
#include "millrace/app/version.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/interrupt.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

constexpr std::chrono::milliseconds kWatchInterval(100);

// What was said on the command line counts before the configuration.
Result<orders::ServeTerms> terms_of(Invocation& invocation, const config::Config& config) {
    auto terms = orders::serve_terms(config);
    if (!terms) return terms;
    if (invocation.given("--bind")) terms->bind = invocation.text("--bind");
    if (invocation.given("--port"))
        terms->port = static_cast<std::uint16_t>(invocation.integer("--port"));
    if (invocation.given("--data-dir"))
        terms->orders.data_directory = invocation.text("--data-dir");
    if (invocation.given("--rate")) {
        const std::int64_t rate = invocation.integer("--rate");
        terms->orders.prices.is_on = rate > 0;
        terms->orders.prices.quotes_per_second = static_cast<double>(rate);
    }
    if (invocation.given("--mode"))
        for (const orders::Mode mode :
             {orders::Mode::plan_only, orders::Mode::paper_send, orders::Mode::live_send})
            if (orders::name_of(mode) == invocation.text("--mode")) terms->orders.mode = mode;
    terms->version = app::version().number;
    return terms;
}

void tell_start(Invocation& invocation, const orders::OrdersServer& server, std::string_view bind) {
    const std::string directory = server.service().settings().data_directory;
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("url", server.url()).member("pid", std::int64_t{::getpid()});
        document.member("data_dir", directory);
        if (server.new_token()) document.member("token", server.new_token()->reveal());
        document.end_object();
        invocation.print(document);
    } else {
        invocation.out() << server.url() << '\n';
        if (server.new_token()) invocation.out() << server.new_token()->reveal() << '\n';
    }
    invocation.out().flush();
    if (server.new_token())
        invocation.say("the token is shown this once; commands on this machine find it in " +
                       directory + "/token");
    const orders::Settings& settings = server.service().settings();
    if (settings.mode == orders::Mode::paper_send && !settings.sends())
        invocation.say(
            "nothing is sent: paper-send also needs orders.allow_send (ENV_ALLOW_SEND=1)"
            " and not orders.forbid_send (ENV_FORCE_NO_IB)");
    if (!orders::is_loopback(bind) && server.url().starts_with("http://"))
        invocation.say(
            "tokens travel in clear: set server.tls_certificate and server.tls_key, or "
            "stand behind a proxy that speaks TLS");
}

int serve_orders(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    const auto terms = terms_of(invocation, *config);
    if (!terms) return invocation.fail(terms.error());
    note_kill_signals();
    auto server = orders::OrdersServer::start(*terms);
    if (!server) return invocation.fail(server.error());
    tell_start(invocation, **server, terms->bind);
    while (!Invocation::interrupted()) {
        (*server)->watch(take_kill_signal());
        std::this_thread::sleep_for(kWatchInterval);
    }
    invocation.say("ending: requests under way are answered first");
    if (auto stopped = (*server)->stop(); !stopped) return invocation.fail(stopped.error());
    return 0;
}

}  // namespace

void add_serve_commands(Table& table) {
    table.add(Group{.name = "serve", .section = "Trade", .summary = "Run a server"});
    table.add(Command{
        .path = "serve orders",
        .summary = "Run the orders server alone",
        .description =
            "Takes order intents over HTTP, guards each, executes it on the simulated venue and "
            "keeps the books, until Ctrl-C or SIGTERM. It prints its address and, the first time, "
            "the token that trading needs. By default nothing is sent (plan-only). A file "
            "DATA_DIR/KILL_SWITCH, or the signal SIGUSR1, stops all trading.",
        .options = {{.name = "--port",
                     .value_name = "N",
                     .doc = "Listen on this port instead of server.port; 0 means any free one",
                     .kind = Kind::integer,
                     .minimum = 0,
                     .maximum = 65'535},
                    {.name = "--bind",
                     .value_name = "ADDRESS",
                     .doc = "Listen on this address instead of server.bind",
                     .kind = Kind::text},
                    {.name = "--data-dir",
                     .value_name = "DIR",
                     .doc = "Keep everything here instead of data_dir",
                     .kind = Kind::path},
                    {.name = "--mode",
                     .value_name = "MODE",
                     .doc = "What is sent, instead of orders.mode",
                     .kind = Kind::choice,
                     .choices = {"plan-only", "paper-send", "live-send"}},
                    {.name = "--rate",
                     .value_name = "N",
                     .doc = "Made-up prices a second instead of orders.price_rate; 0 means none",
                     .kind = Kind::integer,
                     .minimum = 0,
                     .maximum = 1'000'000}},
        .examples = {{"millrace serve orders", "On 127.0.0.1:8080, planning only"},
                     {"millrace serve orders --mode paper-send --set orders.allow_send=true",
                      "Deal on the simulated venue"}},
        .run = serve_orders,
        .logs = true,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
