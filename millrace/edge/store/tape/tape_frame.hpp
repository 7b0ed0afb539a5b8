// The frame of a tape: what stands around its blocks (docs/reference/tape-format.md). Each part
// carries its own sum, so a length or an offset is believed before anything is read by it.
#pragma once

#include <string>
#include <vector>

#include "millrace/core/engine/state.hpp"
#include "millrace/edge/store/disk.hpp"
#include "millrace/edge/store/tape/tables.hpp"

namespace millrace::tape {

inline constexpr std::size_t kBlockEventsMax = 4'096;
inline constexpr std::size_t kBlockBytesMax = 1 << 20;
inline constexpr std::size_t kIndexEntriesMax = 4'096;

// A place in a file, for errors.
struct Place {
    const std::string& path;
    std::uint64_t offset = 0;

    [[nodiscard]] tl::unexpected<Error> damaged(std::string what, std::string why) const;
};

struct Counts {
    std::uint64_t quotes = 0;
    std::uint64_t trades = 0;
    std::uint64_t bars = 0;

    [[nodiscard]] std::uint64_t events() const { return quotes + trades + bars; }
    bool operator==(const Counts&) const = default;
};

// Header

void write_header(const Tables& tables, engine::StateWriter& out);

struct Header {
    Tables tables;
    std::uint64_t size = 0;  // in the file
};
Result<Header> read_header(store::File& file, const std::string& path);

// Block: the head, what it holds, and a tail with the sum of that.

inline constexpr std::size_t kBlockHeadBytes = 40;
inline constexpr std::size_t kBlockTailBytes = 8;

struct BlockHead {
    std::uint32_t size = 0;  // head and tail included
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::array<std::uint16_t, 3> counts{};  // by place in kNouns

    [[nodiscard]] std::size_t events() const {
        return std::size_t{counts[0]} + counts[1] + counts[2];
    }
};

void write_block(const BlockHead& head, std::span<const std::byte> content,
                 engine::StateWriter& out);
Result<BlockHead> read_block_head(std::span<const std::byte> bytes, const Place& place);
// The content of a whole block, its sum compared.
Result<std::span<const std::byte>> block_content(std::span<const std::byte> block,
                                                 const Place& place);

// End

struct IndexEntry {
    std::uint64_t offset = 0;  // of a block
    std::int64_t first_ns = 0;

    bool operator==(const IndexEntry&) const = default;
};

struct End {
    std::vector<IndexEntry> index;  // of some of the blocks, the first among them
    Counts counts;
    std::uint64_t blocks = 0;
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::uint64_t offset = 0;  // where the blocks end and the index begins
};

void write_end(const End& end, engine::StateWriter& out);
Result<End> read_end(store::File& file, const std::string& path);

}  // namespace millrace::tape
