// Engine: a value with one verb: apply an input, hand out its effects. It owns no clock, thread,
// socket, file or random device; the same inputs give the same effects, the same state and the same
// hashes on every machine. Not thread-safe: one writer.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "millrace/base/hash.hpp"
#include "millrace/core/engine/component.hpp"
#include "millrace/core/engine/effects.hpp"
#include "millrace/core/engine/timers.hpp"

namespace millrace::engine {

// A component that broke an assertion was stopped; the others go on.
struct StoppedComponent {
    std::string name;
    std::string report;  // the assertion, with file and line
    std::uint64_t sequence = 0;
};

// Checks that the tests switch off, one at a time, to prove that the simulation notices.
struct EngineChecks {
    bool apply_once = true;
    bool running_hash = true;  // off to measure what it costs
};

class Engine {
  public:
    // Takes components in any order; their names must differ.
    Engine(std::vector<std::unique_ptr<Component>> components, std::uint64_t seed,
           EngineChecks checks = {});

    // Applies the next input and hands the effects of every step to the sink. The input's sequence
    // must follow the last one's; an input that was applied already changes nothing.
    void apply(const Input& input, EffectSink& sink);

    // The next input is this quote, which no origin has numbered: as apply(), in fewer steps.
    void apply_quote(const model::Quote& quote, EffectSink& sink);

    // Data of these instruments come next, soon: components fetch what they will touch.
    void look_ahead(std::span<const InstrumentId> instruments);

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    [[nodiscard]] Time now() const { return now_; }

    // The last number that this origin gave an input; it goes on after that. 0: none.
    [[nodiscard]] std::uint64_t last_of(Origin origin) const {
        return origin < last_of_origin_.size() ? last_of_origin_[origin] : 0;
    }

    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    // When the next timer is due, so that a live driver knows how long it may sleep.
    [[nodiscard]] Time next_timer() const { return timers_.next_due(); }

    // Digest of the whole history: every input, event, effect and timer.
    [[nodiscard]] std::uint64_t running_hash() const { return running_.value(); }
    // Digest of the present state, as save() writes it. Costs a pass over the state.
    [[nodiscard]] std::uint64_t state_hash() const;
    // Which components it is made of: journals and snapshots of another composition cannot be
    // replayed here.
    [[nodiscard]] std::uint64_t composition() const { return composition_; }

    [[nodiscard]] std::span<const StoppedComponent> stopped() const { return stopped_; }

    void save(StateWriter& writer) const;
    // Replaces the state of an engine of the same composition; on an error the engine must be
    // thrown away.
    Result<void> load(StateReader& reader);

  private:
    friend class Context;

    struct Slot {
        std::unique_ptr<Component> component;
        Random random;
        bool stopped = false;
        std::uint64_t fired = 0;  // timers, by the input `fired_at`: no state, only a limit
        std::uint64_t fired_at = 0;
    };

    struct Listener {
        Component* component = nullptr;  // null when it was stopped
        std::uint32_t index = 0;         // of its slot
    };

    void apply_numbered(const Input& input, EffectSink& sink);
    bool is_repeated(const Input& input);
    void tell(const Record& record, EffectSink& sink);
    template <class Dispatch>
    void tell(Time known_at, bool after_timers, EffectSink& sink, Dispatch dispatch);
    void fire_timers(Time until, bool including, EffectSink& sink);
    void fire(const Timer& timer, EffectSink& sink);
    void dispatch(const Record& record);
    template <class Call>
    void tell_each(Noun noun, Call call);
    void finish_step(EffectSink& sink);
    void hash_record(std::uint64_t tag, const Record& record);
    template <class Call>
    void guarded(std::uint32_t index, Component& component, Call call);
    void stop(std::uint32_t component, const char* report);
    void let_hear(std::uint32_t index, Component* component);

    EngineChecks checks_;
    std::vector<Slot> slots_;                                             // by stage, then name
    std::array<std::vector<Listener>, model::kNounCount + 1> listeners_;  // by noun
    Timers timers_;
    EffectBuffer effects_;
    std::vector<std::uint64_t> last_of_origin_;  // by origin; 0 = nothing yet
    RunningHash running_;
    std::uint64_t seed_ = 0;
    std::uint64_t composition_ = 0;
    std::uint64_t sequence_ = 0;
    Time now_;
    std::vector<StoppedComponent> stopped_;
};

}  // namespace millrace::engine
