// Closes at the edge of a range.
#include "millrace/core/strategy/library/breakout_close.hpp"

#include "millrace/core/strategy/indicators/ranges.hpp"

namespace millrace::strategy {
namespace {

class Rules final : public HoldingRules {
  public:
    explicit Rules(std::int64_t lookback) : range_(lookback) {}

    Holding on_bar(const model::Bar& bar, int /*held*/) override {
        range_.update(indicators::candle_of(bar));
        if (!range_.is_ready()) return Holding::as_it_is;
        const double close = bar.close.to_double();
        // A range of one price is both; it breaks out of nothing.
        if (range_.high() == range_.low()) return Holding::as_it_is;
        if (close >= range_.high()) return Holding::bought;
        if (close <= range_.low()) return Holding::sold;
        return Holding::as_it_is;
    }
    void save(engine::StateWriter& writer) const override { range_.save(writer); }
    void load(engine::StateReader& reader) override { range_.load(reader); }

  private:
    indicators::BarRange range_;
};

}  // namespace

std::unique_ptr<HoldingRules> BreakoutClose::make_rules() const {
    return std::make_unique<Rules>(lookback_.value());
}

}  // namespace millrace::strategy
