// A sorted table that stays as small as the number of open orders.
#include "millrace/core/portfolio/order_notes.hpp"

#include <algorithm>

namespace millrace::portfolio {

std::vector<OrderNotes::Note>::iterator OrderNotes::find(std::uint64_t order_id) {
    return std::lower_bound(notes_.begin(), notes_.end(), order_id,
                            [](const Note& note, std::uint64_t id) { return note.order_id < id; });
}

void OrderNotes::hear(const model::Order& order) {
    auto note = find(order.order_id);
    const bool is_new = note == notes_.end() || note->order_id != order.order_id;
    if (is_new && model::is_over(order.status) && order.filled_quantity.is_zero()) return;
    if (is_new) {
        MILLRACE_ASSERT(notes_.size() < kOpenMax, "a million orders are open, or never end");
        note = notes_.insert(note, Note());
        note->order_id = order.order_id;
    }
    note->type = order.type;
    note->may_only_close = order.reduce_only;
    note->filled = order.filled_quantity;
    note->is_over = model::is_over(order.status);
    forget_if_done(note);
}

OrderNotes::Meaning OrderNotes::hear(const model::Fill& fill) {
    const auto note = find(fill.order_id);
    if (note == notes_.end() || note->order_id != fill.order_id) return {};
    const Meaning meaning{note->may_only_close ? PositionEffect::close : PositionEffect::automatic,
                          exit_reason_of(note->type)};
    note->dealt = Quantity::from_raw(note->dealt.raw() + fill.quantity.raw());
    forget_if_done(note);
    return meaning;
}

void OrderNotes::forget_if_done(std::vector<Note>::iterator note) {
    if (note->is_over && note->dealt >= note->filled) notes_.erase(note);
}

void OrderNotes::save(engine::StateWriter& writer) const {
    writer.put(std::uint64_t{notes_.size()});
    for (const Note& note : notes_)
        writer.put(note);
}

void OrderNotes::load(engine::StateReader& reader) {
    notes_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && i < kOpenMax && !reader.failed(); ++i)
        notes_.push_back(reader.get<Note>());
}

}  // namespace millrace::portfolio
