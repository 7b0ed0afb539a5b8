#include "millrace/core/portfolio/position_book.hpp"

#include <gtest/gtest.h>

#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

using model::PositionMode;
using model::Side;

class Book {
  public:
    explicit Book(Contract contract = {}, PositionMode mode = PositionMode::netting)
        : contract_(contract), book_(mode) {}

    FillOutcome buy(const char* size, const char* at,
                    PositionEffect effect = PositionEffect::automatic) {
        return book_.apply(contract_, Side::buy, quantity(size), price(at), effect).value();
    }
    FillOutcome sell(const char* size, const char* at,
                     PositionEffect effect = PositionEffect::automatic) {
        return book_.apply(contract_, Side::sell, quantity(size), price(at), effect).value();
    }
    [[nodiscard]] Maybe<Price> average(std::size_t leg = 0) const {
        return book_.legs()[leg].average_price(contract_).value();
    }
    [[nodiscard]] Money unrealised(const char* at) const {
        return book_.unrealised(contract_, Mark::at(price(at)).value()).value();
    }
    const PositionBook* operator->() const { return &book_; }

  private:
    Contract contract_;
    PositionBook book_;
};

Contract contract_with(const char* multiplier, bool inverse = false) {
    Contract contract;
    contract.multiplier = Ratio::parse(multiplier).value();
    contract.inverse = inverse;
    return contract;
}

TEST(PositionBook, Reducing_keeps_the_average_price) {
    Book book;
    book.buy("100", "10");
    const FillOutcome outcome = book.sell("50", "12");
    EXPECT_EQ(book->quantity(), quantity("50"));
    EXPECT_EQ(book.average(), price("10"));
    EXPECT_EQ(outcome.realised, money("100"));  // 50 * (12 - 10)
    EXPECT_EQ(book->realised(), money("100"));
    EXPECT_EQ(book->cost(), money("500"));
    EXPECT_EQ(book.unrealised("12"), money("100"));
}

TEST(PositionBook, A_flip_closes_all_and_opens_the_rest_at_the_new_price) {
    Book book;
    book.buy("100", "10");
    const FillOutcome outcome = book.sell("150", "12");
    EXPECT_EQ(outcome.closed, quantity("100"));
    EXPECT_EQ(outcome.opened, quantity("50"));
    EXPECT_EQ(outcome.realised, money("200"));
    EXPECT_EQ(outcome.flow, money("1800"));
    EXPECT_EQ(book->quantity(), quantity("-50"));
    EXPECT_EQ(book.average(), price("12"));
    EXPECT_EQ(book->realised(), money("200"));
    EXPECT_EQ(book.unrealised("11"), money("50"));
}

TEST(PositionBook, A_short_position_earns_when_the_price_falls) {
    Book book;
    book.sell("10", "100");
    EXPECT_EQ(book.unrealised("90"), money("100"));
    EXPECT_EQ(book.buy("10", "90").realised, money("100"));
    EXPECT_TRUE(book->is_flat());
    EXPECT_EQ(book->flow(), money("100"));
    EXPECT_EQ(book.average(), Maybe<Price>());
    EXPECT_EQ(book.unrealised("500"), money("0"));
}

TEST(PositionBook, Adding_averages_by_volume) {
    Book book;
    book.buy("100", "10");
    book.buy("300", "12");
    EXPECT_EQ(book.average(), price("11.5"));
    EXPECT_EQ(book->realised(), money("0"));
    EXPECT_EQ(book.unrealised("12"), money("200"));
}

TEST(PositionBook, A_price_with_all_its_decimals_stays_the_average_through_partial_closes) {
    Book book;
    book.buy("3", "10.333333333");
    book.sell("1", "11");
    EXPECT_EQ(book.average(), price("10.333333333"));
    book.sell("1", "11");
    EXPECT_EQ(book.average(), price("10.333333333"));
}

TEST(PositionBook, The_last_unit_closed_takes_what_rounding_left_over) {
    Book book;
    // 3 * 0.0000000033 = 0.0000000099 rounds to 0.00000001; a third of that cost rounds to 0.
    book.buy("3", "0.000000003");  // pays 0.000000009 -> 0.00000001
    EXPECT_EQ(book->cost(), money("0.00000001"));
    EXPECT_EQ(book.sell("1", "1").realised, money("1"));
    EXPECT_EQ(book.sell("1", "1").realised, money("1"));
    EXPECT_EQ(book.sell("1", "1").realised, money("0.99999999"));
    EXPECT_EQ(book->realised(), money("2.99999999"));  // 3 - 0.000000009, rounded once
    EXPECT_EQ(book->cost(), money("0"));
}

TEST(PositionBook, Many_small_deals_lose_nothing_to_rounding) {
    Book book;
    // Each purchase is worth 0.4 units of money; rounded one by one they would cost nothing.
    for (int i = 0; i < 10; ++i)
        book.buy("0.4", "0.00000001");
    EXPECT_EQ(book->flow(), money("-0.00000004"));
    EXPECT_EQ(book->cost(), money("0.00000004"));
    book.sell("4", "0.00000002");
    EXPECT_EQ(book->realised(), money("0.00000004"));
}

TEST(PositionBook, A_multiplier_contract_counts_its_points) {
    Book book(contract_with("50"));
    book.buy("2", "4000.25");
    EXPECT_EQ(book.unrealised("4001"), money("75"));  // 2 * 50 * 0.75
    EXPECT_EQ(book.sell("2", "3999.75").realised, money("-50"));
}

TEST(PositionBook, An_inverse_contract_earns_in_its_base_currency) {
    Book book(contract_with("1", true));
    book.buy("10000", "40000");
    // 10,000 * (1/40,000 - 1/50,000) = 0.25 - 0.20
    EXPECT_EQ(book.unrealised("50000"), money("0.05"));
    EXPECT_EQ(book.average(), price("40000"));
    EXPECT_EQ(book.sell("4000", "50000").realised, money("0.02"));
    EXPECT_EQ(book.average(), price("40000"));
    // 6,000 * (1/40,000 - 1/32,000) = 0.15 - 0.1875
    EXPECT_EQ(book.sell("6000", "32000").realised, money("-0.0375"));
    EXPECT_EQ(book->realised(), money("-0.0175"));
}

TEST(PositionBook, A_short_inverse_contract_earns_when_the_price_falls) {
    Book book(contract_with("100", true));
    book.sell("80", "40000");
    EXPECT_EQ(book.unrealised("32000"), money("0.05"));  // 8,000 * (1/32,000 - 1/40,000)
    EXPECT_EQ(book.buy("160", "32000").realised, money("0.05"));
    EXPECT_EQ(book->quantity(), quantity("80"));
    EXPECT_EQ(book.average(), price("32000"));
}

TEST(PositionBook, Hedging_keeps_a_long_and_a_short_leg_apart) {
    Book book({}, PositionMode::hedging);
    book.buy("10", "100");
    const FillOutcome opened = book.sell("4", "110");
    EXPECT_EQ(opened.closed, quantity("0"));
    EXPECT_EQ(opened.opened_leg, 1);
    EXPECT_EQ(book->legs()[0].quantity(), quantity("10"));
    EXPECT_EQ(book->legs()[1].quantity(), quantity("-4"));
    EXPECT_EQ(book->quantity(), quantity("6"));
    EXPECT_EQ(book->realised(), money("0"));
    EXPECT_EQ(book.average(0), price("100"));
    EXPECT_EQ(book.average(1), price("110"));
    EXPECT_EQ(book.unrealised("105"), money("70"));  // 10 * 5 + 4 * 5
    const FillOutcome closed = book.sell("6", "120", PositionEffect::close);
    EXPECT_EQ(closed.closed, quantity("6"));
    EXPECT_EQ(closed.closed_leg, 0);
    EXPECT_EQ(closed.realised, money("120"));
    EXPECT_EQ(book->legs()[1].quantity(), quantity("-4"));
}

TEST(PositionBook, Closing_more_than_a_leg_has_opens_the_other) {
    Book book({}, PositionMode::hedging);
    book.sell("5", "100");
    const FillOutcome outcome = book.buy("8", "90", PositionEffect::close);
    EXPECT_EQ(outcome.closed, quantity("5"));
    EXPECT_EQ(outcome.opened, quantity("3"));
    EXPECT_EQ(outcome.realised, money("50"));
    EXPECT_EQ(book->legs()[0].quantity(), quantity("3"));
    EXPECT_TRUE(book->legs()[1].quantity().is_zero());
}

TEST(PositionBook, A_deal_that_does_not_fit_changes_nothing) {
    PositionBook book;
    const Contract contract;
    ASSERT_TRUE(book.apply(contract, Side::buy, quantity("1000000000"), price("90")));
    const PositionBook before = book;
    EXPECT_EQ(book.apply(contract, Side::buy, quantity("1000000000"), price("90")).error(),
              BookError::overflow);
    EXPECT_EQ(book.apply(contract, Side::buy, quantity("0"), price("90")).error(),
              BookError::bad_quantity);
    // A flip whose closing fits and whose opening does not.
    EXPECT_EQ(book.apply(contract, Side::sell, quantity("3000000000"), price("90")).error(),
              BookError::overflow);
    EXPECT_TRUE(book == before);
}

}  // namespace
}  // namespace millrace::portfolio
