// Indicator: any indicator behind one interface, with declared parameters, fed with bars, read by
// the names of its outputs. For what is chosen at run time (catalog.hpp); code that knows which
// indicator it wants uses the plain class and pays no virtual call.
#pragma once

#include <optional>
#include <span>

#include "millrace/core/strategy/indicators/candle.hpp"
#include "millrace/core/strategy/parameters.hpp"

namespace millrace::indicators {

class Indicator : public strategy::Parameters {
  public:
    // Begins anew with the parameters and the price as they are set now; before the first update.
    // All memory is taken here.
    virtual void start() = 0;

    virtual void update(const model::Bar& bar) = 0;
    [[nodiscard]] virtual bool is_ready() const = 0;
    [[nodiscard]] virtual std::int64_t warm_up() const = 0;  // bars until it is ready

    // The first output is the main one.
    [[nodiscard]] virtual std::span<const std::string_view> output_names() const = 0;
    // Only when is_ready(); always finite.
    [[nodiscard]] virtual double output(std::size_t index) const = 0;

    // Between start() with the same parameters on both sides.
    virtual void save(engine::StateWriter& writer) const = 0;
    virtual void load(engine::StateReader& reader) = 0;

    // Which price of the bar it follows; absent where the indicator needs several.
    [[nodiscard]] std::optional<BarPrice> price() const { return price_; }
    // Only where price() is there.
    void set_price(BarPrice price) {
        MILLRACE_ASSERT(price_.has_value(), "the indicator does not follow one price");
        price_ = price;
    }

  protected:
    explicit Indicator(std::optional<BarPrice> price) : price_(price) {}

  private:
    std::optional<BarPrice> price_;
};

}  // namespace millrace::indicators
