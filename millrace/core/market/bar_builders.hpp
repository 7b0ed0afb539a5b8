// BarBuilders: the component "bars". It listens to trades, quotes and bars, and emits the bars that
// were asked for, any number of rules for each instrument. Time bars close by the engine's timers,
// so a quiet instrument's bar closes too; at the same time shorter bars come before longer ones,
// then by instrument. Bars made of bars may be made of this component's own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millrace/core/engine/component.hpp"
#include "millrace/core/market/bar_builder.hpp"

namespace millrace::market {

struct BarRequest {
    std::optional<InstrumentId> instrument;  // nothing = every instrument
    BarRule rule;
};

class BarBuilders : public engine::Component {
  public:
    static constexpr std::size_t kRulesMax = 16;  // that meet on one instrument
    // Bars of one step of the engine; what is more waits for a timer at the same moment, so that a
    // minute of 10,000 instruments is no step of 10,000 effects.
    static constexpr std::size_t kBarsAStep = 256;

    // Fails when a rule makes no sense, or when two would give bars of the same basis and size for
    // one instrument, since nobody could tell those apart. `periods` must outlive this.
    [[nodiscard]] static Result<std::unique_ptr<BarBuilders>> make(
        std::vector<BarRequest> requests, const PeriodEnds* periods = nullptr);

    [[nodiscard]] std::string_view name() const override { return "bars"; }
    [[nodiscard]] engine::Stage stage() const override { return engine::Stage::market; }
    [[nodiscard]] engine::NounSet wants() const override { return wants_; }
    void on_record(const engine::Record& record, engine::Context& context) override;
    void on_timer(std::uint64_t token, engine::Context& context) override;
    void save(engine::StateWriter& writer) const override;
    void load(engine::StateReader& reader) override;

    // Of all builders.
    [[nodiscard]] BarCounters counters() const;
    // Of one; null when the instrument was not heard of, or has no such rule.
    [[nodiscard]] const BarBuilder* find(InstrumentId instrument, const BarRule& rule) const;

  private:
    struct Builder {
        std::uint32_t rule = 0;  // place in rules_
        BarBuilder builder;
    };
    struct Watched {
        bool known = false;
        std::vector<Builder> builders;  // by rule
    };
    // The instruments of one rule, and its two timers.
    struct Group {
        std::vector<std::uint32_t> instruments;  // rising
        std::vector<std::uint32_t> ready;        // complete before their time is over
        Time armed = BarBuilder::kNever;         // when the next period's end is looked at
    };
    enum class Timer : std::uint64_t { ready, periods };  // ready ones first

    BarBuilders(std::vector<BarRequest> requests, const PeriodEnds* periods);

    Watched* watch(InstrumentId instrument);
    void hear(InstrumentId instrument, BarSource source, const model::Quote* quote,
              const BarObservation& observation, std::uint64_t source_step,
              engine::Context& context);
    void feed(Builder& builder, InstrumentId instrument, const BarObservation& observation,
              engine::Context& context);
    [[nodiscard]] Builder& builder_of(std::uint32_t rule, std::uint32_t instrument);

    void wait_for(std::uint32_t rule, std::uint32_t instrument, Time due, engine::Context& context);
    void arm(std::uint32_t rule, Time due, engine::Context& context);
    void close_ready(std::uint32_t rule, engine::Context& context);
    void close_periods(std::uint32_t rule, engine::Context& context);
    [[nodiscard]] static std::uint64_t token_of(std::uint32_t rule, Timer timer) {
        return rule * std::uint64_t{2} + static_cast<std::uint64_t>(timer);
    }
    [[nodiscard]] std::string rules_text() const;

    std::vector<BarRequest> rules_;  // by basis, then size: the order in which bars come
    const PeriodEnds* periods_;
    engine::NounSet wants_;
    std::vector<Group> groups_;               // by rule
    std::vector<Watched> instruments_;        // by number
    Time watched_from_ = BarBuilder::kNever;  // the first moment this component heard of
};

}  // namespace millrace::market
