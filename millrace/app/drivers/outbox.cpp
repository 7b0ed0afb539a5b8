// Holding and handing on.
#include "millrace/app/drivers/outbox.hpp"

#include <cstring>

namespace millrace::drivers {

void Outbox::take(std::span<const engine::Effect> effects) {
    for (const engine::Effect& effect : effects) {
        if (!engine::waits_for_durability(effect.kind)) {
            handler_.handle(effect, sequence_);
            continue;
        }
        if (effect.kind == engine::EffectKind::acknowledge) handler_.on_applied(effect, sequence_);
        held_.push_back({effect, sequence_, words_.size()});
        if (effect.kind != engine::EffectKind::send) continue;
        const std::size_t size = model::description_of(effect.record.noun).size;
        words_.resize(words_.size() + (size + 7) / 8);
        std::memcpy(words_.data() + held_.back().at, effect.record.payload, size);
    }
}

void Outbox::release(std::uint64_t durable) {
    while (released_ < held_.size() && held_[released_].sequence <= durable) {
        Held& held = held_[released_++];
        if (held.effect.kind == engine::EffectKind::send)
            held.effect.record.payload = words_.data() + held.at;
        handler_.handle(held.effect, held.sequence);
    }
    if (empty()) {
        held_.clear();
        words_.clear();
        released_ = 0;
    }
    if (durable <= told_) return;
    told_ = durable;
    handler_.on_durable(durable);
}

}  // namespace millrace::drivers
