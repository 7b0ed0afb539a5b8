// Effect and EffectBuffer: what the engine asks the world to do. The engine does none of it; a
// driver carries effects out, and holds back those that must wait until the input which caused them
// is durable.
#pragma once

#include <cstring>
#include <memory>
#include <span>

#include "millrace/base/assert.hpp"
#include "millrace/core/engine/input.hpp"

namespace millrace::engine {

enum class EffectKind : std::uint8_t {
    event,  // something happened: for the recorder, the dashboard, the bus
    send,   // to a venue; only after the input is durable, and under the same ids when repeated
    acknowledge,  // to the input's origin: applied once and durable; no record
};

struct Effect {
    EffectKind kind{};
    Record record;                      // of event and send
    Origin origin = 0;                  // of acknowledge
    std::uint64_t origin_sequence = 0;  // of acknowledge
};

[[nodiscard]] constexpr bool waits_for_durability(EffectKind kind) {
    return kind != EffectKind::event;
}

// Takes the effects of each step of the engine; a step is one record told to everybody, or one
// timer.
class EffectSink {
  public:
    virtual ~EffectSink() = default;
    // Never empty. The effects and the records they refer to live until this call returns.
    virtual void take(std::span<const Effect> effects) = 0;
};

// The effects of one step and the bytes they refer to, in memory that is taken once.
class EffectBuffer {
  public:
    static constexpr std::size_t kCountMax = 4096;  // a step that sets off more is a loop
    static constexpr std::size_t kBytesMax = 384 << 10;

    EffectBuffer()
        : effects_(std::make_unique_for_overwrite<Effect[]>(kCountMax + kReserveCount)),
          words_(std::make_unique_for_overwrite<std::uint64_t[]>(kWordsMax)) {}

    void clear() { count_ = used_ = 0; }

    // Whether a component may add one more; what is kept in reserve is for the engine's own alerts.
    [[nodiscard]] bool has_room() const {
        return count_ < kCountMax && used_ + model::kNounSizeMax / 8 + 1 <= kBytesMax / 8;
    }

    // Copies the record.
    void add(EffectKind kind, const Record& record) {
        const std::size_t size = model::size_of(record.noun);
        MILLRACE_ASSERT(used_ + (size + 7) / 8 <= kWordsMax, "the effect buffer is full");
        std::uint64_t* at = words_.get() + used_;
        std::memcpy(at, record.payload, size);
        used_ += (size + 7) / 8;
        push({kind, {record.noun, at}, 0, 0});
    }
    void acknowledge(Origin origin, std::uint64_t origin_sequence) {
        push({EffectKind::acknowledge, {}, origin, origin_sequence});
    }

    // Everything added since `mark` is taken back: a component that fails leaves nothing half done.
    struct Mark {
        std::size_t effects, used;
    };
    [[nodiscard]] Mark mark() const { return {count_, used_}; }
    void roll_back(Mark mark) {
        count_ = mark.effects;
        used_ = mark.used;
    }

    [[nodiscard]] std::span<const Effect> effects() const { return {effects_.get(), count_}; }
    [[nodiscard]] std::size_t size() const { return count_; }

  private:
    static constexpr std::size_t kReserveCount = 256;  // as many as there can be components
    static constexpr std::size_t kReserveBytes = kReserveCount * 512;
    static constexpr std::size_t kWordsMax = (kBytesMax + kReserveBytes) / sizeof(std::uint64_t);

    void push(const Effect& effect) {
        MILLRACE_ASSERT(count_ < kCountMax + kReserveCount, "the effect buffer is full");
        effects_[count_++] = effect;
    }

    std::unique_ptr<Effect[]> effects_;
    std::unique_ptr<std::uint64_t[]> words_;  // so that every record is aligned to eight bytes
    std::size_t count_ = 0;
    std::size_t used_ = 0;  // of the words
};

}  // namespace millrace::engine
