// The cross of two simple averages.
#include "millrace/core/strategy/library/simple_ma.hpp"

#include <cmath>

#include "millrace/core/strategy/indicators/averages.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(std::int64_t short_window, std::int64_t long_window)
        : short_(short_window), long_(long_window) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        short_.update(tick.candle.close);
        long_.update(tick.candle.close);
        if (!long_.is_ready() || short_.value() == long_.value()) return {};
        const double distance =
            indicators::ratio_or(0, std::fabs(short_.value() - long_.value()), long_.value());
        return {short_.value() > long_.value() ? Wish::buy : Wish::close, "cross", distance};
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, short_, long_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, short_, long_);
    }

  private:
    indicators::SimpleAverage short_;
    indicators::SimpleAverage long_;
};

}  // namespace

Result<void> SimpleMa::check() const {
    if (short_window_.value() < long_window_.value()) return {};
    return failure(
        ErrorCode::config, "the short window is not shorter",
        "parameters short_window, long_window",
        "short_window is " + short_window_.text() + ", long_window is " + long_window_.text(),
        "make short_window smaller than long_window");
}

std::unique_ptr<TickRules> SimpleMa::make_rules() const {
    return std::make_unique<Rules>(short_window_.value(), long_window_.value());
}

}  // namespace millrace::strategy
