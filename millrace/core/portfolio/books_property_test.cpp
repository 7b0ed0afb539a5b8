// Random histories of deals, prices and cash, against an independent model that keeps fractions
// with one common denominator in 128 bits and knows no average, no ledger and no rounding but its
// last.
#include <gtest/gtest.h>
#include <map>
#include <tuple>

#include "millrace/base/random.hpp"
#include "millrace/core/portfolio/contract_sizes.hpp"
#include "millrace/core/portfolio/test_books.hpp"

namespace millrace::portfolio {
namespace {

// Every price of an inverse contract divides this, so that its reciprocal is a whole number of
// parts: 2^7 * 3^3 * 5^4 * 7.
constexpr std::int64_t kParts = 15'120'000;

// What all instruments of a history have in common for the model.
struct Listed {
    model::Instrument instrument;
    std::string symbol;
    std::int64_t scale;      // prices are whole multiples of 1/scale
    std::int64_t price_low;  // in such multiples
    std::int64_t price_high;
};

// Rounds a fraction of money units half to even; for a tie that an inverse contract may miss by
// its 1e-26, both neighbours are right.
struct Rounded {
    std::int64_t value;
    bool is_tie;
};

Rounded rounded(int128 numerator, int128 denominator) {
    int128 quotient = numerator / denominator;
    int128 rest = numerator % denominator;
    if (rest < 0) {
        rest += denominator;
        --quotient;
    }
    const bool is_tie = 2 * rest == denominator;
    if (2 * rest > denominator || (is_tie && quotient % 2 != 0)) ++quotient;
    return {static_cast<std::int64_t>(quotient), is_tie};
}

// One position of the model: what was paid, as a fraction of money units, and what is held.
struct Naive {
    int128 paid = 0;  // over `denominator`
    int128 held = 0;  // quantity units (1e-8) times multiplier units (1e-9)
    std::int64_t flow = 0;
    std::int64_t value = 0;
    bool is_tie = false;
};

class History {
  public:
    explicit History(std::uint64_t seed) : random_(seed) {
        list(share(0), "ACME", 100, 100, 20'000);
        list(future(1, "50"), "ES", 4, 4'000, 20'000);
        list(pair_of(2, "USD", "JPY", "0.001"), "USDJPY", 1'000, 80'000, 160'000);
        list(pair_of(3, "EUR", "USD", "0.00001"), "EURUSD", 100'000, 90'000, 130'000);
        list(inverse_future(4, "10"), "BTCUSD", 1, 0, 0);
        model::Instrument coin = pair_of(5, "BTC", "USD", "0.01");
        coin.asset_class = model::AssetClass::crypto;
        list(coin, "BTCUSDT", 100, 1'000'000, 6'000'000);
        EXPECT_TRUE(sizes_.set("USDJPY", quantity("100000")));
        EXPECT_TRUE(sizes_.set("EURUSD", quantity("100000")));
        PortfolioSettings settings;
        settings.pivot = "USD";
        books_ = Portfolio(settings);
        for (const Listed& listed : listed_)
            EXPECT_TRUE(books_.define(listed.instrument));
        EXPECT_TRUE(books_.define(account("USD", model::PositionMode::netting, 0)));
        EXPECT_TRUE(books_.define(account("JPY", model::PositionMode::hedging, 1)));
    }

    void step() {
        switch (random_.below(8)) {
            case 0: book_cash(); break;
            case 1:
            case 2:
            case 3: deal(); break;
            default: price_moves(); break;
        }
        check();
    }

    void check_at_the_end() {
        books_.audit();
        // Trades of every flat position add up to its flow.
        std::map<std::tuple<std::uint32_t, std::uint16_t, std::uint16_t>, std::int64_t> gross;
        for (const RoundTrip& trip : books_.trades())
            gross[{trip.instrument.value(), trip.account.value(), trip.strategy.value()}] +=
                trip.gross.raw();
        for (const auto& [key, total] : gross) {
            const auto [instrument, owner, strategy] = key;
            const PositionBook* book =
                books_.position(AccountId(owner), StrategyId(strategy), InstrumentId(instrument));
            if (book->is_flat()) {
                EXPECT_EQ(total, book->realised().raw());
            }
        }
    }

  private:
    void list(model::Instrument instrument, const char* symbol, std::int64_t scale,
              std::int64_t low, std::int64_t high) {
        listed_.push_back({instrument, symbol, scale, low, high});
        marks_.push_back(0);
    }

    // The last decimal place of a price is 1e-9.
    std::int64_t random_price(const Listed& listed) {
        if (listed.instrument.inverse) {
            constexpr std::int64_t kDivisors[] = {8'000,  9'000,  10'000, 12'000, 12'600, 14'000,
                                                  15'000, 16'000, 18'000, 20'000, 21'000, 25'200,
                                                  30'000, 36'000, 40'000, 42'000, 56'000, 70'000};
            return kDivisors[random_.below(std::size(kDivisors))] * Price::kOne;
        }
        return random_.between(listed.price_low, listed.price_high) * (Price::kOne / listed.scale);
    }

    Quantity random_quantity(const Listed& listed) {
        // Lots for pairs of currencies, fractions of a coin, whole contracts for the rest.
        const char* symbol = listed.symbol.c_str();
        if (listed.instrument.asset_class == model::AssetClass::fx)
            return sizes_.units(symbol, Quantity::from_raw(random_.between(1, 50) * 1'000'000))
                .value();
        if (listed.instrument.asset_class == model::AssetClass::crypto)
            return Quantity::from_raw(random_.between(1, 3'000'003));
        return Quantity::whole(random_.between(1, 20));
    }

    void book_cash() {
        constexpr Code kCurrencies[] = {Code("USD"), Code("JPY"), Code("EUR"), Code("BTC")};
        CashEntry entry;
        entry.account = AccountId(static_cast<std::uint16_t>(random_.below(2)));
        entry.strategy = random_.one_in(2) ? kUnassigned : random_strategy();
        entry.currency = kCurrencies[random_.below(4)];
        entry.amount = Money::from_raw(random_.between(-1'000'000'000, 2'000'000'000));
        entry.reason = static_cast<CashReason>(random_.below(kCashReasonNames.size()));
        ASSERT_TRUE(books_.book(entry));
        cash_[{entry.account, entry.strategy, entry.currency}] += entry.amount.raw();
    }

    StrategyId random_strategy() {
        return StrategyId(static_cast<std::uint16_t>(random_.below(3)));
    }

    void deal() {
        const auto number = static_cast<std::uint32_t>(random_.below(listed_.size()));
        const Listed& listed = listed_[number];
        model::Fill fill;
        fill.known_at = second(++count_);
        fill.fill_id = static_cast<std::uint64_t>(count_);
        fill.order_id = static_cast<std::uint64_t>(count_ / 2);  // two partial deals an order
        fill.instrument = InstrumentId(number);
        fill.account = AccountId(static_cast<std::uint16_t>(random_.below(2)));
        fill.strategy = random_strategy();
        fill.side = random_.one_in(2) ? model::Side::buy : model::Side::sell;
        fill.quantity = random_quantity(listed);
        fill.price = Price::from_raw(random_price(listed));
        constexpr Code kCurrencies[] = {Code("USD"), Code("BTC"), Code("JPY"), Code("BNB")};
        fill.fee = Money::from_raw(random_.between(-300, 900));
        fill.fee_currency = kCurrencies[random_.below(4)];
        const auto effect = random_.one_in(2) ? PositionEffect::close : PositionEffect::automatic;
        const PositionBook* known = books_.position(fill.account, fill.strategy, fill.instrument);
        if (known != nullptr && random_.one_in(3)) close_exactly(fill, *known);
        const auto done = books_.apply(fill, effect);
        ASSERT_TRUE(done) << message_of(done.error());
        if (marks_[number] == 0) marks_[number] = 2 * fill.price.raw();
        follow(fill, *done);
    }

    // Goes flat, so that the sum of all rounding comes to light.
    static void close_exactly(model::Fill& fill, const PositionBook& known) {
        const Quantity net = known.quantity();
        if (net.is_zero()) return;
        fill.side = net.is_negative() ? model::Side::buy : model::Side::sell;
        fill.quantity = net.is_negative() ? -net : net;
    }

    // The model hears of a deal which leg it touched; how much it made is the model's own affair.
    void follow(const model::Fill& fill, const FillOutcome& outcome) {
        const Listed& listed = listed_[fill.instrument.value()];
        const std::int64_t sign = fill.side == model::Side::buy ? 1 : -1;
        for (const auto& [leg, size] : {std::pair{outcome.closed_leg, outcome.closed},
                                        std::pair{outcome.opened_leg, outcome.opened}}) {
            if (size.is_zero()) continue;
            Naive& naive = naive_[{fill.account, fill.strategy, fill.instrument, leg}];
            const int128 units = int128{sign * size.raw()} * listed.instrument.multiplier.raw();
            naive.held += units;
            naive.paid +=
                units * (listed.instrument.inverse ? -(kParts / (fill.price.raw() / Price::kOne))
                                                   : fill.price.raw() / (Price::kOne / 100'000));
        }
        Code currency = fill.fee_currency;
        fees_[{fill.account, fill.strategy, currency}] += fill.fee.raw();
    }

    // units are 1e-17; money units 1e-8; a linear price counts 1e-5, an inverse one 1/kParts.
    [[nodiscard]] int128 denominator(const Listed& listed) const {
        return listed.instrument.inverse ? int128{1'000'000'000} * kParts
                                         : int128{1'000'000'000} * 100'000;
    }

    void price_moves() {
        const auto number = static_cast<std::uint32_t>(random_.below(listed_.size()));
        const Listed& listed = listed_[number];
        if (listed.instrument.inverse || random_.one_in(2)) {
            model::Trade trade;
            trade.instrument = InstrumentId(number);
            trade.price = Price::from_raw(random_price(listed));
            marks_[number] = 2 * trade.price.raw();
            ASSERT_TRUE(books_.mark(trade));
            return;
        }
        model::Quote quote;
        quote.instrument = InstrumentId(number);
        quote.bid = Price::from_raw(random_price(listed));
        quote.ask = Price::from_raw(quote.bid.raw() + static_cast<std::int64_t>(random_.below(9)) *
                                                          (Price::kOne / listed.scale));
        marks_[number] = quote.bid.raw() + quote.ask.raw();
        ASSERT_TRUE(books_.mark(quote));
    }

    void check() {
        if (testing::Test::HasFailure()) return;
        using Key = std::tuple<AccountId, StrategyId, Code>;
        std::map<Key, std::int64_t> profit;  // realised and unrealised
        std::map<Key, std::int64_t> ties;    // how far an inverse tie may have gone the other way
        for (auto& [key, naive] : naive_) {
            const auto& [owner, strategy, instrument, leg] = key;
            const Listed& listed = listed_[instrument.value()];
            const Rounded flow = rounded(-naive.paid, denominator(listed));
            const std::int64_t doubled = marks_[instrument.value()];
            const Rounded value =
                listed.instrument.inverse
                    ? rounded(-naive.held * (kParts / (doubled / 2 / Price::kOne)),
                              denominator(listed))
                    : rounded(naive.held * (doubled / (Price::kOne / 100'000)),
                              2 * denominator(listed));
            const Contract contract = contract_of(listed.instrument).value();
            const Key ledger{owner, strategy, contract.currency};
            profit[ledger] += flow.value + value.value;
            ties[ledger] += listed.instrument.inverse && flow.is_tie ? 1 : 0;
            if (naive.held != 0 || flow.is_tie) continue;
            const PositionBook* book = books_.position(owner, strategy, instrument);
            ASSERT_EQ(book->legs()[leg].realised().raw(), flow.value);
            ASSERT_EQ(book->legs()[leg].cost().raw(), 0);
        }
        compare(profit, ties);
    }

    // Every ledger against the model, and every account against the sum of its ledgers.
    template <class Sums>
    void compare(Sums& profit, Sums& ties) {
        for (const AccountId owner : {AccountId(0), AccountId(1)}) {
            for (const Code currency :
                 {Code("USD"), Code("JPY"), Code("EUR"), Code("BTC"), Code("BNB")}) {
                int128 total = 0;
                for (const StrategyId strategy :
                     {StrategyId(0), StrategyId(1), StrategyId(2), kUnassigned}) {
                    const Ledger ledger = books_.ledger(owner, strategy, currency);
                    const std::int64_t expected = cash_[{owner, strategy, currency}] +
                                                  profit[{owner, strategy, currency}] -
                                                  fees_[{owner, strategy, currency}];
                    const std::int64_t apart = ledger.equity().raw() - expected;
                    ASSERT_LE(apart < 0 ? -apart : apart, (ties[{owner, strategy, currency}]));
                    ASSERT_TRUE(ledger.is_balanced());
                    total += ledger.equity().raw();
                }
                ASSERT_TRUE(total == books_.ledger(owner, currency).value().equity().raw());
            }
        }
    }

    Random random_;
    std::vector<Listed> listed_;
    std::vector<std::int64_t> marks_;
    ContractSizes sizes_;
    Portfolio books_;
    std::int64_t count_ = 0;
    std::map<std::tuple<AccountId, StrategyId, InstrumentId, std::uint8_t>, Naive> naive_;
    std::map<std::tuple<AccountId, StrategyId, Code>, std::int64_t> cash_;
    std::map<std::tuple<AccountId, StrategyId, Code>, std::int64_t> fees_;
};

TEST(BooksProperty, The_accounting_identity_holds_to_the_last_unit_after_every_event) {
    constexpr std::uint64_t kSeed = 20'260'801;
    for (std::uint64_t sequence = 0; sequence < 10'000; ++sequence) {
        SCOPED_TRACE("seed " + std::to_string(kSeed + sequence));
        History history(kSeed + sequence);
        for (int step = 0; step < 40 && !testing::Test::HasFailure(); ++step)
            history.step();
        history.check_at_the_end();
        if (testing::Test::HasFailure()) return;
    }
}

TEST(BooksProperty, A_long_history_loses_nothing) {
    constexpr std::uint64_t kSeed = 7;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    History history(kSeed);
    for (int step = 0; step < 20'000 && !testing::Test::HasFailure(); ++step)
        history.step();
    history.check_at_the_end();
}

}  // namespace
}  // namespace millrace::portfolio
