// market-maker: keeps one bid and one offer around the middle of the market, some ticks away, and
// leans against what it holds: each unit held moves both quotes against the position, and beyond
// the limit it stops adding.
#pragma once

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class MarketMaker : public Strategy {
  public:
    void on_quote(const model::Quote& quote) override;
    void on_order(const model::Order& order) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  private:
    // What stands in the market for one instrument.
    struct Quoting {
        OrderId bid = 0;
        OrderId ask = 0;
        Price bid_price;
        Price ask_price;
    };

    Quoting& quoting(InstrumentId instrument);
    [[nodiscard]] Price tick_of(InstrumentId instrument) const;
    void keep(InstrumentId instrument, model::Side side, OrderId& order, Price& standing,
              Price wanted, bool allowed);

    Integer distance_{
        *this, "distance", 2, {0, 100'000}, "Ticks between the middle and each quote."};
    Integer lean_{
        *this, "lean", 1, {0, 100'000}, "Ticks by which both quotes move for each clip held."};
    Integer tolerance_{
        *this, "tolerance", 0, {0, 100'000}, "Ticks a quote may be off before it is replaced."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity of each quote, a clip."};
    Integer limit_{*this, "limit", 10, {1, 1'000'000}, "Most clips held, long or short."};

    std::vector<Quoting> quoting_;  // by instrument number
};

}  // namespace millrace::strategy
