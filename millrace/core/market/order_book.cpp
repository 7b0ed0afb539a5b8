// Applying updates. Everything that can be wrong with one is looked at before anything is changed.
#include "millrace/core/market/order_book.hpp"

namespace millrace::market {

using model::BookAction;
using model::BookUpdate;

OrderBook::OrderBook(InstrumentId instrument, Price price_increment, BookKind kind)
    : scale_(price_increment), instrument_(instrument), kind_(kind) {}

BookChange OrderBook::apply(const BookUpdate& update) {
    MILLRACE_ASSERT(update.instrument == instrument_, "an update of another instrument");
    if (kind_ == BookKind::quotes) return refuse(BookError::wrong_kind);
    if (update.action == BookAction::clear) return clear_side(update.side);
    if ((update.order_id == 0) != (kind_ == BookKind::levels)) return refuse(BookError::wrong_kind);
    const bool of_level = kind_ == BookKind::levels;
    switch (update.action) {
        case BookAction::add: return of_level ? set_level(update) : add_order(update);
        case BookAction::modify: return of_level ? set_level(update) : modify_order(update);
        case BookAction::remove:
            return of_level ? remove_level(update.side, update.price)
                            : remove_order(update.order_id);
        case BookAction::clear: break;
    }
    return refuse(BookError::wrong_kind);
}

BookChange OrderBook::apply(const model::Quote& quote) {
    MILLRACE_ASSERT(quote.instrument == instrument_, "a quote of another instrument");
    if (kind_ != BookKind::quotes) return refuse(BookError::wrong_kind);
    if (quote.bid_size.is_negative() || quote.ask_size.is_negative())
        return refuse(BookError::bad_size);
    const Place bid = place_of(BookSide::bid, quote.bid);
    const Place ask = place_of(BookSide::ask, quote.ask);
    if (!quote.bid_size.is_zero() && bid.error != BookError::none) return refuse(bid.error);
    if (!quote.ask_size.is_zero() && ask.error != BookError::none) return refuse(ask.error);
    const bool best_bid = put_quote_side(BookSide::bid, bid.key, quote.bid_size.raw());
    const bool best_ask = put_quote_side(BookSide::ask, ask.key, quote.ask_size.raw());
    BookChange change = applied(BookSide::bid, best_bid || best_ask);
    change.best_bid = best_bid;
    change.best_ask = best_ask;
    return change;
}

bool OrderBook::put_quote_side(BookSide side, std::int64_t key, std::int64_t size) {
    Ladder& levels = ladder(side);
    const bool was_empty = levels.empty();
    if (was_empty && size == 0) return false;
    if (!was_empty && size != 0 && levels.best_key() == key && levels.best().quantity == size)
        return false;
    if (!was_empty && (size == 0 || levels.best_key() != key)) levels.close(levels.best_key());
    if (size != 0) levels.open(key).quantity = size;
    levels.add_to_total(size - levels.total());
    return true;
}

void OrderBook::clear() {
    for (Ladder& levels : ladders_)
        levels.clear();
    slots_.clear();
    crossed_ = false;
}

OrderBook::Place OrderBook::place_of(BookSide side, Price price) const {
    if (!TickScale::is_in_range(price)) return {0, BookError::out_of_range};
    const std::optional<std::int64_t> ticks = scale_.ticks_of(price);
    if (!ticks) return {0, BookError::off_tick};
    return {side == BookSide::bid ? *ticks : -*ticks, BookError::none};
}

bool OrderBook::fits(BookSide side, std::int64_t more) const {
    std::int64_t sum = 0;
    return !__builtin_add_overflow(ladder(side).total(), more, &sum);
}

BookChange OrderBook::refuse(BookError error) {
    ++counters_.refused[static_cast<std::size_t>(error)];
    return {error, false, false};
}

BookChange OrderBook::applied(BookSide side, bool best_has_changed) {
    if (!best_has_changed) return {};
    look_for_crossing();
    return {BookError::none, side == BookSide::bid, side == BookSide::ask};
}

void OrderBook::look_for_crossing() {
    const Ladder& bids = ladders_[0];
    const Ladder& asks = ladders_[1];
    const bool crossed = !bids.empty() && !asks.empty() && bids.best_key() >= -asks.best_key();
    counters_.crossings += crossed && !crossed_ ? 1U : 0U;
    crossed_ = crossed;
}

BookChange OrderBook::set_level(const BookUpdate& update) {
    const std::int64_t size = update.size.raw();
    if (size == 0 && update.action == BookAction::modify)
        return remove_level(update.side, update.price);
    if (size <= 0) return refuse(BookError::bad_size);
    const Place place = place_of(update.side, update.price);
    if (place.error != BookError::none) return refuse(place.error);
    Ladder& levels = ladder(update.side);
    const Level* const present = levels.find(place.key);
    const std::int64_t more = size - (present != nullptr ? present->quantity : 0);
    if (!fits(update.side, more)) return refuse(BookError::too_large);
    const bool at_best = levels.empty() || place.key >= levels.best_key();
    levels.open(place.key).quantity = size;
    levels.add_to_total(more);
    return applied(update.side, at_best && more != 0);
}

BookChange OrderBook::remove_level(BookSide side, Price price) {
    const Place place = place_of(side, price);
    if (place.error != BookError::none) return refuse(place.error);
    Ladder& levels = ladder(side);
    const Level* const level = levels.find(place.key);
    if (level == nullptr) return refuse(BookError::unknown_level);
    const bool at_best = place.key == levels.best_key();
    levels.add_to_total(-level->quantity);
    levels.close(place.key);
    return applied(side, at_best);
}

BookChange OrderBook::add_order(const BookUpdate& update) {
    const std::int64_t size = update.size.raw();
    if (size <= 0) return refuse(BookError::bad_size);
    const Place place = place_of(update.side, update.price);
    if (place.error != BookError::none) return refuse(place.error);
    if (slots_.is_full() || !fits(update.side, size)) return refuse(BookError::too_large);
    const OrderHandle handle = slots_.insert(update.order_id);
    if (handle == kNoOrder) return refuse(BookError::duplicate_order);
    OrderSlot& order = slots_[handle];
    order.size = size;
    order.put_at(update.side, place.key);
    Ladder& levels = ladder(update.side);
    append(levels.open(place.key), handle);
    levels.add_to_total(size);
    return applied(update.side, place.key == levels.best_key());
}

BookChange OrderBook::modify_order(const BookUpdate& update) {
    const OrderHandle handle = slots_.find(update.order_id);
    if (handle == kNoOrder) return refuse(BookError::unknown_order);
    const OrderSlot& order = slots_[handle];
    if (update.size.is_negative()) return refuse(BookError::bad_size);
    if (order.side() != update.side) return refuse(BookError::wrong_side);
    const Place place = place_of(update.side, update.price);
    if (place.error != BookError::none) return refuse(place.error);
    const std::int64_t size = update.size.raw();
    if (size == 0) return remove_order(update.order_id);
    if (size > order.size && !fits(update.side, size - order.size))
        return refuse(BookError::too_large);
    if (place.key == order.key() && size <= order.size) return resize_order(handle, size);
    return move_order(handle, place.key, size);
}

BookChange OrderBook::resize_order(OrderHandle handle, std::int64_t size) {
    OrderSlot& order = slots_[handle];
    const BookSide side = order.side();
    Ladder& levels = ladder(side);
    const std::int64_t less = order.size - size;
    levels.find(order.key())->quantity -= less;
    levels.add_to_total(-less);
    order.size = size;
    return applied(side, less != 0 && order.key() == levels.best_key());
}

BookChange OrderBook::move_order(OrderHandle handle, std::int64_t key, std::int64_t size) {
    OrderSlot& order = slots_[handle];
    const BookSide side = order.side();
    const std::int64_t best_before = ladder(side).best_key();
    const bool was_best = order.key() == best_before;
    const bool changes_best =
        was_best ? key != best_before || size != order.size : key >= best_before;
    if (key == order.key()) {  // only to the back of its queue: the level stays
        Level& level = *ladder(side).find(key);
        ladder(side).add_to_total(size - order.size);
        unlink(level, handle);
        order.size = size;
        append(level, handle);
        return applied(side, changes_best);
    }
    take_out(handle);
    order.size = size;
    order.put_at(side, key);
    append(ladder(side).open(key), handle);
    ladder(side).add_to_total(size);
    return applied(side, changes_best);
}

BookChange OrderBook::remove_order(std::uint64_t order_id) {
    const OrderHandle handle = slots_.find(order_id);
    if (handle == kNoOrder) return refuse(BookError::unknown_order);
    const OrderSlot& order = slots_[handle];
    const BookSide side = order.side();
    const bool at_best = order.key() == ladder(side).best_key();
    take_out(handle);
    slots_.erase(handle);
    return applied(side, at_best);
}

BookChange OrderBook::clear_side(BookSide side) {
    Ladder& levels = ladder(side);
    const bool had_any = !levels.empty();
    levels.visit([&](std::int64_t /*key*/, const Level& level) {
        for (OrderHandle handle = level.head; handle != kNoOrder;) {
            const OrderHandle next = slots_[handle].next;
            slots_.erase(handle);
            handle = next;
        }
        return true;
    });
    levels.clear();
    return applied(side, had_any);
}

void OrderBook::append(Level& level, OrderHandle handle) {
    OrderSlot& order = slots_[handle];
    order.next = kNoOrder;
    order.previous = level.tail;
    (level.tail != kNoOrder ? slots_[level.tail].next : level.head) = handle;
    level.tail = handle;
    level.quantity += order.size;
}

void OrderBook::unlink(Level& level, OrderHandle handle) {
    const OrderSlot& order = slots_[handle];
    (order.previous != kNoOrder ? slots_[order.previous].next : level.head) = order.next;
    (order.next != kNoOrder ? slots_[order.next].previous : level.tail) = order.previous;
    level.quantity -= order.size;
}

// Out of its queue and its level, not out of the table of ids.
void OrderBook::take_out(OrderHandle handle) {
    const OrderSlot& order = slots_[handle];
    const std::int64_t key = order.key();
    Ladder& levels = ladder(order.side());
    Level* const level = levels.find(key);
    MILLRACE_ASSERT(level != nullptr, "an order rests on no level");
    levels.add_to_total(-order.size);
    unlink(*level, handle);
    if (level->quantity == 0) levels.close(key);
}

}  // namespace millrace::market
