// A library whose strategy does what it is told: a first order, a stop once it has dealt, and the
// way out at a bar; for runs that are followed by hand.
#include "millrace/core/strategy/plugin.hpp"

namespace {

using namespace millrace;

class Ordering : public strategy::Strategy {
  public:
    void on_bar(const model::Bar& bar) override {
        ++bars_;
        const Quantity first = quantity_.quantity();
        if (bars_ == 1 && first.is_negative()) trading().sell(bar.instrument, -first);
        if (bars_ == 1 && !first.is_negative()) trading().buy(bar.instrument, first);
        if (bars_ == both_ways_.value()) trading().sell(bar.instrument, Quantity::whole(1));
        if (bars_ == close_.value()) trading().close(bar.instrument);
    }
    void on_fill(const model::Fill& fill) override {
        if (stop_.ratio().is_zero() || is_stopped_) return;
        is_stopped_ = true;
        strategy::OrderTerms terms;
        terms.type = model::OrderType::stop;
        terms.stop_price = Price::parse(stop_.text()).value();
        const bool bought = fill.side == model::Side::buy;
        trading().submit(fill.instrument, bought ? model::Side::sell : model::Side::buy,
                         fill.quantity, terms);
    }
    void save(engine::StateWriter& writer) const override {
        writer.put(bars_);
        writer.put(static_cast<std::uint8_t>(is_stopped_));
    }
    void load(engine::StateReader& reader) override {
        bars_ = reader.get<std::int64_t>();
        is_stopped_ = reader.get<std::uint8_t>() != 0;
    }

  private:
    strategy::Decimal quantity_{
        *this, "quantity", "1", {"-1000000", "1000000"}, "Bought at the first bar, or sold."};
    strategy::Decimal stop_{*this, "stop", "0", {"0", "1000000"}, "Price of a stop; 0 for none."};
    strategy::Integer close_{*this, "close", 0, {0, 1000}, "The bar at which it closes all."};
    strategy::Integer both_ways_{
        *this, "both_ways", 0, {0, 1000}, "The bar at which it sells one more."};

    std::int64_t bars_ = 0;
    bool is_stopped_ = false;
};

}  // namespace

MILLRACE_STRATEGIES({"ordering", "Does as it is told.", millrace::strategy::make<Ordering>})
