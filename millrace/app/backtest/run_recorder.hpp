// RunRecorder: what a run leaves behind besides its books: counts always, and every signal, order
// and fill when asked.
#pragma once

#include <array>
#include <vector>

#include "millrace/app/backtest/simulation.hpp"
#include "millrace/core/model/signal.hpp"

namespace millrace::backtest {

struct RunCounts {
    std::uint64_t signals = 0;
    std::uint64_t orders = 0;  // that strategies asked for, refused ones included
    std::uint64_t fills = 0;
    std::uint64_t rejected = 0;
    std::array<std::uint64_t, model::kOrderReasonNames.size()> rejected_for{};  // by reason
    std::uint64_t ended_unfilled = 0;  // cancelled or expired without any deal
    std::uint64_t liquidations = 0;    // orders of the venue's own
    Time first_liquidation = Time::latest();
    std::uint64_t fractions = 0;  // of units that a split left over and the venue paid for
};

class RunRecorder : public SimulationWatcher {
  public:
    explicit RunRecorder(bool keeps_all) : keeps_all_(keeps_all) {}

    void on_event(const engine::Record& record) override;
    void on_order(const model::Order& order) override;
    void on_fill(const model::Fill& fill) override;
    void on_corporate_action(const model::CorporateAction& action) override {
        actions_.push_back(action);
    }

    [[nodiscard]] const RunCounts& counts() const { return counts_; }
    [[nodiscard]] const std::vector<model::Signal>& signals() const { return signals_; }
    // As last heard of, in the order in which they were asked for.
    [[nodiscard]] const std::vector<model::Order>& orders() const { return orders_; }
    [[nodiscard]] const std::vector<model::Fill>& fills() const { return fills_; }
    // Those that took place, in their order.
    [[nodiscard]] const std::vector<model::CorporateAction>& actions() const { return actions_; }
    // Quantity times price of all deals, by instrument: exact, in units of 1e-17.
    [[nodiscard]] const std::vector<int128>& dealt() const { return dealt_; }
    // What was said with severity warning or critical: the first few.
    [[nodiscard]] const std::vector<std::string>& alerts() const { return alerts_; }

  private:
    static constexpr std::size_t kAlertsMax = 20;
    void hear(const model::Order& order);

    bool keeps_all_;
    RunCounts counts_;
    std::vector<model::Signal> signals_;
    std::vector<model::Order> orders_;
    std::vector<std::pair<std::uint64_t, std::size_t>> places_;  // of orders not over, by number
    std::vector<model::Fill> fills_;
    std::vector<model::CorporateAction> actions_;
    std::vector<int128> dealt_;
    std::vector<std::string> alerts_;
};

}  // namespace millrace::backtest
