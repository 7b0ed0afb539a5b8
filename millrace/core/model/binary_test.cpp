#include "millrace/core/model/binary.hpp"

#include <gtest/gtest.h>

#include "millrace/core/model/nouns.hpp"

#include "tests/support/random_nouns.hpp"

namespace millrace::model {
namespace {

std::vector<std::byte> written(const NounDescription& noun, const void* value) {
    std::vector<std::byte> bytes(binary_size_max(noun));
    bytes.resize(write_binary(noun, value, bytes));
    return bytes;
}

class EveryNounBinary : public testing::TestWithParam<Noun> {};

TEST_P(EveryNounBinary, Survives_writing_and_reading_for_random_values) {
    const NounDescription& noun = description_of(GetParam());
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        Random random(seed);
        NounBuffer value;
        fill_randomly(noun, random, value.data());
        const auto bytes = written(noun, value.data());
        NounBuffer back;
        const auto read = read_binary(noun, noun.version, bytes, back.data());
        ASSERT_TRUE(read) << "seed " << seed << ' ' << describe(read.error());
        ASSERT_EQ(std::memcmp(value.data(), back.data(), noun.size), 0) << "seed " << seed;
    }
}

TEST_P(EveryNounBinary, Refuses_every_shortened_and_lengthened_record) {
    const NounDescription& noun = description_of(GetParam());
    Random random(7);
    NounBuffer value;
    fill_randomly(noun, random, value.data());
    auto bytes = written(noun, value.data());
    NounBuffer back;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(read_binary(noun, noun.version, std::span(bytes).first(size), back.data()))
            << size;
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(read_binary(noun, noun.version, bytes, back.data()));
}

TEST_P(EveryNounBinary, Never_crashes_on_random_bytes_and_reads_back_what_it_accepts) {
    const NounDescription& noun = description_of(GetParam());
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        Random random(seed);
        NounBuffer value;
        fill_randomly(noun, random, value.data());
        auto bytes = written(noun, value.data());
        bytes[random.below(bytes.size())] = static_cast<std::byte>(random.next());
        NounBuffer back;
        if (!read_binary(noun, noun.version, bytes, back.data())) continue;
        ASSERT_EQ(written(noun, back.data()), bytes) << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Nouns, EveryNounBinary, testing::ValuesIn(all_nouns()),
                         [](const auto& test) {
                             return std::string(description_of(test.param).name);
                         });

TEST(NounBinary, Refuses_values_out_of_range) {
    const NounDescription& noun = kDescription<Trade>;
    Trade trade;
    trade.size = Quantity::whole(1);
    auto bytes = written(noun, &trade);
    Trade back;
    ASSERT_TRUE(read_binary(noun, 1, bytes, &back));
    bytes[offsetof(Trade, aggressor)] = std::byte{3};
    EXPECT_EQ(read_binary(noun, 1, bytes, &back).error().where, "trade.aggressor");
    bytes[offsetof(Trade, aggressor)] = std::byte{0};
    bytes[offsetof(Trade, reserved)] = std::byte{1};
    EXPECT_EQ(read_binary(noun, 1, bytes, &back).error().why, "reserved bytes are not zero");
    EXPECT_EQ(read_binary(noun, 2, bytes, &back).error().what, "version 2 of trade is unknown");
    EXPECT_EQ(read_binary(noun, 0, bytes, &back).error().what, "version 0 of trade is unknown");
}

// A noun as it may look two versions on: old records must read with the new fields at their
// defaults.
struct Grown {
    Time known_at;
    Price price;
    Maybe<Price> limit;       // since version 2
    std::uint64_t count = 0;  // since version 3
};
constexpr FieldDescription kGrownFields[] = {
    MILLRACE_FIELD(Grown, known_at, ""),
    MILLRACE_FIELD(Grown, price, ""),
    MILLRACE_FIELD(Grown, limit, "").since_version(2),
    MILLRACE_FIELD(Grown, count, "").since_version(3),
};
constexpr NounDescription kGrown = describe<Grown>(Noun::clock, "grown", 3, kGrownFields, "");

TEST(NounBinary, Reads_older_versions_with_defaults_for_what_they_lack) {
    const Grown full{Time::from_ns(5), Price::whole(7), Price::whole(8), 9};
    const auto bytes = written(kGrown, &full);
    Grown back{};
    ASSERT_TRUE(read_binary(kGrown, 1, std::span(bytes).first(16), &back));
    EXPECT_EQ(back.price, Price::whole(7));
    EXPECT_FALSE(back.limit.has_value());
    EXPECT_EQ(back.count, 0U);
    ASSERT_TRUE(read_binary(kGrown, 2, std::span(bytes).first(24), &back));
    EXPECT_EQ(back.limit.value(), Price::whole(8));
    ASSERT_TRUE(read_binary(kGrown, 3, bytes, &back));
    EXPECT_EQ(back.count, 9U);
    EXPECT_FALSE(read_binary(kGrown, 1, bytes, &back));
}

}  // namespace
}  // namespace millrace::model
