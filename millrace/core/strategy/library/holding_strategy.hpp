// HoldingStrategy: a strategy that is long, short or out of each instrument, as rules say at the
// close of a bar. The rules only say what they want; this class keeps who holds what, sends the
// market orders, and keeps a stop behind an entry where one is wanted.
//
// While a market order of an instrument is under way nothing else is decided for it.
#pragma once

#include <memory>
#include <vector>

#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

enum class Holding : std::uint8_t { as_it_is, out, bought, sold };

// The rules of one instrument.
class HoldingRules {
  public:
    HoldingRules() = default;
    virtual ~HoldingRules() = default;
    HoldingRules(const HoldingRules&) = delete;
    HoldingRules& operator=(const HoldingRules&) = delete;

    // Hears of every bar, in order, and of what is held: 1 long, -1 short, 0 nothing.
    virtual Holding on_bar(const model::Bar& bar, int held) = 0;
    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;
};

class HoldingStrategy : public Strategy {
  public:
    void on_start() override { rules_.clear(); }
    void on_bar(const model::Bar& bar) override;
    void on_fill(const model::Fill& fill) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    [[nodiscard]] virtual std::unique_ptr<HoldingRules> make_rules() const = 0;
    [[nodiscard]] virtual Quantity quantity() const = 0;
    // Whether the opposite wish closes and enters, or closes only.
    [[nodiscard]] virtual bool reverses() const = 0;
    // Whether at this moment nothing may be held.
    [[nodiscard]] virtual bool must_be_out(Time /*now*/) { return false; }
    // The stop behind an entry, as a share of its price; 0 is none.
    [[nodiscard]] virtual Ratio stop_loss() const { return {}; }

  private:
    HoldingRules& rules_of(InstrumentId instrument);
    [[nodiscard]] int held(InstrumentId instrument) const;
    [[nodiscard]] bool is_under_way(InstrumentId instrument) const;
    void leave(const model::Bar& bar);
    void enter(const model::Bar& bar, model::Side side);

    std::vector<std::unique_ptr<HoldingRules>>
        rules_;  // by instrument number; null until its first bar
};

}  // namespace millrace::strategy
