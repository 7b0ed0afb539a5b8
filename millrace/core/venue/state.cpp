// The venue's state as bytes. Orders are saved by their numbers and in their order, never by the
// slots they happen to stand in, so a loaded venue saves the same bytes again.
#include <algorithm>

#include "millrace/core/venue/exchange.hpp"

namespace millrace::venue {

void SimulatedExchange::save_market(const MarketState& market, engine::StateWriter& writer) const {
    writer.put(market.priced_at);
    for (const std::int64_t number :
         {market.bid, market.ask, market.bid_size, market.ask_size, market.bid_left,
          market.ask_left, market.volume, market.last_trade})
        writer.put(number);
    writer.put(market.feed);
    writer.put(market.has_traded);
    writer.put(market.bar_opened_at);
    writer.put(market.bar_closed_at);
    writer.put(market.bar_step);
    writer.put(market.bar_basis);
    writer.put(std::uint64_t{market.taken.size()});
    for (const TakenLevel& level : market.taken)
        writer.put(level);
    writer.put(std::uint64_t{market.positions.size()});
    for (const Position& position : market.positions)
        writer.put(position);
    writer.put(market.book != nullptr);
    if (market.book == nullptr) return;
    writer.put(market.book_of_orders);
    market.book->save(writer);
}

void SimulatedExchange::load_market(MarketState& market, engine::StateReader& reader) {
    market.priced_at = reader.get<Time>();
    for (std::int64_t* number :
         {&market.bid, &market.ask, &market.bid_size, &market.ask_size, &market.bid_left,
          &market.ask_left, &market.volume, &market.last_trade})
        *number = reader.get<std::int64_t>();
    market.feed = reader.get<Feed>();
    market.has_traded = reader.get<bool>();
    market.bar_opened_at = reader.get<Time>();
    market.bar_closed_at = reader.get<Time>();
    market.bar_step = reader.get<std::uint64_t>();
    market.bar_basis = reader.get<std::uint64_t>();
    market.taken.clear();
    const auto taken = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < taken && !reader.failed(); ++i)
        market.taken.push_back(reader.get<TakenLevel>());
    market.positions.clear();
    const auto positions = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < positions && !reader.failed(); ++i)
        market.positions.push_back(reader.get<Position>());
    market.book = nullptr;
    if (reader.get<bool>()) {
        market.book_of_orders = reader.get<bool>();
        market.book = make_book(market.id, Price::from_raw(market.tick), market.book_of_orders);
        market.book->load(reader);
    }
    market.first = market.last = kNoHandle;
    market.dirty = true;
}

void SimulatedExchange::save(engine::StateWriter& writer) const {
    writer.put(now_);
    writer.put(last_report_);
    writer.put(datum_);
    writer.put(ordinals_);
    writer.put(fills_);
    writer.put(fractions_);
    writer.put(random_);
    fees_.save(writer);
    writer.put(std::uint64_t{markets_.size()});
    for (const MarketState& market : markets_)
        save_market(market, writer);
    const std::vector<Handle> orders = pool_.sorted();
    writer.put(std::uint64_t{orders.size()});
    for (const Handle handle : orders) {
        const Slot& slot = pool_[handle];
        writer.put(slot.order);
        writer.put(slot.life);
        const bool has_parent = slot.parent != kNoHandle;
        writer.put(has_parent ? pool_[slot.parent].order.order_id : std::uint64_t{0});
    }
    const std::vector<Handle> over = pool_.buried();
    writer.put(std::uint64_t{over.size()});
    for (const Handle handle : over)
        writer.put(pool_[handle].order.order_id);
    writer.put(std::uint64_t{requests_.size()});
    for (std::size_t i = 0; i < requests_.size(); ++i)
        writer.put(requests_.at(i));
    writer.put(buying_power_ != nullptr);
    if (buying_power_ != nullptr) buying_power_->save(writer);
    writer.put(credit_ != nullptr);
    if (credit_ == nullptr) return;
    writer.put(liquidations_);
    std::vector<Accrual> accruals = accruals_;
    std::sort(accruals.begin(), accruals.end());
    writer.put(std::uint64_t{accruals.size()});
    for (const Accrual& accrual : accruals)
        writer.put(accrual);
    credit_->save(writer);
}

void SimulatedExchange::load_orders(engine::StateReader& reader) {
    pool_.clear();
    expiries_.clear();
    std::vector<Handle> working;
    const auto count = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const auto order = reader.get<model::Order>();
        const auto life = reader.get<Life>();
        const auto parent = reader.get<std::uint64_t>();
        if (reader.failed() || pool_.find(order.order_id) != kNoHandle ||
            order.instrument.value() >= markets_.size())
            continue;
        const Handle handle = pool_.add(order, life.ordinal);
        pool_[handle].life = life;
        if (life.group_dealt > pool_.group_dealt(order.group_id)) {
            pool_[handle].life.group_dealt = 0;
            pool_.note_group_deal(handle, life.group_dealt - pool_.group_dealt(order.group_id));
        }
        if (parent != 0 && pool_.find(parent) != kNoHandle) pool_.adopt(pool_.find(parent), handle);
        if (life.stage == Stage::held || life.stage == Stage::over) continue;
        working.push_back(handle);
        if (life.expiry < Time::latest())
            expiries_.add({life.expiry, life.ordinal, order.order_id});
    }
    const auto over = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < over && !reader.failed(); ++i) {
        const Handle handle = pool_.find(reader.get<std::uint64_t>());
        if (handle != kNoHandle && pool_[handle].is_over()) pool_.bury(handle);
    }
    std::sort(working.begin(), working.end(), [this](Handle a, Handle b) {
        return pool_[a].life.priority < pool_[b].life.priority;
    });
    for (const Handle handle : working)
        link(handle, market_of(pool_[handle]));
}

void SimulatedExchange::load_credit(engine::StateReader& reader) {
    const bool has_credit = reader.get<bool>();
    MILLRACE_ASSERT(reader.failed() || has_credit == (credit_ != nullptr),
                    "a saved venue needs the credit desk it was saved with");
    accruals_.clear();
    if (credit_ == nullptr) return;
    liquidations_ = reader.get<std::uint64_t>();
    const auto accruals = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < accruals && !reader.failed(); ++i)
        accruals_.push_back(reader.get<Accrual>());
    credit_->load(reader);
}

void SimulatedExchange::load(engine::StateReader& reader) {
    now_ = reader.get<Time>();
    last_report_ = reader.get<Time>();
    datum_ = reader.get<std::uint64_t>();
    ordinals_ = reader.get<std::uint64_t>();
    fills_ = reader.get<std::uint64_t>();
    fractions_ = reader.get<std::uint64_t>();
    random_ = reader.get<Random>();
    fees_.load(reader);
    const auto markets = reader.get<std::uint64_t>();
    MILLRACE_ASSERT(reader.failed() || markets == markets_.size(),
                    "a saved venue needs the instruments it was saved with");
    for (MarketState& market : markets_)
        load_market(market, reader);
    load_orders(reader);
    requests_.clear();
    const auto requests = reader.get<std::uint64_t>();
    for (std::uint64_t i = 0; i < requests && !reader.failed(); ++i)
        requests_.push(reader.get<Request>());
    const bool has_buying_power = reader.get<bool>();
    MILLRACE_ASSERT(reader.failed() || has_buying_power == (buying_power_ != nullptr),
                    "a saved venue needs the buying power it was saved with");
    if (buying_power_ != nullptr) buying_power_->load(reader);
    load_credit(reader);
    inside_bar_ = false;
    find_next_due();
}

}  // namespace millrace::venue
