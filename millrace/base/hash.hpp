// The running hash: a 64-bit digest of everything that happened, cheap enough to keep on the hot
// path (about 2 ns for a quote). It tells two histories apart; it is no defence against somebody
// who wants two to look alike.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "millrace/base/decimal.hpp"

namespace millrace {

static_assert(std::endian::native == std::endian::little,
              "the journal and the hashes are little-endian; a big-endian machine would differ");

// Both halves of a 64 x 64 bit product, folded: every input bit reaches every output bit.
[[nodiscard]] constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) {
    const uint128 product = static_cast<uint128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// A digest as people read and compare it: 16 hexadecimal digits.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

class RunningHash {
  public:
    constexpr RunningHash() = default;
    constexpr explicit RunningHash(std::uint64_t state) : state_(state) {}

    constexpr void add(std::uint64_t word) { state_ = fold_multiply(state_ ^ word, kChain); }

    // The pairs of words are folded side by side and meet the chain once, so a record costs one
    // chained multiply.
    void add(std::span<const std::byte> bytes) {
        std::uint64_t digest = bytes.size() * kLength;
        const std::byte* at = bytes.data();
        std::size_t left = bytes.size();
        std::uint64_t lane = kFirst;
        for (; left >= 16; left -= 16, at += 16) {
            digest += fold_multiply(word_at(at, 8) ^ lane, word_at(at + 8, 8) ^ kSecond);
            lane += kLane;
        }
        if (left > 0) {
            const std::uint64_t low = word_at(at, left < 8 ? left : 8);
            const std::uint64_t high = left > 8 ? word_at(at + 8, left - 8) : 0;
            digest += fold_multiply(low ^ lane, high ^ kSecond);
        }
        add(digest);
    }

    // The same for a size that is known, without a loop: half of the instructions for a quote.
    // Bytes under another tag are other bytes.
    template <std::size_t N>
        requires(N > 0 && N % 8 == 0)
    void add_fixed(const void* value, std::uint64_t tag = 0) {
        const auto* at = static_cast<const std::byte*>(value);
        const std::uint64_t digest = [at]<std::size_t... Lane>(std::index_sequence<Lane...>) {
            return (
                (N * kLength) + ... +
                fold_multiply(word_at(at + Lane * 16, 8) ^ (kFirst + Lane * kLane),
                              (Lane * 16 + 8 < N ? word_at(at + Lane * 16 + 8, 8) : 0) ^ kSecond));
        }(std::make_index_sequence<(N + 15) / 16>());
        add(digest + tag * kFirst);
    }

    [[nodiscard]] constexpr std::uint64_t value() const { return state_; }

  private:
    static std::uint64_t word_at(const std::byte* at, std::size_t size) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, size);
        return word;
    }

    // Odd constants with well-spread bits (the fractional parts of pi, e and the golden ratio).
    static constexpr std::uint64_t kChain = 0x9e3779b97f4a7c15;
    static constexpr std::uint64_t kFirst = 0x243f6a8885a308d3;
    static constexpr std::uint64_t kSecond = 0xb7e151628aed2a6b;
    static constexpr std::uint64_t kLane = 0x13198a2e03707345;
    static constexpr std::uint64_t kLength = 0xa4093822299f31d1;

    std::uint64_t state_ = kFirst;
};

}  // namespace millrace
