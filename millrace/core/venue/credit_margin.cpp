// Margin: what a position and an order need, and who has too little. Needs are counted in the
// currency an instrument settles in, each rounded up; an account's sum of each currency is then
// converted as the books convert, and added.
#include <algorithm>

#include "millrace/core/venue/credit_desk.hpp"

namespace millrace::venue {

using model::OrderReason;
using portfolio::BookError;

namespace {

// Part of a value, rounded up.
std::optional<std::int64_t> part_up(int128 value, Ratio rate) {
    if (value > INT64_MAX) return std::nullopt;
    const auto part = narrow(divide_rounded(value * rate.raw(), Ratio::kOne, Rounding::ceiling));
    if (!part) return std::nullopt;
    return *part;
}

// What is left of the value of orders when so much of them only reduces.
int128 value_beyond(int128 value, int128 quantity, int128 reduces) {
    if (quantity <= reduces) return 0;
    if (reduces == 0) return value;
    // Quantities and values of one account fit into 64 bits, or the order is refused before.
    return divide_rounded(value * (quantity - reduces), quantity, Rounding::ceiling);
}

}  // namespace

MarginRates CreditDesk::rates_of(const Holder& holder, const Listed& listed) const {
    return listed.credit.margin ? *listed.credit.margin : *holder.credit.margin;
}

std::optional<std::int64_t> CreditDesk::maintenance_of(const Holder& holder, const Listed& listed,
                                                       std::int64_t net, std::int64_t value) const {
    const MarginRates rates = rates_of(holder, listed);
    return part_up(value, net < 0 ? rates.maintenance_short : rates.maintenance_long);
}

portfolio::Booked<Money> CreditDesk::total_of(const std::vector<Sum>& sums, Code currency) const {
    Money total;
    for (const Sum& sum : sums) {
        const auto amount = narrow(sum.amount);
        if (!amount) return portfolio::refused(BookError::overflow);
        const auto told = books_.rates().convert(Money::from_raw(*amount), sum.currency, currency);
        if (!told) return portfolio::refused(told.error());
        if (auto grown = portfolio::grow(total, *told); !grown)
            return portfolio::refused(grown.error());
    }
    return total;
}

std::optional<Money> CreditDesk::maintenance(AccountId account) const {
    const Holder* holder = holder_of(account);
    if (holder == nullptr || is_broken_) return std::nullopt;
    const auto total = total_of(holder->maintenance, holder->currency);
    if (!total) return std::nullopt;
    return *total;
}

// The worst that may come of it: all that adds on one side deals and nothing on the other.
std::optional<int128> CreditDesk::initial_of(AccountId account, InstrumentId instrument,
                                             const Waiting& waiting) const {
    const Entry* entry = entry_of(account, instrument);
    const MarginRates rates = rates_of(holders_[account.value()], listed_[instrument.value()]);
    if (waiting.buys > INT64_MAX || waiting.sells > INT64_MAX || waiting.buy_value > INT64_MAX ||
        waiting.sell_value > INT64_MAX)
        return std::nullopt;
    const std::int64_t net = entry == nullptr ? 0 : entry->net;
    const int128 held = entry == nullptr ? 0 : entry->value;
    int128 longs = value_beyond(waiting.buy_value, waiting.buys, net < 0 ? -int128{net} : 0);
    int128 shorts = value_beyond(waiting.sell_value, waiting.sells, net > 0 ? net : 0);
    if (net > 0) longs += held;
    if (net < 0) shorts += held;
    const auto for_longs = part_up(longs, rates.initial_long);
    const auto for_shorts = part_up(shorts, rates.initial_short);
    if (!for_longs || !for_shorts) return std::nullopt;
    return std::max(*for_longs, *for_shorts);
}

void CreditDesk::add_need(AccountId account, InstrumentId instrument, const Waiting& waiting) {
    constexpr int128 kTooMuch = int128{INT64_MAX} + 1;
    add_to(need_, listed_[instrument.value()].contract.currency,
           initial_of(account, instrument, waiting).value_or(kTooMuch));
}

std::optional<bool> CreditDesk::is_covered(AccountId account) const {
    const auto own = equity(account);
    if (!own) return std::nullopt;
    const auto needed = total_of(need_, holders_[account.value()].currency);
    if (needed) return *needed <= *own;
    if (needed.error() == BookError::missing_rate) return std::nullopt;
    return false;
}

bool CreditDesk::is_borrowable(AccountId account, InstrumentId instrument,
                               const Waiting& waiting) const {
    const Maybe<Quantity> most = listed_[instrument.value()].credit.short_max;
    if (!most.has_value()) return true;
    const Entry* entry = entry_of(account, instrument);
    const std::int64_t net = entry == nullptr ? 0 : entry->net;
    return waiting.sells - net <= most.value().raw();
}

// Whether the account stays at or above its maintenance margin with this net position, when the
// rest of it has come at the price.
bool CreditDesk::would_stay(const Entry& entry, std::int64_t net, std::int64_t change,
                            Price price) {
    const Holder& holder = holders_[entry.account.value()];
    const Listed& listed = listed_[entry.instrument.value()];
    const auto own = equity(entry.account);
    const auto paid = portfolio::Mark::at(price);
    if (!own || !paid) return false;
    const auto mark = listed.mark == kNoMark ? *paid : portfolio::Mark::from_doubled(listed.mark);
    const auto value = portfolio::value(listed.contract, Quantity::from_raw(net), mark);
    const auto worth = portfolio::value(listed.contract, Quantity::from_raw(change), mark);
    const auto cost = portfolio::value(listed.contract, Quantity::from_raw(change), *paid);
    if (!value || !worth || !cost) return false;
    const auto gained = subtract(*worth, *cost);
    if (!gained) return false;
    const auto told = books_.rates().convert(*gained, listed.contract.currency, holder.currency);
    const std::int64_t size = value->raw() < 0 ? -value->raw() : value->raw();
    const auto needed = maintenance_of(holder, listed, net, size);
    if (!told || !needed) return false;
    trial_ = holder.maintenance;
    add_to(trial_, listed.contract.currency, int128{*needed} - entry.maintenance);
    const auto total = total_of(trial_, holder.currency);
    return total && int128{own->raw()} + told->raw() >= total->raw();
}

CreditDesk::Part CreditDesk::part_of(const model::Order& order, std::int64_t quantity,
                                     Price price) {
    const Entry* known = entry_of(order.account, order.instrument);
    Entry none;
    none.instrument = order.instrument;
    none.account = order.account;
    const Entry& entry = known == nullptr ? none : *known;
    const bool buys = order.side == model::Side::buy;
    const std::int64_t against = buys ? -entry.net : entry.net;
    const std::int64_t reducing = std::clamp<std::int64_t>(against, 0, quantity);
    if (quantity <= reducing) return {quantity, OrderReason::none};
    Part part{quantity, OrderReason::none};
    const Maybe<Quantity> short_max = listed_[order.instrument.value()].credit.short_max;
    if (!buys && short_max.has_value() && quantity - int128{entry.net} > short_max.value().raw()) {
        const std::int64_t most = std::max(short_max.value().raw() + entry.net, std::int64_t{0});
        part = {std::max(most, reducing), OrderReason::no_borrow};
        if (part.quantity <= reducing) return part;
    }
    if (!asks_margin(order.account)) return part;
    if (is_called(order.account)) return {reducing, OrderReason::margin_call};
    const std::int64_t change = buys ? part.quantity : -part.quantity;
    if (would_stay(entry, entry.net + change, change, price)) return part;
    return {reducing, OrderReason::no_margin};
}

bool CreditDesk::is_below(AccountId account) const {
    const Holder* holder = holder_of(account);
    if (holder == nullptr || !holder->credit.margin || is_broken_) return false;
    const bool is_exposed =
        std::any_of(holder->entries.begin(), holder->entries.end(), [this](std::uint32_t at) {
            return entries_[at].net != 0 && entries_[at].liquidations == 0;
        });
    if (!is_exposed) return false;
    const auto own = equity(account);
    const auto needed = total_of(holder->maintenance, holder->currency);
    return own && needed && *own < *needed;
}

bool CreditDesk::is_called(AccountId account) const {
    const Holder* holder = holder_of(account);
    if (holder == nullptr || !holder->credit.margin) return false;
    return is_below(account) ||
           std::any_of(holder->entries.begin(), holder->entries.end(),
                       [this](std::uint32_t at) { return entries_[at].liquidations > 0; });
}

std::optional<AccountId> CreditDesk::take_below() {
    while (!touched_.empty()) {
        const AccountId account = touched_.front();
        touched_.erase(touched_.begin());
        holders_[account.value()].is_touched = false;
        if (is_below(account)) return account;
    }
    return std::nullopt;
}

bool CreditDesk::is_any_below() const {
    return std::any_of(touched_.begin(), touched_.end(),
                       [this](AccountId account) { return is_below(account); });
}

std::vector<CreditDesk::Exposed> CreditDesk::exposed(AccountId account) const {
    const Holder& holder = holders_[account.value()];
    std::vector<Exposed> found;
    for (const std::uint32_t at : holder.entries) {
        const Entry& entry = entries_[at];
        if (entry.net == 0 || entry.liquidations > 0) continue;
        const auto told = books_.rates().convert(
            Money::from_raw(entry.maintenance), listed_[entry.instrument.value()].contract.currency,
            holder.currency);
        found.push_back({entry.instrument, told.value_or(Money())});
    }
    return found;
}

std::vector<CreditDesk::Share> CreditDesk::shares_of(AccountId account,
                                                     InstrumentId instrument) const {
    std::vector<Share> found;
    const Entry* entry = entry_of(account, instrument);
    if (entry == nullptr) return found;
    std::int64_t left = entry->net;
    for (const Share& one : entry->shares) {
        const bool has_it = (one.quantity > 0 && left > 0) || (one.quantity < 0 && left < 0);
        if (!has_it) continue;
        const std::int64_t part =
            left > 0 ? std::min(one.quantity, left) : std::max(one.quantity, left);
        found.push_back({one.strategy, part});
        left -= part;
    }
    return found;
}

}  // namespace millrace::venue
