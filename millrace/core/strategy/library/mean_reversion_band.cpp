// A band around a mean.
#include "millrace/core/strategy/library/mean_reversion_band.hpp"

#include "millrace/core/strategy/indicators/averages.hpp"

namespace millrace::strategy {
namespace {

class Rules final : public HoldingRules {
  public:
    Rules(std::int64_t lookback, double band) : mean_(lookback), band_(band) {}

    Holding on_bar(const model::Bar& bar, int /*held*/) override {
        const double close = bar.close.to_double();
        mean_.update(close);
        if (!mean_.is_ready()) return Holding::as_it_is;
        if (close < (1 - band_) * mean_.value()) return Holding::bought;
        if (close > (1 + band_) * mean_.value()) return Holding::sold;
        return Holding::as_it_is;
    }
    void save(engine::StateWriter& writer) const override { mean_.save(writer); }
    void load(engine::StateReader& reader) override { mean_.load(reader); }

  private:
    indicators::SimpleAverage mean_;
    double band_;
};

}  // namespace

std::unique_ptr<HoldingRules> MeanReversionBand::make_rules() const {
    return std::make_unique<Rules>(lookback_.value(), band_.value());
}

}  // namespace millrace::strategy
