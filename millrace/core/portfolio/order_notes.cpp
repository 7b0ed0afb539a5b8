// A table that stays as small as the number of open orders.
#include "millrace/core/portfolio/order_notes.hpp"

#include <algorithm>

namespace millrace::portfolio {

std::uint32_t OrderNotes::take_place(std::uint64_t order_id) {
    MILLRACE_ASSERT(size() < kOpenMax, "a million orders are open, or never end");
    auto place = static_cast<std::uint32_t>(notes_.size());
    if (free_.empty()) {
        notes_.emplace_back();
        free_.reserve(notes_.capacity());  // so that forgetting allocates nothing
    } else {
        place = free_.back();
        free_.pop_back();
        notes_[place] = Note();
    }
    notes_[place].order_id = order_id;
    index_.put(order_id, place);
    return place;
}

void OrderNotes::hear(const model::Order& order) {
    std::uint32_t place = index_.find(order.order_id);
    const bool is_new = place == FlatIndex::kNone;
    if (is_new) {
        // A venue tells of an order that is over again to whoever cancels it too late.
        if (order.reason == model::OrderReason::already_over) return;
        if (model::is_over(order.status) && order.filled_quantity.is_zero()) return;
        place = take_place(order.order_id);
    }
    Note& note = notes_[place];
    note.type = order.type;
    note.may_only_close = order.reduce_only;
    note.filled = order.filled_quantity;
    note.is_over = model::is_over(order.status);
    if (order.status == model::OrderStatus::accepted &&
        order.reason == model::OrderReason::margin_call)
        note.is_liquidation = true;
    if (order.reason == model::OrderReason::corporate_action) {
        // All deals of before came before it, and are counted in other units now.
        note.dealt = order.filled_quantity;
        note.is_fraction = is_new;
    }
    forget_if_done(place);
}

OrderNotes::Meaning OrderNotes::hear(const model::Fill& fill) {
    const std::uint32_t place = index_.find(fill.order_id);
    if (place == FlatIndex::kNone) return {};
    Note& note = notes_[place];
    const Meaning meaning{note.may_only_close ? PositionEffect::close : PositionEffect::automatic,
                          note.is_liquidation ? ExitReason::liquidation
                          : note.is_fraction  ? ExitReason::corporate_action
                                              : exit_reason_of(note.type)};
    note.dealt = Quantity::from_raw(note.dealt.raw() + fill.quantity.raw());
    forget_if_done(place);
    return meaning;
}

void OrderNotes::forget_if_done(std::uint32_t place) {
    const Note& note = notes_[place];
    if (!note.is_over || note.dealt < note.filled) return;
    index_.erase(note.order_id);
    free_.push_back(place);
}

// By number, because places hang on history and the state must not.
void OrderNotes::save(engine::StateWriter& writer) const {
    std::vector<Note> sorted;
    for (std::uint32_t place = 0; place < notes_.size(); ++place)
        if (index_.find(notes_[place].order_id) == place) sorted.push_back(notes_[place]);
    std::ranges::sort(sorted, {}, &Note::order_id);
    writer.put(std::uint64_t{sorted.size()});
    for (const Note& note : sorted)
        writer.put(note);
}

void OrderNotes::load(engine::StateReader& reader) {
    notes_.clear();
    free_.clear();
    index_.clear();
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && i < kOpenMax && !reader.failed(); ++i) {
        const auto note = reader.get<Note>();
        if (index_.find(note.order_id) == FlatIndex::kNone)
            notes_[take_place(note.order_id)] = note;
    }
}

}  // namespace millrace::portfolio
