// ema-cross: long while the fast exponential average of closes is above the slow one, else short;
// always in the market once the slow average is ready. A flip closes first and opens the other side
// with a second order.
#pragma once

#include "millrace/core/strategy/indicators/exponential_average.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class EmaCross : public Strategy {
  public:
    void on_start() override;
    void on_bar(const model::Bar& bar) override;
    void on_quote(const model::Quote& quote) override;
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(slow_.value());
    }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    [[nodiscard]] Result<void> check() const override;

  private:
    // The averages of one instrument: one cache line, all that most prices touch.
    struct alignas(64) Track {
        indicators::ExponentialAverage fast;
        indicators::ExponentialAverage slow;
    };

    [[nodiscard]] Track new_track() const;
    Track& track(InstrumentId instrument);
    void update(InstrumentId instrument, Price price);
    void turn(InstrumentId instrument, Price price, std::int8_t wanted);

    Integer fast_{*this, "fast", 10, {1, 100'000}, "Length of the fast average."};
    Integer slow_{
        *this, "slow", 30, {2, 100'000}, "Length of the slow average, longer than the fast one."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity held, long or short."};

    std::vector<Track> tracks_;        // by instrument number
    std::vector<std::int8_t> wanted_;  // -1 short, 1 long, 0 not yet in the market
};

}  // namespace millrace::strategy
