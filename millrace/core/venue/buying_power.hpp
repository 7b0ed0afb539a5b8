// BuyingPower: whether an account can pay for an order. The venue asks when the order begins to
// work and again at each deal; CashBuyingPower is a cash account that cannot go below zero nor
// short. Without one everything is affordable.
#pragma once

#include <cstdint>
#include <vector>

#include "millrace/base/code.hpp"
#include "millrace/core/engine/state.hpp"
#include "millrace/core/model/order.hpp"

namespace millrace::venue {

class BuyingPower {
  public:
    virtual ~BuyingPower() = default;

    // `value`: of what is left of the order at its limit or the last price, absent when no price is
    // known. Anything but none refuses the order for that reason.
    [[nodiscard]] virtual model::OrderReason ask(const model::Order& order, Code currency,
                                                 Maybe<Money> value) = 0;
    // The last word, before a deal of this quantity; false ends the order with no_cash.
    [[nodiscard]] virtual bool may_deal(const model::Order& order, Code currency, Quantity quantity,
                                        Money value, Money fee) = 0;
    virtual void dealt(const model::Fill& fill, Code currency, Money value) = 0;

    // Money that moved without a deal, and what is held after a split.
    virtual void paid(AccountId account, Code currency, Money amount) = 0;
    virtual void set_held(AccountId account, InstrumentId instrument, Quantity quantity) = 0;

    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;
};

class CashBuyingPower final : public BuyingPower {
  public:
    void deposit(AccountId account, Code currency, Money amount);
    [[nodiscard]] Money cash(AccountId account, Code currency) const;

    // A buy needs its value in cash, a sell needs the units. Orders that wait reserve nothing: the
    // second of two that cannot both be paid ends when it would deal.
    [[nodiscard]] model::OrderReason ask(const model::Order& order, Code currency,
                                         Maybe<Money> value) override;
    [[nodiscard]] bool may_deal(const model::Order& order, Code currency, Quantity quantity,
                                Money value, Money fee) override;
    void dealt(const model::Fill& fill, Code currency, Money value) override;
    void paid(AccountId account, Code currency, Money amount) override {
        deposit(account, currency, amount);
    }
    void set_held(AccountId account, InstrumentId instrument, Quantity quantity) override;

    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  private:
    struct Balance {
        Code currency;
        std::int64_t amount = 0;
        std::uint64_t account = 0;
    };
    struct Holding {
        std::int64_t quantity = 0;
        std::uint32_t account = 0;
        std::uint32_t instrument = 0;
    };
    [[nodiscard]] std::int64_t& balance(AccountId account, Code currency);
    [[nodiscard]] std::int64_t& holding(AccountId account, InstrumentId instrument);

    std::vector<Balance> balances_;
    std::vector<Holding> holdings_;
};

}  // namespace millrace::venue
