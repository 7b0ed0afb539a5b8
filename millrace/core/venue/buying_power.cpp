// Balances and holdings are few, so they are looked through in order.
#include "millrace/core/venue/buying_power.hpp"

#include "millrace/base/assert.hpp"

namespace millrace::venue {

namespace {

void add_to(std::int64_t& amount, std::int64_t more) {
    const auto sum = narrow(int128{amount} + more);
    MILLRACE_ASSERT(sum.has_value(), "an account that outgrows its number");
    amount = *sum;
}

}  // namespace

std::int64_t& CashBuyingPower::balance(AccountId account, Code currency) {
    for (Balance& one : balances_)
        if (one.account == account.value() && one.currency == currency) return one.amount;
    return balances_.emplace_back(Balance{currency, 0, account.value()}).amount;
}

std::int64_t& CashBuyingPower::holding(AccountId account, InstrumentId instrument) {
    for (Holding& one : holdings_)
        if (one.account == account.value() && one.instrument == instrument.value())
            return one.quantity;
    return holdings_.emplace_back(Holding{0, account.value(), instrument.value()}).quantity;
}

void CashBuyingPower::deposit(AccountId account, Code currency, Money amount) {
    add_to(balance(account, currency), amount.raw());
}

Money CashBuyingPower::cash(AccountId account, Code currency) const {
    for (const Balance& one : balances_)
        if (one.account == account.value() && one.currency == currency)
            return Money::from_raw(one.amount);
    return {};
}

model::OrderReason CashBuyingPower::ask(const model::Order& order, Code currency,
                                        Maybe<Money> value) {
    if (order.side == model::Side::sell) {
        const bool has = holding(order.account, order.instrument) >=
                         order.quantity.raw() - order.filled_quantity.raw();
        return has ? model::OrderReason::none : model::OrderReason::no_cash;
    }
    if (!value.has_value()) return model::OrderReason::no_price;
    return value.value() <= cash(order.account, currency) ? model::OrderReason::none
                                                          : model::OrderReason::no_cash;
}

bool CashBuyingPower::may_deal(const model::Order& order, Code currency, Quantity quantity,
                               Money value, Money fee) {
    if (order.side == model::Side::sell)
        return holding(order.account, order.instrument) >= quantity.raw();
    return int128{value.raw()} + fee.raw() <= int128{cash(order.account, currency).raw()};
}

void CashBuyingPower::dealt(const model::Fill& fill, Code currency, Money value) {
    const bool buys = fill.side == model::Side::buy;
    add_to(balance(fill.account, currency), buys ? -value.raw() : value.raw());
    add_to(balance(fill.account, fill.fee_currency), -fill.fee.raw());
    add_to(holding(fill.account, fill.instrument),
           buys ? fill.quantity.raw() : -fill.quantity.raw());
}

void CashBuyingPower::set_held(AccountId account, InstrumentId instrument, Quantity quantity) {
    holding(account, instrument) = quantity.raw();
}

void CashBuyingPower::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{balances_.size()});
    for (const Balance& one : balances_)
        writer.put(one);
    writer.put(std::uint64_t{holdings_.size()});
    for (const Holding& one : holdings_)
        writer.put(one);
}

void CashBuyingPower::load(engine::StateReader& reader) {
    balances_.clear();
    holdings_.clear();
    const auto balances = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < balances && !reader.failed(); ++i)
        balances_.push_back(reader.get<Balance>());
    const auto holdings = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < holdings && !reader.failed(); ++i)
        holdings_.push_back(reader.get<Holding>());
}

}  // namespace millrace::venue
