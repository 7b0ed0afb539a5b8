// Matching deals into round trips. A lot remembers the prices between its own deal and the next one
// only; what it saw in all is found when it is closed, from the lots that came after it.
#include "millrace/core/portfolio/trade_list.hpp"

#include <algorithm>

#include "millrace/core/portfolio/exact_state.hpp"

namespace millrace::portfolio {
namespace {

constexpr std::uint64_t kLotsMax = 100'000'000;  // a damaged number must not claim all memory

[[nodiscard]] Maybe<Money> sum(Maybe<Money> a, Maybe<Money> b) {
    if (!a.has_value() || !b.has_value()) return {};
    const auto total = add(a.value(), b.value());
    return total ? Maybe<Money>(*total) : Maybe<Money>();
}

[[nodiscard]] Maybe<Money> less(Maybe<Money> a, Maybe<Money> b) {
    if (!b.has_value()) return {};
    return sum(a, Maybe<Money>(-b.value()));
}

[[nodiscard]] Maybe<Money> part_of(Maybe<Money> whole, Quantity part, Quantity of) {
    if (!whole.has_value()) return {};
    return Money::from_raw(
        static_cast<std::int64_t>(share_of(whole.value().raw(), part.raw(), of.raw())));
}

[[nodiscard]] Quantity size_of(Quantity quantity) {
    return quantity.is_negative() ? -quantity : quantity;
}

}  // namespace

ExitReason exit_reason_of(model::OrderType type) {
    using enum model::OrderType;
    switch (type) {
        case market:
        case market_on_open:
        case market_on_close: return ExitReason::market;
        case limit:
        case limit_on_open:
        case limit_on_close:
        case market_if_touched:
        case limit_if_touched: return ExitReason::limit;
        case stop:
        case stop_limit: return ExitReason::stop;
        case trailing_stop:
        case trailing_stop_limit: return ExitReason::trailing_stop;
    }
    return ExitReason::unknown;
}

Maybe<Money> RoundTrip::net() const {
    return less(gross, fees);
}

TradeList::Leg& TradeList::leg_of(std::uint32_t book, std::uint8_t leg) {
    if (book >= legs_.size()) legs_.resize(book + std::size_t{1});
    return legs_[book][leg];
}

Booked<void> TradeList::apply(std::uint32_t book, const Deal& deal) {
    for (const std::uint8_t number : {std::uint8_t{0}, std::uint8_t{1}}) {
        Leg& leg = leg_of(book, number);
        if (leg.lots.empty()) continue;
        leg.lots.back().window.include(deal.since_last_deal.low, deal.since_last_deal.high);
    }
    const FillOutcome& outcome = deal.outcome;
    const Maybe<Money> closing = outcome.closed.is_zero()
                                     ? Maybe<Money>(Money())
                                     : part_of(deal.fee, outcome.closed, deal.fill->quantity);
    if (!outcome.closed.is_zero())
        if (auto done = close(leg_of(book, outcome.closed_leg), deal, closing); !done) return done;
    if (outcome.opened.is_zero()) return {};
    return open(leg_of(book, outcome.opened_leg), deal, less(deal.fee, closing));
}

Booked<void> TradeList::open(Leg& leg, const Deal& deal, Maybe<Money> fee) {
    const bool buys = deal.fill->side == model::Side::buy;
    Lot lot;
    lot.quantity = buys ? deal.outcome.opened : -deal.outcome.opened;
    const auto paid = worth(*deal.contract, lot.quantity, deal.fill->price);
    const auto mark = Mark::at(deal.fill->price);
    if (!paid || !mark) return refused(!paid ? paid.error() : mark.error());
    lot.worth = *paid;
    lot.time = deal.fill->known_at;
    lot.fee = fee;
    lot.window.include(*mark);
    leg.lots.push_back(lot);
    return {};
}

Booked<void> TradeList::close(Leg& leg, const Deal& deal, Maybe<Money> fee) {
    const auto mark = Mark::at(deal.fill->price);
    if (!mark) return refused(mark.error());
    MILLRACE_ASSERT(!leg.lots.empty(), "a deal closed what no deal opened");
    leg.lots.back().window.include(*mark);
    const bool was_long = deal.fill->side == model::Side::sell;
    Quantity rest = was_long ? deal.outcome.closed : -deal.outcome.closed;
    auto exit = worth(*deal.contract, rest, deal.fill->price);
    if (!exit) return refused(exit.error());

    RoundTrip& trade = trade_of(leg, deal);
    while (!rest.is_zero()) {
        MILLRACE_ASSERT(!leg.lots.empty(), "a deal closed more than deals opened");
        const Lot& lot = matching_ == Matching::fifo ? leg.lots.front() : leg.lots.back();
        const Quantity part =
            was_long ? std::min(rest, lot.quantity) : std::max(rest, lot.quantity);
        const Exact part_exit = share_of(*exit, size_of(part).raw(), size_of(rest).raw());
        const auto matched = match(leg, *deal.contract, part, part_exit);
        if (!matched) return refused(matched.error());
        if (auto added = add_to(trade, leg, *matched, *deal.contract); !added) return added;
        *exit -= part_exit;
        rest = Quantity::from_raw(rest.raw() - part.raw());
    }
    trade.fees = sum(trade.fees, fee);
    trade.exit_time = deal.fill->known_at;
    return {};
}

// The trade that this closing order is already making, or a new one.
RoundTrip& TradeList::trade_of(Leg& leg, const Deal& deal) {
    const model::Fill& fill = *deal.fill;
    if (leg.last_trade != 0 && closed_[leg.last_trade - 1].exit_order_id == fill.order_id)
        return closed_[leg.last_trade - 1];
    RoundTrip trade;
    trade.entry_time = Time::latest();
    trade.fees = Money();
    trade.exit_order_id = fill.order_id;
    trade.currency = deal.contract->currency;
    trade.instrument = fill.instrument;
    trade.strategy = fill.strategy;
    trade.account = fill.account;
    trade.side = fill.side == model::Side::sell ? model::Side::buy : model::Side::sell;
    trade.reason = deal.reason;
    closed_.push_back(trade);
    leg.last_trade = closed_.size();
    leg.entry = 0;
    leg.exit = 0;
    return closed_.back();
}

Booked<TradeList::Match> TradeList::match(Leg& leg, const Contract& contract, Quantity quantity,
                                          Exact exit) const {
    const std::size_t at = matching_ == Matching::fifo ? 0 : leg.lots.size() - 1;
    PriceWindow seen;
    for (std::size_t later = at; later < leg.lots.size(); ++later)
        seen.include(leg.lots[later].window.low, leg.lots[later].window.high);

    Lot& lot = leg.lots[at];
    Match match;
    match.quantity = quantity;
    match.exit = exit;
    match.entry = share_of(lot.worth, size_of(quantity).raw(), size_of(lot.quantity).raw());
    match.fee = part_of(lot.fee, size_of(quantity), size_of(lot.quantity));
    match.entry_time = lot.time;
    const auto entry = money_of(match.entry);
    const auto at_low = value(contract, quantity, seen.low);
    const auto at_high = value(contract, quantity, seen.high);
    if (!entry || !at_low || !at_high) return refused(BookError::overflow);
    Money low = *at_low;
    Money high = *at_high;
    if (!try_subtract(low, *entry) || !try_subtract(high, *entry))
        return refused(BookError::overflow);
    match.adverse = std::max(Money(), -std::min(low, high));
    match.favourable = std::max(Money(), std::max(low, high));

    lot.worth -= match.entry;
    lot.fee = less(lot.fee, match.fee);
    lot.quantity = Quantity::from_raw(lot.quantity.raw() - quantity.raw());
    if (lot.quantity.is_zero()) {
        // What a later lot saw is what the one before it saw too; nothing is lost by erasing.
        if (at != 0) leg.lots[at - 1].window.include(lot.window.low, lot.window.high);
        leg.lots.erase(leg.lots.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return match;
}

Booked<void> TradeList::add_to(RoundTrip& trade, Leg& leg, const Match& match,
                               const Contract& contract) {
    leg.entry += match.entry;
    leg.exit += match.exit;
    leg.exact_gross += match.exit - match.entry;
    const auto gross = money_of(leg.exact_gross);
    if (!gross) return refused(gross.error());
    if (!try_add(trade.gross, Money::from_raw(gross->raw() - leg.gross.raw())) ||
        !try_add(trade.adverse_max, match.adverse) ||
        !try_add(trade.favourable_max, match.favourable))
        return refused(BookError::overflow);
    leg.gross = *gross;
    trade.fees = sum(trade.fees, match.fee);
    trade.entry_time = std::min(trade.entry_time, match.entry_time);
    trade.quantity = Quantity::from_raw(trade.quantity.raw() + size_of(match.quantity).raw());
    const bool is_short = match.quantity.is_negative();
    const Quantity signed_size = is_short ? -trade.quantity : trade.quantity;
    const auto entry = price_of(contract, signed_size, leg.entry);
    const auto exit = price_of(contract, signed_size, leg.exit);
    if (!entry || !exit) return refused(!entry ? entry.error() : exit.error());
    trade.entry_price = *entry;
    trade.exit_price = *exit;
    return {};
}

Booked<std::vector<RoundTrip>> TradeList::still_open(std::uint32_t book, const Contract& contract,
                                                     Mark mark, Time now,
                                                     PriceWindow since_last_deal) const {
    std::vector<RoundTrip> open;
    if (book >= legs_.size()) return open;
    for (const Leg& held : legs_[book]) {
        if (held.lots.empty()) continue;
        Leg leg = held;
        leg.entry = 0;
        leg.exit = 0;
        leg.lots.back().window.include(since_last_deal.low, since_last_deal.high);
        leg.lots.back().window.include(mark);
        RoundTrip trade;
        trade.entry_time = Time::latest();
        trade.exit_time = now;
        trade.fees = Money();
        trade.currency = contract.currency;
        trade.side = leg.lots.front().quantity.is_negative() ? model::Side::sell : model::Side::buy;
        trade.reason = ExitReason::still_open;
        while (!leg.lots.empty()) {
            const Lot& lot = matching_ == Matching::fifo ? leg.lots.front() : leg.lots.back();
            const auto exit = worth(contract, lot.quantity, mark.price());
            if (!exit) return refused(exit.error());
            const auto matched = match(leg, contract, lot.quantity, *exit);
            if (!matched) return refused(matched.error());
            if (auto added = add_to(trade, leg, *matched, contract); !added)
                return refused(added.error());
        }
        open.push_back(trade);
    }
    return open;
}

void TradeList::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{legs_.size()});
    for (const auto& legs : legs_)
        for (const Leg& leg : legs) {
            writer.put(std::uint64_t{leg.lots.size()});
            for (const Lot& lot : leg.lots) {
                put_exact(writer, lot.worth);
                writer.put(lot.quantity);
                writer.put(lot.time);
                writer.put(lot.fee);
                writer.put(lot.window);
            }
            put_exact(writer, leg.exact_gross);
            writer.put(leg.gross);
            put_exact(writer, leg.entry);
            put_exact(writer, leg.exit);
            writer.put(leg.last_trade);
        }
    writer.put(std::uint64_t{closed_.size()});
    for (const RoundTrip& trade : closed_)
        writer.put(trade);
}

void TradeList::load(engine::StateReader& reader) {
    legs_.clear();
    closed_.clear();
    const auto books = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < books && !reader.failed(); ++i)
        for (Leg& leg : legs_.emplace_back()) {
            const auto lots = reader.get<std::uint64_t>();
            for (std::uint64_t n = 0; n < lots && n < kLotsMax && !reader.failed(); ++n) {
                Lot& lot = leg.lots.emplace_back();
                lot.worth = get_exact(reader);
                lot.quantity = reader.get<Quantity>();
                lot.time = reader.get<Time>();
                lot.fee = reader.get<Maybe<Money>>();
                lot.window = reader.get<PriceWindow>();
            }
            leg.exact_gross = get_exact(reader);
            leg.gross = reader.get<Money>();
            leg.entry = get_exact(reader);
            leg.exit = get_exact(reader);
            leg.last_trade = reader.get<std::uint64_t>();
        }
    const auto trades = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < trades && !reader.failed(); ++i)
        closed_.push_back(reader.get<RoundTrip>());
    for (const auto& legs : legs_)
        for (const Leg& leg : legs)
            if (leg.last_trade > closed_.size()) return refuse(reader);
}

}  // namespace millrace::portfolio
