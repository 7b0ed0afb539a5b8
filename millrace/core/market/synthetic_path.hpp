// SyntheticPath: how the price of one invented instrument moves. Chance comes from a seed, and all
// arithmetic is of the kind that rounds alike everywhere, so the same path comes out on every
// machine. The rules in words: docs/how-to/make-synthetic-data.md.
#pragma once

#include "millrace/base/random.hpp"
#include "millrace/core/market/synthetic_rule.hpp"

namespace millrace::market {

// A span of time as a share of a year of 365 days.
[[nodiscard]] double years_of(Duration span);

class SyntheticPath {
  public:
    SyntheticPath(const RegimeRule& rule, const SyntheticSymbol& symbol, std::uint64_t seed);

    // The market rested so long; of that a quarter counts.
    void rest(Duration span);
    // Time passes.
    void pass(Duration span);
    // Time passes, and is told as a bar: prices, volume and, of the regime uniform, more.
    void make_bar(Duration length, model::Bar& bar);

    // The price now, not yet in steps.
    [[nodiscard]] double price() const;
    // A price in whole steps, at least one.
    [[nodiscard]] std::int64_t steps_of(double price) const;
    [[nodiscard]] Price price_of(std::int64_t steps) const;
    [[nodiscard]] Quantity lots(double count) const;

    [[nodiscard]] Random& chance() { return random_; }
    // Of the standard exponential distribution.
    double exponential();

  private:
    double normal();
    double between(double low, double high);
    void jump(double years);
    // Moves by a span without jumps; how far chance carried it, in standard deviations, and the
    // size of one.
    struct Moved {
        double deviations = 0;
        double deviation = 0;
    };
    Moved move(double years);
    double trend(double years);
    void make_uniform_bar(model::Bar& bar);
    void keep_in_range();

    const RegimeRule rule_;
    Price step_;
    Quantity lot_;
    Random random_;
    double log_ = 0;     // of the price; unused when uniform
    double anchor_ = 0;  // where a mean-reverting one returns to
    double plain_ = 0;   // the price itself; of uniform
    double leg_left_ = 0;
    double direction_ = 1;
};

}  // namespace millrace::market
