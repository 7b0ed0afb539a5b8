#include "millrace/app/drivers/journaled_engine.hpp"

#include <gtest/gtest.h>

#include "millrace/app/drivers/journal_tools.hpp"
#include "millrace/core/engine/census.hpp"
#include "millrace/edge/store/simulated_disk.hpp"

namespace millrace::drivers {
namespace {

class Nobody : public EffectHandler {
  public:
    void handle(const engine::Effect& /*effect*/, std::uint64_t /*sequence*/) override {}
};

Result<std::unique_ptr<JournaledEngine>> open_journal(store::Disk& disk) {
    static Nobody nobody;
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<engine::Census>());
    return JournaledEngine::open(
        disk, "journal", std::make_unique<engine::Engine>(std::move(components), 1), nobody, {}, 1);
}

bool submit_clock(JournaledEngine& system, std::int64_t ns) {
    model::Clock clock;
    clock.known_at = Time::from_ns(ns);
    return system.submit(engine::record_of(clock));
}

TEST(JournaledEngine, Refuses_a_journal_that_another_writes) {
    store::SimulatedDisk disk(1);
    auto first = open_journal(disk);
    ASSERT_TRUE(first) << describe(first.error());
    const auto second = open_journal(disk);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().what, "another process is writing here");
    EXPECT_EQ(second.error().where, "journal/lock");
    ASSERT_TRUE((*first)->close());
    first->reset();
    EXPECT_TRUE(open_journal(disk));
}

TEST(JournaledEngine, Is_not_mended_while_it_writes) {
    store::SimulatedDisk disk(1);
    auto system = open_journal(disk);
    ASSERT_TRUE(system) << describe(system.error());
    ASSERT_TRUE(submit_clock(**system, 5));
    ASSERT_TRUE((*system)->commit());
    // A second segment whose making was interrupted.
    ASSERT_TRUE(disk.open("journal/00000002.journal", store::Disk::Access::create));

    const auto refused = verify_journal(disk, "journal");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, "another process is writing here");
    ASSERT_TRUE(disk.open("journal/00000002.journal", store::Disk::Access::read));

    system->reset();
    const auto mended = verify_journal(disk, "journal");
    ASSERT_TRUE(mended) << describe(mended.error());
    EXPECT_EQ(mended->end.unborn_segment, "journal/00000002.journal");
    EXPECT_EQ(mended->replay.applied, 1U);
    EXPECT_FALSE(disk.open("journal/00000002.journal", store::Disk::Access::read));
}

}  // namespace
}  // namespace millrace::drivers
