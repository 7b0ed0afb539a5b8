// The two ways to the checksum and the choice between them.
#include "millrace/base/crc32c.hpp"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace millrace::crc32c_internal {
namespace {

static_assert(std::endian::native == std::endian::little, "the words below are read little-endian");

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// Slicing by 8: table t holds the effect of a byte that has t more bytes behind it, so that eight
// bytes are eight independent look-ups instead of a chain of eight.
constexpr Tables make_tables() {
    constexpr std::uint32_t kReversedPolynomial = 0x82F63B78;
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t sum = byte;
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? kReversedPolynomial : 0);
        tables[0][byte] = sum;
    }
    for (std::size_t table = 1; table < tables.size(); ++table)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t before = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][before & 0xFF];
        }
    return tables;
}
constexpr Tables kTables = make_tables();

// The instruction answers after three cycles but can be asked in each: three lanes of this many
// bytes run side by side.
constexpr std::size_t kLaneBytes = 256;

// What a sum becomes when a lane of zeros follows: table t for its byte t, put together from what
// becomes of each bit, because sums of sums are sums.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_lane_tables() {
    std::array<std::uint32_t, 32> of_bit{};
    for (std::size_t bit = 0; bit < of_bit.size(); ++bit) {
        std::uint32_t sum = std::uint32_t{1} << bit;
        for (std::size_t zeros = 0; zeros < kLaneBytes; ++zeros)
            sum = (sum >> 8) ^ kTables[0][sum & 0xFF];
        of_bit[bit] = sum;
    }
    std::array<std::array<std::uint32_t, 256>, 4> tables{};
    for (std::size_t table = 0; table < tables.size(); ++table)
        for (std::size_t byte = 0; byte < 256; ++byte)
            for (std::size_t bit = 0; bit < 8; ++bit)
                if ((byte >> bit & 1) != 0) tables[table][byte] ^= of_bit[table * 8 + bit];
    return tables;
}

template <class Word>
Word word_at(const std::byte* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint32_t choose(std::span<const std::byte> bytes, std::uint32_t seed) {
    const Function best = has_hardware() ? &by_hardware : &by_software;
    chosen.store(best, std::memory_order_relaxed);
    return best(bytes, seed);
}

}  // namespace

constinit std::atomic<Function> chosen = &choose;

std::uint32_t by_software(std::span<const std::byte> bytes, std::uint32_t seed) {
    std::uint32_t sum = ~seed;
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; left -= 8, at += 8) {
        const std::uint64_t word = word_at<std::uint64_t>(at) ^ sum;
        sum = 0;
        for (std::size_t i = 0; i < 8; ++i)
            sum ^= kTables[7 - i][(word >> (8 * i)) & 0xFF];
    }
    for (; left > 0; --left, ++at)
        sum = (sum >> 8) ^ kTables[0][(sum ^ std::to_integer<std::uint32_t>(*at)) & 0xFF];
    return ~sum;
}

#if defined(__x86_64__)

bool has_hardware() {
    return __builtin_cpu_supports("sse4.2") != 0;
}

namespace {

std::uint32_t behind_lane_of_zeros(std::uint64_t sum) {
    static constexpr auto kOfByte = make_lane_tables();
    return kOfByte[0][sum & 0xFF] ^ kOfByte[1][sum >> 8 & 0xFF] ^ kOfByte[2][sum >> 16 & 0xFF] ^
           kOfByte[3][sum >> 24 & 0xFF];
}

}  // namespace

__attribute__((target("sse4.2"))) std::uint32_t by_hardware(std::span<const std::byte> bytes,
                                                            std::uint32_t seed) {
    std::uint64_t sum = ~seed;
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 3 * kLaneBytes; left -= 3 * kLaneBytes, at += 3 * kLaneBytes) {
        std::uint64_t second = 0, third = 0;
        for (std::size_t i = 0; i < kLaneBytes; i += 8) {
            sum = _mm_crc32_u64(sum, word_at<std::uint64_t>(at + i));
            second = _mm_crc32_u64(second, word_at<std::uint64_t>(at + kLaneBytes + i));
            third = _mm_crc32_u64(third, word_at<std::uint64_t>(at + 2 * kLaneBytes + i));
        }
        sum = behind_lane_of_zeros(behind_lane_of_zeros(sum) ^ second) ^ third;
    }
    for (; left >= 8; left -= 8, at += 8)
        sum = _mm_crc32_u64(sum, word_at<std::uint64_t>(at));
    auto tail = static_cast<std::uint32_t>(sum);
    if ((left & 4) != 0) {
        tail = _mm_crc32_u32(tail, word_at<std::uint32_t>(at));
        at += 4;
    }
    if ((left & 2) != 0) {
        tail = _mm_crc32_u16(tail, word_at<std::uint16_t>(at));
        at += 2;
    }
    if ((left & 1) != 0) tail = _mm_crc32_u8(tail, std::to_integer<std::uint8_t>(*at));
    return ~tail;
}

#else

bool has_hardware() {
    return false;
}

std::uint32_t by_hardware(std::span<const std::byte> bytes, std::uint32_t seed) {
    return by_software(bytes, seed);
}

#endif

}  // namespace millrace::crc32c_internal
