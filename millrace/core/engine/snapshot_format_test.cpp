#include "millrace/core/engine/snapshot_format.hpp"

#include <gtest/gtest.h>

#include "millrace/core/engine/census.hpp"
#include "millrace/core/engine/engine.hpp"

#include "tests/support/probe_components.hpp"

namespace millrace::engine {
namespace {

std::unique_ptr<Engine> make_engine(std::uint64_t seed = 1) {
    return std::make_unique<Engine>(list_of(std::make_unique<Busy>(), std::make_unique<Census>()),
                                    seed);
}

std::unique_ptr<Engine> used_engine() {
    auto engine = make_engine();
    ForgettingSink sink;
    for (int i = 0; i < 40; ++i)
        feed(*engine, sink, quote_at(i * 10, 2), 5, static_cast<std::uint64_t>(i + 1));
    return engine;
}

TEST(Snapshot, Brings_an_engine_into_the_saved_state) {
    const auto engine = used_engine();
    const auto bytes = write_snapshot(*engine);
    const auto loaded = make_engine();
    const auto read = read_snapshot(bytes, *loaded);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(loaded->sequence(), 40U);
    EXPECT_EQ(loaded->now(), engine->now());
    EXPECT_EQ(loaded->running_hash(), engine->running_hash());
    EXPECT_EQ(loaded->state_hash(), engine->state_hash());
    EXPECT_EQ(write_snapshot(*loaded), bytes);
}

TEST(Snapshot, Begins_with_its_magic_and_format) {
    const auto bytes = write_snapshot(*used_engine());
    const std::string_view magic(reinterpret_cast<const char*>(bytes.data()), 8);
    EXPECT_EQ(magic, "MILLSNAP");
    EXPECT_EQ(bytes[8], std::byte{1});
}

TEST(Snapshot, Every_flipped_byte_is_noticed_before_the_engine_is_touched) {
    const auto original = write_snapshot(*used_engine());
    const auto engine = make_engine();
    const std::uint64_t untouched = engine->state_hash();
    for (std::size_t i = 0; i < original.size(); ++i)
        for (const int flip : {0x01, 0x10, 0x80, 0xff}) {
            auto bytes = original;
            bytes[i] ^= static_cast<std::byte>(flip);
            const auto read = read_snapshot(bytes, *engine);
            ASSERT_FALSE(read) << "byte " << i;
            ASSERT_EQ(read.error().what, "the snapshot cannot be used");
        }
    EXPECT_EQ(engine->state_hash(), untouched);
}

TEST(Snapshot, Every_cut_and_every_byte_too_many_is_noticed) {
    auto bytes = write_snapshot(*used_engine());
    const auto engine = make_engine();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_FALSE(read_snapshot(std::span(bytes).first(size), *engine)) << size;
    bytes.push_back(std::byte{0});
    EXPECT_EQ(read_snapshot(bytes, *engine).error().why, "it has not the length that it says");
}

TEST(Snapshot, Of_another_composition_is_refused) {
    const auto bytes = write_snapshot(*used_engine());
    const auto read = read_snapshot(bytes, *make_engine(2));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "the saved state is of an engine with other components");
}

}  // namespace
}  // namespace millrace::engine
