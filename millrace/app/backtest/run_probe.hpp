// RunProbe: looks into a run while it goes on, and may cut its data off. Nothing of the run depends
// on whether one looks.
#pragma once

#include <vector>

#include "millrace/app/backtest/market_feed.hpp"
#include "millrace/app/backtest/simulation.hpp"

namespace millrace::backtest {

class RunProbe : public SimulationWatcher {
  public:
    // Every block before it is played; what is taken out of it never happens. The run ends with a
    // block that is left empty.
    virtual void on_block(std::vector<MarketEvent>& block) = 0;
    // The data are over; what follows is the end of the run itself.
    virtual void on_data_end() = 0;

    // Who else hears of what this one hears.
    void pass_on_to(SimulationWatcher& next) { next_ = &next; }
    void on_event(const engine::Record& record) final {
        hear(record);
        if (next_ != nullptr) next_->on_event(record);
    }
    void on_order(const model::Order& order) final {
        if (next_ != nullptr) next_->on_order(order);
    }
    void on_corporate_action(const model::CorporateAction& action) final {
        if (next_ != nullptr) next_->on_corporate_action(action);
    }
    void on_fill(const model::Fill& fill) final {
        if (next_ != nullptr) next_->on_fill(fill);
    }

  protected:
    virtual void hear(const engine::Record& record) = 0;

  private:
    SimulationWatcher* next_ = nullptr;
};

}  // namespace millrace::backtest
