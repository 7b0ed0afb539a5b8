// VenueStream: random orders and market data for a simulated venue, and VenueAudit: what must hold
// of every report whatever the stream. One seed gives one stream; the test prints it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millrace/base/hash.hpp"
#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

// Follows reports as a book-keeper would, with arithmetic of its own, and notes what is wrong.
class VenueAudit final : public ReportSink {
  public:
    struct Range {
        std::int64_t low = INT64_MAX, high = INT64_MIN;
        void add(std::int64_t price) {
            low = std::min(low, price);
            high = std::max(high, price);
        }
    };

    explicit VenueAudit(const Settings& settings) : settings_(settings) {}

    void on_order(const model::Order& order) override;
    void on_fill(const model::Fill& fill) override;

    // The prices that deals may have from now on: those of this datum and the one before.
    void begin_datum(Range range) {
        before_ = now_;
        now_ = range;
    }
    // Begins a new hash.
    void forget() { hash_ = RunningHash(); }
    [[nodiscard]] std::uint64_t hash() const { return hash_.value(); }
    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
    [[nodiscard]] std::int64_t position() const { return position_; }
    [[nodiscard]] std::uint64_t fills() const { return fills_; }

  private:
    struct Seen {
        model::Order order;
        std::int64_t filled = 0;
        int128 value = 0;
        int128 fee = 0;
    };
    void complain(std::uint64_t order_id, const std::string& what) {
        complaints_.push_back("order " + std::to_string(order_id) + ": " + what);
    }
    template <class T>
    void note(const T& noun) {
        hash_.add(std::as_bytes(std::span(&noun, 1)));
        if (noun.known_at < last_) complaints_.push_back("a report earlier than the one before");
        last_ = noun.known_at;
    }
    void check_price(const model::Fill& fill, const Seen& seen);
    void check_group(const model::Fill& fill, const Seen& seen);

    const Settings& settings_;
    Range before_, now_;
    Time last_ = Time::earliest();
    RunningHash hash_;
    std::uint64_t fills_ = 0;
    std::int64_t position_ = 0;
    std::map<std::uint64_t, Seen> seen_;
    std::map<std::uint64_t, std::uint64_t> group_dealer_;
    std::vector<std::string> complaints_;
};

// The life of an order as a venue tells it.
[[nodiscard]] inline bool may_follow(model::OrderStatus before, model::OrderStatus after) {
    using S = model::OrderStatus;
    if (before == after) return true;  // changed or refused
    switch (before) {
        case S::submitted:
            return after == S::accepted || after == S::rejected || after == S::cancelled;
        case S::accepted:
            return after == S::triggered || after == S::partially_filled || after == S::filled ||
                   after == S::cancelled || after == S::expired;
        case S::triggered:
            return after == S::partially_filled || after == S::filled || after == S::cancelled ||
                   after == S::expired;
        case S::partially_filled:
            return after == S::filled || after == S::cancelled || after == S::expired;
        case S::pending:
        case S::cancel_requested:
        case S::replace_requested:
        case S::filled:
        case S::cancelled:
        case S::rejected:
        case S::expired: return false;
    }
    return false;
}

inline void VenueAudit::on_order(const model::Order& order) {
    note(order);
    const auto [at, is_new] = seen_.try_emplace(order.order_id);
    Seen& seen = at->second;
    using S = model::OrderStatus;
    if (is_new) {
        if (order.status != S::accepted && order.status != S::submitted &&
            order.status != S::rejected)
            complain(order.order_id, "begins in the middle of its life");
    } else if (!may_follow(seen.order.status, order.status)) {
        complain(order.order_id, "goes from " + std::string(name_of(seen.order.status)) + " to " +
                                     std::string(name_of(order.status)));
    }
    if (order.filled_quantity.raw() != seen.filled) complain(order.order_id, "miscounts deals");
    if (order.filled_quantity > order.quantity) complain(order.order_id, "dealt too much");
    const bool is_complete = order.filled_quantity == order.quantity;
    if (order.status == S::filled ? !is_complete
                                  : is_complete && order.status == S::partially_filled)
        complain(order.order_id, "is filled, or not, against its quantities");
    if (seen.filled > 0 && order.average_price.value().raw() !=
                               divide_rounded(seen.value, seen.filled, Rounding::half_even))
        complain(order.order_id, "has a wrong average");
    seen.order = order;
}

inline void VenueAudit::on_fill(const model::Fill& fill) {
    note(fill);
    Seen& seen = seen_[fill.order_id];
    if (fill.fill_id != ++fills_) complain(fill.order_id, "skips a number of a deal");
    if (fill.quantity.raw() <= 0) complain(fill.order_id, "deals nothing");
    if (is_over(seen.order.status)) complain(fill.order_id, "deals when it is over");
    check_price(fill, seen);
    check_group(fill, seen);
    seen.filled += fill.quantity.raw();
    seen.value += int128{fill.price.raw()} * fill.quantity.raw();
    // Fees by hand: the rate of price * quantity, each rounded half to even, and the minimum.
    const int128 worth = divide_rounded(int128{fill.price.raw()} * fill.quantity.raw(),
                                        1'000'000'000, Rounding::half_even);
    const Ratio rate =
        fill.liquidity == model::Liquidity::maker ? settings_.fees.maker : settings_.fees.taker;
    const int128 due = divide_rounded(worth * rate.raw(), 1'000'000'000, Rounding::half_even);
    seen.fee += due;
    if (settings_.fees.minimum.is_zero() && fill.fee.raw() != due)
        complain(fill.order_id, "is charged a wrong fee");
    const bool buys = fill.side == Side::buy;
    if (seen.order.reduce_only) {
        const std::int64_t reducible = buys ? -position_ : position_;
        if (fill.quantity.raw() > reducible) complain(fill.order_id, "does more than reduce");
    }
    position_ += buys ? fill.quantity.raw() : -fill.quantity.raw();
}

inline void VenueAudit::check_price(const model::Fill& fill, const Seen& seen) {
    const std::int64_t price = fill.price.raw();
    const bool buys = fill.side == Side::buy;
    if (seen.order.limit_price.has_value()) {
        const std::int64_t limit = seen.order.limit_price.value().raw();
        if (buys ? price > limit : price < limit) complain(fill.order_id, "deals beyond its limit");
        // A maker deals at its own price; the market came to it.
        if (fill.liquidity == model::Liquidity::maker && price == limit) return;
    }
    if (fill.liquidity == model::Liquidity::taker && settings_.slippage.kind != SlippageKind::none)
        return;
    const std::int64_t low = std::min(now_.low, before_.low);
    const std::int64_t high = std::max(now_.high, before_.high);
    if (price < low || price > high)
        complain(fill.order_id, "deals at " + fill.price.to_string() + ", where nobody was");
}

inline void VenueAudit::check_group(const model::Fill& fill, const Seen& seen) {
    if (seen.order.contingency != model::Contingency::oco_cancel) return;
    const auto [at, is_first] = group_dealer_.try_emplace(seen.order.group_id, fill.order_id);
    if (!is_first && at->second != fill.order_id)
        complain(fill.order_id, "deals though its sibling dealt");
}

// One random stream, made step by step so that it can be stopped, saved and gone on with.
class VenueStream {
  public:
    enum class Kind : std::uint8_t { bars, quotes, trades, both, levels, orders };

    explicit VenueStream(std::uint64_t seed) : random_(seed) {
        kind_ = static_cast<Kind>(random_.below(6));
        settings_.seed = seed;
        settings_.timing = static_cast<FillTiming>(random_.below(5));
        settings_.bar_path = static_cast<BarPath>(random_.below(5));
        settings_.bar_limit = static_cast<BarLimit>(random_.below(2));
        settings_.trade_at_limit = static_cast<TradeAtLimit>(random_.below(3));
        settings_.trigger_on = static_cast<TriggerOn>(random_.below(3));
        settings_.children = static_cast<ChildRelease>(random_.below(2));
        settings_.fees.taker = Ratio::from_raw(random_.between(0, 1'000'000));
        settings_.fees.maker = Ratio::from_raw(random_.between(-100'000, 100'000));
        if (random_.one_in(3)) settings_.bar_share = Ratio::from_raw(100'000'000);
        if (random_.one_in(3)) settings_.tick_share = Ratio::from_raw(500'000'000);
        if (random_.one_in(4)) settings_.protection_ticks = 30;
        if (random_.one_in(4)) {
            settings_.slippage.kind = static_cast<SlippageKind>(random_.below(5));
            settings_.slippage.ticks = 2;
            settings_.slippage.rate = Ratio::from_raw(100'000);
        }
        if (settings_.timing == FillTiming::latency) {
            settings_.latency.submit = Duration::milliseconds(random_.between(0, 900));
            settings_.latency.cancel = Duration::milliseconds(random_.between(0, 900));
            settings_.latency.report = Duration::milliseconds(random_.between(0, 900));
            settings_.latency.jitter = Duration::milliseconds(random_.between(0, 900));
        }
    }

    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] static model::Instrument instrument() {
        model::Instrument instrument;
        instrument.symbol = "X";
        instrument.currency = "USD";
        instrument.price_increment = Price::from_raw(kTick);
        instrument.quantity_increment = Quantity::whole(1);
        instrument.multiplier = Ratio::whole(1);
        return instrument;
    }

    void step(SimulatedExchange& venue, VenueAudit& audit) {
        switch (random_.below(4)) {
            case 0: request(venue); break;
            case 1:
                time_ = time_ + Duration::milliseconds(random_.between(0, 500));
                if (random_.one_in(4)) venue.advance(time_);
                break;
            default: datum(venue, audit); break;
        }
    }

  private:
    static constexpr std::int64_t kTick = 10'000'000;  // 0.01

    [[nodiscard]] std::int64_t near(std::int64_t ticks) {
        return middle_ + random_.between(-ticks, ticks) * kTick;
    }
    [[nodiscard]] Quantity size() { return Quantity::whole(random_.between(1, 30)); }

    void datum(SimulatedExchange& venue, VenueAudit& audit) {
        middle_ = std::max(std::int64_t{100} * kTick, near(12));
        time_ = time_ + Duration::milliseconds(random_.between(0, 800));
        switch (kind_) {
            case Kind::bars: bar(venue, audit); break;
            case Kind::quotes: quote(venue, audit); break;
            case Kind::trades: trade(venue, audit); break;
            case Kind::both:
                if (random_.one_in(2))
                    quote(venue, audit);
                else
                    trade(venue, audit);
                break;
            case Kind::levels:
            case Kind::orders: book(venue, audit); break;
        }
    }
    void bar(SimulatedExchange& venue, VenueAudit& audit) {
        model::Bar bar;
        bar.open_time = time_;
        time_ = time_ + Duration::seconds(1);
        bar.known_at = time_;
        bar.step = 1'000'000'000;
        const std::int64_t open = near(10), close = near(10);
        bar.open = Price::from_raw(open);
        bar.close = Price::from_raw(close);
        bar.high = Price::from_raw(std::max(open, close) + random_.between(0, 15) * kTick);
        bar.low = Price::from_raw(std::min(open, close) - random_.between(0, 15) * kTick);
        bar.volume = Quantity::whole(random_.between(0, 300));
        audit.begin_datum({bar.low.raw(), bar.high.raw()});
        if (random_.one_in(3)) {
            venue.on_bar_open(bar);
            if (random_.one_in(2)) request_at(venue, bar.open_time);
        }
        venue.on_bar(bar);
    }
    void quote(SimulatedExchange& venue, VenueAudit& audit) {
        model::Quote quote;
        quote.known_at = time_;
        quote.bid = Price::from_raw(middle_ - random_.between(0, 3) * kTick);
        quote.ask = Price::from_raw(middle_ + random_.between(1, 3) * kTick);
        quote.bid_size = Quantity::whole(random_.between(0, 20));
        quote.ask_size = Quantity::whole(random_.between(0, 20));
        audit.begin_datum({quote.bid.raw(), quote.ask.raw()});
        range_ = {quote.bid.raw(), quote.ask.raw()};
        venue.on_quote(quote);
    }
    void trade(SimulatedExchange& venue, VenueAudit& audit) {
        model::Trade trade;
        trade.known_at = time_;
        trade.price = Price::from_raw(near(3));
        trade.size = size();
        trade.aggressor = static_cast<model::Aggressor>(random_.below(3));
        VenueAudit::Range range = kind_ == Kind::both ? range_ : VenueAudit::Range();
        range.add(trade.price.raw());
        audit.begin_datum(range);
        venue.on_trade(trade);
    }
    // Prices of a book are checked against its whole range: sides must not cross by much, so bids
    // lie below 100 and offers above.
    void book(SimulatedExchange& venue, VenueAudit& audit) {
        constexpr std::int64_t kCentre = 10'000 * kTick;
        model::BookUpdate update;
        update.known_at = time_;
        update.side = static_cast<model::BookSide>(random_.below(2));
        const bool bid = update.side == model::BookSide::bid;
        update.price = Price::from_raw(bid ? kCentre - random_.between(0, 10) * kTick
                                           : kCentre + random_.between(1, 10) * kTick);
        update.size = size();
        update.action = static_cast<model::BookAction>(random_.below(3));
        if (kind_ == Kind::orders)
            update.order_id = static_cast<std::uint64_t>(random_.between(1, 40));
        audit.begin_datum({kCentre - 10 * kTick, kCentre + 10 * kTick});
        middle_ = kCentre;
        venue.on_book_update(update);
        if (random_.one_in(3)) {
            model::Trade trade;
            trade.known_at = time_;
            trade.price = update.price;
            trade.size = size();
            venue.on_trade(trade);
        }
    }

    void request(SimulatedExchange& venue) { request_at(venue, time_); }
    void request_at(SimulatedExchange& venue, Time now) {
        const std::uint64_t what = random_.below(8);
        const std::uint64_t some = 1 + random_.below(std::max<std::uint64_t>(ids_, 1));
        if (what == 0 && ids_ > 0) {
            venue.cancel(some, now);
        } else if (what == 1 && ids_ > 0) {
            Replacement terms;
            if (random_.one_in(2)) terms.quantity = size();
            if (random_.one_in(2)) terms.limit_price = Price::from_raw(near(10));
            venue.replace(some, terms, now);
        } else {
            submit(venue, now);
        }
    }
    void submit(SimulatedExchange& venue, Time now) {
        model::Order order;
        order.order_id = ++ids_;
        order.quantity = size();
        order.side = static_cast<Side>(random_.below(2));
        order.type = static_cast<model::OrderType>(random_.below(12));
        order.status = model::OrderStatus::submitted;
        order.time_in_force = model::TimeInForce::gtc;
        if (has_limit(order.type)) order.limit_price = Price::from_raw(near(15));
        const bool trails = is_trailing(order.type);
        if (is_conditional(order.type) &&
            (!trails || order.type == model::OrderType::trailing_stop_limit))
            order.stop_price = Price::from_raw(near(15));
        if (trails) {
            order.trail = Price::from_raw(random_.between(1, 10) * kTick);
            if (random_.one_in(3)) {
                order.trail_unit = model::TrailUnit::ticks;
                order.trail = Price::whole(random_.between(1, 10));
            }
        }
        flags(order, now);
        venue.submit(order, now);
    }
    void flags(model::Order& order, Time now) {
        const bool at_once =
            order.type == model::OrderType::market || order.type == model::OrderType::limit;
        if (at_once && random_.one_in(4))
            order.time_in_force =
                random_.one_in(2) ? model::TimeInForce::ioc : model::TimeInForce::fok;
        const bool patient = order.time_in_force == model::TimeInForce::gtc;
        if (order.type == model::OrderType::limit && patient && random_.one_in(5))
            order.post_only = true;
        if (order.limit_price.has_value() && patient && random_.one_in(5))
            order.display_quantity = Quantity::whole(1 + random_.between(0, 3));
        if (order.display_quantity.has_value() && order.display_quantity.value() > order.quantity)
            order.display_quantity = order.quantity;
        if (patient && random_.one_in(5)) {
            order.time_in_force = model::TimeInForce::gtd;
            order.expires_at = now + Duration::milliseconds(random_.between(1, 5'000));
        }
        if (random_.one_in(6)) order.reduce_only = true;
        if (ids_ > 1 && random_.one_in(4)) order.parent_id = ids_ - random_.below(ids_ - 1) - 1;
        if (random_.one_in(3)) {
            order.group_id = 1 + ids_ / 4;
            // One contingency a group, as they are meant.
            order.contingency = order.group_id % 2 == 0 ? model::Contingency::oco_cancel
                                                        : model::Contingency::oco_reduce;
        }
    }

    Random random_;
    Settings settings_;
    Kind kind_{};
    Time time_ = Time::from_ns(1'704'187'800'000'000'000);  // 2024-01-02T09:30:00Z
    std::int64_t middle_ = 10'000 * kTick;                  // 100.00
    VenueAudit::Range range_;
    std::uint64_t ids_ = 0;
};

}  // namespace millrace::venue
