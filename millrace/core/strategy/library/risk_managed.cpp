// A base, a stop and a drawdown.
#include "millrace/core/strategy/library/risk_managed.hpp"

#include "millrace/core/strategy/indicators/statistics.hpp"
#include "millrace/core/strategy/library/mean_reversion.hpp"
#include "millrace/core/strategy/library/volatility_mean_reversion.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::unique_ptr<TickRules> base, const StopRule& stops, double max_drawdown)
        : base_(std::move(base)), stops_(stops), max_drawdown_(max_drawdown) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        mark(tick, stance);
        const Verdict verdict = base_->on_tick(tick, stance);
        if (stops_.is_stopped(tick, stance)) return {Wish::close, "stop"};
        if (verdict.wish == Wish::buy && drawdown_.value() >= max_drawdown_) return {};
        return verdict;
    }
    void save(engine::StateWriter& writer) const override {
        base_->save(writer);
        indicators::save_parts(writer, drawdown_, worth_, entry_.raw(), was_long_);
    }
    void load(engine::StateReader& reader) override {
        base_->load(reader);
        indicators::load_parts(reader, drawdown_, worth_);
        entry_ = reader.get<Price>();
        indicators::load_part(reader, was_long_);
    }

  private:
    // What one became since the start.
    void mark(const Tick& tick, const Stance& stance) {
        if (was_long_ && !stance.is_long) worth_ *= growth(stance.exit);
        was_long_ = stance.is_long;
        entry_ = stance.entry;
        drawdown_.update(was_long_ ? worth_ * growth(tick.price) : worth_);
    }
    [[nodiscard]] double growth(Price price) const {
        return indicators::ratio_or(1, price.to_double(), entry_.to_double());
    }

    std::unique_ptr<TickRules> base_;
    StopRule stops_;
    double max_drawdown_;
    indicators::Drawdown drawdown_;
    double worth_ = 1;  // by the trades that ended
    Price entry_;       // of the trade that was open at the last tick
    bool was_long_ = false;
};

}  // namespace

std::unique_ptr<TickRules> RiskManaged::make_rules() const {
    auto base = is_volatility()
                    ? volatility_mean_reversion_rules(lookback_.value(), std_multiplier_.value(),
                                                      rsi_period_.value())
                    : mean_reversion_rules(lookback_.value(), z_threshold_.value());
    return std::make_unique<Rules>(std::move(base), StopRule(stop_loss_.ratio()),
                                   max_drawdown_.value());
}

TickStrategy::Protection RiskManaged::protection(Price entry) const {
    if (!stop_orders_.value()) return {};
    return {StopRule(stop_loss_.ratio()).stop_of(entry), {}};
}

}  // namespace millrace::strategy
