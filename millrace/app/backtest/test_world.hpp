// For tests: a small random world from one seed: seven instruments of every kind of contract, a
// venue with random settings, and a script of quotes, trades, bars and cash.
#pragma once

#include <algorithm>
#include <tuple>
#include <variant>
#include <vector>

#include "millrace/app/backtest/test_ledgers.hpp"
#include "millrace/base/random.hpp"
#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/core/model/operation.hpp"
#include "millrace/core/venue/hours.hpp"
#include "millrace/core/venue/settings.hpp"

namespace millrace::backtest::test {

// An instrument, and what is usual there, in raw numbers.
struct Listing {
    model::Instrument instrument;
    std::int64_t middle = 0;  // price
    std::int64_t wiggle = 0;  // of the price
    std::int64_t size = 0;    // of a small order
};

[[nodiscard]] inline Listing listing(std::uint32_t id, const char* symbol, model::AssetClass kind,
                                     const char* base, const char* currency, const char* tick,
                                     const char* lot, std::int64_t middle, std::int64_t wiggle,
                                     std::int64_t lots) {
    Listing made;
    made.instrument.id = InstrumentId(id);
    made.instrument.symbol = symbol;
    made.instrument.asset_class = kind;
    made.instrument.base_currency = base;
    made.instrument.currency = currency;
    made.instrument.price_increment = Price::parse(tick).value();
    made.instrument.quantity_increment = Quantity::parse(lot).value();
    made.instrument.multiplier = Ratio::whole(1);
    made.middle = middle * made.instrument.price_increment.raw();
    made.wiggle = wiggle * made.instrument.price_increment.raw();
    made.size = lots * made.instrument.quantity_increment.raw();
    return made;
}

inline constexpr std::uint32_t kFirstPair = 2;  // this and the next are traded in lots
inline constexpr std::uint32_t kFuture = 4;
inline constexpr std::uint32_t kInverse = 5;

[[nodiscard]] inline std::vector<Listing> listings() {
    using enum model::AssetClass;
    std::vector<Listing> all = {
        listing(0, "ACME", equity, "", "USD", "0.01", "1", 10'000, 15, 1),
        listing(1, "SAXO", equity, "", "EUR", "0.01", "1", 12'000, 15, 1),
        listing(2, "EURUSD", fx, "EUR", "USD", "0.00001", "1000", 110'000, 60, 7),
        listing(3, "USDJPY", fx, "USD", "JPY", "0.001", "1000", 150'000, 80, 7),
        listing(4, "ESH", future, "", "USD", "0.25", "1", 20'000, 12, 1),
        listing(5, "BTCPERP", future, "BTC", "USD", "0.5", "1", 80'000, 90, 1),
        listing(6, "BTCUSD", crypto, "BTC", "USD", "0.01", "0.0001", 4'000'000, 4'000, 137),
    };
    all[kFuture].instrument.multiplier = Ratio::whole(50);
    all[kInverse].instrument.multiplier = Ratio::whole(100);
    all[kInverse].instrument.inverse = true;
    return all;
}

// A price on the increment, within so many wiggles of the middle.
[[nodiscard]] inline Price near(Random& random, const Listing& listing, std::int64_t middle,
                                std::int64_t wiggles = 1) {
    const std::int64_t tick = listing.instrument.price_increment.raw();
    const std::int64_t ticks = listing.wiggle / tick * wiggles;
    return Price::from_raw(middle / tick * tick + random.between(-ticks, ticks) * tick);
}

// Open for 200 of every 300 seconds.
class ShortSessions final : public venue::Hours {
  public:
    bool is_open(Time time) override { return into(time) < kOpen; }
    Time next_open(Time time) override {
        const std::int64_t late = into(time);
        return late == 0 ? time : time + Duration::nanoseconds(kPeriod - late);
    }
    Time day_end(Time time) override {
        const std::int64_t late = into(time);
        const std::int64_t left = late < kOpen ? kOpen - late : kPeriod - late + kOpen;
        return time + Duration::nanoseconds(left);
    }
    // A moment inside of a session, far from its ends.
    static Time middle_after(Time time) {
        return time + Duration::nanoseconds(kPeriod - into(time) + kOpen / 2);
    }

  private:
    static constexpr std::int64_t kOpen = 200 * kNanosecondsPerSecond;
    static constexpr std::int64_t kPeriod = 300 * kNanosecondsPerSecond;
    static std::int64_t into(Time time) { return time.ns() % kPeriod; }
};

// Rates, units and minimum in the settlement currency; or in the base; or in a named one.
[[nodiscard]] inline venue::FeeModel random_fees(Random& random, bool has_base) {
    venue::FeeModel fees;
    switch (random.below(has_base ? 4 : 3)) {
        case 0: return fees;
        case 1:
            fees.maker = Ratio::from_raw(random.between(-300'000, 500'000));
            fees.taker = Ratio::from_raw(random.between(0, 2'000'000));
            if (random.one_in(2)) fees.per_unit = Money::from_raw(random.between(1, 700'000));
            if (random.one_in(2)) fees.minimum = Money::from_raw(random.between(1, 500'000'000));
            if (random.one_in(2)) {
                fees.tiers[0] = {Money::whole(2'000), Ratio::from_raw(100'000),
                                 Ratio::from_raw(700'000)};
                fees.tiers[1] = {Money::whole(90'000), Ratio::from_raw(-100'000),
                                 Ratio::from_raw(300'000)};
                fees.tier_count = 2;
            }
            return fees;
        case 2:
            fees.paid_in = venue::FeePaidIn::named;
            fees.currency = random.one_in(6) ? Code("BNB") : random.one_in(2) ? "JPY" : "EUR";
            fees.per_unit = Money::from_raw(random.between(1, 900'000));
            if (random.one_in(2)) fees.minimum = Money::from_raw(random.between(1, 900'000'000));
            return fees;
        default:
            fees.paid_in = venue::FeePaidIn::base;
            fees.maker = Ratio::from_raw(random.between(-100'000, 300'000));
            fees.taker = Ratio::from_raw(random.between(0, 900'000));
            return fees;
    }
}

[[nodiscard]] inline Code fee_currency_of(const venue::FeeModel& fees, const Listing& listing,
                                          Code settlement) {
    if (fees.paid_in == venue::FeePaidIn::named) return fees.currency;
    if (fees.paid_in == venue::FeePaidIn::base)
        return Code::from(listing.instrument.base_currency.view()).value();
    return settlement;
}

[[nodiscard]] inline venue::Settings random_settings(Random& random) {
    venue::Settings settings;
    settings.seed = random.next();
    settings.timing = static_cast<venue::FillTiming>(random.below(5));
    settings.bar_path = static_cast<venue::BarPath>(random.below(5));
    settings.bar_limit = static_cast<venue::BarLimit>(random.below(2));
    settings.trade_at_limit = static_cast<venue::TradeAtLimit>(random.below(3));
    settings.trigger_on = static_cast<venue::TriggerOn>(random.below(3));
    settings.children = static_cast<venue::ChildRelease>(random.below(2));
    settings.when_closed = static_cast<venue::WhenClosed>(random.below(2));
    settings.sizes_known = !random.one_in(5);
    if (random.one_in(3)) settings.tick_share = Ratio::from_raw(random.between(1, 1'000'000'000));
    if (!random.one_in(3)) settings.bar_share = Ratio::from_raw(random.between(1, 300'000'000));
    if (random.one_in(6)) settings.stale_after = Duration::seconds(random.between(1, 90));
    if (random.one_in(5)) settings.protection_ticks = 20;
    settings.fees = random_fees(random, false);
    settings.slippage.kind = static_cast<venue::SlippageKind>(random.below(5));
    settings.slippage.ticks = random.between(0, 3);
    settings.slippage.rate = Ratio::from_raw(random.between(0, 500'000));
    settings.slippage.to_tick = random.one_in(2);
    if (settings.timing == venue::FillTiming::latency) {
        for (Duration* one : {&settings.latency.submit, &settings.latency.cancel,
                              &settings.latency.replace, &settings.latency.report})
            *one = Duration::milliseconds(random.between(0, 9'000));
        settings.latency.jitter = Duration::milliseconds(random.between(0, 3'000));
    }
    if (random.one_in(8)) settings.faults.reject_one_in = 6;
    if (random.one_in(8)) settings.faults = {0, 3, 0, Duration::seconds(15)};
    return settings;
}

struct BarOpen {
    model::Bar bar;
};
struct BarClose {
    model::Bar bar;
    bool is_matched = true;
};
struct Cash {
    AccountId account;
    std::size_t owner = 0;
    Code currency;
    std::int64_t amount = 0;
    bool is_contributed = false;
};
// As the books take it.
[[nodiscard]] inline model::Command command_of(const Cash& cash, Text<64> account, Time time) {
    model::Command command;
    command.known_at = time;
    command.name = "book-cash";
    command.target = account;
    std::string argument = cash.is_contributed ? "transfer " : "financing ";
    argument += Money::from_raw(cash.amount).to_string() + " " + cash.currency.text();
    if (cash.owner < kTraderCount) argument += " trader-" + std::to_string(cash.owner);
    command.argument = Text<2048>::from(argument).value();
    return command;
}
struct Event {
    Time time;
    int rank = 0;
    std::variant<BarOpen, BarClose, model::Quote, model::Trade, Cash, model::CorporateAction> what;
    std::size_t ordinal = 0;
};

// One price in each form that a price can be told in.
struct FirstPrices {
    model::Bar bar;
    model::Trade trade;
    model::Quote quote;

    FirstPrices(Random& random, const Listing& listing, Time time) {
        bar.known_at = bar.open_time = trade.known_at = quote.known_at = time;
        bar.instrument = trade.instrument = quote.instrument = listing.instrument.id;
        bar.step = 1;
        bar.open = bar.high = bar.low = bar.close = near(random, listing, listing.middle);
        trade.price = quote.bid = bar.close;
        quote.ask = Price::from_raw(bar.close.raw() + listing.instrument.price_increment.raw());
    }
};

// Fifteen data of each of three to five instruments, and some cash, in the order of time.
class Script {
  public:
    Script(Random& random, std::vector<Listing>& listings, bool has_empty_sides)
        : random_(random), has_empty_sides_(has_empty_sides) {
        std::int64_t left = random.between(3, 5);
        for (std::size_t i = 0; i < listings.size(); ++i)
            if (random.below(listings.size() - i) < static_cast<std::uint64_t>(left)) {
                --left;
                write(listings[i]);
            }
        for (int i = 0; i < 3; ++i)
            events_.push_back({begin() + Duration::seconds(random.between(0, 900)), -1, cash(), 0});
        for (std::size_t i = 0; i < events_.size(); ++i)
            events_[i].ordinal = i;
        std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
            return std::tuple(a.time, a.rank, a.ordinal) < std::tuple(b.time, b.rank, b.ordinal);
        });
    }

    // A quarter of an hour that a month ends in: 2024-01-31T23:50:00Z.
    [[nodiscard]] static Time begin() { return Time::from_ns(1'706'745'000'000'000'000); }
    [[nodiscard]] const std::vector<Event>& events() const { return events_; }

  private:
    static constexpr int kCount = 15;

    void write(const Listing& listing) {
        const std::uint64_t kind = random_.below(5);
        std::int64_t middle = listing.middle;
        Time time = begin() + Duration::milliseconds(random_.between(0, 30'000));
        const bool has_opens = random_.one_in(2);
        for (int i = 0; i < kCount; ++i) {
            const bool is_share =
                listing.instrument.asset_class == model::AssetClass::equity && i > 3;
            if (is_share && random_.one_in(12)) middle = act(listing, middle, time);
            // Now and then the price jumps.
            middle = near(random_, listing, middle, random_.one_in(8) ? 4 : 1).raw();
            if (kind < 2 || (kind == 2 && i % 3 == 0)) {
                time = bar(listing, middle, time, has_opens);
            } else {
                time = time + Duration::milliseconds(random_.between(0, 90'000));
                if (kind == 4 || (kind == 3 && random_.one_in(2)))
                    trade(listing, middle, time);
                else
                    quote(listing, middle, time);
            }
        }
    }
    // A dividend, or a split and the price after it.
    std::int64_t act(const Listing& listing, std::int64_t middle, Time time) {
        constexpr std::array<std::array<std::uint32_t, 2>, 6> kRatios = {
            {{2, 1}, {3, 2}, {7, 1}, {1, 2}, {1, 3}, {1, 10}}};
        model::CorporateAction action;
        action.known_at = time;
        action.instrument = listing.instrument.id;
        action.currency = Code::from(listing.instrument.currency.view()).value();
        if (random_.one_in(2)) {
            action.kind = model::ActionKind::dividend;
            action.amount = Price::from_raw(random_.between(1, 2'000'000'000));
        } else {
            const auto ratio = kRatios[random_.below(kRatios.size())];
            action.new_units = ratio[0];
            action.old_units = ratio[1];
            middle = middle * ratio[1] / ratio[0];
        }
        events_.push_back({time, 0, action, 0});
        return middle;
    }
    Time bar(const Listing& listing, std::int64_t middle, Time time, bool has_opens) {
        BarClose close;
        model::Bar& bar = close.bar;
        bar.open_time = random_.one_in(4) ? time + Duration::seconds(random_.between(1, 99)) : time;
        bar.known_at = bar.open_time + Duration::minutes(1);
        bar.step = 60 * kNanosecondsPerSecond;
        bar.instrument = listing.instrument.id;
        bar.open = near(random_, listing, middle);
        bar.close = near(random_, listing, middle);
        bar.high = std::max({bar.open, bar.close, near(random_, listing, middle, 2)});
        bar.low = std::min({bar.open, bar.close, near(random_, listing, middle, 2)});
        bar.volume = size(listing, 0, 300);
        close.is_matched = !random_.one_in(10);
        if (has_opens && close.is_matched) events_.push_back({bar.open_time, 2, BarOpen{bar}, 0});
        events_.push_back({bar.known_at, 0, close, 0});
        return bar.known_at;
    }
    void quote(const Listing& listing, std::int64_t middle, Time time) {
        const std::int64_t tick = listing.instrument.price_increment.raw();
        model::Quote quote;
        quote.known_at = time;
        quote.instrument = listing.instrument.id;
        quote.bid = near(random_, listing, middle);
        quote.ask = Price::from_raw(quote.bid.raw() + random_.between(1, 5) * tick);
        quote.bid_size = size(listing, 1, 20);
        quote.ask_size = size(listing, 1, 20);
        if (has_empty_sides_ && random_.one_in(12)) {
            quote.bid = Price();
            quote.bid_size = Quantity();
        }
        events_.push_back({time, 1, quote, 0});
    }
    void trade(const Listing& listing, std::int64_t middle, Time time) {
        model::Trade trade;
        trade.known_at = time;
        trade.instrument = listing.instrument.id;
        trade.price = near(random_, listing, middle);
        trade.size = size(listing, 1, 25);
        trade.aggressor = static_cast<model::Aggressor>(random_.below(3));
        events_.push_back({time, 1, trade, 0});
    }
    Cash cash() {
        Cash cash;
        cash.account = AccountId(static_cast<AccountId::Value>(random_.below(kAccountCount)));
        cash.owner = random_.below(kOwnerCount);
        cash.currency = kCurrencies[random_.below(4)];
        cash.amount = random_.between(-1'000'000'000, 3'000'000'000);
        cash.is_contributed = random_.one_in(2);
        return cash;
    }
    Quantity size(const Listing& listing, std::int64_t low, std::int64_t high) {
        return Quantity::from_raw(random_.between(low, high) * listing.size);
    }

    Random& random_;
    bool has_empty_sides_;
    std::vector<Event> events_;
};

}  // namespace millrace::backtest::test
