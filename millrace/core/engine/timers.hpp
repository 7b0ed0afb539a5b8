// Timers in virtual time: they fire when inputs carry the engine's clock past them, never by a
// clock of the machine.
#pragma once

#include <cstdint>
#include <vector>

#include "millrace/base/time.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::engine {

struct Timer {
    Time due;
    std::uint32_t component =
        0;  // its place in the engine's order, so ties never hang on registration
    std::uint32_t reserved = 0;
    std::uint64_t token = 0;    // the component's own name for it
    std::uint64_t ordinal = 0;  // how many timers were set before: the last tie-breaker

    auto operator<=>(const Timer&) const = default;
};

class Timers {
  public:
    static constexpr std::size_t kCountMax = 1 << 16;

    Timers() { heap_.reserve(kReserved); }

    void set(Time due, std::uint32_t component, std::uint64_t token);
    void cancel(std::uint32_t component, std::uint64_t token);
    // Cancels all of a component that was stopped: they must not use up the room of the others.
    void forget(std::uint32_t component);
    // Whether every timer belongs to one of so many components.
    [[nodiscard]] bool are_below(std::uint32_t components) const;

    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] Time next_due() const { return next_due_; }
    Timer pop();

    void save(StateWriter& writer) const;
    void load(StateReader& reader);

    static constexpr Time kNever = Time::from_ns(INT64_MAX);

  private:
    static constexpr std::size_t kReserved = 1 << 10;

    void find_next_due() { next_due_ = heap_.empty() ? kNever : heap_.front().due; }

    std::vector<Timer> heap_;  // least in front
    Time next_due_ = kNever;   // of the first, for who asks at every input
    std::uint64_t ordinal_ = 0;
};

}  // namespace millrace::engine
