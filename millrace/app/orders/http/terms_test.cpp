#include "millrace/app/orders/http/terms.hpp"

#include <gtest/gtest.h>

#include "millrace/app/settings.hpp"

namespace millrace::orders {
namespace {

config::Config loaded(const std::map<std::string, std::string>& environment) {
    config::Sources sources;
    sources.default_file = "no-such-file.toml";
    sources.dotenv = "no-such-file.env";
    sources.environment = environment;
    auto config = config::load(app::settings(), sources);
    EXPECT_TRUE(config) << describe(config.error().front());
    return *std::move(config);
}

Result<ServeTerms> terms(const std::map<std::string, std::string>& environment) {
    return serve_terms(loaded(environment));
}

TEST(ServeTerms, Plan_only_on_loopback_unless_it_is_told_otherwise) {
    const auto plain = terms({});
    ASSERT_TRUE(plain) << describe(plain.error());
    EXPECT_EQ(plain->bind, "127.0.0.1");
    EXPECT_EQ(plain->port, 8080);
    EXPECT_EQ(plain->orders.mode, Mode::plan_only);
    EXPECT_FALSE(plain->orders.sends());
    EXPECT_TRUE(plain->orders.prices.is_on);
    EXPECT_EQ(plain->orders.symbols.size(), 11U);
    EXPECT_EQ(plain->orders.ledger_file(), "millrace-data/millrace.db");
    EXPECT_EQ(plain->orders.accounts.size(), 1U);
    EXPECT_EQ(plain->orders.accounts[0].opening_cash, Money::whole(100'000));
    EXPECT_EQ(plain->shared_token, nullptr);
    EXPECT_FALSE(plain->signal_quantity.has_value());
    EXPECT_FALSE(plain->repeats_original);
    EXPECT_TRUE(plain->orders.check());
}

TEST(ServeTerms, Honours_the_predecessors_variables) {
    const auto all = terms({{"AT_BIND_HOST", "0.0.0.0"},
                            {"AT_BIND_PORT", "8090"},
                            {"AT_DB_PATH", "data/automatictrader.db"},
                            {"AT_BEARER_TOKEN", "a-token-of-the-old-days"},
                            {"AT_WORKER_MODE", "paper-send"},
                            {"AT_WORKER_POLL_SEC", "1.0"},
                            {"AT_AUTO_PROMOTE", "1"},
                            {"AT_MARKET_GUARD", "1"},
                            {"ENV_ALLOW_SEND", "1"},
                            {"ENV_FORCE_NO_IB", "0"}});
    ASSERT_TRUE(all) << describe(all.error());
    EXPECT_EQ(all->bind, "0.0.0.0");
    EXPECT_EQ(all->port, 8090);
    EXPECT_EQ(all->orders.ledger_file(), "data/automatictrader.db");
    ASSERT_NE(all->shared_token, nullptr);
    EXPECT_TRUE(all->shared_token->equals("a-token-of-the-old-days"));
    EXPECT_TRUE(all->orders.auto_promotes);
    EXPECT_TRUE(all->orders.guards_market);
    EXPECT_TRUE(all->orders.sends());
    EXPECT_FALSE(terms({{"AT_WORKER_MODE", "paper-send"}})->orders.sends());
    EXPECT_FALSE(
        terms({{"AT_WORKER_MODE", "paper-send"}, {"ENV_ALLOW_SEND", "1"}, {"ENV_FORCE_NO_IB", "1"}})
            ->orders.sends());
    EXPECT_EQ(terms({{"AT_BEARER_TOKEN", ""}})->shared_token, nullptr);
}

TEST(ServeTerms, Refuses_what_cannot_be) {
    EXPECT_FALSE(terms({{"MILLRACE_SERVER_TLS_KEY", "key.pem"}}));
    EXPECT_FALSE(terms({{"MILLRACE_ORDERS_ZONE", "Mars/Olympus"}}));
    EXPECT_FALSE(terms({{"MILLRACE_ORDERS_CASH", "0.123456789"}}));
    EXPECT_FALSE(terms({{"MILLRACE_ORDERS_SYMBOLS", "AAPL,AAPL"}})->orders.check());
    const auto live = terms({{"AT_WORKER_MODE", "live-send"}});
    ASSERT_TRUE(live);
    const auto refused = live->orders.check();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::config);
    EXPECT_EQ(refused.error().why, "there is no adapter of a broker in this version");
}

TEST(ServeTerms, Take_the_keys_of_other_roles) {
    EXPECT_EQ(terms({})->services, nullptr);
    const std::string secret(32, 'k');
    const auto two = terms({{"MILLRACE_SERVER_SERVICE_KEY", "env:FIRST"},
                            {"MILLRACE_SERVER_NEXT_SERVICE_KEY", "env:SECOND"},
                            {"FIRST", "old:" + secret},
                            {"SECOND", "new:" + secret}});
    ASSERT_TRUE(two) << describe(two.error());
    EXPECT_NE(two->services, nullptr);
    EXPECT_FALSE(terms({{"MILLRACE_SERVER_SERVICE_KEY", "env:FIRST"}, {"FIRST", secret}}));
    EXPECT_FALSE(terms({{"MILLRACE_SERVER_SERVICE_KEY", "env:FIRST"}, {"FIRST", "id:short"}}));
    EXPECT_FALSE(
        terms({{"MILLRACE_SERVER_NEXT_SERVICE_KEY", "env:FIRST"}, {"FIRST", "id:" + secret}}));
}

TEST(ServeTerms, Reads_lists_with_blanks) {
    const auto some = terms({{"MILLRACE_ORDERS_SYMBOLS", " AAPL , MSFT,"},
                             {"MILLRACE_SERVER_HOSTS", "desk.example.com"},
                             {"MILLRACE_ORDERS_SIGNAL_QUANTITY", "10"},
                             {"MILLRACE_ORDERS_PRICE_RATE", "2.5"},
                             {"MILLRACE_ORDERS_DUPLICATE", "original"}});
    ASSERT_TRUE(some) << describe(some.error());
    EXPECT_EQ(some->orders.symbols, (std::vector<std::string>{"AAPL", "MSFT"}));
    EXPECT_EQ(some->hosts, std::vector<std::string>{"desk.example.com"});
    EXPECT_EQ(some->signal_quantity, Quantity::whole(10));
    EXPECT_DOUBLE_EQ(some->orders.prices.quotes_per_second, 2.5);
    EXPECT_TRUE(some->repeats_original);
}

}  // namespace
}  // namespace millrace::orders
