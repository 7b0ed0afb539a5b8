// pairs: two instruments whose prices belong together. spread = first − hedge · second; where it is
// further than entry_z deviations from its mean it is sold above and bought below, both legs at
// once; both are closed when it is within exit_z again, or beyond stop_z.
//
//   fixed       hedge = hedge_ratio
//   regression  hedge = covariance / variance of the second, of the last `lookback` pairs of closes
//
// The regression is found anew with each pair, and mean and deviation of the spread are taken with
// it. The first is the instrument with the lower number. A pair of closes are bars known at one
// moment; bars without a partner are left out. Quantities: the first `quantity`, the second that
// times hedge.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "millrace/core/strategy/indicators/window.hpp"
#include "millrace/core/strategy/strategy.hpp"

namespace millrace::strategy {

class Pairs : public Strategy {
  public:
    void on_start() override;
    void on_bar(const model::Bar& bar) override;
    [[nodiscard]] std::uint64_t warm_up_bars() const override {
        return static_cast<std::uint64_t>(lookback_.value());
    }
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

  protected:
    [[nodiscard]] Result<void> check() const override;

  private:
    struct Spread {
        double hedge = 0;
        double z = 0;
    };

    void prepare();
    [[nodiscard]] bool is_leg(InstrumentId instrument) const;
    void decide();
    [[nodiscard]] std::optional<Spread> spread() const;
    void enter(const Spread& spread);
    void leave();
    void tell(InstrumentId instrument, model::SignalAction action);

    static constexpr std::string_view kHedges[] = {"regression", "fixed"};

    Integer lookback_{*this, "lookback", 60, {3, 10'000}, "Pairs of closes that are looked at."};
    Choice hedge_{*this, "hedge", kHedges,
                  "How many of the second are held against one of the first."};
    Decimal hedge_ratio_{
        *this, "hedge_ratio", "1", {"0.000001", "1000000"}, "That many, when fixed."};
    Decimal entry_z_{*this, "entry_z", "2", {"0.01", "100"}, "Deviations at which it enters."};
    Decimal exit_z_{*this, "exit_z", "0.5", {"0", "100"}, "Deviations within which it leaves."};
    Decimal stop_z_{
        *this,
        "stop_z",
        "0",
        {"0", "1000"},
        "Deviations beyond which it leaves and waits until they are within exit_z; 0 is "
        "never."};
    Decimal quantity_{
        *this, "quantity", "1", {"0.000001", "1000000000"}, "Quantity held of the first."};

    std::vector<InstrumentId> legs_;  // as they were heard of, lower number first; at most two
    std::array<model::Bar, 2> last_{};
    std::optional<indicators::Window> first_;
    std::optional<indicators::Window> second_;
    std::int8_t side_ = 0;  // 1: the spread was bought, -1: sold
    bool waits_ = false;    // stopped out, and not back yet
};

}  // namespace millrace::strategy
