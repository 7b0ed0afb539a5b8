#include "millrace/base/crc32c.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "millrace/base/random.hpp"

namespace millrace {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// Bit by bit from the definition, so that both implementations are held against a third.
std::uint32_t by_definition(std::span<const std::byte> bytes) {
    std::uint32_t sum = 0xFFFFFFFF;
    for (const std::byte byte : bytes) {
        sum ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0x82F63B78U : 0U);
    }
    return ~sum;
}

// RFC 3720 B.4, and the check value of the catalogue of CRCs.
TEST(Crc32c, Gives_the_published_sums) {
    EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0x00})), 0x8A9136AA);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43);
    EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, Both_implementations_agree_at_every_length_and_alignment) {
    constexpr std::uint64_t kSeed = 32;
    Random random(kSeed);
    std::vector<std::byte> memory(2'400 + 8);
    for (auto& byte : memory)
        byte = static_cast<std::byte>(random.below(256));
    for (std::size_t alignment = 0; alignment < 8; ++alignment) {
        for (std::size_t length = 0; length <= 2'400; length += length < 1'024 ? 1 : 43) {
            const auto bytes = std::span<const std::byte>(memory).subspan(alignment, length);
            const std::uint32_t expected = by_definition(bytes);
            ASSERT_EQ(crc32c_internal::by_software(bytes, 0), expected)
                << "length " << length << " alignment " << alignment << " seed " << kSeed;
            if (crc32c_internal::has_hardware()) {
                ASSERT_EQ(crc32c_internal::by_hardware(bytes, 0), expected)
                    << "length " << length << " alignment " << alignment << " seed " << kSeed;
            }
        }
    }
}

TEST(Crc32c, Sums_in_pieces_like_the_whole) {
    constexpr std::uint64_t kSeed = 33;
    Random random(kSeed);
    std::vector<std::byte> memory(200);
    for (auto& byte : memory)
        byte = static_cast<std::byte>(random.below(256));
    const std::span<const std::byte> all(memory);
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        const std::uint32_t first = crc32c(all.first(cut));
        ASSERT_EQ(crc32c(all.subspan(cut), first), crc32c(all)) << "cut at " << cut;
        ASSERT_EQ(crc32c_internal::by_software(all.subspan(cut), first), crc32c(all));
    }
}

TEST(Crc32c, Any_single_flipped_bit_changes_the_sum) {
    std::vector<std::byte> record(88, std::byte{0x5A});
    const std::uint32_t whole = crc32c(record);
    for (std::size_t bit = 0; bit < record.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << (bit % 8));
        record[bit / 8] ^= mask;
        ASSERT_NE(crc32c(record), whole) << "bit " << bit;
        record[bit / 8] ^= mask;
    }
}

}  // namespace
}  // namespace millrace
