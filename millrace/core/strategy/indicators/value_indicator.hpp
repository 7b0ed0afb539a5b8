// ValueIndicator: makes an Indicator of a plain indicator class, whatever its update takes: a
// price, a bar, or both. For the catalog_*.cpp, which add the parameters.
#pragma once

#include "millrace/core/strategy/indicators/catalog_types.hpp"

namespace millrace::indicators {

template <class Value>
struct Output {
    std::string_view name;
    double (Value::*read)() const;
};

// Specialised for a class that has other outputs, the main one first.
template <class Value>
inline constexpr std::array kOutputs = {Output<Value>{"value", &Value::value}};

template <class Value>
class ValueIndicator : public Indicator {
  public:
    void start() final { value_.emplace(make_value()); }

    void update(const model::Bar& bar) override {
        const Candle candle = candle_of(bar);
        if constexpr (kTakesBar)
            value().update(candle);
        else if constexpr (requires(Value& any) { any.update(1.0, candle); })
            value().update(price_of(candle, *price()), candle);
        else
            value().update(price_of(candle, *price()));
    }

    [[nodiscard]] bool is_ready() const final { return value().is_ready(); }
    [[nodiscard]] std::int64_t warm_up() const final { return value().warm_up(); }
    [[nodiscard]] std::span<const std::string_view> output_names() const final { return kNames; }
    [[nodiscard]] double output(std::size_t index) const final {
        MILLRACE_ASSERT(index < kNames.size() && is_ready(), "an output that is not there");
        return (value().*kOutputs<Value>[index].read)();
    }
    void save(engine::StateWriter& writer) const final { value().save(writer); }
    void load(engine::StateReader& reader) final { value().load(reader); }

  protected:
    explicit ValueIndicator(BarPrice price = BarPrice::close)
        : Indicator(kTakesBar ? std::nullopt : std::optional(price)) {}

    [[nodiscard]] virtual Value make_value() const = 0;

    [[nodiscard]] Value& value() {
        MILLRACE_ASSERT(value_.has_value(), "an indicator is used before start()");
        return *value_;
    }
    [[nodiscard]] const Value& value() const {
        MILLRACE_ASSERT(value_.has_value(), "an indicator is used before start()");
        return *value_;
    }

  private:
    static constexpr bool kTakesBar =
        requires(Value& any, const Candle& candle) { any.update(candle); };
    static constexpr auto kNames = [] {
        std::array<std::string_view, kOutputs<Value>.size()> names{};
        for (std::size_t i = 0; i < names.size(); ++i)
            names[i] = kOutputs<Value>[i].name;
        return names;
    }();

    std::optional<Value> value_;
};

// One that has a length and nothing else.
template <class Value, std::int64_t kDefault, std::int64_t kLeast = 1,
          BarPrice kPrice = BarPrice::close>
class OfLength final : public ValueIndicator<Value> {
  public:
    OfLength() : ValueIndicator<Value>(kPrice) {}

  private:
    [[nodiscard]] Value make_value() const override { return Value(length_.value()); }

    strategy::Integer length_{*this, "length", kDefault, {kLeast, kLengthMax}, kLengthDoc};
};

}  // namespace millrace::indicators
