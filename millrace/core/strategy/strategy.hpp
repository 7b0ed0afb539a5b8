// Strategy: what a trader writes. It hears of the market and of its own orders and answers through
// Trading. The same class runs in a backtest, on paper and live; it sees no clock, file or network,
// so it cannot tell which.
//
//   void on_bar(const model::Bar& bar) override {
// if (fast_average_.update(bar.close) > slow_average_.update(bar.close))
// trading().buy(bar.instrument, quantity);
//   }
#pragma once

#include <memory>
#include <string_view>

#include "millrace/base/random.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/nouns.hpp"
#include "millrace/core/strategy/parameters.hpp"

namespace millrace::strategy {

// An order's number, to cancel it by and to know its reports. Unique in a system.
using OrderId = std::uint64_t;

// What may be said of an order beyond side and quantity.
struct OrderTerms {
    model::OrderType type = model::OrderType::market;
    model::TimeInForce time_in_force = model::TimeInForce::gtc;
    Maybe<Price> limit_price;
    Maybe<Price> stop_price;
    Maybe<Price> trail;
    model::TrailUnit trail_unit = model::TrailUnit::absolute;
    Maybe<Quantity> display_quantity;
    Maybe<Time> expires_at;
    OrderId parent_id = 0;  // works only once that order has dealt
    std::uint64_t group_id = 0;
    model::Contingency contingency = model::Contingency::none;
    bool reduce_only = false;
    bool post_only = false;
};

// An entry for which exits are wanted.
struct Entry {
    OrderId order = 0;
    InstrumentId instrument;
    model::Side side{};
    Quantity quantity;
};

// What a strategy can do and ask while it is being called.
class Trading {
  public:
    virtual ~Trading() = default;

    [[nodiscard]] virtual Time now() const = 0;
    // Of the run: instruments it was given, in the order of their numbers.
    [[nodiscard]] virtual std::span<const model::Instrument> instruments() const = 0;
    // What this strategy holds by its own deals; negative when short.
    [[nodiscard]] virtual Quantity position(InstrumentId instrument) const = 0;
    // Not over yet, of this strategy.
    [[nodiscard]] virtual std::span<const model::Order> working_orders() const = 0;

    virtual OrderId submit(InstrumentId instrument, model::Side side, Quantity quantity,
                           const OrderTerms& terms) = 0;
    virtual void cancel(OrderId order) = 0;
    virtual void signal(
        const model::Signal& signal) = 0;  // number, strategy and time are filled in
    virtual void set_timer(Time due, std::uint64_t token) = 0;
    virtual void cancel_timer(std::uint64_t token) = 0;
    [[nodiscard]] virtual Random& random() = 0;
    // False while the strategy only warms up: what it submits and signals then goes nowhere.
    [[nodiscard]] virtual bool is_live() const = 0;
    // A number for OrderTerms::group_id that no other group of a system has.
    [[nodiscard]] virtual std::uint64_t new_group() = 0;

    OrderId buy(InstrumentId instrument, Quantity quantity, const OrderTerms& terms = {}) {
        return submit(instrument, model::Side::buy, quantity, terms);
    }
    OrderId sell(InstrumentId instrument, Quantity quantity, const OrderTerms& terms = {}) {
        return submit(instrument, model::Side::sell, quantity, terms);
    }
    // Closes what is held at the market; nothing when flat.
    void close(InstrumentId instrument);
    void cancel_all();
    // Those of one instrument.
    void cancel_all(InstrumentId instrument);
    // The exits of an entry that was just submitted: they begin with its deals, and end each other.
    // Where neither price is given there is none.
    void protect(const Entry& entry, Maybe<Price> stop, Maybe<Price> target);
};

class Strategy : public Parameters {
  public:
    virtual void on_start() {}
    virtual void on_bar(const model::Bar& /*bar*/) {}
    virtual void on_quote(const model::Quote& /*quote*/) {}
    virtual void on_trade(const model::Trade& /*trade*/) {}
    virtual void on_book(const model::BookUpdate& /*update*/) {}
    virtual void on_fill(const model::Fill& /*fill*/) {}
    virtual void on_order(const model::Order& /*order*/) {}
    virtual void on_timer(std::uint64_t /*token*/) {}
    virtual void on_stop() {}

    // How many bars it must hear before it trades; they may come from history.
    [[nodiscard]] virtual std::uint64_t warm_up_bars() const { return 0; }

    // The whole state besides the parameters, so that a loaded strategy goes on as the saved one
    // would.
    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;

    // Whether it only gives signals, so that a plan must make its orders.
    [[nodiscard]] virtual bool trades_by_signals() const { return false; }

    // A split or dividend of an instrument that it hears of. What it holds is in the new units
    // already; its orders follow, each with an on_order of reason corporate_action. Prices it has
    // kept itself are of before.
    virtual void on_corporate_action(const model::CorporateAction& /*action*/) {}

  protected:
    [[nodiscard]] Trading& trading() const;

  private:
    friend class StrategyHost;
    Trading* trading_ = nullptr;  // set by the host while the strategy is being called
};

}  // namespace millrace::strategy
