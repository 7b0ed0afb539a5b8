#include "millrace/app/drivers/journaled_engine.hpp"

#include <gtest/gtest.h>

#include "millrace/app/drivers/journal_tools.hpp"
#include "millrace/core/engine/census.hpp"
#include "millrace/edge/store/simulated_disk.hpp"

namespace millrace::drivers {
namespace {

// Writes down what it is told, in order.
class Listener : public EffectHandler {
  public:
    void handle(const engine::Effect& effect, std::uint64_t sequence) override {
        if (effect.kind == engine::EffectKind::acknowledge)
            heard_.push_back("answer " + std::to_string(sequence));
    }
    void on_durable(std::uint64_t sequence) override {
        heard_.push_back("durable " + std::to_string(sequence));
    }
    Result<void> may_snapshot(std::uint64_t sequence) override {
        heard_.push_back("snapshot? " + std::to_string(sequence));
        if (allows_) return {};
        return failure(ErrorCode::timeout, "the ledger is behind", {}, {}, "try again");
    }
    void on_group(std::uint64_t sequence) override {
        if (hears_groups_) heard_.push_back("group " + std::to_string(sequence));
    }
    void on_applied(const engine::Effect& request, std::uint64_t sequence) override {
        if (hears_syncs_)
            heard_.push_back("request " + std::to_string(request.origin_sequence) + " is " +
                             std::to_string(sequence));
    }
    void on_synced(std::uint64_t sequence) override {
        if (hears_syncs_) heard_.push_back("synced " + std::to_string(sequence));
    }
    bool hears_groups_ = false;
    bool hears_syncs_ = false;
    std::vector<std::string> take() { return std::exchange(heard_, {}); }
    bool allows_ = true;

  private:
    std::vector<std::string> heard_;
};

using Heard = std::vector<std::string>;

class Nobody : public EffectHandler {
  public:
    void handle(const engine::Effect& /*effect*/, std::uint64_t /*sequence*/) override {}
};

Result<std::unique_ptr<JournaledEngine>> open_journal(store::Disk& disk, EffectHandler& handler) {
    std::vector<std::unique_ptr<engine::Component>> components;
    components.push_back(std::make_unique<engine::Census>());
    return JournaledEngine::open(disk, "journal",
                                 std::make_unique<engine::Engine>(std::move(components), 1),
                                 handler, {}, 1);
}

Result<std::unique_ptr<JournaledEngine>> open_journal(store::Disk& disk) {
    static Nobody nobody;
    return open_journal(disk, nobody);
}

bool submit_clock(JournaledEngine& system, std::int64_t ns, std::uint64_t origin_sequence = 0) {
    model::Clock clock;
    clock.known_at = Time::from_ns(ns);
    return system.submit(engine::record_of(clock), origin_sequence == 0 ? 0 : 1, origin_sequence);
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

TEST(JournaledEngine, Says_what_is_durable_once_a_group_and_after_its_answers) {
    store::SimulatedDisk disk(1);
    Listener listener;
    {
        auto system = open_journal(disk, listener);
        ASSERT_TRUE(system) << describe(system.error());
        EXPECT_EQ(listener.take(), Heard{});  // nothing was ever taken
        ASSERT_TRUE(submit_clock(**system, 5, 1));
        ASSERT_TRUE(submit_clock(**system, 6));
        EXPECT_EQ(listener.take(), Heard{});
        ASSERT_TRUE((*system)->commit());
        EXPECT_EQ(listener.take(), (Heard{"answer 1", "durable 2"}));
        ASSERT_TRUE((*system)->commit());
        EXPECT_EQ(listener.take(), Heard{});

        // What comes between the halves of a commit belongs to the next.
        ASSERT_TRUE(submit_clock(**system, 7, 2));
        (*system)->begin_commit();
        ASSERT_TRUE(submit_clock(**system, 8, 3));
        ASSERT_TRUE((*system)->finish_commit());
        EXPECT_EQ(listener.take(), Heard{});
        (*system)->release();
        EXPECT_EQ(listener.take(), (Heard{"answer 3", "durable 3"}));
    }
    disk.restart_process();
    // The fourth was never committed; the third and those before are, and recovery says so.
    auto again = open_journal(disk, listener);
    ASSERT_TRUE(again) << describe(again.error());
    EXPECT_EQ(listener.take(), (Heard{"answer 1", "answer 3", "durable 3"}));
    ASSERT_TRUE((*again)->close());
    EXPECT_EQ(listener.take(), Heard{"durable 4"});  // the last checkpoint
}

TEST(JournaledEngine, Says_what_a_group_has_before_it_is_durable) {
    store::SimulatedDisk disk(1);
    Listener listener;
    listener.hears_groups_ = true;
    auto system = open_journal(disk, listener);
    ASSERT_TRUE(system) << describe(system.error());
    ASSERT_TRUE(submit_clock(**system, 5, 1));
    (*system)->begin_commit();
    ASSERT_TRUE(submit_clock(**system, 6, 2));
    ASSERT_TRUE((*system)->finish_commit());
    (*system)->release();
    ASSERT_TRUE((*system)->commit());
    EXPECT_EQ(listener.take(),
              (Heard{"group 1", "answer 1", "durable 1", "group 2", "answer 2", "durable 2"}));
}

TEST(JournaledEngine, Tells_of_requests_at_once_and_of_their_sync_before_the_engine_knows) {
    store::SimulatedDisk disk(1);
    Listener listener;
    listener.hears_syncs_ = true;
    auto system = open_journal(disk, listener);
    ASSERT_TRUE(system) << describe(system.error());
    ASSERT_TRUE(submit_clock(**system, 5, 7));
    ASSERT_TRUE(submit_clock(**system, 6));
    EXPECT_EQ(listener.take(), Heard{"request 7 is 1"});
    (*system)->begin_commit();
    ASSERT_TRUE((*system)->finish_commit());
    EXPECT_EQ(listener.take(), Heard{"synced 2"});
    (*system)->release();
    EXPECT_EQ(listener.take(), (Heard{"answer 1", "durable 2"}));
    ASSERT_TRUE(submit_clock(**system, 7));
    ASSERT_TRUE((*system)->commit());
    EXPECT_EQ(listener.take(), (Heard{"synced 3", "durable 3"}));
    disk.set_full(true);
    (void)(*system)->checkpoint();
    EXPECT_FALSE((*system)->commit());
    EXPECT_EQ(listener.take(), Heard{});
}

TEST(JournaledEngine, Passes_over_snapshots_of_later_inputs_than_asked_for) {
    store::SimulatedDisk disk(1);
    Listener listener;
    for (const std::int64_t ns : {5, 6}) {
        auto system = open_journal(disk, listener);
        ASSERT_TRUE(system) << describe(system.error());
        ASSERT_TRUE(submit_clock(**system, ns));
        ASSERT_TRUE((*system)->snapshot());
    }
    const auto started_from = [&](std::uint64_t at_most) {
        std::vector<std::unique_ptr<engine::Component>> components;
        components.push_back(std::make_unique<engine::Census>());
        auto system = JournaledEngine::open(
            disk, "journal", std::make_unique<engine::Engine>(std::move(components), 1), listener,
            {}, 1, {}, at_most);
        EXPECT_TRUE(system);
        EXPECT_EQ((*system)->engine().sequence(), 2U);
        return (*system)->recovery().snapshot_sequence;
    };
    EXPECT_EQ(started_from(UINT64_MAX), 2U);
    EXPECT_EQ(started_from(1), 1U);
    EXPECT_EQ(started_from(0), 0U);
}

TEST(JournaledEngine, Saves_no_snapshot_that_its_handler_does_not_allow) {
    store::SimulatedDisk disk(1);
    Listener listener;
    {
        auto system = open_journal(disk, listener);
        ASSERT_TRUE(system) << describe(system.error());
        ASSERT_TRUE(submit_clock(**system, 5));
        listener.allows_ = false;
        const auto refused = (*system)->snapshot();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().what, "the ledger is behind");
        EXPECT_EQ(listener.take(), (Heard{"durable 1", "snapshot? 1"}));
    }
    {
        auto again = open_journal(disk, listener);
        ASSERT_TRUE(again) << describe(again.error());
        EXPECT_EQ((*again)->recovery().snapshot_sequence, 0U);
        listener.allows_ = true;
        ASSERT_TRUE((*again)->snapshot());
    }
    auto once_more = open_journal(disk, listener);
    ASSERT_TRUE(once_more) << describe(once_more.error());
    EXPECT_EQ((*once_more)->recovery().snapshot_sequence, 1U);
    EXPECT_EQ(listener.take(), (Heard{"durable 1", "snapshot? 1", "durable 1"}));
}

}  // namespace
}  // namespace millrace::drivers
