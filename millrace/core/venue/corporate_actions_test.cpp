// What a split and a dividend do at the venue and in the books, written out by hand.
#include <gtest/gtest.h>

#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {
namespace {

constexpr AccountId kAccount{0};
constexpr StrategyId kStrategy{0};
constexpr InstrumentId kShare{0};

// A venue whose reports go straight into books.
class CorporateActionsTest : public testing::Test, protected ReportSink {
  protected:
    CorporateActionsTest() {
        model::Instrument share;
        share.id = kShare;
        share.symbol = "ACME";
        share.currency = "USD";
        share.price_increment = Price::parse("0.01").value();
        share.quantity_increment = Quantity::whole(1);
        share.multiplier = Ratio::whole(1);
        model::Account account;
        account.id = kAccount;
        account.currency = "USD";
        EXPECT_TRUE(books_.define(share));
        EXPECT_TRUE(books_.define(account));
        EXPECT_TRUE(books_.book({kAccount, kStrategy, "USD", Money::whole(100'000)}));
        Settings settings;
        settings.timing = FillTiming::immediate;
        settings.sizes_known = false;
        venue_.emplace(SimulatedExchange::make(settings, *this).value());
        venue_->define(share);
    }
    void price(int second, const char* text) {
        model::Quote quote;
        quote.known_at = Time::from_ns(second * kNanosecondsPerSecond);
        quote.bid = quote.ask = Price::parse(text).value();
        quote.instrument = kShare;
        venue_->on_quote(quote);
        ASSERT_TRUE(books_.mark(quote));
    }
    void order(std::uint64_t id, model::Side side, std::int64_t units, const char* stop = nullptr) {
        model::Order order;
        order.order_id = id;
        order.quantity = Quantity::whole(units);
        order.instrument = kShare;
        order.account = kAccount;
        order.strategy = kStrategy;
        order.side = side;
        order.time_in_force = model::TimeInForce::gtc;
        if (stop != nullptr) {
            order.type = model::OrderType::stop;
            order.stop_price = Price::parse(stop).value();
        }
        venue_->submit(order, venue_->now());
    }
    void split(int second, std::uint32_t new_units, std::uint32_t old_units) {
        model::CorporateAction action;
        action.known_at = Time::from_ns(second * kNanosecondsPerSecond);
        action.currency = "USD";
        action.new_units = new_units;
        action.old_units = old_units;
        venue_->on_corporate_action(action);
    }
    [[nodiscard]] portfolio::Ledger ledger() const {
        return books_.ledger(kAccount, kStrategy, "USD");
    }
    [[nodiscard]] Quantity held() const {
        return books_.position(kAccount, kStrategy, kShare)->quantity();
    }

    void on_order(const model::Order& order) override {
        last_order_ = order;
        told_.push_back(order);
    }
    void on_fill(const model::Fill& fill) override { EXPECT_TRUE(books_.apply(fill)); }
    void on_cash(const CashCharge& charge) override {
        EXPECT_TRUE(books_.book(
            {charge.account, charge.strategy, charge.currency, charge.amount, charge.reason}));
    }
    void on_action(const model::CorporateAction& action) override {
        if (!model::is_split(action)) return;
        EXPECT_TRUE(books_.split(action));
    }

    portfolio::Portfolio books_;
    std::optional<SimulatedExchange> venue_;
    model::Order last_order_;
    std::vector<model::Order> told_;
};

TEST_F(CorporateActionsTest, A_hundred_shares_through_seven_for_one) {
    price(1, "700");
    order(1, model::Side::buy, 100);  // 70,000
    split(2, 7, 1);
    EXPECT_EQ(held(), Quantity::whole(700));
    EXPECT_EQ(venue_->position(kAccount, kShare), Quantity::whole(700));
    EXPECT_EQ(ledger().cash, Money::whole(30'000));
    EXPECT_EQ(ledger().unrealised, Money());
    price(3, "110");
    EXPECT_EQ(ledger().unrealised, Money::whole(7'000));  // 700 at 10 more than 100
    order(2, model::Side::sell, 700);
    EXPECT_EQ(ledger().realised, Money::whole(7'000));
    EXPECT_EQ(ledger().cash, Money::whole(107'000));
    ASSERT_EQ(books_.trades().size(), 1u);
    EXPECT_EQ(books_.trades()[0].entry_price, Price::whole(100));
    EXPECT_EQ(books_.trades()[0].exit_price, Price::whole(110));
    EXPECT_EQ(books_.trades()[0].quantity, Quantity::whole(700));
    EXPECT_EQ(books_.trades()[0].gross, Money::whole(7'000));
    books_.audit();
}

TEST_F(CorporateActionsTest, A_short_through_two_for_one_pays_the_dividend) {
    price(1, "50");
    order(1, model::Side::sell, 100);  // 5,000 received
    split(2, 2, 1);
    EXPECT_EQ(held(), Quantity::whole(-200));
    model::CorporateAction dividend;
    dividend.known_at = Time::from_ns(3 * kNanosecondsPerSecond);
    dividend.kind = model::ActionKind::dividend;
    dividend.amount = Price::parse("0.25").value();
    dividend.currency = "USD";
    venue_->on_corporate_action(dividend);  // 200 * 0.25
    EXPECT_EQ(ledger().cash, Money::whole(104'950));
    EXPECT_EQ(ledger().realised, Money::whole(-50));
    price(4, "20");
    order(2, model::Side::buy, 200);  // 4,000 paid
    EXPECT_EQ(ledger().cash, Money::whole(100'950));
    EXPECT_EQ(ledger().realised, Money::whole(950));
    EXPECT_EQ(books_.trades()[0].gross, Money::whole(1'000));
    EXPECT_EQ(books_.trades()[0].entry_price, Price::whole(25));
}

TEST_F(CorporateActionsTest, A_working_stop_through_three_for_two) {
    price(1, "90");
    order(1, model::Side::buy, 100);
    order(2, model::Side::sell, 100, "80");
    split(2, 3, 2);
    EXPECT_EQ(last_order_.reason, model::OrderReason::corporate_action);
    EXPECT_EQ(last_order_.quantity, Quantity::whole(150));
    EXPECT_EQ(last_order_.stop_price.value(), Price::parse("53.33").value());  // 53.333… down
    price(3, "53.34");
    EXPECT_EQ(held(), Quantity::whole(150));
    price(4, "53");
    EXPECT_EQ(held(), Quantity());
    EXPECT_EQ(ledger().realised, Money::whole(-1'050));  // 150 * 53 - 100 * 90
}

TEST_F(CorporateActionsTest, A_fraction_is_paid_for_at_the_new_price) {
    price(1, "40");
    order(1, model::Side::buy, 25);
    split(2, 1, 10);
    EXPECT_EQ(held(), Quantity::whole(2));
    EXPECT_EQ(ledger().cash, Money::whole(99'200));  // less 25 * 40, and 0.5 * 400
    EXPECT_EQ(venue_->position(kAccount, kShare), Quantity::whole(2));
    books_.audit();
}

// Bought at 40 from who asks; then nobody bids, and 400 is what the other side says.
TEST_F(CorporateActionsTest, A_fraction_is_paid_for_by_the_other_side_where_nobody_bids) {
    price(1, "40");
    order(1, model::Side::buy, 25);
    model::Quote quote;
    quote.known_at = Time::from_ns(2 * kNanosecondsPerSecond);
    quote.ask = Price::whole(40);
    quote.instrument = kShare;
    venue_->on_quote(quote);
    split(3, 1, 10);
    EXPECT_EQ(held(), Quantity::whole(2));
    EXPECT_EQ(ledger().cash, Money::whole(99'200));
}

// Nine each, of which the group may deal nine; four are bought. Through 1:10 no lot is left of
// either. The one that ends takes the other with it, which has told of its 0.4 before.
TEST_F(CorporateActionsTest, An_order_tells_its_new_units_before_a_sibling_ends_it) {
    Settings settings;
    settings.timing = FillTiming::immediate;
    venue_.emplace(SimulatedExchange::make(settings, *this).value());
    model::Instrument share;
    share.id = kShare;
    share.symbol = "ACME";
    share.currency = "USD";
    share.price_increment = Price::parse("0.01").value();
    share.quantity_increment = Quantity::whole(1);
    share.multiplier = Ratio::whole(1);
    venue_->define(share);
    const auto quote = [&](int second, std::int64_t ask, std::int64_t size) {
        model::Quote offer;
        offer.known_at = Time::from_ns(second * kNanosecondsPerSecond);
        offer.bid = Price::whole(80);
        offer.ask = Price::whole(ask);
        offer.bid_size = Quantity::whole(100);
        offer.ask_size = Quantity::whole(size);
        offer.instrument = kShare;
        venue_->on_quote(offer);
    };
    quote(1, 100, 100);
    for (const std::uint64_t id : {1U, 2U}) {
        model::Order order;
        order.order_id = id;
        order.quantity = Quantity::whole(9);
        order.instrument = kShare;
        order.account = kAccount;
        order.strategy = kStrategy;
        order.type = model::OrderType::limit;
        order.limit_price = Price::whole(id == 2 ? 90 : 70);
        order.time_in_force = model::TimeInForce::gtc;
        order.group_id = 7;
        order.contingency = model::Contingency::oco_reduce;
        venue_->submit(order, venue_->now());
    }
    quote(2, 90, 4);
    told_.clear();
    split(3, 1, 10);
    std::vector<std::string> told;
    for (const model::Order& order : told_)
        if (order.order_id == 2)
            told.push_back(
                order.filled_quantity.to_string() + " " +
                std::string(model::kOrderStatusNames[static_cast<std::size_t>(order.status)]) +
                " " +
                std::string(model::kOrderReasonNames[static_cast<std::size_t>(order.reason)]));
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0], "0.4 partially_filled corporate_action");
    EXPECT_EQ(told[1].substr(0, 13), "0.4 cancelled");
}

}  // namespace
}  // namespace millrace::venue
