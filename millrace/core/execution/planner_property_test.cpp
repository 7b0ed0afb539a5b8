#include <algorithm>
#include <deque>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"
#include "millrace/core/execution/test_plans.hpp"

namespace millrace::execution {
namespace {

constexpr std::int64_t kMaximum = 25;
constexpr int kSeeds = 600;
constexpr int kSteps = 120;

// A venue that deals, rejects and cancels when it likes, in parts, and reports before or after the
// deal. It keeps to what every venue keeps to: children wait for their parent's deals, what may
// only reduce never does more, and an order that deals takes the same off the others of its group.
class WilfulVenue {
  public:
    WilfulVenue(PlanRun& run, Random& random) : run_(run), random_(random) {}

    void step() {
        for (; heard_ < run_.sent.size(); ++heard_)
            live_.push_back({run_.sent[heard_], 0});
        if (live_.empty()) return;
        const std::size_t at = random_.below(live_.size());
        if (random_.one_in(6))
            end(at, random_.one_in(2) ? OrderStatus::cancelled : OrderStatus::rejected);
        else
            deal(at);
    }
    void cancel_some() {
        for (; cancelled_ < run_.cancels.size() && !random_.one_in(3); ++cancelled_)
            for (std::size_t i = 0; i < live_.size(); ++i)
                if (live_[i].order.order_id == run_.cancels[cancelled_]) {
                    end(i, OrderStatus::cancelled);
                    break;
                }
    }
    [[nodiscard]] std::int64_t position() const { return position_; }

  private:
    struct Live {
        model::Order order;
        std::int64_t filled = 0;
    };
    [[nodiscard]] std::int64_t asked(const Live& live) const {
        return live.order.quantity.raw() / Quantity::kOne;
    }
    [[nodiscard]] std::int64_t dealable(const Live& live) const {
        std::int64_t left = asked(live) - live.filled;
        if (live.order.parent_id != 0)
            left = std::min(left, dealt_of(live.order.parent_id) - live.filled);
        if (!live.order.reduce_only) return left;
        return std::min(left, live.order.side == Side::buy ? -position_ : position_);
    }
    [[nodiscard]] std::int64_t dealt_of(std::uint64_t order_id) const {
        const auto at = std::find_if(dealt_.begin(), dealt_.end(),
                                     [&](const auto& entry) { return entry.first == order_id; });
        return at == dealt_.end() ? 0 : at->second;
    }
    void end(std::size_t at, OrderStatus status) {
        const Live live = live_[at];
        live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(at));
        run_.report(live.order, status, Quantity::whole(live.filled));
    }
    void deal(std::size_t at) {
        Live& live = live_[at];
        const std::int64_t most = dealable(live);
        if (most <= 0) {
            if (live.order.reduce_only && live.order.parent_id == 0)
                end(at, OrderStatus::cancelled);
            return;
        }
        const std::int64_t dealt = random_.between(1, most);
        live.filled += dealt;
        position_ += live.order.side == Side::buy ? dealt : -dealt;
        dealt_.emplace_back(live.order.order_id, 0);
        for (auto& [order_id, total] : dealt_)
            if (order_id == live.order.order_id) total += dealt;
        const Live told = live;
        const bool is_whole = told.filled == asked(told);
        if (is_whole) live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(at));
        const auto status = is_whole ? OrderStatus::filled : OrderStatus::partially_filled;
        const bool reports_first = random_.one_in(2);
        if (reports_first) run_.report(told.order, status, Quantity::whole(told.filled));
        // Whatever the strategy says in between, the deal is known at the venue only.
        if (reports_first && random_.one_in(2))
            (void)run_.give(random_.one_in(2) ? SignalAction::buy : SignalAction::sell);
        run_.fill(told.order, Quantity::whole(dealt));
        if (!reports_first) run_.report(told.order, status, Quantity::whole(told.filled));
        if (told.order.group_id != 0) reduce_siblings(told.order, dealt);
    }
    void reduce_siblings(const model::Order& dealer, std::int64_t dealt) {
        for (std::size_t i = 0; i < live_.size(); ++i) {
            Live& live = live_[i];
            if (live.order.group_id != dealer.group_id || live.order.order_id == dealer.order_id)
                continue;
            if (asked(live) - live.filled <= dealt) return end(i, OrderStatus::cancelled);
            live.order.quantity = Quantity::whole(asked(live) - dealt);
            run_.report(live.order, OrderStatus::accepted, Quantity::whole(live.filled));
            return;
        }
    }

    PlanRun& run_;
    Random& random_;
    std::deque<Live> live_;
    std::vector<std::pair<std::uint64_t, std::int64_t>> dealt_;
    std::size_t heard_ = 0;
    std::size_t cancelled_ = 0;
    std::int64_t position_ = 0;
};

model::Signal any_signal(Random& random) {
    model::Signal wish = signal(static_cast<SignalAction>(random.below(4)));
    if (random.one_in(2)) wish.quantity = Quantity::whole(random.between(1, 40));
    const std::int64_t away = wish.action == SignalAction::buy ? -1 : 1;
    wish.price = Price::whole(100 + random.between(-3, 3));
    if (random.one_in(2)) wish.stop_loss = Price::whole(100 + away * random.between(2, 20));
    if (random.one_in(2)) wish.take_profit = Price::whole(100 - away * random.between(2, 20));
    return wish;
}

PlanSettings any_settings(Random& random) {
    PlanSettings settings = plan();
    settings.quantity = Quantity::whole(random.between(1, 40));
    settings.quantity_max = Quantity::whole(kMaximum);
    settings.entry = static_cast<EntryKind>(random.below(3));
    settings.reverses = random.one_in(2);
    settings.pyramids = random.one_in(2);
    return settings;
}

TEST(PlannerProperty, The_position_never_exceeds_the_maximum_whatever_venue_and_strategy_do) {
    std::uint64_t entries = 0;
    std::int64_t largest = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Random random(static_cast<std::uint64_t>(seed));
        PlanRun run(any_settings(random));
        run.quote("99.5", "100.5");
        WilfulVenue venue(run, random);
        std::uint64_t signals = 0;
        for (int i = 0; i < kSteps; ++i) {
            if (random.one_in(3)) (void)run.give(any_signal(random));
            venue.cancel_some();
            venue.step();
            ASSERT_LE(std::abs(venue.position()), kMaximum);
            ASSERT_EQ(run.position(), Quantity::whole(venue.position()));
            largest = std::max(largest, std::abs(venue.position()));
        }
        ASSERT_TRUE(run.engine->stopped().empty());
        for (const std::uint64_t count : run.planner->counts().outcomes)
            signals += count;
        ASSERT_GT(signals, 0U);
        entries += run.planner->counts().entries;
    }
    EXPECT_EQ(largest, kMaximum);  // or the maximum was never put to the test
    EXPECT_GT(entries, 5'000U);
}

}  // namespace
}  // namespace millrace::execution
