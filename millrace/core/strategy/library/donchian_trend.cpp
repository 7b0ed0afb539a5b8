// Two channels: a long one to enter by, a short one to leave by.
#include "millrace/core/strategy/library/donchian_trend.hpp"

#include "millrace/core/strategy/indicators/bands.hpp"

namespace millrace::strategy {
namespace {

class Rules final : public HoldingRules {
  public:
    Rules(std::int64_t entry, std::int64_t exit, bool shorts)
        : entry_(entry), exit_(exit), shorts_(shorts) {}

    // The channels are those before this bar: it is let in after it was asked.
    Holding on_bar(const model::Bar& bar, int held) override {
        const Holding wish = wish_of(bar.close.to_double(), held);
        entry_.update(indicators::candle_of(bar));
        exit_.update(indicators::candle_of(bar));
        return wish;
    }
    void save(engine::StateWriter& writer) const override {
        entry_.save(writer);
        exit_.save(writer);
    }
    void load(engine::StateReader& reader) override {
        entry_.load(reader);
        exit_.load(reader);
    }

  private:
    [[nodiscard]] Holding wish_of(double close, int held) const {
        if (!entry_.is_ready() || !exit_.is_ready()) return Holding::as_it_is;
        if (close > entry_.upper()) return Holding::bought;
        if (close < entry_.lower()) return shorts_ ? Holding::sold : Holding::out;
        if (held > 0 && close < exit_.lower()) return Holding::out;
        if (held < 0 && close > exit_.upper()) return Holding::out;
        return Holding::as_it_is;
    }

    indicators::Donchian entry_;
    indicators::Donchian exit_;
    bool shorts_;
};

}  // namespace

std::unique_ptr<HoldingRules> DonchianTrend::make_rules() const {
    return std::make_unique<Rules>(entry_.value(), exit_.value(), shorts_.value());
}

}  // namespace millrace::strategy
