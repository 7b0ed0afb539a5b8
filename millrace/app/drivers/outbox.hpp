// Outbox: effects that must wait until the input which caused them is durable, in their order.
// Events pass at once.
#pragma once

#include <vector>

#include "millrace/core/engine/effects.hpp"

namespace millrace::drivers {

// Who carries effects out. `sequence` is that of the input that caused them.
class EffectHandler {
  public:
    virtual ~EffectHandler() = default;
    virtual void handle(const engine::Effect& effect, std::uint64_t sequence) = 0;
};

class Outbox : public engine::EffectSink {
  public:
    explicit Outbox(EffectHandler& handler) : handler_(handler) {}

    // The effects that come now are of this input.
    void set_sequence(std::uint64_t sequence) { sequence_ = sequence; }
    void take(std::span<const engine::Effect> effects) override;

    // Hands on what inputs up to `durable` caused.
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
};

}  // namespace millrace::drivers
