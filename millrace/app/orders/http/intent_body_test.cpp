#include "millrace/app/orders/http/intent_body.hpp"

#include <gtest/gtest.h>

#include "millrace/app/orders/settings.hpp"

namespace millrace::orders {
namespace {

Tradable tradable() {
    Tradable made;
    made.instruments = {Settings::share("AAPL", InstrumentId(0))};
    EXPECT_TRUE(made.names.instruments.add(InstrumentId(0), "AAPL"));
    EXPECT_TRUE(made.names.accounts.add(AccountId(0), "main"));
    return made;
}

// The path of the field that is wrong; "taken" when none is.
std::string path_of(std::string_view body) {
    const auto read = read_intent(body, tradable());
    return read ? "taken" : read.error().where;
}

// A limit order with these members beside what every order has.
std::string order(std::string_view members) {
    return R"({"symbol":"AAPL","side":"BUY","quantity":1)" + std::string(members) + "}";
}

TEST(IntentBody, Reads_the_body_that_the_predecessor_sends) {
    const auto read = read_intent(
        R"({"symbol":"AAPL","side":"SELL","quantity":25,"order_type":"LMT","price":184.25,)"
        R"("client_tag":"traderunner"})",
        tradable());
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->symbol, "AAPL");
    EXPECT_EQ(read->side, model::Side::sell);
    EXPECT_EQ(read->type, model::OrderType::limit);
    EXPECT_EQ(read->time_in_force, model::TimeInForce::day);
    EXPECT_EQ(read->quantity, Quantity::whole(25));
    EXPECT_EQ(read->limit_price, Price::from_raw(184'250'000'000));
    EXPECT_EQ(read->tag, "traderunner");
    EXPECT_EQ(read->strategy, "");
    const auto market =
        read_intent(R"({"symbol":"AAPL","side":"BUY","quantity":1,"order_type":"MKT","price":null,)"
                    R"("client_tag":"x"})",
                    tradable());
    ASSERT_TRUE(market) << describe(market.error());
    EXPECT_EQ(market->type, model::OrderType::market);
    EXPECT_FALSE(market->limit_price.has_value());
}

TEST(IntentBody, Reads_the_documented_extension) {
    const auto read = read_intent(
        order(R"(,"price":100,"stop_loss":98.5,"take_profit":"104","bracket_order":true)"),
        tradable());
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->stop_loss, Price::from_raw(98'500'000'000));
    EXPECT_EQ(read->take_profit, Price::whole(104));
    EXPECT_EQ(path_of(order(R"(,"price":100,"bracket_order":false)")), "taken");
    EXPECT_EQ(path_of(order(R"(,"price":100,"bracket_order":true)")), "$.bracket_order");
    EXPECT_EQ(path_of(order(R"(,"price":100,"stop_loss":98,"bracket_order":false)")),
              "$.bracket_order");
    EXPECT_EQ(path_of(order(R"(,"price":100,"stop_loss":100)")), "$.stop_loss");
    EXPECT_EQ(path_of(order(R"(,"price":100,"take_profit":100)")), "$.take_profit");
    EXPECT_EQ(path_of(order(R"(,"order_type":"MKT","stop_loss":98,"take_profit":97)")),
              "$.take_profit");
}

TEST(IntentBody, Names_the_field_that_is_wrong) {
    EXPECT_EQ(path_of(order("")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":null)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":"NaN")")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":NaN)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":Infinity)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":-1)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":0)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":1.005)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":1.01)")), "taken");
    EXPECT_EQ(path_of(order(R"(,"order_type":"MKT","price":1)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"order_type":"STP")")), "$.stop_price");
    EXPECT_EQ(path_of(order(R"(,"order_type":"STP","stop_price":1)")), "taken");
    EXPECT_EQ(path_of(order(R"(,"order_type":"STP_LMT","stop_price":1,"price":1)")), "taken");
    EXPECT_EQ(path_of(order(R"(,"order_type":"lmt","price":1)")), "$.order_type");
    EXPECT_EQ(path_of(order(R"(,"price":1,"pirce":1)")), "$.pirce");
    EXPECT_EQ(path_of(order(R"(,"price":1,"price":1)")), "$.price");
    EXPECT_EQ(path_of(order(R"(,"price":1,"time_in_force":"GTD")")), "$.expires_at");
    EXPECT_EQ(path_of(order(R"(,"price":1,"expires_at":"2026-01-05T20:00:00Z")")), "$.expires_at");
    EXPECT_EQ(path_of(order(R"(,"price":1,"account":"other")")), "$.account");
    EXPECT_EQ(path_of(order(R"(,"price":1,"strategy":"a b")")), "$.strategy");
    const auto with = [](const char* symbol, const char* side, const char* quantity) {
        return R"({"price":1,"symbol":)" + std::string(symbol) + R"(,"side":)" + side +
               R"(,"quantity":)" + quantity + "}";
    };
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("BUY")", "1")), "taken");
    EXPECT_EQ(path_of(with(R"("aapl")", R"("BUY")", "1")), "$.symbol");
    EXPECT_EQ(path_of(with(R"("'; DROP TABLE orders")", R"("BUY")", "1")), "$.symbol");
    EXPECT_EQ(path_of(with("7", R"("BUY")", "1")), "$.symbol");
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("HOLD")", "1")), "$.side");
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("BUY")", "0")), "$.quantity");
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("BUY")", "-1")), "$.quantity");
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("BUY")", "1.5")), "$.quantity");
    EXPECT_EQ(path_of(with(R"("AAPL")", R"("BUY")", "1e30")), "$.quantity");
    EXPECT_EQ(path_of("{"), "$");
    EXPECT_EQ(path_of("[]"), "$");
    EXPECT_EQ(path_of(""), "$");
}

constexpr std::string_view kSignal =
    R"({"symbol":"AAPL","timestamp":"2026-01-05T09:35:00-05:00","strategy":"insidebar_intraday",)"
    R"("strategy_version":"1.1.0","long_entry":"101.5","short_entry":null,"sl_long":"100.5",)"
    R"("sl_short":null,"tp_long":"103.5","tp_short":null,"setup":"inside_bar","score":0.75,)"
    R"("score_components":{"range":0.5,"trend":1},"metadata":{"session":{"id":"am"}})";

TEST(IntentBody, Makes_an_order_of_a_signal) {
    Tradable with_size = tradable();
    with_size.signal_quantity = Quantity::whole(7);
    const auto read = read_intent(std::string(kSignal) + "}", with_size);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->side, model::Side::buy);
    EXPECT_EQ(read->type, model::OrderType::limit);
    EXPECT_EQ(read->quantity, Quantity::whole(7));
    EXPECT_EQ(read->limit_price, Price::from_raw(101'500'000'000));
    EXPECT_EQ(read->stop_loss, Price::from_raw(100'500'000'000));
    EXPECT_EQ(read->take_profit, Price::from_raw(103'500'000'000));
    EXPECT_EQ(read->strategy, "insidebar_intraday");
    EXPECT_EQ(read->tag, "1.1.0 2026-01-05T14:35:00Z");
    const auto stop =
        read_intent(std::string(kSignal) + R"(,"quantity":3,"order_type":"STP"})", tradable());
    ASSERT_TRUE(stop) << describe(stop.error());
    EXPECT_EQ(stop->stop_price, Price::from_raw(101'500'000'000));
    EXPECT_FALSE(stop->limit_price.has_value());
    EXPECT_EQ(stop->quantity, Quantity::whole(3));
}

TEST(IntentBody, Refuses_a_signal_that_is_no_single_order) {
    const auto path_with = [](std::string_view members) {
        return path_of(R"({"symbol":"AAPL","timestamp":"2026-01-05T14:35:00Z","strategy":"s",)"
                       R"("strategy_version":"1","quantity":1)" +
                       std::string(members) + "}");
    };
    EXPECT_EQ(path_of(std::string(kSignal) + "}"), "$.quantity");
    EXPECT_EQ(path_with(R"(,"long_entry":2)"), "taken");
    EXPECT_EQ(path_with(""), "$.long_entry");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"short_entry":1)"), "$.short_entry");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"sl_short":3)"), "$.sl_short");
    EXPECT_EQ(path_with(R"(,"short_entry":2,"sl_short":1)"), "$.sl_short");
    EXPECT_EQ(path_with(R"(,"short_entry":2,"sl_short":3,"tp_short":1)"), "taken");
    EXPECT_EQ(path_with(R"(,"long_entry":2.001)"), "$.long_entry");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"score":1.5)"), "$.score");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"metadata":[])"), "$.metadata");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"metadata":{},"metadata":{})"), "$.metadata");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"score_components":{"a":"b"})"), "$.score_components.a");
    EXPECT_EQ(path_with(R"(,"long_entry":2,"extra":{"a":[1]})"), "$.extra");
    EXPECT_EQ(path_of(R"({"symbol":"AAPL","timestamp":"2026-01-05T14:35:00","strategy":"s",)"
                      R"("strategy_version":"1","quantity":1,"long_entry":2})"),
              "$.timestamp");
}

}  // namespace
}  // namespace millrace::orders
