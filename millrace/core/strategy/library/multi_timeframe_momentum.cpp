// Three means in line.
#include "millrace/core/strategy/library/multi_timeframe_momentum.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"

namespace millrace::strategy {
namespace {

constexpr double kMomentum = 0.02;

class Rules : public TickRules {
  public:
    Rules(std::int64_t short_lookback, std::int64_t medium_lookback, std::int64_t long_lookback,
          const StopRule& stops)
        : short_(short_lookback), medium_(medium_lookback), long_(long_lookback), stops_(stops) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        const double price = tick.candle.close;
        short_.update(price);
        medium_.update(price);
        long_.update(price);
        if (stops_.is_stopped(tick, stance)) return {Wish::close, "stop"};
        if (!long_.is_ready()) return {};
        const bool is_in_line = price > short_.value() && short_.value() > medium_.value() &&
                                medium_.value() > long_.value();
        const double lead = indicators::ratio_or(0, price - short_.value(), short_.value());
        if (!stance.is_long && is_in_line && lead > kMomentum) return {Wish::buy, "momentum"};
        if (price < short_.value() || price < medium_.value()) return {Wish::close, "trend"};
        return {};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, short_, medium_, long_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, short_, medium_, long_);
    }

  private:
    indicators::SimpleAverage short_;
    indicators::SimpleAverage medium_;
    indicators::SimpleAverage long_;
    StopRule stops_;
};

}  // namespace

Result<void> MultiTimeframeMomentum::check() const {
    if (short_lookback_.value() < medium_lookback_.value() &&
        medium_lookback_.value() < long_lookback_.value())
        return {};
    return failure(ErrorCode::config, "the lookbacks do not grow",
                   "parameters short_lookback, medium_lookback, long_lookback",
                   "they are " + short_lookback_.text() + ", " + medium_lookback_.text() + " and " +
                       long_lookback_.text(),
                   "give each more ticks than the one before");
}

std::unique_ptr<TickRules> MultiTimeframeMomentum::make_rules() const {
    return std::make_unique<Rules>(short_lookback_.value(), medium_lookback_.value(),
                                   long_lookback_.value(), StopRule(stop_loss_.ratio()));
}

TickStrategy::Protection MultiTimeframeMomentum::protection(Price entry) const {
    if (!stop_orders_.value()) return {};
    return {StopRule(stop_loss_.ratio()).stop_of(entry), {}};
}

}  // namespace millrace::strategy
