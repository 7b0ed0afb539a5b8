// Ten thousand random streams over every kind of data, order and setting: what must always hold.
#include <gtest/gtest.h>

#include "tests/support/venue_stream.hpp"

namespace millrace::venue {
namespace {

constexpr std::uint64_t kStreams = 10'000;
constexpr int kSteps = 150;

// A venue and its audit, side by side.
struct Bench {
    explicit Bench(const Settings& settings)
        : audit(settings), venue(*SimulatedExchange::make(settings, audit)) {
        venue.define(VenueStream::instrument());
    }
    VenueAudit audit;
    SimulatedExchange venue;
};

std::vector<std::byte> saved(const SimulatedExchange& venue) {
    engine::StateWriter writer;
    venue.save(writer);
    return {writer.bytes().begin(), writer.bytes().end()};
}

TEST(RandomStreams, Reports_keep_to_the_rules) {
    std::uint64_t fills = 0;
    for (std::uint64_t seed = 1; seed <= kStreams; ++seed) {
        VenueStream stream(seed);
        Bench bench(stream.settings());
        for (int step = 0; step < kSteps; ++step)
            stream.step(bench.venue, bench.audit);
        for (const std::string& complaint : bench.audit.complaints())
            ADD_FAILURE() << "seed " << seed << ": " << complaint;
        ASSERT_EQ(bench.venue.position(AccountId(0), InstrumentId(0)).raw(), bench.audit.position())
            << "seed " << seed;
        if (HasFailure()) break;
        fills += bench.audit.fills();
    }
    EXPECT_GT(fills, 2 * kStreams) << "streams that hardly deal prove little";
}

TEST(RandomStreams, The_same_stream_is_told_the_same_way) {
    for (std::uint64_t seed = 1; seed <= kStreams / 10; ++seed) {
        std::uint64_t hashes[2];
        for (std::uint64_t& hash : hashes) {
            VenueStream stream(seed);
            Bench bench(stream.settings());
            for (int step = 0; step < kSteps; ++step)
                stream.step(bench.venue, bench.audit);
            hash = bench.audit.hash();
        }
        ASSERT_EQ(hashes[0], hashes[1]) << "seed " << seed;
    }
}

TEST(RandomStreams, A_loaded_venue_goes_on_as_the_saved_one) {
    for (std::uint64_t seed = 1; seed <= kStreams / 10; ++seed) {
        VenueStream stream(seed);
        Bench first(stream.settings());
        for (int step = 0; step < kSteps / 2; ++step)
            stream.step(first.venue, first.audit);
        const std::vector<std::byte> state = saved(first.venue);

        Bench second(stream.settings());
        engine::StateReader reader(state);
        second.venue.load(reader);
        ASSERT_TRUE(reader.finish("venue")) << "seed " << seed;
        ASSERT_EQ(saved(second.venue), state) << "seed " << seed;

        // The reports themselves: each to a listener that begins here.
        VenueStream twin = stream;
        first.audit.forget();
        for (int step = 0; step < kSteps / 2; ++step) {
            stream.step(first.venue, first.audit);
            twin.step(second.venue, second.audit);
        }
        ASSERT_EQ(second.audit.hash(), first.audit.hash()) << "seed " << seed;
        ASSERT_EQ(saved(second.venue), saved(first.venue)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace millrace::venue
