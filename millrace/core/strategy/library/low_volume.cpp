// The score, in whole hundredths of a percent so that its borders are exact.
#include "millrace/core/strategy/library/low_volume.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/momentum.hpp"
#include "millrace/core/strategy/indicators/statistics.hpp"

namespace millrace::strategy {
namespace {

constexpr std::int64_t kSwing = 5;  // prices
constexpr int kWhole = 10'000;
constexpr int kBuyFrom = 6'000;
constexpr int kCloseBelow = 3'000;

class Rules : public TickRules {
  public:
    Rules(std::int64_t short_window, std::int64_t long_window, std::int64_t rsi_period)
        : short_(short_window),
          long_(long_window),
          rsi_(rsi_period, indicators::Smoothing::simple) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        const double price = tick.candle.close;
        short_.update(price);
        long_.update(price);
        rsi_.update(price);
        change_.update(price);
        step_.update(price);
        if (step_.is_ready()) swings_.update(step_.value());
        if (!long_.is_ready() || !rsi_.is_ready() || !swings_.is_ready()) return {};
        const int score = 40 * trend() + 30 * oscillator() + 30 * swing();
        const double share = static_cast<double>(score) / kWhole;
        if (!stance.is_long && score >= kBuyFrom) return {Wish::buy, "score", share};
        if (stance.is_long && score < kCloseBelow) return {Wish::close, "score", 1 - share};
        return {};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, short_, long_, rsi_, change_, step_, swings_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, short_, long_, rsi_, change_, step_, swings_);
    }

  private:
    // Each in percent.
    [[nodiscard]] int trend() const { return short_.value() > long_.value() ? 100 : 0; }
    [[nodiscard]] int oscillator() const {
        if (rsi_.value() < 25) return 100;
        if (rsi_.value() < 40) return 80;
        if (rsi_.value() > 75) return 0;
        return rsi_.value() > 60 ? 20 : 50;
    }
    [[nodiscard]] int swing() const {
        if (change_.value() > 0.02 && swings_.value() > 0.01) return 80;
        if (change_.value() > 0.01) return 60;
        return change_.value() < -0.02 ? 70 : 30;
    }

    indicators::SimpleAverage short_;
    indicators::SimpleAverage long_;
    indicators::Rsi rsi_;
    indicators::Return change_{kSwing - 1};
    indicators::Return step_{1};
    indicators::StandardDeviation swings_{kSwing - 1};
};

}  // namespace

std::uint64_t LowVolume::warm_up_bars() const {
    return static_cast<std::uint64_t>(
        std::max({long_window_.value(), rsi_period_.value() + 1, kSwing}));
}

Result<void> LowVolume::check() const {
    if (short_window_.value() < long_window_.value()) return {};
    return failure(
        ErrorCode::config, "the short window is not shorter",
        "parameters short_window, long_window",
        "short_window is " + short_window_.text() + ", long_window is " + long_window_.text(),
        "make short_window smaller than long_window");
}

std::unique_ptr<TickRules> LowVolume::make_rules() const {
    return std::make_unique<Rules>(short_window_.value(), long_window_.value(),
                                   rsi_period_.value());
}

}  // namespace millrace::strategy
