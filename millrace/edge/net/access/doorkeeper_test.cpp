#include "millrace/edge/net/access/doorkeeper.hpp"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::net {
namespace {

const Time kNow = Time() + Duration::days(20'000);

Request request_with(std::initializer_list<Headers::Field> headers) {
    Request request;
    for (const auto& [name, value] : headers)
        request.headers.add(name, value);
    return request;
}

struct Door {
    explicit Door(DoorRules rules = {}, bool with_services = false)
        : services(with_services
                       ? ServiceTokens::make("orders", {"k", Secret(std::string(32, 'k'))}).value()
                       : nullptr),
          keeper(std::move(rules), tokens.get(), services.get()) {}
    TemporaryDirectory folder;
    TokenStore store = TokenStore::open(folder.path()).value();
    std::string token{store.create("desk", Scope::trade, kNow, std::nullopt)->text.reveal()};
    std::unique_ptr<TokenVerifier> tokens = TokenVerifier::open(folder.path()).value();
    std::unique_ptr<ServiceTokens> services;
    Doorkeeper keeper;

    int identify(const Request& request, Scope needed) const {
        const auto identity = keeper.identify(request, needed, kNow);
        return identity ? 200 : identity.error().status;
    }
};

TEST(Doorkeeper, Knows_the_names_it_goes_by) {
    DoorRules rules;
    rules.hosts = {"desk.example.com"};
    const Door door(rules);
    const auto status = [&](std::string_view host) {
        const auto checked = door.keeper.check_host(request_with({{"Host", host}}), "");
        return checked ? 200 : checked.error().status;
    };
    for (const char* host : {"localhost", "LOCALHOST:8001", "127.0.0.1:1", "[::1]:80", "[::1]",
                             "desk.example.com:443"})
        EXPECT_EQ(status(host), 200) << host;
    for (const char* host : {"evil.com", "localhost.evil.com", "127.0.0.1.evil.com", "127.0.0.2",
                             "", "localhost:x", "a@localhost", "localhost/"})
        EXPECT_EQ(status(host), 421) << host;
    // The host of an absolute target counts, whatever the header says.
    EXPECT_FALSE(door.keeper.check_host(request_with({{"Host", "localhost"}}), "evil.com"));
}

TEST(Doorkeeper, Lets_pages_of_its_own_and_of_allowed_origins_call) {
    DoorRules rules;
    rules.origins = {"https://desk.example.com"};
    const Door door(rules);
    const auto check = [&](std::string_view origin, bool secure = false) {
        const auto checked = door.keeper.check_origin(
            request_with({{"Host", "localhost:8001"}, {"Origin", origin}}), secure);
        return checked ? "allowed " + *checked : std::to_string(checked.error().status);
    };
    EXPECT_EQ(check("http://localhost:8001"), "allowed ");
    EXPECT_EQ(check("https://localhost:8001", true), "allowed ");
    EXPECT_EQ(check("https://desk.example.com"), "allowed https://desk.example.com");
    for (const char* origin : {"http://localhost:8002", "https://localhost:8001", "null", "",
                               "http://evil.com", "https://desk.example.com.evil.com"})
        EXPECT_EQ(check(origin), "403") << origin;
    EXPECT_EQ(door.keeper.check_origin(request_with({{"Host", "localhost"}}), false), "");
}

TEST(Doorkeeper, Asks_for_the_scope_that_is_needed) {
    const Door door;
    const std::string bearer = "Bearer " + door.token;
    const Request with = request_with({{"Authorization", bearer}});
    EXPECT_EQ(door.identify(with, Scope::open), 200);
    EXPECT_EQ(door.identify(with, Scope::read), 200);
    EXPECT_EQ(door.identify(with, Scope::trade), 200);
    EXPECT_EQ(door.identify(with, Scope::admin), 403);
    EXPECT_EQ(door.identify(request_with({}), Scope::read), 401);
    EXPECT_EQ(door.identify(request_with({}), Scope::open), 200);
    // A wrong token is refused also where none is needed: its sender is in error.
    EXPECT_EQ(door.identify(request_with({{"Authorization", "Bearer x"}}), Scope::open), 401);
    EXPECT_EQ(door.identify(request_with({{"Authorization", "Basic x"}}), Scope::read), 401);
    EXPECT_EQ(door.identify(request_with({{"Authorization", bearer}, {"Authorization", bearer}}),
                            Scope::read),
              401);
    EXPECT_EQ(door.identify(request_with({{"Authorization", "bearer " + door.token}}), Scope::read),
              200);
}

TEST(Doorkeeper, Opens_reading_only_while_there_are_no_tokens) {
    DoorRules rules;
    rules.open_reading_without_tokens = true;
    const Door guarded(rules);
    EXPECT_EQ(guarded.identify(request_with({}), Scope::read), 401);
    const TemporaryDirectory empty;
    const auto none = TokenVerifier::open(empty.path()).value();
    const Doorkeeper open(rules, none.get(), nullptr);
    EXPECT_TRUE(open.identify(request_with({}), Scope::read, kNow));
    EXPECT_FALSE(open.identify(request_with({}), Scope::trade, kNow));
    const Doorkeeper closed({}, none.get(), nullptr);
    EXPECT_FALSE(closed.identify(request_with({}), Scope::read, kNow));
}

TEST(Doorkeeper, Takes_a_token_from_a_WebSocket_protocol_of_an_upgrade_only) {
    const Door door;
    const std::string protocol = "echo.v1, bearer." + door.token;
    EXPECT_EQ(door.identify(
                  request_with({{"Connection", "Upgrade"}, {"Sec-WebSocket-Protocol", protocol}}),
                  Scope::trade),
              200);
    EXPECT_EQ(door.identify(request_with({{"Sec-WebSocket-Protocol", protocol}}), Scope::read),
              401);
}

TEST(Doorkeeper, Takes_the_tokens_of_other_roles) {
    const Door door({}, true);
    const auto token =
        door.services->sign("guardian", "orders", Scope::admin, kNow, Duration::minutes(1));
    const std::string bearer = "Bearer " + std::string(token->reveal());
    EXPECT_EQ(door.identify(request_with({{"Authorization", bearer}}), Scope::admin), 200);
    EXPECT_EQ(door.identify(request_with({{"Authorization", bearer}}), Scope::admin),
              401);  // again
}

TEST(Doorkeeper, Refuses_tokens_in_the_URL) {
    const Door door;
    const auto passes = [&](const std::string& query) {
        return door.keeper.check_query(parse_target("/a?" + query)->query).has_value();
    };
    EXPECT_TRUE(passes("limit=1&from=2026-01-01"));
    for (const std::string& bad :
         {std::string("token=x"), std::string("TOKEN=x"), std::string("access_token=x"),
          std::string("api_key=x"), "q=" + door.token, door.token + "=1",
          std::string("x=eyJhbGciOiJIUzI1NiJ9.e30.c2ln")})
        EXPECT_FALSE(passes(bad)) << bad;
}

TEST(Doorkeeper, Knows_the_token_of_the_configuration) {
    DoorRules rules;
    rules.open_reading_without_tokens = true;
    rules.shared_token = std::make_shared<const Secret>("a token of the old days");
    const Door door(rules);
    const Request with = request_with({{"Authorization", "Bearer a token of the old days"}});
    EXPECT_EQ(door.identify(with, Scope::read), 200);
    EXPECT_EQ(door.identify(with, Scope::trade), 200);
    EXPECT_EQ(door.identify(with, Scope::admin), 403);
    EXPECT_EQ(door.identify(request_with({{"Authorization", "Bearer a token of the old day"}}),
                            Scope::read),
              401);
    // Whoever configures one wants it asked for.
    ASSERT_TRUE(
        TokenStore::open(door.folder.path())->revoke(door.store.tokens()[0].id.view(), kNow));
    ASSERT_TRUE(door.tokens->refresh());
    EXPECT_EQ(door.identify(request_with({}), Scope::read), 401);
}

TEST(Doorkeeper, The_token_of_this_machine_leaves_reading_open) {
    const TemporaryDirectory folder;
    const auto local = local_token(folder.path(), kNow);
    ASSERT_TRUE(local);
    const auto tokens = TokenVerifier::open(folder.path()).value();
    DoorRules rules;
    rules.open_reading_without_tokens = true;
    const auto read = [&] {
        return Doorkeeper(rules, tokens.get(), nullptr)
            .identify(request_with({}), Scope::read, kNow)
            .has_value();
    };
    EXPECT_FALSE(read());
    rules.local_token_id = local->id;
    EXPECT_TRUE(read());
    ASSERT_TRUE(TokenStore::open(folder.path())->create("desk", Scope::read, kNow, std::nullopt));
    ASSERT_TRUE(tokens->refresh());
    EXPECT_FALSE(read());
}

}  // namespace
}  // namespace millrace::net
