// Key by key. What the keys' own kinds and ranges cannot say is checked here.
#include "millrace/app/orders/http/terms.hpp"

namespace millrace::orders {
namespace {

tl::unexpected<Error> wrong(const config::Config& config, const std::string& key, std::string what,
                            std::string mend) {
    return failure(ErrorCode::config, std::move(what), config.origin(key), key, std::move(mend));
}

// "a, b,c": names with commas between; blanks around them are nothing.
std::vector<std::string> list_of(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view name = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        while (name.starts_with(' '))
            name.remove_prefix(1);
        while (name.ends_with(' '))
            name.remove_suffix(1);
        if (!name.empty()) names.emplace_back(name);
    }
    return names;
}

Mode mode_named(std::string_view name) {
    for (const Mode mode : {Mode::plan_only, Mode::paper_send, Mode::live_send})
        if (name_of(mode) == name) return mode;
    return Mode::plan_only;
}

Result<Settings> order_settings(const config::Config& config) {
    Settings settings;
    settings.data_directory = config.path("data_dir").string();
    settings.ledger_path = config.path("orders.ledger").string();
    settings.symbols = list_of(config.text("orders.symbols"));
    const auto cash = Money::parse(config.text("orders.cash"));
    if (!cash) return wrong(config, "orders.cash", cash.error().what, "write an amount");
    settings.accounts = {{config.text("orders.account"), "USD", *cash}};
    const auto zone = Zone::find(config.text("orders.zone"));
    if (!zone)
        return wrong(config, "orders.zone", zone.error().what, "write it as America/New_York");
    settings.zone = *zone;
    settings.mode = mode_named(config.text("orders.mode"));
    settings.allows_sending = config.boolean("orders.allow_send");
    settings.forbids_sending = config.boolean("orders.forbid_send");
    settings.auto_promotes = config.boolean("orders.auto_promote");
    settings.guards_market = config.boolean("orders.market_guard");
    settings.has_default_limits = config.text("orders.limits") == "default";
    settings.prices.seed = static_cast<std::uint64_t>(config.integer("orders.price_seed"));
    const auto rate = parse_decimal(config.text("orders.price_rate"), 3);
    if (!rate)
        return wrong(config, "orders.price_rate", rate.error().what,
                     "write at most three decimals");
    settings.prices.quotes_per_second = static_cast<double>(*rate) / 1'000;
    settings.prices.is_on = config.text("orders.prices") == "synthetic" && *rate > 0;
    return settings;
}

// The predecessor's empty variable counts as not set: no token.
Result<std::shared_ptr<const Secret>> shared_token(const config::Config& config) {
    const std::string& origin = config.origin("server.token");
    if (origin == "default") return std::shared_ptr<const Secret>();
    auto token = config.resolve("server.token");
    if (!token) return failure(std::move(token.error()));
    return std::make_shared<const Secret>(std::move(*token));
}

// "ID:SECRET"; nothing when it is not configured.
Result<std::optional<net::ServiceKey>> service_key(const config::Config& config,
                                                   const std::string& key) {
    if (config.origin(key) == "default") return std::optional<net::ServiceKey>();
    auto text = config.resolve(key);
    if (!text) return failure(std::move(text.error()));
    const std::size_t colon = text->reveal().find(':');
    if (colon == std::string_view::npos)
        return wrong(config, key, "the key of services has no id", "write it as ID:SECRET");
    return net::ServiceKey{std::string(text->reveal().substr(0, colon)),
                           Secret::from_configuration(text->reveal().substr(colon + 1))};
}

Result<std::shared_ptr<net::ServiceTokens>> service_tokens(const config::Config& config) {
    auto first = service_key(config, "server.service_key");
    if (!first) return failure(std::move(first.error()));
    auto second = service_key(config, "server.next_service_key");
    if (!second) return failure(std::move(second.error()));
    if (!*first && !*second) return std::shared_ptr<net::ServiceTokens>();
    if (!*first)
        return wrong(config, "server.next_service_key", "there is a second key and no first one",
                     "set server.service_key");
    auto made = net::ServiceTokens::make("orders", std::move(**first), std::move(*second));
    if (!made) return failure(std::move(made.error()));
    return std::shared_ptr<net::ServiceTokens>(std::move(*made));
}

}  // namespace

Result<ServeTerms> serve_terms(const config::Config& config) {
    auto settings = order_settings(config);
    if (!settings) return failure(std::move(settings.error()));
    auto token = shared_token(config);
    if (!token) return failure(std::move(token.error()));
    ServeTerms terms;
    terms.orders = std::move(*settings);
    terms.shared_token = std::move(*token);
    auto services = service_tokens(config);
    if (!services) return failure(std::move(services.error()));
    terms.services = std::move(*services);
    terms.bind = config.text("server.bind");
    terms.port = static_cast<std::uint16_t>(config.integer("server.port"));
    terms.threads = static_cast<std::size_t>(config.integer("server.threads"));
    terms.hosts = list_of(config.text("server.hosts"));
    terms.origins = list_of(config.text("server.origins"));
    terms.limits_rates = config.boolean("server.rate_limits");
    terms.drain = config.duration("server.drain");
    terms.repeats_original = config.text("orders.duplicate") == "original";
    const auto quantity = Quantity::parse(config.text("orders.signal_quantity"));
    if (!quantity)
        return wrong(config, "orders.signal_quantity", quantity.error().what, "write a quantity");
    if (quantity->raw() > 0) terms.signal_quantity = *quantity;
    const std::filesystem::path certificate = config.path("server.tls_certificate");
    const std::filesystem::path key = config.path("server.tls_key");
    if (certificate.empty() != key.empty())
        return wrong(config, certificate.empty() ? "server.tls_certificate" : "server.tls_key",
                     "TLS needs a certificate and its key", "set both, or neither");
    if (!certificate.empty()) terms.tls = net::TlsIdentity{certificate, key};
    return terms;
}

}  // namespace millrace::orders
