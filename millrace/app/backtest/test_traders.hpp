// For tests: who trades in a random world. RandomTrader tries every order there is, Amender asks
// for other terms of what works, Witness tells what they heard.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "millrace/app/backtest/test_world.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/portfolio/portfolio.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::backtest::test {

using model::OrderType;
using model::TimeInForce;

// What all traders of a world share.
struct Floor {
    std::vector<Listing> listings;
    std::vector<Quantity> lots;                   // by instrument, for those who trade in lots
    std::map<std::uint64_t, std::int64_t> asked;  // by order: the units it must be for
    const TestLedgers* ledgers = nullptr;
    std::string complaint;  // the first

    void complain(const std::string& what) {
        if (complaint.empty()) complaint = what;
    }
};

// Who trades, for whom, and whether in lots.
struct Seat {
    AccountId account;
    StrategyId strategy;
    bool trades_lots = false;
};

// An order as the venue last told of it, and the sum of its deals.
struct Life {
    model::Order order;
    std::int64_t dealt = 0;
};

[[nodiscard]] inline StrategyId strategy_of(std::size_t owner) {
    return owner < kTraderCount ? StrategyId(static_cast<StrategyId::Value>(owner))
                                : portfolio::kUnassigned;
}
[[nodiscard]] inline std::string name_of(const Seat& seat) {
    return "trader-" + std::to_string(seat.strategy.value());
}
[[nodiscard]] inline AccountId account_of(std::size_t number) {
    return AccountId(static_cast<AccountId::Value>(number));
}

// Answers what it hears with orders of all kinds, good and bad, with brackets, groups and cancels.
class RandomTrader final : public strategy::Strategy {
  public:
    RandomTrader(Floor& floor, const Seat& seat)
        : floor_(floor),
          seat_(seat),
          prices_(floor.listings.size()),
          groups_(std::uint64_t{seat.strategy.value()} * 1'000) {}

    void on_start() override { trading().set_timer(trading().now() + Duration::seconds(50), 1); }
    void on_bar(const model::Bar& bar) override { hear(bar.instrument, bar.close.raw()); }
    void on_quote(const model::Quote& quote) override { hear(quote.instrument, quote.ask.raw()); }
    void on_trade(const model::Trade& trade) override { hear(trade.instrument, trade.price.raw()); }
    void on_fill(const model::Fill& fill) override {
        if (chance(6)) act(fill.instrument);
    }
    void on_order(const model::Order& order) override {
        if (chance(12)) act(order.instrument);
    }
    void on_timer(std::uint64_t token) override {
        act(InstrumentId(static_cast<InstrumentId::Value>(pick(prices_.size()))));
        if (token < 6)
            trading().set_timer(
                trading().now() + Duration::seconds(1 + trading().random().between(0, 200)),
                token + 1);
    }
    void on_stop() override { trading().cancel_all(); }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}

  private:
    [[nodiscard]] std::uint64_t pick(std::uint64_t bound) {
        return trading().random().below(bound);
    }
    [[nodiscard]] bool chance(std::uint64_t n) { return trading().random().one_in(n); }

    void hear(InstrumentId instrument, std::int64_t price) {
        prices_[instrument.value()] = price;
        if (chance(2)) act(instrument);
    }
    void act(InstrumentId instrument) {
        check_position(instrument);
        if (prices_[instrument.value()] == 0 || acts_left_ <= 0) return;
        --acts_left_;
        const auto working = trading().working_orders();
        switch (pick(10)) {
            case 0:
                if (!working.empty()) trading().cancel(working[pick(working.size())].order_id);
                return;
            case 1: trading().close(instrument); return;
            case 2: bracket(instrument); return;
            case 3: group(instrument); return;
            default: submit(instrument, side(), random_terms(instrument)); return;
        }
    }
    [[nodiscard]] model::Side side() { return chance(2) ? model::Side::buy : model::Side::sell; }

    // What the host tells, in lots where it must, is what the deals add up to.
    void check_position(InstrumentId instrument) {
        const auto& legs = floor_.ledgers->legs(seat_.account, seat_.strategy.value(), instrument);
        const int128 units = int128{legs[0].held} + legs[1].held;
        const std::int64_t lot = lot_of(floor_.listings[instrument.value()]);
        if (trading().position(instrument).raw() != units * Quantity::kOne / lot)
            floor_.complain("a strategy is told of " + trading().position(instrument).to_string() +
                            " held of instrument " + std::to_string(instrument.value()));
    }

    // One order, and two that end each other once it has dealt.
    void bracket(InstrumentId instrument) {
        strategy::OrderTerms entry = random_terms(instrument);
        entry.reduce_only = false;
        const model::Side enters = side();
        const model::Side leaves =
            enters == model::Side::buy ? model::Side::sell : model::Side::buy;
        const strategy::OrderId parent = submit(instrument, enters, entry);
        const model::Contingency contingency = random_contingency();
        ++groups_;
        for (int child = 0; child < 2; ++child) {
            strategy::OrderTerms terms = random_terms(instrument);
            terms.parent_id = parent;
            terms.group_id = groups_;
            terms.contingency = contingency;
            submit(instrument, leaves, terms);
        }
    }
    void group(InstrumentId instrument) {
        const model::Contingency contingency = random_contingency();
        ++groups_;
        for (int member = 0; member < 3; ++member) {
            strategy::OrderTerms terms = random_terms(instrument);
            terms.group_id = groups_;
            terms.contingency = contingency;
            submit(instrument, side(), terms);
        }
    }
    [[nodiscard]] model::Contingency random_contingency() {
        return chance(2) ? model::Contingency::oco_cancel : model::Contingency::oco_reduce;
    }

    [[nodiscard]] strategy::OrderTerms random_terms(InstrumentId instrument) {
        const Listing& listing = floor_.listings[instrument.value()];
        const std::int64_t price = prices_[instrument.value()];
        Random& random = trading().random();
        strategy::OrderTerms terms;
        terms.type = static_cast<OrderType>(pick(12));
        const bool trails =
            terms.type == OrderType::trailing_stop || terms.type == OrderType::trailing_stop_limit;
        switch (terms.type) {
            case OrderType::limit:
            case OrderType::limit_on_open:
            case OrderType::limit_on_close:
                terms.limit_price = near(random, listing, price, 2);
                break;
            case OrderType::stop_limit:
            case OrderType::limit_if_touched:
            case OrderType::trailing_stop_limit:
                terms.limit_price = near(random, listing, price, 2);
                terms.stop_price = near(random, listing, price, 2);
                break;
            case OrderType::stop:
            case OrderType::market_if_touched:
                terms.stop_price = near(random, listing, price, 2);
                break;
            case OrderType::trailing_stop:
                if (chance(2)) terms.stop_price = near(random, listing, price, 2);
                break;
            case OrderType::market:
            case OrderType::market_on_open:
            case OrderType::market_on_close: break;
        }
        if (trails) set_trail(terms, listing);
        set_flags(terms, listing);
        return terms;
    }
    void set_trail(strategy::OrderTerms& terms, const Listing& listing) {
        const std::int64_t tick = listing.instrument.price_increment.raw();
        const std::int64_t ticks =
            1 + static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(listing.wiggle / tick)));
        terms.trail_unit = static_cast<model::TrailUnit>(pick(3));
        switch (terms.trail_unit) {
            case model::TrailUnit::absolute: terms.trail = Price::from_raw(ticks * tick); return;
            case model::TrailUnit::ticks: terms.trail = Price::whole(ticks); return;
            case model::TrailUnit::percent: terms.trail = Price::from_raw(100'000'000); return;
        }
    }
    void set_flags(strategy::OrderTerms& terms, const Listing& listing) {
        const bool at_once = terms.type == OrderType::market || terms.type == OrderType::limit;
        terms.time_in_force = static_cast<TimeInForce>(pick(at_once ? 5 : 3));
        const bool waits = terms.time_in_force < TimeInForce::ioc;
        if (terms.time_in_force == TimeInForce::gtd)
            terms.expires_at =
                trading().now() + Duration::seconds(trading().random().between(1, 400));
        terms.reduce_only = chance(6);
        terms.post_only = terms.type == OrderType::limit && waits && chance(4);
        if (terms.limit_price.has_value() && waits && chance(4))
            terms.display_quantity = in_lots(listing, smallest(listing));
        if (chance(40)) terms.stop_price = Price::from_raw(1);  // no order of any type
    }

    // Divided by every lot there is; deals of a part of it are not.
    [[nodiscard]] static std::int64_t smallest(const Listing& listing) { return 3 * listing.size; }
    [[nodiscard]] std::int64_t lot_of(const Listing& listing) const {
        return seat_.trades_lots ? floor_.lots[listing.instrument.id.value()].raw()
                                 : Quantity::kOne;
    }
    [[nodiscard]] Quantity in_lots(const Listing& listing, std::int64_t units) const {
        return Quantity::from_raw(
            static_cast<std::int64_t>(int128{units} * Quantity::kOne / lot_of(listing)));
    }
    strategy::OrderId submit(InstrumentId instrument, model::Side side,
                             const strategy::OrderTerms& terms) {
        const Listing& listing = floor_.listings[instrument.value()];
        const std::int64_t units = smallest(listing) * static_cast<std::int64_t>(1 + pick(10));
        const Quantity quantity = in_lots(listing, units);
        const Quantity all = trading().position(instrument);
        const strategy::OrderId order = trading().submit(instrument, side, quantity, terms);
        // Of these the host may make all that is held.
        if (!terms.reduce_only || (quantity != all && quantity != -all))
            floor_.asked[order] = static_cast<std::int64_t>(int128{quantity.raw()} *
                                                            lot_of(listing) / Quantity::kOne);
        return order;
    }

    Floor& floor_;
    Seat seat_;
    std::vector<std::int64_t> prices_;
    std::uint64_t groups_;
    int acts_left_ = 9;
};

// Asks for other terms of what works, good ones and bad ones.
class Amender final : public engine::Component {
  public:
    explicit Amender(const Floor& floor) : floor_(floor) {}

    [[nodiscard]] std::string_view name() const override { return "amender"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::planner; }
    [[nodiscard]] engine::NounSet wants() const override { return {model::Noun::order}; }
    void on_record(const engine::Record& record, engine::Context& context) override {
        model::Order order = record.as<model::Order>();
        Random& random = context.random();
        const bool works = order.status == model::OrderStatus::accepted ||
                           order.status == model::OrderStatus::partially_filled;
        if (!works || left_ == 0 || !random.one_in(5)) return;
        --left_;
        const Listing& listing = floor_.listings[order.instrument.value()];
        if (random.one_in(2))
            order.quantity = Quantity::from_raw(listing.size * random.between(1, 30));
        for (Maybe<Price>* price : {&order.limit_price, &order.stop_price})
            if (price->has_value() && random.one_in(2))
                *price = near(random, listing, price->value().raw());
        order.known_at = context.now();
        order.status = model::OrderStatus::replace_requested;
        order.reason = model::OrderReason::none;
        context.emit(order);
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}

  private:
    const Floor& floor_;
    int left_ = 6;
};

// Tells when everybody has heard of a record.
class Witness final : public engine::Component {
  public:
    using Heard = std::function<void(const engine::Record&)>;
    explicit Witness(Heard heard) : heard_(std::move(heard)) {}

    [[nodiscard]] std::string_view name() const override { return "witness"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::observer; }
    [[nodiscard]] engine::NounSet wants() const override {
        return {model::Noun::quote, model::Noun::trade, model::Noun::bar, model::Noun::fill,
                model::Noun::command};
    }
    void on_record(const engine::Record& record, engine::Context& /*context*/) override {
        heard_(record);
    }
    void save(engine::StateWriter& /*writer*/) const override {}
    void load(engine::StateReader& /*reader*/) override {}

  private:
    Heard heard_;
};

}  // namespace millrace::backtest::test
