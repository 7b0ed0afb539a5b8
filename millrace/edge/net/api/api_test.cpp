#include "millrace/edge/net/api/api.hpp"

#include <gtest/gtest.h>

#include "millrace/edge/net/api/json_depth.hpp"
#include "millrace/edge/net/api/openapi.hpp"

#include "tests/net/sample_api.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::net {
namespace {

const Time kNow = Time() + Duration::days(20'000);

struct Kept final : AnswerSink {
    std::vector<Response> responses;
    void answer(std::uint64_t, std::uint64_t, Response&& response) override {
        responses.push_back(std::move(response));
    }
};

struct Site {
    explicit Site(DoorRules rules = {}) : keeper(std::move(rules), tokens.get(), nullptr) {}
    TemporaryDirectory folder;
    TokenStore store = TokenStore::open(folder.path()).value();
    std::string token{store.create("desk", Scope::trade, kNow, std::nullopt)->text.reveal()};
    std::unique_ptr<TokenVerifier> tokens = TokenVerifier::open(folder.path()).value();
    Doorkeeper keeper;
    Api api{{}, keeper};
    SampleApi sample{api};
    std::shared_ptr<Kept> kept = std::make_shared<Kept>();

    Response ask(Method method, const std::string& target, const std::string& body = {},
                 std::initializer_list<Headers::Field> headers = {}, Time now = kNow) {
        Request request;
        request.method = method;
        request.target = target;
        request.body = body;
        request.id = "r1";
        request.peer = "127.0.0.1:1000";
        request.headers.add("Host", "localhost");
        for (const auto& [name, value] : headers)
            request.headers.add(name, value);
        kept->responses.clear();
        api.handle(request, {now, now}, Responder(kept, 1, 1, request.id, "/instance"));
        return kept->responses.at(0);
    }
    int status(Method method, const std::string& target, const std::string& body = {},
               std::initializer_list<Headers::Field> headers = {}) {
        return ask(method, target, body, headers).status;
    }
};

bool says(const Response& response, std::string_view words) {
    return response.body.find(words) != std::string::npos;
}

TEST(Api, Finds_routes_and_says_what_there_is_instead) {
    Site site;
    EXPECT_EQ(site.status(Method::get, "/health"), 200);
    EXPECT_EQ(site.status(Method::head, "/health"), 200);
    EXPECT_EQ(site.status(Method::get, "/nothing"), 404);
    EXPECT_EQ(site.status(Method::get, "/health/more"), 404);
    EXPECT_EQ(site.ask(Method::post, "/health").headers.find("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(site.status(Method::post, "/health"), 405);
    EXPECT_EQ(site.ask(Method::options, "/health").headers.find("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(site.status(Method::options, "*"), 204);
    EXPECT_EQ(site.status(Method::options, "/nothing"), 404);
    EXPECT_EQ(site.status(Method::get, "/ws/echo"), 426);
    EXPECT_EQ(site.status(Method::get, "/../health"), 400);
    EXPECT_EQ(site.status(Method::get, "/health%00"), 400);
}

TEST(Api, Prefers_what_is_said_literally) {
    Site site;
    Route special;
    special.path = "/items/all";
    special.operation = "allItems";
    special.scope = Scope::open;
    special.handler = [](const Call&, Responder responder) { responder.json(200, "\"all\""); };
    site.api.add(std::move(special));
    EXPECT_EQ(site.ask(Method::get, "/items/all").body, "\"all\"");
    EXPECT_TRUE(says(site.ask(Method::get, "/items/al"), R"("id":"al")"));
}

TEST(Api, Checks_parameters) {
    Site site;
    EXPECT_TRUE(says(site.ask(Method::get, "/items/a%20b?limit=7"), R"({"id":"a b","limit":7})"));
    EXPECT_EQ(site.status(Method::get, "/items/x?limit=1"), 200);
    EXPECT_EQ(site.status(Method::get, "/items/x?limit=100"), 200);
    for (const char* bad : {"limit=0", "limit=101", "limit=", "limit=1.5", "limit=x", "limit=+1",
                            "limit=1&limit=2", "other=1", "limit=99999999999999999999"})
        EXPECT_EQ(site.status(Method::get, std::string("/items/x?") + bad), 422) << bad;
    const Response near = site.ask(Method::get, "/items/x?limt=1");
    EXPECT_TRUE(says(near, R"("path":"query.limt")"));
    EXPECT_TRUE(says(near, R"(did you mean \"limit\"?)"));
    EXPECT_EQ(site.status(Method::get, "/items/" + std::string(17, 'x')), 422);
}

TEST(Api, Tells_problems_as_RFC_9457_has_it) {
    Site site;
    const Response problem = site.ask(Method::get, "/nothing");
    EXPECT_EQ(problem.content_type, "application/problem+json");
    EXPECT_EQ(problem.body,
              R"({"type":"urn:millrace:problem:not-found","title":"Not Found","status":404,)"
              R"("detail":"there is nothing at this path","instance":"/instance",)"
              R"("request_id":"r1","mend":"see /openapi.json for what there is"})");
}

TEST(Api, Asks_for_a_token_before_it_looks_at_the_body) {
    Site site;
    EXPECT_EQ(site.status(Method::post, "/intents", "nonsense"), 401);
    EXPECT_EQ(site.status(Method::get, "/who", "", {{"Authorization", "Bearer wrong"}}), 401);
    const std::string bearer = "Bearer " + site.token;
    EXPECT_EQ(site.status(Method::get, "/who", "", {{"Authorization", bearer}}), 200);
    EXPECT_EQ(site.status(Method::get, "/who?token=x", "", {{"Authorization", bearer}}), 400);
}

TEST(Api, Checks_bodies_by_their_type_and_names_the_field) {
    Site site;
    const std::string bearer = "Bearer " + site.token;
    const auto ask = [&](const std::string& body) {
        return site.ask(Method::post, "/intents", body,
                        {{"Authorization", bearer}, {"Idempotency-Key", "k1"}});
    };
    const model::Names names = model::test_names();
    const std::string good = [&] {
        Random random(1);
        model::OrderIntent intent;
        model::fill_randomly(model::kDescription<model::OrderIntent>, random, &intent);
        return model::to_json(intent, names);
    }();
    EXPECT_EQ(ask(good).status, 202) << ask(good).body;
    EXPECT_TRUE(says(ask(good), R"({"key":"k1"})"));
    EXPECT_EQ(ask("").status, 422);
    EXPECT_EQ(ask("{").status, 422);
    EXPECT_EQ(ask("[]").status, 422);
    const Response unknown = ask(R"({"sumbol":"AAPL"})");
    EXPECT_EQ(unknown.status, 422);
    EXPECT_TRUE(says(unknown, R"("path":"$.sumbol")")) << unknown.body;
    EXPECT_EQ(
        site.status(
            Method::post, "/intents", good,
            {{"Authorization", bearer}, {"Idempotency-Key", "k"}, {"Content-Type", "text/plain"}}),
        415);
    EXPECT_EQ(site.status(Method::post, "/intents", good, {{"Authorization", bearer}}), 400);
    EXPECT_EQ(site.status(Method::post, "/intents", good,
                          {{"Authorization", bearer}, {"Idempotency-Key", "two words"}}),
              400);
    EXPECT_EQ(site.status(Method::post, "/intents", good,
                          {{"Authorization", bearer}, {"Idempotency-Key", std::string(256, 'k')}}),
              400);
    EXPECT_EQ(site.status(Method::get, "/health", "{\"a\":1}"), 422);
    EXPECT_EQ(site.status(Method::get, "/health", " {} "), 200);
}

TEST(Api, Refuses_bodies_that_are_too_large_or_too_deep) {
    Site site;
    EXPECT_EQ(site.status(Method::post, "/echo", std::string(262'144, '1')), 200);
    EXPECT_EQ(site.status(Method::post, "/echo", std::string(262'145, '1')), 413);
    EXPECT_EQ(site.status(Method::post, "/echo", std::string(32, '[') + std::string(32, ']')), 200);
    EXPECT_EQ(site.status(Method::post, "/echo", std::string(33, '[') + std::string(33, ']')), 422);
    EXPECT_EQ(site.status(Method::post, "/echo", std::string(200'000, '[')), 422);
    EXPECT_EQ(site.status(Method::post, "/echo", "\"" + std::string(100, '[') + "\""), 200);
    EXPECT_TRUE(is_within_depth(R"(["\"[[[[",{}])", 2));
    EXPECT_FALSE(is_within_depth(R"([{"a":[]}])", 2));
}

TEST(Api, Limits_rates_and_says_when_to_come_back) {
    Site site;
    EXPECT_EQ(site.ask(Method::get, "/limited").headers.find("x-ratelimit-remaining"), "1");
    EXPECT_EQ(site.status(Method::get, "/limited"), 200);
    const Response refused = site.ask(Method::get, "/limited");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.find("retry-after"), "1");
    EXPECT_EQ(refused.headers.find("x-ratelimit-limit"), "2");
    EXPECT_EQ(refused.headers.find("x-ratelimit-remaining"), "0");
    EXPECT_EQ(site.ask(Method::get, "/limited", "", {}, kNow + Duration::seconds(1)).status, 200);
}

TEST(Api, Shares_nothing_with_other_origins_unless_told_to) {
    Site closed;
    EXPECT_EQ(closed.status(Method::get, "/health", "", {{"Origin", "https://desk.example.com"}}),
              403);
    EXPECT_EQ(closed.ask(Method::get, "/health").headers.count("access-control-allow-origin"), 0U);
    EXPECT_EQ(closed.status(Method::get, "/health", "", {{"Origin", "http://localhost"}}), 200);
    DoorRules rules;
    rules.origins = {"https://desk.example.com"};
    Site open(rules);
    const Response shared =
        open.ask(Method::get, "/health", "", {{"Origin", "https://desk.example.com"}});
    EXPECT_EQ(shared.headers.find("access-control-allow-origin"), "https://desk.example.com");
    EXPECT_EQ(shared.headers.find("vary"), "Origin");
    const Response preflight = open.ask(
        Method::options, "/intents", "",
        {{"Origin", "https://desk.example.com"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(preflight.headers.find("access-control-allow-methods"), "POST, OPTIONS");
}

TEST(Api, Answers_for_a_handler_that_does_not) {
    Site site;
    const Response response = site.ask(Method::post, "/forgotten");
    EXPECT_EQ(response.status, 500);
    EXPECT_TRUE(says(response, "urn:millrace:problem:unanswered"));
}

TEST(Api, Opens_WebSockets_for_who_may) {
    Site site;
    const auto open = [&](const std::string& target,
                          std::initializer_list<Headers::Field> headers = {}) {
        Request request;
        request.target = target;
        request.headers.add("Host", "localhost");
        request.headers.add("Connection", "Upgrade");
        request.headers.add("Upgrade", "websocket");
        request.headers.add("Sec-WebSocket-Version", "13");
        request.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        for (const auto& [name, value] : headers)
            request.headers.add(name, value);
        auto opened = site.api.open_websocket(request, {kNow, kNow});
        if (auto* const declined = std::get_if<Response>(&opened))
            return std::to_string(declined->status);
        return "open " + std::get<Api::Opened>(opened).protocol;
    };
    EXPECT_EQ(open("/ws/echo"), "open ");
    EXPECT_EQ(open("/ws/echo", {{"Sec-WebSocket-Protocol", "other, echo.v1"}}), "open echo.v1");
    EXPECT_EQ(open("/ws/quotes"), "401");
    const std::string protocol = "bearer." + site.token;
    EXPECT_EQ(open("/ws/quotes", {{"Sec-WebSocket-Protocol", protocol}}), "open ");
    EXPECT_EQ(open("/ws/quotes?token=" + site.token), "400");
    EXPECT_EQ(open("/ws/none"), "404");
    EXPECT_EQ(open("/ws/echo?x=1"), "422");
    EXPECT_EQ(open("/ws/echo", {{"Origin", "http://evil.com"}}), "403");
}

TEST(OpenApi, Describes_every_route_the_same_in_every_run) {
    Site site;
    const std::string& document = site.api.openapi();
    EXPECT_EQ(document,
              openapi_document(site.api.options(), site.api.routes(), site.api.websocket_routes()));
    for (const Route& route : site.api.routes())
        EXPECT_NE(document.find("\"operationId\":\"" + route.operation + "\""), std::string::npos);
    for (const char* part :
         {R"("openapi":"3.1.0")", R"("/items/{id}":{"get":)", R"("name":"limit","in":"query")",
          R"("minimum":1,"maximum":100)", R"("$ref":"#/components/schemas/order_intent")",
          R"("name":"Idempotency-Key","in":"header")", R"("x-millrace-scope":"trade")"})
        EXPECT_NE(document.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace millrace::net
