// Exits first, then the distance to the mean.
#include "millrace/core/strategy/library/aggressive_mean_reversion.hpp"

#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::int64_t lookback, double z_threshold, double exit_z, const StopRule& stops)
        : score_(lookback), threshold_(z_threshold), exit_(exit_z), stops_(stops) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        score_.update(tick.candle.close);
        if (stops_.is_stopped(tick, stance)) return {Wish::close, "stop"};
        if (stops_.is_at_target(tick, stance)) return {Wish::close, "target"};
        if (!score_.is_ready()) return {};
        if (!stance.is_long && score_.value() < threshold_) return {Wish::buy, "low"};
        if (stance.is_long && score_.value() > exit_) return {Wish::close, "reverted"};
        return {};
    }
    void save(engine::StateWriter& writer) const override { score_.save(writer); }
    void load(engine::StateReader& reader) override { score_.load(reader); }

  private:
    indicators::ZScore score_;
    double threshold_;
    double exit_;
    StopRule stops_;
};

}  // namespace

Result<void> AggressiveMeanReversion::check() const {
    if (z_threshold_.value() < exit_z_.value()) return {};
    return failure(ErrorCode::config, "it would sell where it buys",
                   "parameters z_threshold, exit_z",
                   "z_threshold is " + z_threshold_.text() + ", exit_z is " + exit_z_.text(),
                   "make z_threshold smaller than exit_z");
}

std::unique_ptr<TickRules> AggressiveMeanReversion::make_rules() const {
    return std::make_unique<Rules>(lookback_.value(), z_threshold_.value(), exit_z_.value(),
                                   stops());
}

TickStrategy::Protection AggressiveMeanReversion::protection(Price entry) const {
    if (!stop_orders_.value()) return {};
    return {stops().stop_of(entry), stops().target_of(entry)};
}

}  // namespace millrace::strategy
