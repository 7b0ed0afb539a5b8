// A deviation against a trend.
#include "millrace/core/strategy/library/multi_timeframe.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::int64_t daily, std::int64_t weekly) : daily_(daily), weekly_(weekly) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        const double price = tick.candle.close;
        daily_.update(price);
        weekly_.update(price);
        if (!daily_.is_ready() || !weekly_.is_ready()) return {};
        const bool rises = price > weekly_.value();
        if (price < daily_.mean() - daily_.value() && rises) return {Wish::buy, "turn"};
        if (price > daily_.mean() + daily_.value()) return {Wish::close, "high"};
        if (!rises) return {Wish::close, "trend"};
        return {};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, daily_, weekly_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, daily_, weekly_);
    }

  private:
    indicators::StandardDeviation daily_;
    indicators::SimpleAverage weekly_;
};

}  // namespace

std::unique_ptr<TickRules> MultiTimeframe::make_rules() const {
    return std::make_unique<Rules>(daily_lookback_.value(), weekly_lookback_.value());
}

}  // namespace millrace::strategy
