// Three measures and their agreement.
#include "millrace/core/strategy/library/rsi_macd_ma.hpp"

#include <algorithm>

#include "millrace/core/strategy/indicators/averages.hpp"
#include "millrace/core/strategy/indicators/momentum.hpp"

namespace millrace::strategy {
namespace {

struct Settings {
    std::int64_t rsi, fast, slow, signal, ma_fast, ma_slow;
    double rsi_low, rsi_high;
    bool close_on_neutral;
    std::uint64_t bars_needed;
};

class Rules final : public HoldingRules {
  public:
    explicit Rules(const Settings& settings)
        : settings_(settings),
          rsi_(settings.rsi),
          macd_(settings.fast, settings.slow, settings.signal),
          ma_fast_(settings.ma_fast),
          ma_slow_(settings.ma_slow) {}

    Holding on_bar(const model::Bar& bar, int /*held*/) override {
        const double close = bar.close.to_double();
        rsi_.update(close);
        macd_.update(close);
        ma_fast_.update(close);
        ma_slow_.update(close);
        const double before_last = last_;
        const double last = now_;
        if (macd_.is_ready()) {
            last_ = now_;
            now_ = macd_.histogram();
        }
        if (bars_ < settings_.bars_needed) ++bars_;
        if (bars_ < settings_.bars_needed) return Holding::as_it_is;
        const bool turned_down = now_ < last && last >= before_last;
        const bool turned_up = now_ > last && last <= before_last;
        const double fast = ma_fast_.value();
        const double slow = ma_slow_.value();
        if (rsi_.value() <= settings_.rsi_low && turned_down && fast < slow && close < fast)
            return Holding::sold;
        if (rsi_.value() >= settings_.rsi_high && turned_up && fast > slow && close > fast)
            return Holding::bought;
        return settings_.close_on_neutral ? Holding::out : Holding::as_it_is;
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, rsi_, macd_, ma_fast_, ma_slow_, now_, last_, bars_);
    }
    void load(engine::StateReader& reader) override {
        indicators::load_parts(reader, rsi_, macd_, ma_fast_, ma_slow_, now_, last_, bars_);
    }

  private:
    Settings settings_;
    indicators::Rsi rsi_;
    indicators::Macd macd_;
    indicators::SimpleAverage ma_fast_;
    indicators::SimpleAverage ma_slow_;
    double now_ = 0;          // the histogram of the newest bar
    double last_ = 0;         // of the bar before
    std::uint64_t bars_ = 0;  // no further than needed
};

tl::unexpected<Error> not_faster(const Integer& fast, const Integer& slow) {
    const std::string names = std::string(fast.name()) + ", " + std::string(slow.name());
    return failure(ErrorCode::config, "the fast length is not below the slow one",
                   "parameters " + names, fast.text() + " and " + slow.text(),
                   "make the first smaller");
}

}  // namespace

Result<void> RsiMacdMa::check() const {
    if (fast_.value() >= slow_.value()) return not_faster(fast_, slow_);
    if (ma_fast_.value() >= ma_slow_.value()) return not_faster(ma_fast_, ma_slow_);
    return {};
}

std::uint64_t RsiMacdMa::warm_up_bars() const {
    return static_cast<std::uint64_t>(
        std::max({rsi_.value() + 2, slow_.value() + signal_.value() + 2, ma_slow_.value() + 1,
                  std::int64_t{4}}));
}

std::unique_ptr<HoldingRules> RsiMacdMa::make_rules() const {
    return std::make_unique<Rules>(Settings{rsi_.value(), fast_.value(), slow_.value(),
                                            signal_.value(), ma_fast_.value(), ma_slow_.value(),
                                            rsi_low_.value(), rsi_high_.value(),
                                            close_on_neutral_.value(), warm_up_bars()});
}

bool RsiMacdMa::must_be_out(Time now) {
    if (exit_time_.value().empty()) return false;
    if (!day_) day_.emplace(Zone::find(zone_.value()).value());
    day_->move_to(now);
    return now >= day_->at(parse_time_of_day(exit_time_.value()).value());
}

}  // namespace millrace::strategy
