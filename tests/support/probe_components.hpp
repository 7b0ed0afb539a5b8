// What tests of the engine share: components made of functions, a busy one with every kind of
// state, a sink that remembers, and small builders of records.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "millrace/core/engine/engine.hpp"

namespace millrace::engine {

[[nodiscard]] inline Time at(std::int64_t ns) {
    return Time::from_ns(ns);
}

[[nodiscard]] inline model::Quote quote_at(std::int64_t ns, std::uint32_t instrument = 0) {
    model::Quote quote;
    quote.known_at = at(ns);
    quote.bid = Price::whole(100);
    quote.ask = Price::whole(101);
    quote.instrument = InstrumentId(instrument);
    return quote;
}

[[nodiscard]] inline model::Clock clock_at(std::int64_t ns) {
    return {at(ns)};
}

[[nodiscard]] inline model::Fill fill_at(std::int64_t ns) {
    model::Fill fill;
    fill.known_at = at(ns);
    fill.fill_id = 1;
    return fill;
}

[[nodiscard]] inline model::Alert alert_of(Time time, const char* code) {
    model::Alert alert;
    alert.known_at = time;
    alert.code = code;
    alert.message = "of a test";
    return alert;
}

// A component whose behaviour is written in the test. It has no state to save.
class Probe : public Component {
  public:
    using OnRecord = std::function<void(const Record&, Context&)>;
    using OnTimer = std::function<void(std::uint64_t, Context&)>;

    Probe(std::string name, Stage stage, NounSet wants, OnRecord on_record, OnTimer on_timer = {})
        : name_(std::move(name)),
          stage_(stage),
          wants_(wants),
          on_record_(std::move(on_record)),
          on_timer_(std::move(on_timer)) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] Stage stage() const override { return stage_; }
    [[nodiscard]] NounSet wants() const override { return wants_; }
    void on_record(const Record& record, Context& context) override { on_record_(record, context); }
    void on_timer(std::uint64_t token, Context& context) override {
        if (on_timer_) on_timer_(token, context);
    }
    void save(StateWriter& /*writer*/) const override {}
    void load(StateReader& /*reader*/) override {}

  private:
    std::string name_;
    Stage stage_;
    NounSet wants_;
    OnRecord on_record_;
    OnTimer on_timer_;
};

// Uses everything a component may use, by its own chance: state, timers, cancelling, events, sends.
class Busy : public Component {
  public:
    explicit Busy(std::string name = "busy") : name_(std::move(name)) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] Stage stage() const override { return Stage::strategy; }
    [[nodiscard]] NounSet wants() const override { return NounSet::all(); }

    void on_record(const Record& record, Context& context) override {
        ++heard_;
        if (record.noun == Noun::alert) return;  // or two of them would answer each other for ever
        Random& random = context.random();
        luck_ += random.below(1'000);
        if (random.one_in(3))
            context.set_timer(context.now() + Duration::nanoseconds(random.between(-5, 200)),
                              ++tokens_);
        if (random.one_in(5)) context.emit(alert_of(context.now(), "busy"));
        if (random.one_in(7)) send_order(context);
        if (random.one_in(9) && tokens_ > 0) context.cancel_timer(1 + random.below(tokens_));
    }
    void on_timer(std::uint64_t token, Context& context) override {
        luck_ = luck_ * 31 + token;
        if (context.random().one_in(2)) context.emit(alert_of(context.now(), "busy_timer"));
        if (context.random().one_in(4)) context.set_timer(context.now(), ++tokens_);
    }
    void save(StateWriter& writer) const override {
        writer.put(heard_);
        writer.put(luck_);
        writer.put(tokens_);
        writer.put(orders_);
    }
    void load(StateReader& reader) override {
        heard_ = reader.get<std::uint64_t>();
        luck_ = reader.get<std::uint64_t>();
        tokens_ = reader.get<std::uint64_t>();
        orders_ = reader.get<std::uint64_t>();
    }

  private:
    void send_order(Context& context) {
        model::Order order;
        order.known_at = context.now();
        order.order_id = ++orders_;
        order.quantity = Quantity::from_raw(context.random().between(1, 1'000));
        context.send(order);
    }

    std::string name_;
    std::uint64_t heard_ = 0;
    std::uint64_t luck_ = 0;
    std::uint64_t tokens_ = 0;
    std::uint64_t orders_ = 0;
};

// Remembers each step as words: "event alert", "send order", "acknowledge 3/7".
class RememberingSink : public EffectSink {
  public:
    void take(std::span<const Effect> effects) override {
        std::vector<std::string> step;
        for (const Effect& effect : effects) {
            step.push_back(words_of(effect));
            if (effect.kind == EffectKind::event && effect.record.noun == Noun::alert)
                alerts_.push_back(effect.record.as<model::Alert>());
        }
        steps_.push_back(std::move(step));
    }

    [[nodiscard]] const std::vector<std::vector<std::string>>& steps() const { return steps_; }
    [[nodiscard]] const std::vector<model::Alert>& alerts() const { return alerts_; }
    void clear() {
        steps_.clear();
        alerts_.clear();
    }

  private:
    static std::string words_of(const Effect& effect) {
        if (effect.kind == EffectKind::acknowledge)
            return "acknowledge " + std::to_string(effect.origin) + "/" +
                   std::to_string(effect.origin_sequence);
        return (effect.kind == EffectKind::event ? "event " : "send ") +
               std::string(model::description_of(effect.record.noun).name);
    }

    std::vector<std::vector<std::string>> steps_;
    std::vector<model::Alert> alerts_;
};

class ForgettingSink : public EffectSink {
  public:
    void take(std::span<const Effect> /*effects*/) override {}
};

// Applies one record after the other, numbering the inputs.
template <class T>
void feed(Engine& engine, EffectSink& sink, const T& noun, Origin origin = 0,
          std::uint64_t origin_sequence = 0) {
    engine.apply({engine.sequence() + 1, record_of(noun), origin, origin_sequence}, sink);
}

template <class... Components>
[[nodiscard]] std::vector<std::unique_ptr<Component>> list_of(
    std::unique_ptr<Components>... components) {
    std::vector<std::unique_ptr<Component>> list;
    (list.push_back(std::move(components)), ...);
    return list;
}

}  // namespace millrace::engine
