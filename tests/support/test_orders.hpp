// Builders that the tests of this room share: a server in a folder of its own, asked and answered
// one request after the other. Limits on rates and ages are off, so that no test hangs on a clock.
#pragma once

#include <chrono>
#include <future>
#include <gtest/gtest.h>

#include "millrace/app/orders/order_service.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::orders::test {

inline Price price(const char* text) {
    return Price::parse(text).value();
}
inline Quantity quantity(const char* text) {
    return Quantity::parse(text).value();
}
inline Money money(const char* text) {
    return Money::parse(text).value();
}

template <class T>
T must(ledger::Kept<T> kept) {
    if (!kept) MILLRACE_ASSERT(false, describe(kept.error().error).c_str());
    return std::move(*kept);
}

// Paper trading of ACME and BOLT, each intent sent at once.
inline Settings settings_in(const std::string& folder) {
    Settings settings;
    settings.data_directory = folder;
    settings.symbols = {"ACME", "BOLT"};
    settings.prices.is_on = false;
    settings.mode = Mode::paper_send;
    settings.allows_sending = true;
    settings.auto_promotes = true;
    for (const risk::Limit limit : {risk::Limit::stale_price, risk::Limit::strategy_order_rate,
                                    risk::Limit::account_order_rate})
        settings.limits.push_back({risk::ScopeKind::global, {}, limit, risk::kUnset});
    return settings;
}

inline IntentRequest buy(const std::string& key, const char* size = "10",
                         const char* limit = "100") {
    IntentRequest request;
    request.key = key;
    request.symbol = "ACME";
    request.quantity = quantity(size);
    request.type = limit == nullptr ? model::OrderType::market : model::OrderType::limit;
    if (limit != nullptr) request.limit_price = price(limit);
    return request;
}

class OrdersTest : public ::testing::Test {
  protected:
    static constexpr std::chrono::seconds kPatience{60};

    void start(const Settings& settings) {
        auto started = OrderService::start(settings);
        ASSERT_TRUE(started) << describe(started.error());
        service_ = std::move(*started);
    }
    void start() { start(settings_in(folder_.path())); }
    void stop() {
        const auto stopped = service_->stop();
        EXPECT_TRUE(stopped) << describe(stopped.error());
        service_.reset();
    }

    Outcome ask(const IntentRequest& request) {
        return heard([&](Answer answer) { return service_->submit(request, std::move(answer)); });
    }
    Outcome say(const std::string& name, const std::string& target = "",
                const std::string& argument = "", const std::string& actor = "ann") {
        return heard([&](Answer answer) {
            return service_->command({name, target, argument, actor}, std::move(answer));
        });
    }
    // ACME stands at this price, half a tick either way; the second one is BOLT.
    void quote(const char* bid, const char* ask, std::uint32_t instrument = 0) {
        model::Quote quote;
        quote.bid = price(bid);
        quote.ask = price(ask);
        quote.bid_size = quote.ask_size = Quantity::whole(100);
        quote.instrument = InstrumentId(instrument);
        ASSERT_TRUE(service_->offer(quote));
    }

    // The ledger agrees with itself; what it counts.
    ledger::CheckReport check() {
        auto reader = must(service_->reader());
        ledger::CheckReport report = must(reader->check());
        for (const ledger::Finding& finding : report.findings)
            ADD_FAILURE() << finding.code << " " << finding.where << ": " << finding.what;
        return report;
    }
    ledger::IntentRow intent_row(std::uint64_t id) {
        auto reader = must(service_->reader());
        const auto row = must(reader->find<ledger::IntentRow>(static_cast<std::int64_t>(id)));
        EXPECT_TRUE(row.has_value()) << id;
        return row.value_or(ledger::IntentRow{});
    }

    TemporaryDirectory folder_;
    std::unique_ptr<OrderService> service_;

  private:
    template <class Ask>
    Outcome heard(Ask ask) {
        const auto answered = std::make_shared<std::promise<Outcome>>();
        auto future = answered->get_future();
        const Submitted taken =
            ask([answered](const Outcome& outcome) { answered->set_value(outcome); });
        if (!taken) {
            ADD_FAILURE() << describe(taken.error().error);
            return {};
        }
        EXPECT_EQ(future.wait_for(kPatience), std::future_status::ready);
        return future.get();
    }
};

}  // namespace millrace::orders::test
