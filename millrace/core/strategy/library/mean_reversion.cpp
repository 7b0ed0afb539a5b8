// The distance to the mean, both ways.
#include "millrace/core/strategy/library/mean_reversion.hpp"

#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::int64_t lookback, double z_threshold) : score_(lookback), threshold_(z_threshold) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        score_.update(tick.candle.close);
        if (!score_.is_ready()) return {};
        if (score_.value() < threshold_) return {Wish::buy, "low"};
        if (score_.value() > -threshold_) return {Wish::close, "high"};
        return {};
    }
    void save(engine::StateWriter& writer) const override { score_.save(writer); }
    void load(engine::StateReader& reader) override { score_.load(reader); }

  private:
    indicators::ZScore score_;
    double threshold_;
};

}  // namespace

std::unique_ptr<TickRules> mean_reversion_rules(std::int64_t lookback, double z_threshold) {
    return std::make_unique<Rules>(lookback, z_threshold);
}

}  // namespace millrace::strategy
