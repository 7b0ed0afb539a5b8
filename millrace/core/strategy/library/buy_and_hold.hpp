// buy-and-hold: buys each instrument at its first price and keeps it. The yardstick of every other
// strategy.
#pragma once

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class BuyAndHold : public Strategy {
  public:
    void on_bar(const model::Bar& bar) override { buy_once(bar.instrument); }
    void on_quote(const model::Quote& quote) override { buy_once(quote.instrument); }
    void on_trade(const model::Trade& trade) override { buy_once(trade.instrument); }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  private:
    void buy_once(InstrumentId instrument);

    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity bought of each instrument."};

    std::vector<std::uint8_t> bought_;  // by instrument number
};

}  // namespace millrace::strategy
