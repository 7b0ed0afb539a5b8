#include "millrace/base/hash.hpp"

#include <array>
#include <gtest/gtest.h>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

template <std::size_t N>
void expect_same_ways(Random& random) {
    std::array<std::uint64_t, N / 8> words{};
    for (std::uint64_t& word : words)
        word = random.next();
    RunningHash by_length(5), fixed(5);
    by_length.add(std::as_bytes(std::span(words)));
    fixed.add_fixed<N>(words.data());
    EXPECT_EQ(by_length.value(), fixed.value()) << N;
}

TEST(RunningHash, Is_the_same_whether_or_not_the_size_is_known_beforehand) {
    Random random(11);
    for (int round = 0; round < 100; ++round) {
        expect_same_ways<8>(random);
        expect_same_ways<16>(random);
        expect_same_ways<40>(random);
        expect_same_ways<48>(random);
        expect_same_ways<88>(random);
        expect_same_ways<120>(random);
    }
}

TEST(RunningHash, Hangs_on_every_bit_and_on_the_order) {
    std::array<std::uint64_t, 6> words = {1, 2, 3, 4, 5, 6};
    RunningHash before;
    before.add_fixed<48>(words.data());
    for (std::size_t bit = 0; bit < 48 * 8; ++bit) {
        words[bit / 64] ^= std::uint64_t{1} << bit % 64;
        RunningHash after;
        after.add_fixed<48>(words.data());
        EXPECT_NE(after.value(), before.value()) << bit;
        words[bit / 64] ^= std::uint64_t{1} << bit % 64;
    }
    std::swap(words[0], words[2]);
    RunningHash swapped;
    swapped.add_fixed<48>(words.data());
    EXPECT_NE(swapped.value(), before.value());
}

}  // namespace
}  // namespace millrace
