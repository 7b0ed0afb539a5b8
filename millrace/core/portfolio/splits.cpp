// What a split does to the books: other quantities and prices, the same cost and, to the last
// decimal of a price, the same worth. Nothing is paid and nothing realised, so both columns of a
// ledger move by nothing but that rounding.
#include <algorithm>

#include "millrace/core/portfolio/portfolio.hpp"

namespace millrace::portfolio {
namespace {

// Absent when one of them is, or when the sum does not fit.
[[nodiscard]] Maybe<Money> sum(Maybe<Money> a, Maybe<Money> b) {
    if (!a.has_value() || !b.has_value()) return {};
    const auto total = add(a.value(), b.value());
    return total ? Maybe<Money>(*total) : Maybe<Money>();
}

}  // namespace

Booked<void> PriceWindow::split(const model::CorporateAction& split) {
    if (low > high) return {};  // nothing was seen
    for (Mark* mark : {&low, &high}) {
        const auto after = model::price_after(split, mark->doubled());
        if (!after) return refused(BookError::overflow);
        *mark = Mark::from_doubled(*after);
    }
    return {};
}

// Of the running sum and not lot by lot, so that the lots still add up to the position. A lot of
// which nothing is left gives its cost and fee to the one after it.
Booked<void> TradeList::split(Leg& leg, const model::CorporateAction& split, Quantity whole) {
    std::int64_t before = 0;
    std::int64_t after = 0;
    std::vector<Lot> lots;
    Lot carried;
    carried.fee = Money();
    for (std::size_t i = 0; i < leg.lots.size(); ++i) {
        Lot lot = leg.lots[i];
        before += lot.quantity.raw();
        auto upto = model::quantity_after(split, before);
        if (!upto) return refused(BookError::overflow);
        if (i + 1 == leg.lots.size()) upto = whole.raw();
        lot.quantity = Quantity::from_raw(*upto - after);
        lot.worth += carried.worth;
        lot.fee = sum(lot.fee, carried.fee);
        if (auto done = lot.window.split(split); !done) return done;
        after = *upto;
        carried = lot;
        if (lot.quantity.is_zero()) continue;
        lots.push_back(lot);
        carried.worth = 0;
        carried.fee = Money();
    }
    if (!lots.empty()) {
        lots.back().worth += carried.worth;
        lots.back().fee = sum(lots.back().fee, carried.fee);
    }
    leg.lots = std::move(lots);
    leg.last_trade = 0;
    return {};
}

Booked<void> TradeList::split(std::uint32_t book, const model::CorporateAction& split,
                              const std::array<Quantity, 2>& after) {
    if (book >= legs_.size()) return {};
    for (std::size_t i = 0; i < after.size(); ++i)
        if (auto done = TradeList::split(legs_[book][i], split, after[i]); !done) return done;
    return {};
}

Booked<void> Portfolio::split_holding(std::uint32_t at, const model::CorporateAction& split) {
    Holding& holding = holdings_[at];
    PositionBook& position = books_[at].position;
    if (auto done = holding.since_last_deal.split(split); !done) return done;
    if (auto done = position.split(split); !done) return done;
    const auto& legs = position.legs();
    if (auto done = trades_.split(at, split, {legs[0].quantity(), legs[1].quantity()}); !done)
        return done;
    if (position.is_flat()) return {};
    set_speed(at);
    const Security& security = securities_[split.instrument.value()];
    const auto worth_now =
        position.value(contracts_[split.instrument.value()], Mark::from_doubled(security.mark));
    if (!worth_now) return refused(worth_now.error());
    Money change = *worth_now;
    Ledger& ledger = ledgers_[holding.ledger].ledger;
    if (!try_subtract(change, Money::from_raw(holding.value)) || !try_add(ledger.held, change) ||
        !try_add(ledger.unrealised, change))
        return refused(BookError::overflow);
    holding.value = worth_now->raw();
    MILLRACE_ASSERT(ledger.is_balanced(), "a split was booked in one column only");
    AccountBook& account = accounts_[holding.account.value()];
    Moved moved;
    moved.is_foreign = security.currency != account.currency;
    if (!moved.is_foreign) moved.own = change.raw();
    return follow_slowly(account, moved);
}

Booked<void> Portfolio::split(const model::CorporateAction& split) {
    MILLRACE_ASSERT(model::is_split(split), "a dividend is cash and no split");
    const std::size_t number = split.instrument.value();
    if (number >= securities_.size() || !securities_[number].is_defined)
        return refused(BookError::unknown_instrument);
    Security& security = securities_[number];
    if (security.is_rate) return refused(BookError::bad_contract);
    if (security.mark != kNoMark) {
        const auto mark = model::price_after(split, security.mark);
        if (!mark) return refused(BookError::overflow);
        security.mark = *mark;
    }
    for (const Keyed& one : holding_index_)
        if (one.key >> 32 == number)
            if (auto done = split_holding(one.at, split); !done) return done;
    return {};
}

std::vector<Portfolio::Holder> Portfolio::holders_of(InstrumentId instrument) const {
    std::vector<Holder> holders;
    for (const Keyed& one : holding_index_)
        if (one.key >> 32 == instrument.value())
            holders.push_back({holdings_[one.at].account, holdings_[one.at].strategy});
    return holders;
}

}  // namespace millrace::portfolio
