// One tick against the one before.
#include "millrace/core/strategy/library/gap_trading.hpp"

namespace millrace::strategy {
namespace {

class Rules : public TickRules {
  public:
    Rules(Ratio gap, double volume_threshold, Price min_price)
        : floor_(Ratio::from_raw(Ratio::kOne - gap.raw())),
          volume_threshold_(volume_threshold),
          min_price_(min_price) {}

    Verdict on_tick(const Tick& tick, const Stance& /*stance*/) override {
        Verdict verdict;
        if (has_before_) {
            const bool is_busy = tick.candle.volume > volume_threshold_ * volume_before_;
            if (against(tick.price, before_, floor_) < 0 && is_busy && tick.price >= min_price_)
                verdict = {Wish::buy, "gap"};
            else if (tick.price >= before_)
                verdict = {Wish::close, "filled"};
        }
        before_ = tick.price;
        volume_before_ = tick.candle.volume;
        has_before_ = true;
        return verdict;
    }
    void save(engine::StateWriter& writer) const override {
        indicators::save_parts(writer, before_.raw(), volume_before_, has_before_);
    }
    void load(engine::StateReader& reader) override {
        before_ = reader.get<Price>();
        indicators::load_parts(reader, volume_before_, has_before_);
    }

  private:
    Ratio floor_;
    double volume_threshold_;
    Price min_price_;
    Price before_;
    double volume_before_ = 0;
    bool has_before_ = false;
};

}  // namespace

std::unique_ptr<TickRules> GapTrading::make_rules() const {
    const Price least = Price::from_raw(min_price_.ratio().raw() / (Ratio::kOne / Price::kOne));
    return std::make_unique<Rules>(gap_threshold_.ratio(), volume_threshold_.value(), least);
}

}  // namespace millrace::strategy
