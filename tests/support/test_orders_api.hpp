// The orders api over a service of its own, asked without a socket: what the tests of this room
// share.
#pragma once

#include <chrono>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <thread>

#include "millrace/app/orders/http/orders_api.hpp"

#include "tests/support/test_orders.hpp"

namespace millrace::orders::test {

struct Promised final : net::AnswerSink {
    std::promise<net::Response> promise;
    void answer(std::uint64_t, std::uint64_t, net::Response&& response) override {
        promise.set_value(std::move(response));
    }
};

inline bool says(const net::Response& response, std::string_view words) {
    return response.body.find(words) != std::string::npos;
}

class DeskTest : public OrdersTest {
  protected:
    static constexpr std::string_view kBuy =
        R"({"symbol":"ACME","side":"BUY","quantity":10,"order_type":"LMT","price":100.0,)"
        R"("client_tag":"traderunner"})";

    void SetUp() override { open(settings_in(folder_.path())); }
    void TearDown() override {
        routes_.reset();
        api_.reset();
        service_.reset();
    }

    void open(const Settings& settings, ApiTerms terms = {}) {
        routes_.reset();
        api_.reset();
        service_.reset();
        start(settings);
        auto store = net::TokenStore::open(folder_.path());
        ASSERT_TRUE(store);
        for (auto& [scope, token] : tokens_)
            if (token.empty())
                token =
                    store->create(net::name_of(scope), scope, Time(), std::nullopt)->text.reveal();
        verifier_ = net::TokenVerifier::open(folder_.path()).value();
        keeper_ = std::make_unique<net::Doorkeeper>(net::DoorRules{}, verifier_.get(), nullptr);
        net::ApiOptions options;
        options.rate_limits = false;
        api_ = std::make_unique<net::Api>(std::move(options), *keeper_);
        routes_ = std::make_unique<OrdersApi>(*api_, *service_, std::move(terms));
    }

    net::Response call(net::Method method, const std::string& target, std::string_view body = {},
                       std::string_view key = {}, net::Scope scope = net::Scope::admin) {
        net::Request request;
        request.method = method;
        request.target = target;
        request.body = std::string(body);
        request.id = "r1";
        request.peer = "127.0.0.1:1";
        request.headers.add("Host", "localhost");
        if (!key.empty()) request.headers.add("Idempotency-Key", key);
        if (scope != net::Scope::open)
            request.headers.add("Authorization", "Bearer " + tokens_.at(scope));
        auto sink = std::make_shared<Promised>();
        auto answer = sink->promise.get_future();
        api_->handle(request, {Time(), Time()}, net::Responder(sink, 1, 1, request.id, target));
        EXPECT_EQ(answer.wait_for(kPatience), std::future_status::ready) << target;
        return answer.get();
    }
    net::Response get(const std::string& target) { return call(net::Method::get, target); }
    // What the view shows comes a moment after the answers that it follows from.
    bool comes_to_say(const std::string& target, std::string_view words) {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (!says(get(target), words)) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::yield();
        }
        return true;
    }
    net::Response post(const std::string& target, std::string_view body = {}) {
        return call(net::Method::post, target, body);
    }
    net::Response submit(std::string_view body, std::string_view key) {
        return call(net::Method::post, "/api/v1/orderintents", body, key, net::Scope::trade);
    }

    std::map<net::Scope, std::string> tokens_ = {
        {net::Scope::read, {}}, {net::Scope::trade, {}}, {net::Scope::admin, {}}};
    std::unique_ptr<net::TokenVerifier> verifier_;
    std::unique_ptr<net::Doorkeeper> keeper_;
    std::unique_ptr<net::Api> api_;
    std::unique_ptr<OrdersApi> routes_;
};

}  // namespace millrace::orders::test
