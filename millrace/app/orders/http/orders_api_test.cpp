// Every route, asked as its clients ask it; the books are those of a real service.
#include "millrace/app/orders/http/orders_api.hpp"

#include "tests/support/test_orders_api.hpp"

namespace millrace::orders {
namespace {

using net::Method;
using net::Scope;
using test::says;

class OrdersApiTest : public test::DeskTest {};

TEST_F(OrdersApiTest, Takes_the_body_of_the_predecessor_and_tells_what_became_of_it) {
    quote("99.98", "99.99");
    const net::Response taken = submit(kBuy, "k1");
    EXPECT_EQ(taken.status, 202);
    EXPECT_EQ(taken.body, R"({"id":1,"status":"pending","symbol":"ACME"})");
    const net::Response chain = get("/api/v1/orderintents/1");
    EXPECT_EQ(chain.status, 200);
    EXPECT_TRUE(says(chain, R"("side":"BUY","quantity":"10","order_type":"LMT","price":"100")"));
    EXPECT_TRUE(says(chain, R"("status":"filled")"));
    EXPECT_TRUE(says(chain, R"("client_tag":"traderunner")"));
    EXPECT_TRUE(says(chain, R"("idempotency_key":"k1")"));
    EXPECT_TRUE(says(chain, R"("client_order_id":"i1-entry")"));
    EXPECT_TRUE(says(chain, R"("price":"99.99","fee":)")) << chain.body;
    EXPECT_TRUE(says(chain, R"("risk":[])"));
    EXPECT_TRUE(says(get("/intents"), R"("id":1)"));
    EXPECT_EQ(get("/intents").body, get("/api/v1/intents").body);
    EXPECT_EQ(get("/intents?status=rejected").body, "[]");
    EXPECT_EQ(get("/intents?symbol=BOLT").body, "[]");
    EXPECT_EQ(get("/intents?before=1").body, "[]");
    EXPECT_EQ(get("/intents?limit=0").status, 422);
    EXPECT_EQ(get("/api/v1/orderintents/2").status, 404);
    EXPECT_TRUE(says(get("/api/v1/orders"), R"("status":"filled")"));
    EXPECT_TRUE(says(get("/fills?symbol=ACME"), R"("quantity":"10")"));
    EXPECT_TRUE(says(get("/positions"),
                     R"("symbol":"ACME","strategy":"manual","leg":"net","quantity":"10")"));
    EXPECT_TRUE(says(get("/accounts"), R"("cash":"99000.1","equity":"99999.95")"));
}

TEST_F(OrdersApiTest, Answers_a_known_key_with_what_it_knows) {
    quote("99.98", "99.99");
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    const net::Response again = submit(kBuy, "k1");
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.content_type, "application/problem+json");
    EXPECT_TRUE(says(again, "urn:millrace:problem:duplicate-intent"));
    EXPECT_TRUE(says(again, R"("id":1,"symbol":"ACME","intent":{"id":1,)"));
    // The same in other words: the number as text, the side as the signals have it.
    EXPECT_EQ(submit(R"({"side":"LONG","symbol":"ACME","price":"100.00","quantity":"10",)"
                     R"("client_tag":"traderunner"})",
                     "k1")
                  .status,
              409);
    const net::Response other =
        submit(R"({"symbol":"ACME","side":"BUY","quantity":11,"price":100})", "k1");
    EXPECT_EQ(other.status, 422);
    EXPECT_TRUE(says(other, "urn:millrace:problem:key-reused"));
    EXPECT_TRUE(says(other, R"("id":1)"));
    EXPECT_TRUE(says(get("/api/v1/orderintents/1"), R"("quantity":"10")"));
}

TEST_F(OrdersApiTest, Repeats_the_first_answer_when_it_is_told_to) {
    ApiTerms terms;
    terms.repeats_original = true;
    open(test::settings_in(folder_.path()), std::move(terms));
    const net::Response first = submit(kBuy, "k1");
    const net::Response again = submit(kBuy, "k1");
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
}

TEST_F(OrdersApiTest, Asks_each_caller_for_the_scope_that_it_needs) {
    EXPECT_EQ(call(Method::post, "/api/v1/orderintents", kBuy, "k1", Scope::open).status, 401);
    EXPECT_EQ(call(Method::post, "/api/v1/orderintents", kBuy, "k1", Scope::read).status, 403);
    EXPECT_EQ(call(Method::get, "/intents", {}, {}, Scope::open).status, 401);
    EXPECT_EQ(call(Method::get, "/health", {}, {}, Scope::open).status, 200);
    EXPECT_EQ(
        call(Method::put, "/limits", R"({"limit":"max-order-qty","value":"1"})", {}, Scope::trade)
            .status,
        403);
    EXPECT_EQ(call(Method::post, "/api/v1/orderintents", kBuy, {}, Scope::trade).status, 400);
}

TEST_F(OrdersApiTest, Promotes_and_cancels_what_is_planned) {
    Settings settings = test::settings_in(folder_.path());
    settings.mode = Mode::plan_only;
    settings.auto_promotes = false;
    open(settings);
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    const net::Response promoted = post("/intents/1/promote");
    EXPECT_EQ(promoted.status, 200);
    EXPECT_EQ(promoted.body, R"({"id":1,"status":"ready","symbol":"ACME"})");
    EXPECT_EQ(post("/intents/1/promote").status, 409);
    EXPECT_EQ(post("/intents/9/promote").status, 404);
    const net::Response cancelled = post("/api/v1/orderintents/1/cancel");
    EXPECT_EQ(cancelled.status, 202);
    EXPECT_EQ(cancelled.body, R"({"id":1,"status":"cancelled","symbol":"ACME"})");
    EXPECT_EQ(post("/api/v1/orderintents/1/cancel").status, 409);
}

TEST_F(OrdersApiTest, Cancels_orders_that_work) {
    quote("100.98", "100.99");
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    EXPECT_EQ(submit(kBuy, "k2").status, 202);
    const std::string order =
        std::to_string(execution::order_number(1, execution::IntentLeg::entry));
    EXPECT_TRUE(says(get("/api/v1/orders/" + order), R"("status":"accepted")"));
    const net::Response asked = post("/api/v1/orders/" + order + "/cancel");
    EXPECT_EQ(asked.status, 202);
    EXPECT_EQ(asked.body, R"({"id":)" + order + R"(,"status":"cancel_requested","symbol":"ACME"})");
    EXPECT_TRUE(says(get("/api/v1/orders/" + order), R"("status":"cancelled")"));
    EXPECT_EQ(post("/api/v1/orders/" + order + "/cancel").status, 409);
    EXPECT_EQ(post("/api/v1/orders/7/cancel").status, 404);
    const net::Response all = post("/api/v1/orders/cancel-all?symbol=ACME");
    EXPECT_EQ(all.status, 202);
    EXPECT_EQ(all.body, R"({"orders":1})");
    EXPECT_EQ(post("/api/v1/orders/cancel-all").body, R"({"orders":0})");
    EXPECT_EQ(submit(kBuy, "k3").status, 202);
    EXPECT_EQ(post("/api/v1/orders/cancel-all?strategy=manual").body, R"({"orders":1})");
    EXPECT_EQ(post("/api/v1/orders/cancel-all?account=main").body, R"({"orders":0})");
    EXPECT_EQ(post("/api/v1/orders/cancel-all?symbol=NONE").status, 422);
    EXPECT_EQ(post("/api/v1/orders/cancel-all?symbol=ACME&account=main").status, 422);
    EXPECT_EQ(get("/intents?status=cancelled").body.find(R"("id":2)") != std::string::npos, true);
}

TEST_F(OrdersApiTest, Lets_outside_systems_ask_the_guardian) {
    quote("99.98", "99.99");
    const net::Response passes = post(
        "/api/v1/check",
        R"({"orderId":"a-1","strategyId":"outside","account":"main","symbol":"ACME","side":"BUY",)"
        R"("qty":10,"type":"LMT","limitPrice":100,"ts":"2026-01-05T09:30:00Z"})");
    EXPECT_EQ(passes.status, 200);
    EXPECT_TRUE(says(passes, R"({"orderId":"a-1","decision":"ACCEPT","reasons":[],)"))
        << passes.body;
    const std::size_t at = passes.body.find("reservationId\":") + 15;
    const std::string id = passes.body.substr(at, passes.body.size() - 1 - at);
    EXPECT_EQ(post("/reservations/" + id + "/release").body,
              R"({"id":)" + id + R"(,"released":true})");
    EXPECT_EQ(post("/reservations/" + id + "/release").status, 404);
    const net::Response refused =
        post("/api/v1/check", R"({"orderId":"a-2","symbol":"ACME","side":"SELL","qty":10001})");
    EXPECT_EQ(refused.status, 200);
    EXPECT_TRUE(says(refused, R"("decision":"REJECT")"));
    EXPECT_TRUE(says(
        refused, R"({"code":"MAX_ORDER_QTY","scope":"global","limit":"10000","value":"10001"})"))
        << refused.body;
    EXPECT_TRUE(says(post("/api/v1/check",
                          R"({"orderId":"a","symbol":"ACME","side":"BUY","qty":1,"type":"LMT"})"),
                     R"("path":"$.limitPrice")"));
    EXPECT_TRUE(
        says(post("/api/v1/check", R"({"orderId":"a","symbol":"ACME","side":"BUY","qty":0})"),
             R"("path":"$.qty")"));
}

TEST_F(OrdersApiTest, Sets_limits_and_refuses_by_them) {
    quote("99.98", "99.99");
    const net::Response set =
        call(Method::put, "/limits/symbol/ACME", R"({"limit":"max-order-qty","value":"5"})");
    EXPECT_EQ(set.status, 200);
    EXPECT_TRUE(says(set, R"({"scope":"symbol","key":"ACME","limit":"max-order-qty","value":"5")"));
    EXPECT_TRUE(says(set, R"("changed_by":"admin [)"));
    EXPECT_TRUE(says(get("/limits/symbol/ACME"), R"("value":"5")"));
    EXPECT_TRUE(says(get("/limits"), R"("limit":"max-order-notional","value":"50000")"));
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    const net::Response chain = get("/api/v1/orderintents/1");
    EXPECT_TRUE(says(chain, R"("status":"rejected","reason":"max_order_qty")")) << chain.body;
    EXPECT_TRUE(says(chain, R"("code":"MAX_ORDER_QTY")")) << chain.body;
    EXPECT_TRUE(comes_to_say("/metrics/risk", R"("refused_by":{"MAX_ORDER_QTY":1})"));
    const auto put = [&](const char* path, const char* body) {
        return call(Method::put, path, body);
    };
    EXPECT_TRUE(says(put("/limits", R"({"limit":"max-order-quantity","value":"5"})"),
                     R"("path":"$.limit")"));
    EXPECT_TRUE(
        says(put("/limits", R"({"limit":"max-order-qty","value":"many"})"), R"("path":"$.value")"));
    EXPECT_EQ(put("/limits/symbol/NONE", R"({"limit":"max-order-qty","value":"5"})").status, 422);
    EXPECT_EQ(put("/limits/symbol/ACME", R"({"limit":"daily-loss","value":"0.1"})").status, 422);
    EXPECT_EQ(put("/limits/global/-", R"({"limit":"max-order-qty","value":"none"})").status, 200);
    EXPECT_TRUE(says(get("/audit"), R"("actor":"admin [)")) << get("/audit").body;
}

TEST_F(OrdersApiTest, Turns_the_kill_switch) {
    quote("99.98", "99.99");
    EXPECT_EQ(get("/kill-switch").body, R"({"engaged":false,"switches":[]})");
    const net::Response engaged =
        call(Method::post, "/kill-switch",
             R"({"action":"engage","reason":"flatten is a word","actor":"bob"})", {}, Scope::trade);
    EXPECT_EQ(engaged.status, 200);
    EXPECT_TRUE(says(engaged, R"({"scope":"global","engaged":true,"proven":true,"working":0,)"
                              R"("reason":"for bob: flatten is a word","actor":"trade [)"))
        << engaged.body;
    EXPECT_TRUE(says(get("/kill-switch"), R"({"engaged":true)"));
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    EXPECT_TRUE(says(get("/api/v1/orderintents/1"), R"("reason":"kill_switch")"));
    const char* release = R"({"action":"release","reason":"all is well"})";
    EXPECT_EQ(call(Method::post, "/kill-switch", release, {}, Scope::trade).status, 403);
    EXPECT_TRUE(says(post("/kill-switch", release), R"("engaged":false)"));
    EXPECT_EQ(post("/kill-switch", release).status, 409);
    EXPECT_EQ(post("/kill-switch", R"({"action":"engage"})").status, 422);
    EXPECT_TRUE(says(post("/kill-switch", R"({"action":"engage","scope":"all","reason":"x"})"),
                     R"("path":"$.scope")"));
    // A reason is no order to close positions.
    EXPECT_TRUE(says(
        post("/kill-switch", R"({"action":"engage","scope":"symbol:BOLT","reason":"flatten"})"),
        R"("reason":"reason: flatten")"));
}

TEST_F(OrdersApiTest, Lists_alerts_and_lets_them_be_acknowledged) {
    EXPECT_EQ(post("/kill-switch", R"({"action":"engage","reason":"a drill"})").status, 200);
    const net::Response critical = get("/alerts?severity=CRITICAL&status=open");
    EXPECT_TRUE(says(critical, R"("code":"KILL_SWITCH_ENGAGED")")) << critical.body;
    const std::size_t at = critical.body.find("\"alertId\":") + 10;
    const std::string id = critical.body.substr(at, critical.body.find(',', at) - at);
    const net::Response seen = post("/alerts/" + id + "/ack");
    EXPECT_EQ(seen.status, 200);
    EXPECT_TRUE(says(seen, R"("status":"acked","ackedBy":"admin [)")) << seen.body;
    EXPECT_EQ(post("/alerts/" + id + "/ack").status, 409);
    EXPECT_EQ(post("/alerts/999999/ack").status, 404);
    EXPECT_FALSE(says(get("/alerts?status=open"), "\"alertId\":" + id + ","));
    EXPECT_TRUE(says(get("/alerts?status=acked"), "\"alertId\":" + id + ","));
}

TEST_F(OrdersApiTest, Flattens_and_shows_exposure) {
    quote("99.98", "99.99");
    EXPECT_EQ(submit(kBuy, "k1").status, 202);
    EXPECT_TRUE(comes_to_say("/exposure", R"("gross":"999.85","net":"999.85")"));
    EXPECT_TRUE(
        says(get("/exposure"), R"("symbol":"ACME","quantity":"10","average_price":"99.99")"));
    const net::Response flat = post("/flatten", R"({"reason":"the day is over"})");
    EXPECT_EQ(flat.status, 202);
    EXPECT_EQ(flat.body, R"({"scope":"global","status":"flattening"})");
    EXPECT_TRUE(comes_to_say("/positions", R"("quantity":"0")"));
}

TEST_F(OrdersApiTest, Tells_its_health_in_the_words_of_both_predecessors) {
    EXPECT_TRUE(says(get("/health"), R"({"status":"ok","service":"orders")"))
        << get("/health").body;
    EXPECT_EQ(get("/healthz").body,
              R"({"ok":true,"status":"ok","dependencies":{"database":"ok","worker":"ok"}})");
    EXPECT_EQ(get("/ready").status, 503);
    routes_->set_ready(true);
    EXPECT_EQ(get("/ready").body, R"({"ready":true})");
    EXPECT_TRUE(says(get("/api/v1/status"), R"("mode":"paper-send","sends":true)"));
}

TEST_F(OrdersApiTest, Describes_every_route_once) {
    const std::string& document = api_->openapi();
    for (const char* path : {"\"/api/v1/orderintents\"", "\"/intents/{id}/promote\"",
                             "\"/api/v1/intents/{id}/promote\"", "\"/limits/{scope}/{key}\"",
                             "\"/api/v1/kill-switch\"", "\"/kill-switch\"", "\"/healthz\""})
        EXPECT_NE(document.find(path), std::string::npos) << path;
    EXPECT_NE(document.find(R"("strategy_version")"), std::string::npos);
    EXPECT_NE(document.find(R"("STP_LMT")"), std::string::npos);
}

}  // namespace
}  // namespace millrace::orders
