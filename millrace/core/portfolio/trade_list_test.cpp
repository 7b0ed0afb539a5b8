#include <gtest/gtest.h>

#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

// Books of one share with a trade list, driven by deals of numbered orders.
class Trades {
  public:
    explicit Trades(Matching matching = Matching::fifo,
                    model::PositionMode mode = model::PositionMode::netting)
        : books_(settings(matching)) {
        EXPECT_TRUE(books_.define(share()));
        EXPECT_TRUE(books_.define(account("USD", mode)));
    }

    void deal(std::int64_t at, std::uint64_t order, model::Fill fill, const char* fee = "0",
              PositionEffect effect = PositionEffect::automatic) {
        fill.known_at = second(at);
        fill.order_id = order;
        fill.fee = money(fee);
        fill.fee_currency = "USD";
        EXPECT_TRUE(books_.apply(fill, effect, ExitReason::stop));
    }
    void price(const char* at) { EXPECT_TRUE(books_.mark(trade(at))); }
    [[nodiscard]] const RoundTrip& operator[](std::size_t i) const { return books_.trades()[i]; }
    [[nodiscard]] std::size_t size() const { return books_.trades().size(); }
    Portfolio& books() { return books_; }

  private:
    static PortfolioSettings settings(Matching matching) {
        PortfolioSettings settings;
        settings.matching = matching;
        return settings;
    }
    Portfolio books_;
};

TEST(TradeList, A_round_trip_has_both_ends_and_its_money) {
    Trades trades;
    trades.deal(10, 1, bought("100", "10"), "1");
    trades.deal(20, 2, sold("100", "12"), "1.5");
    ASSERT_EQ(trades.size(), 1U);
    const RoundTrip& trip = trades[0];
    EXPECT_EQ(trip.side, model::Side::buy);
    EXPECT_EQ(trip.entry_time, second(10));
    EXPECT_EQ(trip.exit_time, second(20));
    EXPECT_EQ(trip.entry_price, price("10"));
    EXPECT_EQ(trip.exit_price, price("12"));
    EXPECT_EQ(trip.quantity, quantity("100"));
    EXPECT_EQ(trip.gross, money("200"));
    EXPECT_EQ(trip.fees, Maybe<Money>(money("2.5")));
    EXPECT_EQ(trip.net(), Maybe<Money>(money("197.5")));
    EXPECT_EQ(trip.reason, ExitReason::stop);
    EXPECT_EQ(trip.currency, Code("USD"));
    EXPECT_EQ(trip.exit_order_id, 2U);
}

TEST(TradeList, Deals_of_one_closing_order_are_one_trade) {
    Trades trades;
    trades.deal(10, 1, bought("60", "10"));
    trades.deal(11, 1, bought("40", "15"));
    trades.deal(20, 2, sold("50", "20"));
    trades.deal(21, 2, sold("50", "22"));
    ASSERT_EQ(trades.size(), 1U);
    EXPECT_EQ(trades[0].entry_price, price("12"));
    EXPECT_EQ(trades[0].exit_price, price("21"));
    EXPECT_EQ(trades[0].exit_time, second(21));
    EXPECT_EQ(trades[0].gross, money("900"));
}

TEST(TradeList, Matches_the_first_deal_first) {
    Trades trades;
    trades.deal(10, 1, bought("10", "100"), "1");
    trades.deal(11, 2, bought("10", "120"), "3");
    trades.deal(20, 3, sold("15", "130"), "3");
    trades.deal(21, 4, sold("5", "110"), "1");
    ASSERT_EQ(trades.size(), 2U);
    // 10 of 100 and 5 of 120 at 130; then 5 of 120 at 110.
    EXPECT_EQ(trades[0].gross, money("350"));
    EXPECT_EQ(trades[0].entry_price, price("106.666666667"));
    EXPECT_EQ(trades[0].entry_time, second(10));
    EXPECT_EQ(trades[0].fees, Maybe<Money>(money("5.5")));  // 1 + half of 3 + 3
    EXPECT_EQ(trades[1].gross, money("-50"));
    EXPECT_EQ(trades[1].entry_time, second(11));
    EXPECT_EQ(trades[1].fees, Maybe<Money>(money("2.5")));
}

TEST(TradeList, Matches_the_last_deal_first_when_asked) {
    Trades trades(Matching::lifo);
    trades.deal(10, 1, bought("10", "100"));
    trades.deal(11, 2, bought("10", "120"));
    trades.deal(20, 3, sold("15", "130"));
    ASSERT_EQ(trades.size(), 1U);
    EXPECT_EQ(trades[0].gross, money("250"));  // 10 * 10 + 5 * 30
}

TEST(TradeList, A_flip_ends_one_trade_and_begins_the_other_way) {
    Trades trades;
    trades.deal(10, 1, bought("100", "10"));
    trades.deal(20, 2, sold("150", "12"), "3");
    trades.deal(30, 3, bought("50", "11"), "1");
    ASSERT_EQ(trades.size(), 2U);
    EXPECT_EQ(trades[0].gross, money("200"));
    EXPECT_EQ(trades[0].fees, Maybe<Money>(money("2")));  // two thirds of the flip's fee
    EXPECT_EQ(trades[1].side, model::Side::sell);
    EXPECT_EQ(trades[1].entry_price, price("12"));
    EXPECT_EQ(trades[1].gross, money("50"));
    EXPECT_EQ(trades[1].fees, Maybe<Money>(money("2")));
}

TEST(TradeList, Remembers_the_worst_and_the_best_while_it_was_open) {
    Trades trades;
    trades.price("50");  // before the trade
    trades.deal(10, 1, bought("10", "100"));
    trades.price("93");
    trades.price("115");
    trades.deal(20, 2, sold("10", "105"));
    trades.price("10");  // after the trade
    EXPECT_EQ(trades[0].adverse_max, money("70"));
    EXPECT_EQ(trades[0].favourable_max, money("150"));
    trades.deal(30, 3, sold("10", "105"));
    trades.price("110");
    trades.deal(40, 4, bought("10", "104"));
    EXPECT_EQ(trades[1].adverse_max, money("50"));
    EXPECT_EQ(trades[1].favourable_max, money("10"));
}

TEST(TradeList, Each_lot_remembers_only_what_came_after_it) {
    Trades trades;
    trades.deal(10, 1, bought("10", "100"));
    trades.price("90");
    trades.deal(11, 2, bought("10", "95"));
    trades.price("94");
    trades.deal(20, 3, sold("20", "100"));
    EXPECT_EQ(trades[0].adverse_max, money("110"));    // 10 * 10, and 10 * 1
    EXPECT_EQ(trades[0].favourable_max, money("50"));  // 0, and 10 * 5
}

TEST(TradeList, A_lot_that_stays_remembers_what_a_later_one_saw) {
    Trades trades(Matching::lifo);
    trades.deal(10, 1, bought("10", "100"));
    trades.deal(11, 2, bought("10", "95"));
    trades.price("80");
    trades.deal(20, 3, sold("10", "96"));
    trades.deal(21, 4, sold("10", "100"));
    EXPECT_EQ(trades[0].adverse_max, money("150"));
    EXPECT_EQ(trades[1].adverse_max, money("200"));
}

TEST(TradeList, An_open_trade_is_marked_at_the_end) {
    Trades trades;
    trades.deal(10, 1, bought("10", "100"), "2");
    trades.price("90");
    trades.price("130");
    const auto open = trades.books().open_trades(second(99)).value();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].reason, ExitReason::still_open);
    EXPECT_EQ(open[0].exit_time, second(99));
    EXPECT_EQ(open[0].exit_price, price("130"));
    EXPECT_EQ(open[0].gross, money("300"));
    EXPECT_EQ(open[0].net(), Maybe<Money>(money("298")));
    EXPECT_EQ(open[0].adverse_max, money("100"));
    EXPECT_EQ(trades.size(), 0U);
}

TEST(TradeList, Hedged_legs_make_trades_of_their_own) {
    Trades trades(Matching::fifo, model::PositionMode::hedging);
    trades.deal(10, 1, bought("10", "100"));
    trades.deal(11, 2, sold("10", "110"));
    EXPECT_EQ(trades.size(), 0U);
    trades.deal(20, 3, bought("10", "105"), "0", PositionEffect::close);
    ASSERT_EQ(trades.size(), 1U);
    EXPECT_EQ(trades[0].side, model::Side::sell);
    EXPECT_EQ(trades[0].gross, money("50"));
    EXPECT_EQ(trades.books().open_trades(second(30)).value().size(), 1U);
}

TEST(TradeList, A_fee_that_cannot_be_converted_leaves_net_unknown) {
    Trades trades;
    model::Fill fill = bought("10", "100");
    fill.fee = money("0.001");
    fill.fee_currency = "BNB";
    ASSERT_TRUE(trades.books().apply(fill));
    trades.deal(20, 2, sold("10", "101"), "1");
    EXPECT_EQ(trades[0].gross, money("10"));
    EXPECT_FALSE(trades[0].fees.has_value());
    EXPECT_FALSE(trades[0].net().has_value());
}

TEST(TradeList, Trades_of_a_flat_position_add_up_to_what_it_realised) {
    Trades trades;
    trades.deal(1, 1, bought("0.7", "0.00000001"));
    trades.deal(2, 2, bought("0.7", "0.00000001"));
    trades.deal(3, 3, sold("0.5", "0.00000003"));
    trades.deal(4, 4, sold("0.9", "0.00000003"));
    // 1.4 * 2 = 2.8 units of money, rounded once to 3.
    EXPECT_EQ(trades.books().position(kAccount, kStrategy, kInstrument)->realised(),
              money("0.00000003"));
    EXPECT_EQ(trades[0].gross.raw() + trades[1].gross.raw(), 3);
}

TEST(TradeList, The_kind_of_order_is_the_reason) {
    EXPECT_EQ(exit_reason_of(model::OrderType::market_on_close), ExitReason::market);
    EXPECT_EQ(exit_reason_of(model::OrderType::limit), ExitReason::limit);
    EXPECT_EQ(exit_reason_of(model::OrderType::stop_limit), ExitReason::stop);
    EXPECT_EQ(exit_reason_of(model::OrderType::trailing_stop), ExitReason::trailing_stop);
}

}  // namespace
}  // namespace millrace::portfolio
