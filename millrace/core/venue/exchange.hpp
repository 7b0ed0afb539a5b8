// SimulatedExchange: a venue that answers requests from market data alone. A pure state machine: no
// clock, no thread, chance from its seed. A driver stands between it and the engine: it gives each
// datum to the venue before the engine, and the venue's reports to the engine before the datum.
// Times given should rise; what comes late is dealt with at the venue's own clock. The rules of
// dealing are in docs/concept/fill-rules.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/instrument.hpp"
#include "millrace/core/model/market_data.hpp"
#include "millrace/core/venue/buying_power.hpp"
#include "millrace/core/venue/credit_desk.hpp"
#include "millrace/core/venue/expiries.hpp"
#include "millrace/core/venue/market_state.hpp"
#include "millrace/core/venue/report_sink.hpp"
#include "millrace/core/venue/requests.hpp"
#include "millrace/core/venue/settings.hpp"
#include "millrace/core/venue/triggers.hpp"

namespace millrace::venue {

// What differs between instruments of one venue.
struct Terms {
    Hours* hours = nullptr;        // none: always open, a day never ends; not owned
    std::optional<FeeModel> fees;  // none: those of the settings
    InstrumentCredit credit = {};  // where the venue has a credit desk
};

// The last prices that the venue saw of an instrument, in the units of now.
struct LastPrices {
    Maybe<Price> bid;  // of trades and bars the last price
    Maybe<Price> ask;
    Maybe<Price> trade;
    Time known_at = Time::earliest();
};

class SimulatedExchange {
  public:
    // The venue's own orders, by which it liquidates, have numbers from here on and below 2^52:
    // those of a strategy that there cannot be.
    static constexpr std::uint64_t kLiquidationsFrom = std::uint64_t{UINT16_MAX} << 36;
    [[nodiscard]] static constexpr bool is_liquidation(std::uint64_t order_id) {
        return order_id > kLiquidationsFrom && order_id < kFractionsFrom;
    }
    // The upper half of them are those by which it pays for the fractions that a split leaves.
    static constexpr std::uint64_t kFractionsFrom = kLiquidationsFrom + (std::uint64_t{1} << 35);
    [[nodiscard]] static constexpr bool is_fraction(std::uint64_t order_id) {
        return order_id > kFractionsFrom && order_id < std::uint64_t{1} << 52;
    }

    // Fails when the settings contradict each other (Settings::check). The sink, the buying power
    // and the desk outlive the venue. Without a buying power accounts are unlimited; those that
    // the desk knows trade on its terms instead.
    [[nodiscard]] static Result<SimulatedExchange> make(const Settings& settings, ReportSink& sink,
                                                        BuyingPower* buying_power = nullptr,
                                                        CreditDesk* credit = nullptr);

    // Before its first datum or order. A second definition replaces rules, not prices and orders.
    void define(const model::Instrument& instrument, const Terms& terms = {});
    // Room for so many working orders before anything is allocated again.
    void reserve(std::size_t orders);

    // Data of these come next: fetches from memory what it will touch.
    void look_ahead(std::span<const InstrumentId> instruments) const noexcept {
        for (const InstrumentId instrument : instruments)
            if (instrument.value() < market_count_)
                __builtin_prefetch(&markets_[instrument.value()], 1);
    }
    // Data of instruments that are not defined is ignored.
    void on_quote(const model::Quote& quote);
    void on_trade(const model::Trade& trade);
    void on_book_update(const model::BookUpdate& update);
    // The open of a bar alone, for a driver that reads ahead and lets the engine answer to deals at
    // the open before the rest of the bar. Looks at nothing but open_time, open and the volume.
    void on_bar_open(const model::Bar& bar);
    // A whole bar, or the rest of one whose open was told.
    void on_bar(const model::Bar& bar);
    // A bar that nothing deals on, but that says what positions are worth.
    void on_mark(const model::Bar& bar) {
        if (credit_ != nullptr) [[unlikely]]
            follow(bar);
    }

    // At its ex moment, between what was known then and what begins then. The action is told first,
    // then what it did: cash, orders on other terms, fractions that are paid for.
    void on_corporate_action(const model::CorporateAction& action);

    void submit(const model::Order& order, Time now);
    void cancel(std::uint64_t order_id, Time now);
    void replace(std::uint64_t order_id, const Replacement& terms, Time now);
    // Everything up to and including `time` has been told: requests arrive, orders lapse.
    void advance(Time time);

    // When advance() would next have something to do; Time::latest() for never.
    [[nodiscard]] Time next_due() const { return next_due_; }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] Quantity position(AccountId account, InstrumentId instrument) const;
    [[nodiscard]] std::size_t order_count() const { return pool_.alive_count(); }
    [[nodiscard]] LastPrices last_prices(InstrumentId instrument) const;
    // The order as last reported; null when unknown or forgotten.
    [[nodiscard]] const model::Order* find(std::uint64_t order_id) const;

    // The whole state but the settings and definitions: load into a venue made and defined alike.
    void save(engine::StateWriter& writer) const;
    void load(engine::StateReader& reader);

  private:
    static constexpr int kSlicesMax = 1'000;  // of an iceberg
    static constexpr InstrumentId kNoInstrument{UINT32_MAX};

    // A moment at which orders meet the market.
    enum class Moment : std::uint8_t { arrival, tick, bar_open, bar_path, bar_close, auction };
    struct Point {
        Moment moment = Moment::tick;
        Time begin;  // of a bar
        Time end;
        InstrumentId bar_of = kNoInstrument;  // while that bar is dealt on
    };
    enum class Who : std::uint8_t { all, takers, triggered };
    struct Offer {
        std::int64_t price = kNoPrice;
        std::int64_t quantity = 0;
    };

    // A cost by the day that is due: of what is borrowed of an instrument, or of an account's debt.
    struct Accrual {
        Time due;
        std::uint64_t of = 0;
        std::uint64_t is_debt = 0;
        auto operator<=>(const Accrual&) const = default;
    };

    SimulatedExchange(const Settings& settings, ReportSink& sink, BuyingPower* buying_power,
                      CreditDesk* credit);

    // time.cpp
    void pass_time(Time time) {
        if (time >= next_due_) [[unlikely]]
            run_due(time, false);
        if (time > now_) now_ = time;
    }
    void run_due(Time time, bool through);
    void run_requests(Time time, bool through);
    void come_due(const Expiries::Entry& entry);
    [[nodiscard]] bool still_lapses(const Expiries::Entry& entry) const;
    void find_next_due();

    // requests.cpp
    void lapse_before(Time now);
    void send(Request request, Duration latency, Time now);
    void carry_out(const Request& request);
    void arrive(const model::Order& order);
    void cancel_now(std::uint64_t order_id);
    void replace_now(const Request& request);
    void refuse_request(std::uint64_t order_id, model::OrderReason reason);
    [[nodiscard]] bool cut_to_group(model::Order& order) const;
    [[nodiscard]] bool cut_to_parent(model::Order& order, const Slot& parent) const;
    void start(Handle handle, Time arrived);
    void meet_on_arrival(MarketState& market);
    [[nodiscard]] bool deals_on_arrival(const MarketState& market) const;
    void set_times(Slot& slot, const MarketState& market);
    void set_bound(Slot& slot, std::int64_t reference, const MarketState& market);

    // admission.cpp
    [[nodiscard]] model::OrderReason reason_against(const model::Order& order) const;
    [[nodiscard]] model::OrderReason reason_against_start(Handle handle, const MarketState& market);
    [[nodiscard]] model::OrderReason reason_against_price(const Slot& slot,
                                                          const MarketState& market) const;

    // credit.cpp
    [[nodiscard]] std::int64_t reference_of(const model::Order& order,
                                            const MarketState& market) const;
    [[nodiscard]] int128 value_of_waiting(const model::Order& order, std::int64_t quantity,
                                          const MarketState& market) const;
    [[nodiscard]] Waiting waiting_of(const MarketState& market, AccountId account, Handle changed,
                                     const model::Order* as) const;
    [[nodiscard]] model::OrderReason reason_against_credit(Handle handle,
                                                           const model::Order& order);
    [[nodiscard]] CreditDesk::Part part_on_credit(const Slot& slot, const MarketState& market,
                                                  std::int64_t price, std::int64_t quantity);

    // liquidation.cpp
    void enforce_margin();
    void call_margin(AccountId account);
    void cancel_orders(AccountId account, MarketState& market);
    [[nodiscard]] bool deals_now(const MarketState& market) const;
    void liquidate(AccountId account, MarketState& market);
    [[nodiscard]] bool called_on_the_way(MarketState& market, std::int64_t target, bool stirs);
    [[nodiscard]] bool called_in_range(MarketState& market, const model::Bar& bar);
    template <class Datum>
    void follow(const Datum& datum) {
        credit_->mark(datum);
        enforce_margin();
    }

    // accruals.cpp
    [[nodiscard]] Time day_end_from(const MarketState& market, Time time) const;
    void expect_costs(AccountId account, const MarketState& market);
    [[nodiscard]] Time next_accrual() const;
    void accrue();

    // reports.cpp
    void report(Slot& slot, model::OrderReason reason);
    void report_fill(const Slot& slot, model::Fill& fill);
    [[nodiscard]] Time report_time();
    [[nodiscard]] bool is_doubled();

    // working.cpp
    [[nodiscard]] MarketState& market_of(const Slot& slot) {
        return markets_[slot.order.instrument.value()];
    }
    void link(Handle handle, MarketState& market);
    void unlink(Handle handle, MarketState& market);
    void lose_place(Handle handle, MarketState& market);
    void rest(Slot& slot, MarketState& market);
    void set_queue(Slot& slot, const MarketState& market);
    void track_queues(MarketState& market);
    void find_quiet(MarketState& market);
    // Nothing can happen to any order while the price stays within these.
    [[nodiscard]] bool is_quiet(MarketState& market, std::int64_t low, std::int64_t high);

    // matching.cpp
    [[nodiscard]] bool meets(const Slot& slot, const MarketState& market) const;
    [[nodiscard]] bool may_deal(const Slot& slot, const MarketState& market) const;
    [[nodiscard]] bool quotes_trigger(const MarketState& market) const;
    [[nodiscard]] bool is_session(const MarketState& market, Time from, Time to) const;
    void settle(MarketState& market, Who who);
    void act(Handle handle, MarketState& market);
    void trigger(Handle handle, MarketState& market);
    void trail_all(MarketState& market, std::int64_t buy_price, std::int64_t sell_price);
    void conclude(MarketState& market);

    // dealing.cpp
    void attempt(Handle handle, MarketState& market);
    [[nodiscard]] bool deal_once(Handle handle, MarketState& market);
    // Deals at most `quantity`, as far as the position and the buying power go; says how much.
    [[nodiscard]] std::int64_t deal_capped(Handle handle, MarketState& market, std::int64_t price,
                                           std::int64_t quantity);
    void refill(Handle handle, MarketState& market);
    [[nodiscard]] Offer offer_for(const Slot& slot, const MarketState& market) const;
    [[nodiscard]] std::int64_t available_for(const Slot& slot, const MarketState& market) const;
    [[nodiscard]] std::int64_t price_of_deal(const Slot& slot, const MarketState& market,
                                             const Offer& offer, std::int64_t quantity) const;
    void consume(MarketState& market, Side side, const Offer& offer, std::int64_t quantity);
    void deal(Handle handle, MarketState& market, const model::Fill& fill, const FeeCase& cost);
    void set_dealt(Slot& slot, MarketState& market, const model::Fill& fill);
    static void hold(MarketState& market, const model::Order& order, std::int64_t change);

    // book_matching.cpp
    [[nodiscard]] Offer book_offer(const Slot& slot, const MarketState& market,
                                   std::int64_t* total) const;
    void follow_queue(MarketState& market, const model::BookUpdate& update,
                      const std::optional<BookPlace>& before);
    void forget_taken(MarketState& market, const model::BookUpdate& update);
    void take_best(MarketState& market);
    void match_book(MarketState& market);
    void mark_best(const MarketState& market);

    // tick_matching.cpp
    void match_quote(MarketState& market);
    void match_trade(MarketState& market, const model::Trade& trade);
    void trigger_by(MarketState& market, std::int64_t price);
    void deal_resting(MarketState& market, const model::Trade& trade);
    [[nodiscard]] std::int64_t deal_trade_share(Handle handle, MarketState& market,
                                                std::int64_t share);
    [[nodiscard]] std::int64_t queue_share(Slot& slot, const model::Trade& trade,
                                           std::int64_t size) const;
    [[nodiscard]] std::int64_t share_of(std::int64_t size, const MarketState& market) const;

    // bar_matching.cpp
    [[nodiscard]] MarketState* bar_market(const model::Bar& bar);
    void open_bar(MarketState& market, const model::Bar& bar);
    void meet_bar(MarketState& market);
    void walk(MarketState& market, std::int64_t target);
    void walk_pessimistically(MarketState& market, const model::Bar& bar);
    struct Stop {
        Handle handle = kNoHandle;
        std::int64_t price = kNoPrice;
    };
    [[nodiscard]] Stop next_stop(const MarketState& market, std::int64_t low, std::int64_t high,
                                 bool stops_only) const;
    void move_to(MarketState& market, std::int64_t price);

    // contingencies.cpp
    void finish(Handle handle);
    void end(Handle handle, model::OrderStatus status, model::OrderReason reason);
    void end_children(Handle parent);
    void release_children(Handle parent, Time arrived);
    void tell_group(Handle dealer, std::int64_t quantity);
    void end_reducers(MarketState& market, AccountId account);

    // corporate_actions.cpp
    void pay_dividend(MarketState& market, const model::CorporateAction& dividend);
    void split_market(MarketState& market, const model::CorporateAction& split);
    void split_orders(MarketState& market, const model::CorporateAction& split);
    void split_requests(const MarketState& market, const model::CorporateAction& split);
    void pay_fractions(MarketState& market);
    void pay_fraction(MarketState& market, const Position& holder, std::int64_t fraction);

    // state.cpp
    void save_market(const MarketState& market, engine::StateWriter& writer) const;
    void load_market(MarketState& market, engine::StateReader& reader);
    void load_orders(engine::StateReader& reader);
    void load_credit(engine::StateReader& reader);

    Settings settings_;
    ReportSink* sink_;
    BuyingPower* buying_power_;
    CreditDesk* credit_;
    std::vector<FeeModel> fee_models_;  // the settings' first
    std::vector<MarketState> markets_;  // by instrument
    std::uint32_t market_count_ = 0;
    OrderPool pool_;
    Expiries expiries_;
    RequestQueue requests_;
    std::vector<Accrual> accruals_;
    FeeLedger fees_;
    Random random_;
    Point point_;
    Time now_ = Time::earliest();
    Time next_due_ = Time::latest();
    Time last_report_ = Time::earliest();
    bool inside_bar_ = false;  // an order that arrives now must not see the bar's prices yet
    std::uint64_t datum_ = 1;  // counts data, so that an order tries once each
    std::uint64_t ordinals_ = 0;
    std::uint64_t fills_ = 0;
    std::uint64_t liquidations_ = 0;
    std::uint64_t fractions_ = 0;
};

}  // namespace millrace::venue
