// Bands and RSI.
#include "millrace/core/strategy/library/volatility_mean_reversion.hpp"

#include "millrace/core/strategy/indicators/bands.hpp"
#include "millrace/core/strategy/indicators/momentum.hpp"

namespace millrace::strategy {
namespace {

constexpr double kOversold = 30;
constexpr double kOverbought = 70;

class Rules : public TickRules {
  public:
    Rules(std::int64_t lookback, double std_multiplier, std::int64_t rsi_period)
        : bands_(lookback, std_multiplier), rsi_(rsi_period, indicators::Smoothing::simple) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        const double price = tick.candle.close;
        bands_.update(price);
        rsi_.update(price);
        if (!bands_.is_ready() || !rsi_.is_ready()) return {};
        const bool has_bands = bands_.lower() < bands_.upper();
        if (has_bands && price <= bands_.lower() && rsi_.value() < kOversold)
            return {Wish::buy, "band"};
        if (has_bands && price >= bands_.upper()) return {Wish::close, "band"};
        if (rsi_.value() > kOverbought) return {Wish::close, "rsi"};
        return {};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, bands_, rsi_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, bands_, rsi_);
    }

  private:
    indicators::Bollinger bands_;
    indicators::Rsi rsi_;
};

}  // namespace

std::unique_ptr<TickRules> volatility_mean_reversion_rules(std::int64_t lookback,
                                                           double std_multiplier,
                                                           std::int64_t rsi_period) {
    return std::make_unique<Rules>(lookback, std_multiplier, rsi_period);
}

}  // namespace millrace::strategy
