// Random streams of orders against a model of the same rules that is written the long way. A
// stream has new limits, prices, orders of all kinds and whatever a venue may answer. A million of
// them run in an optimised build, in some fifteen seconds; more, with other seeds, by
//   --gtest_filter='GuardianStreams.*' --gtest_repeat=20 --gtest_shuffle
#include <gtest/gtest.h>
#include <numeric>

#include "millrace/base/random.hpp"
#include "millrace/core/risk/test_guard.hpp"

namespace millrace::risk {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MILLRACE_IS_SLOW_BUILD 1
#endif
#endif
#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MILLRACE_IS_SLOW_BUILD 1
#endif

#ifdef MILLRACE_IS_SLOW_BUILD
constexpr int kStreams = 10'000;
#else
constexpr int kStreams = 1'000'000;
#endif
constexpr int kStreamsOfRun = 2'000;  // with one guardian, which remembers
constexpr std::int64_t kEquity = 100'000;

struct Working {
    model::Order order;
    std::int64_t left = 0;
};

// Whole units and dollars throughout; two instruments, one strategy.
class Stream {
  public:
    Stream(GuardRun& run, Random& random) : run_(run), random_(random) {
        for (std::int64_t* limit : {&position_max_, &order_max_})
            *limit = one_to(200);
        notional_max_ = one_to(20'000);
        gross_max_ = one_to(40'000);
        net_percent_ = one_to(40);
        rate_max_ = one_to(12);
        set("max-position", position_max_);
        set("max-order-qty", order_max_);
        set("max-order-notional", notional_max_);
        set("gross-exposure-amount", gross_max_);
        run_.command(
            "set-limit", "global",
            ("net-exposure " + Ratio::from_raw(net_percent_ * Ratio::kOne / 100).to_string())
                .c_str());
        set("strategy-order-rate", rate_max_);
        move_price(0);
        move_price(1);
    }

    void play() {
        for (int i = 0; i < 10; ++i) {
            run_.now = run_.now + Duration::milliseconds(one_to(400));
            if (one_to(4) == 1) move_price(static_cast<std::size_t>(one_to(2) - 1));
            order();
            if (one_to(2) == 1) follow();
        }
        finish();
    }
    std::uint64_t accepted = 0;

  private:
    struct Bounds {
        std::int64_t highest = 0;
        std::int64_t lowest = 0;
        [[nodiscard]] std::int64_t largest() const {
            return std::max(std::abs(highest), std::abs(lowest));
        }
    };

    std::int64_t one_to(std::int64_t most) {
        return 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most)));
    }
    void set(const char* limit, std::int64_t value) {
        run_.command("set-limit", "global",
                     (std::string(limit) + " " + std::to_string(value)).c_str());
    }
    void move_price(std::size_t instrument) {
        price_[instrument] = 49 + one_to(100);
        const std::string text = std::to_string(price_[instrument]);
        run_.quote(text.c_str(), text.c_str(), static_cast<std::uint32_t>(instrument));
    }

    // By all the ways in which what works may deal: a reducing order never crosses zero.
    [[nodiscard]] Bounds bounds(std::size_t instrument, const Working* more = nullptr) const {
        Bounds bounds{held_[instrument], held_[instrument]};
        std::int64_t closing_up = 0;
        std::int64_t closing_down = 0;
        const auto count = [&](const Working& one) {
            if (one.order.instrument.value() != instrument) return;
            const bool buys = one.order.side == Side::buy;
            if (one.order.reduce_only)
                (buys ? closing_up : closing_down) += one.left;
            else if (buys)
                bounds.highest += one.left;
            else
                bounds.lowest -= one.left;
        };
        for (const Working& one : working_)
            count(one);
        if (more != nullptr) count(*more);
        const std::int64_t held = held_[instrument];
        if (held < 0) bounds.highest += std::min(closing_up, -held);
        if (held > 0) bounds.lowest -= std::min(closing_down, held);
        return bounds;
    }
    [[nodiscard]] std::int64_t gross(const Working* more = nullptr) const {
        return bounds(0, more).largest() * price_[0] + bounds(1, more).largest() * price_[1];
    }
    [[nodiscard]] std::int64_t net(const Working* more = nullptr) const {
        const Bounds a = bounds(0, more);
        const Bounds b = bounds(1, more);
        return std::max(std::abs(a.highest * price_[0] + b.highest * price_[1]),
                        std::abs(a.lowest * price_[0] + b.lowest * price_[1]));
    }
    [[nodiscard]] bool shrinks(const Working& one) const {
        const std::size_t instrument = one.order.instrument.value();
        const std::int64_t held = held_[instrument];
        if (one.order.side == Side::sell ? held <= 0 : held >= 0) return false;
        if (one.order.reduce_only) return one.left <= std::abs(held);
        const Bounds now = bounds(instrument);
        return one.left <= (held > 0 ? now.lowest : -now.highest);
    }

    // The first rule that the order breaks.
    [[nodiscard]] std::string judged(const Working& one) const {
        const std::size_t instrument = one.order.instrument.value();
        const std::int64_t price =
            one.order.side == Side::buy && one.order.limit_price.has_value()
                ? one.order.limit_price.value().raw() / Price::kOne
            : one.order.limit_price.has_value()
                ? std::max(price_[instrument], one.order.limit_price.value().raw() / Price::kOne)
                : price_[instrument];
        if (one.left > order_max_) return "MAX_ORDER_QTY";
        if (one.left * price > notional_max_) return "MAX_ORDER_NOTIONAL";
        const auto recent = std::count_if(asked_.begin(), asked_.end(), [&](Time time) {
            return run_.now - time < Duration::seconds(1);
        });
        if (recent > rate_max_) return "ORDER_RATE";
        const std::int64_t before = bounds(instrument).largest();
        const std::int64_t after = bounds(instrument, &one).largest();
        if (after > before && after > position_max_) return "MAX_POSITION";
        if (after > before && gross(&one) > gross_max_) return "GROSS_EXPOSURE";
        if (!shrinks(one) && net(&one) > net() && net(&one) * 100 > net_percent_ * kEquity)
            return "NET_EXPOSURE";
        return "";
    }

    void order() {
        Working one;
        one.left = one_to(100);
        one.order = run_.order(one_to(2) == 1 ? Side::buy : Side::sell, one.left);
        one.order.instrument = InstrumentId(static_cast<std::uint32_t>(one_to(2) - 1));
        if (one_to(3) == 1) {
            one.order.type = OrderType::limit;
            one.order.limit_price = Price::whole(49 + one_to(100));
        }
        one.order.reduce_only = one_to(6) == 1;
        asked_.push_back(run_.now);
        const std::string expected = judged(one);
        ASSERT_EQ(run_.ask(one.order), expected);
        if (!expected.empty()) return;
        working_.push_back(one);
        ++accepted;
    }

    void follow() {
        if (working_.empty()) return;
        const std::size_t at = random_.below(working_.size());
        Working& one = working_[at];
        std::int64_t& held = held_[one.order.instrument.value()];
        const bool buys = one.order.side == Side::buy;
        std::int64_t some = one_to(one.left);
        if (one.order.reduce_only)  // as a venue does
            some = std::min(
                some, buys ? std::max<std::int64_t>(-held, 0) : std::max<std::int64_t>(held, 0));
        const bool ends = one_to(3) == 1 || some == one.left || some == 0;
        const std::int64_t asked = one.order.quantity.raw() / Quantity::kOne;
        if (ends && one_to(2) == 1 && some > 0)  // the end may be told before the deal
            run_.report(one.order, OrderStatus::cancelled, asked - one.left + some);
        if (some > 0) run_.deal(one.order, some);
        held += buys ? some : -some;
        one.left -= some;
        ASSERT_LE(std::abs(held), position_max_);
        if (!ends) return;
        run_.report(one.order, OrderStatus::cancelled, asked - one.left);
        working_.erase(working_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    // Flat again, with nothing working.
    void finish() {
        for (const Working& one : working_)
            run_.report(one.order, OrderStatus::cancelled,
                        one.order.quantity.raw() / Quantity::kOne - one.left);
        run_.hold(-held_[0], 0);
        run_.hold(-held_[1], 1);
        run_.now = run_.now + Duration::seconds(2);
        run_.orders.clear();
        run_.alerts.clear();
        ASSERT_EQ(run_.guardian->working_count(), 0U);
    }

    GuardRun& run_;
    Random& random_;
    std::array<std::int64_t, 2> price_{};
    std::array<std::int64_t, 2> held_{};
    std::vector<Working> working_;
    std::vector<Time> asked_;
    std::int64_t position_max_ = 0;
    std::int64_t order_max_ = 0;
    std::int64_t notional_max_ = 0;
    std::int64_t gross_max_ = 0;
    std::int64_t net_percent_ = 0;
    std::int64_t rate_max_ = 0;
};

TEST(GuardianStreams, Never_exceed_a_limit_and_are_never_refused_for_nothing) {
    const auto seed = static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed());
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed + 1);
    std::uint64_t accepted = 0;
    for (int done = 0; done < kStreams; done += kStreamsOfRun) {
        GuardRun run;
        run.open();
        for (int i = 0; i < kStreamsOfRun; ++i) {
            Stream stream(run, random);
            stream.play();
            accepted += stream.accepted;
            if (HasFatalFailure()) FAIL() << "stream " << done + i;
        }
        ASSERT_TRUE(run.is_sound());
    }
    EXPECT_GT(accepted, static_cast<std::uint64_t>(kStreams));
}

}  // namespace
}  // namespace millrace::risk
