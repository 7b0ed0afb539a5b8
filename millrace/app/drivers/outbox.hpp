// Outbox: effects that must wait until the input which caused them is durable, in their order.
// Events pass at once.
#pragma once

#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/engine/effects.hpp"

namespace millrace::drivers {

// Who carries effects out. Called by whoever drives the engine, one call at a time, on_synced()
// excepted.
class EffectHandler {
  public:
    virtual ~EffectHandler() = default;

    // `sequence` is that of the input that caused the effect.
    virtual void handle(const engine::Effect& effect, std::uint64_t sequence) = 0;

    // A numbered input was applied; that is not durable yet. What it is told of comes again, to
    // handle(), when it is.
    virtual void on_applied(const engine::Effect& /*acknowledge*/, std::uint64_t /*sequence*/) {}

    // Inputs up to `sequence` are about to be made durable together; all that they do has been
    // done, and none after them was applied. Recovery does not call it.
    virtual void on_group(std::uint64_t /*sequence*/) {}

    // Every input up to `sequence` is durable now: the first word of it, on the thread that made
    // it so, while the engine may be applying others. Whoever answers from here saves the caller
    // the time that it takes to wake the engine's thread.
    virtual void on_synced(std::uint64_t /*sequence*/) {}

    // Every input up to `sequence` is durable now, and all that waited for that was handed over.
    // Called once for a group, with a greater number each time; first by recovery, when it found
    // any.
    virtual void on_durable(std::uint64_t /*sequence*/) {}

    // There is nothing to do; called before the engine rests, and every now and then while it does.
    virtual void on_idle() {}

    // The state as of `sequence` is about to be saved, after which recovery no longer replays the
    // inputs up to it: what was made of them elsewhere must be durable there when this returns. It
    // may wait for that; no input is applied meanwhile. A failure means that no snapshot is saved.
    virtual Result<void> may_snapshot(std::uint64_t /*sequence*/) { return {}; }
};

class Outbox : public engine::EffectSink {
  public:
    explicit Outbox(EffectHandler& handler) : handler_(handler) {}

    // The effects that come now are of this input.
    void set_sequence(std::uint64_t sequence) { sequence_ = sequence; }
    void take(std::span<const engine::Effect> effects) override;

    // Hands on what inputs up to `durable` caused, then says that they are durable.
    void release(std::uint64_t durable);

    [[nodiscard]] bool empty() const { return released_ == held_.size(); }

  private:
    struct Held {
        engine::Effect effect;  // its record's payload is found at `at`
        std::uint64_t sequence = 0;
        std::size_t at = 0;
    };

    EffectHandler& handler_;
    std::uint64_t sequence_ = 0;
    std::vector<Held> held_;
    std::vector<std::uint64_t>
        words_;  // the payloads; memory is kept, so a warm outbox allocates nothing
    std::size_t released_ = 0;
    std::uint64_t told_ = 0;  // up to which the handler knows inputs to be durable
};

}  // namespace millrace::drivers
