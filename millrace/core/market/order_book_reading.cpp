// Reading a book, saving it and checking it; none of this is on the path of an update.
#include <algorithm>

#include "millrace/core/market/order_book.hpp"

namespace millrace::market {

std::uint64_t BookCounters::refused_count() const {
    std::uint64_t count = 0;
    for (const std::uint64_t of_error : refused)
        count += of_error;
    return count;
}

std::optional<BookLevel> OrderBook::best(BookSide side) const {
    const Ladder& levels = ladder(side);
    if (levels.empty()) return std::nullopt;
    const Level& level = levels.best();
    return BookLevel{price_of(side, levels.best_key()), Quantity::from_raw(level.quantity)};
}

std::size_t OrderBook::depth(BookSide side, std::span<BookLevel> levels) const {
    std::size_t count = 0;
    if (levels.empty()) return count;
    ladder(side).visit([&](std::int64_t key, const Level& level) {
        levels[count++] = {price_of(side, key), Quantity::from_raw(level.quantity)};
        return count < levels.size();
    });
    return count;
}

Quantity OrderBook::size_at(BookSide side, Price price) const {
    const Place place = place_of(side, price);
    if (place.error != BookError::none) return {};
    const Level* const level = ladder(side).find(place.key);
    return level == nullptr ? Quantity() : Quantity::from_raw(level->quantity);
}

Quantity OrderBook::total_size(BookSide side) const {
    return Quantity::from_raw(ladder(side).total());
}

std::optional<RestingOrder> OrderBook::find_order(std::uint64_t order_id) const {
    const OrderHandle handle = slots_.find(order_id);
    if (handle == kNoOrder) return std::nullopt;
    const OrderSlot& order = slots_[handle];
    return RestingOrder{order.id, price_of(order.side(), order.key()),
                        Quantity::from_raw(order.size), order.side()};
}

std::optional<QueuePosition> OrderBook::queue_position(std::uint64_t order_id) const {
    const OrderHandle handle = slots_.find(order_id);
    if (handle == kNoOrder) return std::nullopt;
    std::int64_t ahead = 0;
    std::uint32_t orders = 0;
    for (OrderHandle at = slots_[handle].previous; at != kNoOrder; at = slots_[at].previous) {
        ahead += slots_[at].size;
        ++orders;
    }
    return QueuePosition{Quantity::from_raw(ahead), orders};
}

std::size_t OrderBook::orders_at(BookSide side, Price price, std::span<RestingOrder> orders) const {
    const Place place = place_of(side, price);
    const Level* const level =
        place.error == BookError::none ? ladder(side).find(place.key) : nullptr;
    if (level == nullptr) return 0;
    std::size_t count = 0;
    for (OrderHandle at = level->head; at != kNoOrder && count < orders.size();
         at = slots_[at].next)
        orders[count++] = {slots_[at].id, price, Quantity::from_raw(slots_[at].size), side};
    return count;
}

std::size_t OrderBook::order_count(BookSide side, Price price) const {
    const Place place = place_of(side, price);
    const Level* const level =
        place.error == BookError::none ? ladder(side).find(place.key) : nullptr;
    return level == nullptr ? 0 : queue_length(*level);
}

std::size_t OrderBook::queue_length(const Level& level) const {
    std::size_t count = 0;
    for (OrderHandle at = level.head; at != kNoOrder; at = slots_[at].next)
        ++count;
    return count;
}

BookWalk OrderBook::walk(BookSide side, Quantity quantity, Maybe<Price> limit) const {
    MILLRACE_ASSERT(!quantity.is_negative(), "a negative quantity walks through no book");
    std::int64_t left = quantity.raw();
    int128 value = 0;  // at most 2^63 of quantity times 2^62 of price
    BookWalk result;
    if (left == 0) return result;
    ladder(side).visit([&](std::int64_t key, const Level& level) {
        const Price price = price_of(side, key);
        if (limit.has_value() &&
            (side == BookSide::ask ? price > limit.value() : price < limit.value()))
            return false;
        const std::int64_t taken = std::min(left, level.quantity);
        value += int128{price.raw()} * taken;
        left -= taken;
        result.worst = price;
        return left > 0;
    });
    result.filled = Quantity::from_raw(quantity.raw() - left);
    if (!result.filled.is_zero())
        result.average = Price::from_raw(static_cast<std::int64_t>(
            divide_rounded(value, result.filled.raw(), Rounding::half_even)));
    return result;
}

// Levels from best to worst, orders as they queue: the same book has the same bytes, wherever its
// window stands.
void OrderBook::save(engine::StateWriter& writer) const {
    writer.put(instrument_);
    writer.put(kind_);
    writer.put(scale_.increment());
    writer.put(counters_);
    for (const BookSide side : {BookSide::bid, BookSide::ask}) {
        writer.put(std::uint64_t{level_count(side)});
        ladder(side).visit([&](std::int64_t key, const Level& level) {
            writer.put(key);
            writer.put(static_cast<std::uint32_t>(queue_length(level)));
            if (level.head == kNoOrder) writer.put(level.quantity);
            for (OrderHandle at = level.head; at != kNoOrder; at = slots_[at].next) {
                writer.put(slots_[at].id);
                writer.put(slots_[at].size);
            }
            return true;
        });
    }
}

void OrderBook::load(engine::StateReader& reader) {
    clear();
    const auto instrument = reader.get<InstrumentId>();
    const auto kind = reader.get<BookKind>();
    const auto increment = reader.get<Price>();
    bool good = instrument == instrument_ && kind == kind_ && increment == scale_.increment();
    counters_ = reader.get<BookCounters>();
    for (const BookSide side : {BookSide::bid, BookSide::ask}) {
        const auto levels = reader.get<std::uint64_t>();
        for (std::uint64_t i = 0; i < levels && good && !reader.failed(); ++i)
            good = load_level(side, reader);
    }
    if (!good) (void)reader.take(SIZE_MAX);  // marks the reader failed, which its owner asks for
    crossed_ = !ladders_[0].empty() && !ladders_[1].empty() &&
               ladders_[0].best_key() >= -ladders_[1].best_key();
}

bool OrderBook::load_level(BookSide side, engine::StateReader& reader) {
    const auto key = reader.get<std::int64_t>();
    const auto orders = reader.get<std::uint32_t>();
    if (!scale_.is_tick_in_range(key) || ladder(side).find(key) != nullptr) return false;
    if ((orders != 0) != (kind_ == BookKind::orders)) return false;
    const auto add_up = [&](std::int64_t size) {
        const bool good = size > 0 && fits(side, size);
        if (good) ladder(side).add_to_total(size);
        return good;
    };
    if (orders == 0) {
        const auto size = reader.get<std::int64_t>();
        if (!add_up(size)) return false;
        ladder(side).open(key).quantity = size;
        return true;
    }
    for (std::uint32_t i = 0; i < orders; ++i) {
        const auto id = reader.get<std::uint64_t>();
        const auto size = reader.get<std::int64_t>();
        if (reader.failed() || !add_up(size)) return false;
        const OrderHandle handle = slots_.insert(id);
        if (handle == kNoOrder) return false;
        slots_[handle].size = size;
        slots_[handle].put_at(side, key);
        append(ladder(side).open(key), handle);
    }
    return true;
}

void OrderBook::check_invariants() const {
    std::size_t orders = 0;
    for (const BookSide side : {BookSide::bid, BookSide::ask}) {
        ladder(side).check_invariants();
        int128 total = 0;
        ladder(side).visit([&](std::int64_t key, const Level& level) {
            MILLRACE_ASSERT(level.quantity > 0, "a level without quantity is listed");
            total += level.quantity;
            check_queue(side, key, level);
            orders += queue_length(level);
            return true;
        });
        MILLRACE_ASSERT(total == total_size(side).raw(), "a side's total is not its levels' sum");
    }
    MILLRACE_ASSERT(orders == slots_.size(), "an order is on no level");
    const auto bid = best_bid();
    const auto ask = best_ask();
    const bool crossed = bid && ask && bid->price >= ask->price;
    MILLRACE_ASSERT(crossed == crossed_, "a crossed book does not say so");
}

void OrderBook::check_queue(BookSide side, std::int64_t key, const Level& level) const {
    if (kind_ != BookKind::orders) {
        MILLRACE_ASSERT(level.head == kNoOrder, "a level with orders");
        return;
    }
    int128 quantity = 0;
    OrderHandle previous = kNoOrder;
    for (OrderHandle at = level.head; at != kNoOrder; at = slots_[at].next) {
        const OrderSlot& order = slots_[at];
        MILLRACE_ASSERT(order.size > 0, "an order without size rests");
        MILLRACE_ASSERT(order.key() == key && order.side() == side, "an order on another's level");
        MILLRACE_ASSERT(order.previous == previous, "a queue with a wrong link back");
        MILLRACE_ASSERT(slots_.find(order.id) == at, "an order is not found by its id");
        quantity += order.size;
        previous = at;
    }
    MILLRACE_ASSERT(level.tail == previous, "a queue does not end at its tail");
    MILLRACE_ASSERT(quantity == level.quantity, "a level's quantity is not its orders' sum");
}

}  // namespace millrace::market
