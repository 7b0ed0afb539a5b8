// The parts of the score, in percent so that its borders are exact.
#include "millrace/core/strategy/library/advanced.hpp"

#include <cmath>

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/bands.hpp"
#include "millrace/core/strategy/indicators/momentum.hpp"
#include "millrace/core/strategy/indicators/rolling_extreme.hpp"

namespace millrace::strategy {
namespace {

constexpr double kWhole = 10'000;
constexpr double kCloseBelow = 3'000;
constexpr std::int64_t kHistory = 100;  // ticks

// The supports among the last ticks.
class Supports {
  public:
    explicit Supports(std::int64_t window) : window_(window), past_(window), low_(2 * window + 1) {}

    void update(double price) {
        low_.update(price);
        const double candidate = past_.push(price);  // as many ticks ago as the window has
        ++seen_;
        // The history must hold the support and the ticks before it.
        while (!known_.empty() && seen_ - known_.front().index >= kHistory - window_)
            known_.erase(known_.begin());
        if (!low_.is_ready() || candidate != low_.value()) return;
        if (!known_.empty() && known_.back().price == candidate) known_.pop_back();
        known_.push_back({candidate, seen_ - window_});
    }
    [[nodiscard]] bool is_near(double price, double share) const {
        return std::any_of(known_.begin(), known_.end(), [&](const Support& support) {
            return std::fabs(price - support.price) <= share * std::fabs(support.price);
        });
    }

    void save(engine::StateWriter& writer) const {
        indicators::save_parts(writer, past_, low_, seen_, std::uint64_t{known_.size()});
        for (const Support& support : known_)
            indicators::save_parts(writer, support.price, support.index);
    }
    void load(engine::StateReader& reader) {
        indicators::load_parts(reader, past_, low_, seen_);
        const auto count = reader.get<std::uint64_t>();
        known_.clear();
        if (!indicators::fits(reader, count <= kHistory)) return;
        known_.resize(count);
        for (Support& support : known_)
            indicators::load_parts(reader, support.price, support.index);
    }

  private:
    struct Support {
        double price = 0;
        std::int64_t index = 0;  // its number, from 1 on
    };

    std::int64_t window_;
    indicators::Window past_;
    indicators::RollingMinimum low_;
    std::int64_t seen_ = 0;
    std::vector<Support> known_;  // oldest first
};

struct Settings {
    std::int64_t short_window, long_window, rsi_period, bb_period, volume_period, support_window;
    double oversold, overbought, bb_std_dev, volume_threshold, support_threshold, buy_from;
};

class Rules : public TickRules {
  public:
    explicit Rules(const Settings& settings)
        : settings_(settings),
          short_(settings.short_window),
          long_(settings.long_window),
          rsi_(settings.rsi_period, indicators::Smoothing::simple),
          bands_(settings.bb_period, settings.bb_std_dev),
          volume_(settings.volume_period),
          supports_(settings.support_window) {}

    Verdict on_tick(const Tick& tick, const Stance& stance) override {
        const double price = tick.candle.close;
        short_.update(price);
        long_.update(price);
        rsi_.update(price);
        bands_.update(price);
        volume_.update(tick.candle.volume);
        supports_.update(price);
        const double score = score_of(tick.candle);
        before_ = tick.candle;
        has_before_ = true;
        if (!short_.is_ready() || !long_.is_ready() || !rsi_.is_ready() || !bands_.is_ready() ||
            !volume_.is_ready())
            return {};
        if (!stance.is_long && score >= settings_.buy_from)
            return {Wish::buy, "score", score / kWhole};
        if (stance.is_long && score < kCloseBelow)
            return {Wish::close, "score", 1 - score / kWhole};
        return {};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, short_, long_, rsi_, bands_, volume_, supports_, before_,
                               has_before_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, short_, long_, rsi_, bands_, volume_, supports_, before_,
                               has_before_);
    }

  private:
    [[nodiscard]] double score_of(const indicators::Candle& candle) const {
        if (!rsi_.is_ready() || !bands_.is_ready()) return 0;
        const double trend = short_.value() > long_.value() ? 100 : 0;
        const double support =
            supports_.is_near(candle.close, settings_.support_threshold) ? 100 : 0;
        return 25 * trend + 20 * oscillator() + 20 * place(candle.close) + 15 * support +
               10 * activity(candle.volume) + 10 * pattern(candle);
    }
    // Each in percent.
    [[nodiscard]] double oscillator() const {
        if (rsi_.value() < settings_.oversold) return 100;
        if (rsi_.value() < 50) return 70;
        return rsi_.value() < settings_.overbought ? 30 : 0;
    }
    [[nodiscard]] double place(double price) const {
        if (price <= bands_.lower()) return 100;
        return price <= bands_.middle() ? 70 : 30;
    }
    [[nodiscard]] double activity(double volume) const {
        const double mean = volume_.value();
        if (mean == 0) return 50;
        return 100 * std::min(1.0, volume / mean / settings_.volume_threshold);
    }
    [[nodiscard]] double pattern(const indicators::Candle& now) const {
        const bool engulfs = has_before_ && before_.close < before_.open && now.close > now.open &&
                             now.open < before_.close && now.close > before_.open;
        const double body = std::fabs(now.close - now.open);
        const double lower = std::min(now.close, now.open) - now.low;
        const double upper = now.high - std::max(now.close, now.open);
        const bool is_hammer = lower > 2 * body && upper < body;
        return 50 + (engulfs ? 30 : 0) + (is_hammer ? 20 : 0);
    }

    Settings settings_;
    indicators::SimpleAverage short_;
    indicators::SimpleAverage long_;
    indicators::Rsi rsi_;
    indicators::Bollinger bands_;
    indicators::SimpleAverage volume_;
    Supports supports_;
    indicators::Candle before_;
    bool has_before_ = false;
};

}  // namespace

std::uint64_t Advanced::warm_up_bars() const {
    return static_cast<std::uint64_t>(std::max({long_window_.value(), rsi_period_.value() + 1,
                                                bb_period_.value(), volume_period_.value()}));
}

Result<void> Advanced::check() const {
    if (short_window_.value() < long_window_.value()) return {};
    return failure(
        ErrorCode::config, "the short window is not shorter",
        "parameters short_window, long_window",
        "short_window is " + short_window_.text() + ", long_window is " + long_window_.text(),
        "make short_window smaller than long_window");
}

std::unique_ptr<TickRules> Advanced::make_rules() const {
    const double buy_from = static_cast<double>(min_score_.ratio().raw()) / (Ratio::kOne / kWhole);
    return std::make_unique<Rules>(
        Settings{short_window_.value(), long_window_.value(), rsi_period_.value(),
                 bb_period_.value(), volume_period_.value(), support_window_.value(),
                 rsi_oversold_.value(), rsi_overbought_.value(), bb_std_dev_.value(),
                 volume_threshold_.value(), support_threshold_.value(), buy_from});
}

}  // namespace millrace::strategy
