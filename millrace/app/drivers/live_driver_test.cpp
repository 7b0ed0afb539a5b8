#include "millrace/app/drivers/live_driver.hpp"

#include <gtest/gtest.h>
#include <map>

#include "millrace/app/drivers/order_echo.hpp"
#include "millrace/core/engine/census.hpp"
#include "millrace/edge/store/simulated_disk.hpp"

namespace millrace::drivers {
namespace {

// Remembers what came out; read from other threads under a lock.
class Recorder : public EffectHandler {
  public:
    void handle(const engine::Effect& effect, std::uint64_t /*sequence*/) override {
        const std::lock_guard guard(mutex_);
        if (effect.kind == engine::EffectKind::acknowledge)
            acknowledged_[effect.origin] = effect.origin_sequence;
        if (effect.kind == engine::EffectKind::send) ++sends_;
        if (effect.kind == engine::EffectKind::event) ++events_;
        changed_.notify_all();
    }
    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return condition(*this); });
    }
    std::map<engine::Origin, std::uint64_t> acknowledged_;
    int sends_ = 0;
    int events_ = 0;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

std::unique_ptr<engine::Engine> make_engine() {
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<OrderEcho>());
    components.push_back(std::make_unique<engine::Census>());
    return std::make_unique<engine::Engine>(std::move(components), 7);
}

std::unique_ptr<JournaledEngine> open(store::Disk& disk, EffectHandler& handler) {
    auto opened = JournaledEngine::open(disk, "journal", make_engine(), handler, {}, 1);
    EXPECT_TRUE(opened) << describe(opened.error());
    return std::move(*opened);
}

model::OrderIntent intent_of(engine::Origin origin, std::uint64_t number) {
    model::OrderIntent intent;
    intent.key = Text<128>::from(std::to_string(origin) + "-" + std::to_string(number)).value();
    intent.quantity = Quantity::whole(1);
    return intent;
}

void submit_until_taken(LiveDriver& driver, const engine::Record& record, engine::Origin origin,
                        std::uint64_t number) {
    while (!driver.try_submit(record, origin, number))
        std::this_thread::yield();
}

TEST(LiveDriver, Acknowledges_what_several_threads_submit_and_keeps_it_over_a_restart) {
    constexpr std::uint64_t kEach = 2'000;
    store::SimulatedDisk disk(1);
    Recorder recorder;
    std::uint64_t state_hash = 0;
    {
        LiveDriver driver(open(disk, recorder), [] { return Time(); },
                          {.queue_length = 64, .checkpoint_every = 500});
        std::vector<std::thread> clients;
        for (engine::Origin origin = 1; origin <= 3; ++origin)
            clients.emplace_back([&driver, origin] {
                for (std::uint64_t number = 1; number <= kEach; ++number) {
                    const auto intent = intent_of(origin, number);
                    submit_until_taken(driver, engine::record_of(intent), origin, number);
                }
            });
        for (std::thread& client : clients)
            client.join();
        EXPECT_TRUE(recorder.wait([&](const Recorder& seen) {
            return seen.acknowledged_ ==
                   std::map<engine::Origin, std::uint64_t>{{1, kEach}, {2, kEach}, {3, kEach}};
        }));
        ASSERT_TRUE(driver.stop());
        EXPECT_FALSE(driver.try_submit(engine::record_of(model::Clock{})));
        state_hash = driver.engine().state_hash();
    }
    EXPECT_EQ(recorder.sends_, 3 * static_cast<int>(kEach));
    const auto again = open(disk, recorder);
    EXPECT_TRUE(again->recovery().was_sealed);
    EXPECT_GT(again->recovery().checkpoints, 5U);
    EXPECT_EQ(again->engine().state_hash(), state_hash);
}

TEST(LiveDriver, Fires_timers_by_its_clock_without_any_input) {
    store::SimulatedDisk disk(2);
    Recorder recorder;
    std::atomic<std::int64_t> now_ns{0};
    LiveDriver driver(open(disk, recorder), [&] { return Time::from_ns(now_ns.load()); }, {});
    const auto intent = intent_of(1, 1);
    ASSERT_TRUE(driver.try_submit(engine::record_of(intent), 1, 1));
    ASSERT_TRUE(recorder.wait([](const Recorder& seen) { return seen.sends_ == 1; }));
    EXPECT_EQ(recorder.events_, 0);
    now_ns = Duration::seconds(1).ns();
    EXPECT_TRUE(recorder.wait([](const Recorder& seen) { return seen.events_ == 1; }));
    EXPECT_TRUE(driver.stop());
}

TEST(LiveDriver, Waits_out_a_full_disk_and_loses_nothing) {
    store::SimulatedDisk disk(3);
    Recorder recorder;
    LiveDriver driver(open(disk, recorder), [] { return Time(); },
                      {.retry_after = Duration::milliseconds(1)});
    disk.set_full(true);
    const auto intent = intent_of(1, 1);
    ASSERT_TRUE(driver.try_submit(engine::record_of(intent), 1, 1));
    while (!driver.trouble())
        std::this_thread::yield();
    EXPECT_EQ(driver.trouble()->why, "No space left on device");
    EXPECT_EQ(recorder.sends_, 0);
    disk.set_full(false);
    EXPECT_TRUE(recorder.wait([](const Recorder& seen) { return seen.sends_ == 1; }));
    EXPECT_TRUE(driver.stop());
    EXPECT_FALSE(driver.trouble());
}

TEST(LiveDriver, Reports_a_disk_that_stays_full_when_it_stops) {
    store::SimulatedDisk disk(4);
    Recorder recorder;
    LiveDriver driver(open(disk, recorder), [] { return Time(); },
                      {.retry_after = Duration::milliseconds(1)});
    disk.set_full(true);
    const auto intent = intent_of(1, 1);
    ASSERT_TRUE(driver.try_submit(engine::record_of(intent), 1, 1));
    while (!driver.trouble())
        std::this_thread::yield();
    const auto stopped = driver.stop();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().why, "No space left on device");
    EXPECT_EQ(recorder.sends_, 0);
}

}  // namespace
}  // namespace millrace::drivers
