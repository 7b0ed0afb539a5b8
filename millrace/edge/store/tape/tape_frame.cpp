// Writing and checked reading of header, blocks' frames and end.
#include "millrace/edge/store/tape/tape_frame.hpp"

#include <bit>
#include <fmt/format.h>

#include "millrace/base/crc32c.hpp"

namespace millrace::tape {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are stored as they lie");

using Mark = std::array<char, 8>;
constexpr Mark kMagic = {'M', 'I', 'L', 'L', 'T', 'A', 'P', 'E'};
constexpr Mark kEndMark = {'T', 'A', 'P', 'E', '-', 'E', 'N', 'D'};
constexpr std::uint32_t kBlockMark = 0x4b4f4c42;  // "BLOK"
constexpr std::uint32_t kFormat = 1;

struct HeaderBytes {
    Mark magic{};
    std::uint32_t format = 0;
    std::uint32_t size = 0;  // of the whole header
    std::uint32_t instruments = 0;
    std::uint32_t sources = 0;
    std::uint8_t instrument_version = 0;
    std::uint8_t source_version = 0;
    std::uint16_t zero = 0;
    std::uint32_t crc = 0;
};
static_assert(sizeof(HeaderBytes) == 32);

struct BlockHeadBytes {
    std::uint32_t mark = 0;
    std::uint32_t size = 0;
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::array<std::uint16_t, 3> counts{};
    std::array<std::uint16_t, 3> zeros{};
    std::uint32_t crc = 0;
};
static_assert(sizeof(BlockHeadBytes) == kBlockHeadBytes);

struct EndBytes {
    std::uint64_t quotes = 0;
    std::uint64_t trades = 0;
    std::uint64_t bars = 0;
    std::uint64_t blocks = 0;
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::uint64_t offset = 0;
    std::uint32_t entries = 0;
    std::uint32_t zero = 0;
    std::uint32_t zero_too = 0;
    std::uint32_t crc = 0;
    Mark mark{};
};
static_assert(sizeof(EndBytes) == 80);

// The most that the tables can take, so that no header makes us ask for more memory.
constexpr std::size_t kHeaderBytesMax =
    sizeof(HeaderBytes) +
    (kInstrumentsMax + kSourcesMax) * (sizeof(model::NounBuffer) + sizeof(std::uint16_t));

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

template <class T>
std::uint32_t crc_of_begin(const T& value, std::size_t size) {
    return crc32c(bytes_of(value).first(size));
}

template <class T>
void put_row(const T& row, engine::StateWriter& out) {
    model::NounBuffer buffer;
    const std::size_t size = model::write_binary(model::kDescription<T>, &row, buffer.bytes);
    out.put(static_cast<std::uint16_t>(size));
    out.put_bytes(std::span(buffer.bytes).first(size));
}

template <class T>
Result<std::vector<T>> take_rows(engine::StateReader& bytes, std::size_t count,
                                 std::uint8_t version) {
    std::vector<T> rows;
    for (std::size_t i = 0; i < count && !bytes.failed(); ++i) {
        T row;
        const auto size = bytes.get<std::uint16_t>();
        auto read = model::read_binary(model::kDescription<T>, version, bytes.take(size), &row);
        if (!read) return failure(std::move(read.error()));
        rows.push_back(row);
    }
    return rows;
}

// Exactly so many bytes, or an error.
Result<void> read_exactly(store::File& file, std::uint64_t offset, std::span<std::byte> bytes,
                          const Place& place) {
    if (bytes.empty()) return {};
    auto got = file.read_at(offset, bytes);
    if (!got) return failure(std::move(got.error()));
    if (*got != bytes.size()) return place.damaged("the tape is cut", "the file ends here");
    return {};
}

Result<Tables> read_tables(const HeaderBytes& head, std::span<const std::byte> bytes) {
    engine::StateReader reader(bytes);
    auto instruments =
        take_rows<model::Instrument>(reader, head.instruments, head.instrument_version);
    if (!instruments) return failure(std::move(instruments.error()));
    auto sources = take_rows<model::Source>(reader, head.sources, head.source_version);
    if (!sources) return failure(std::move(sources.error()));
    if (reader.failed() || reader.left() >= 8)
        return failure(ErrorCode::data, "the tables have not the length that they say");
    return Tables::make(*instruments, *sources);
}

}  // namespace

tl::unexpected<Error> Place::damaged(std::string what, std::string why) const {
    return failure(ErrorCode::data, std::move(what), fmt::format("{}, byte {}", path, offset),
                   std::move(why), "copy the file again, or write it again from its source");
}

void write_header(const Tables& tables, engine::StateWriter& out) {
    engine::StateWriter rows;
    for (const model::Instrument& instrument : tables.instruments())
        put_row(instrument, rows);
    for (const model::Source& source : tables.sources())
        put_row(source, rows);
    while (rows.bytes().size() % 8 != 0)
        rows.put(std::uint8_t{0});
    HeaderBytes head;
    head.magic = kMagic;
    head.format = kFormat;
    head.size =
        static_cast<std::uint32_t>(sizeof head + rows.bytes().size() + sizeof(std::uint64_t));
    head.instruments = static_cast<std::uint32_t>(tables.instruments().size());
    head.sources = static_cast<std::uint32_t>(tables.sources().size());
    head.instrument_version = model::kDescription<model::Instrument>.version;
    head.source_version = model::kDescription<model::Source>.version;
    head.crc = crc_of_begin(head, offsetof(HeaderBytes, crc));
    out.put(head);
    out.put_bytes(rows.bytes());
    rows.put(std::uint32_t{0});
    const std::uint32_t crc = crc32c(rows.bytes());
    out.put(std::uint32_t{0});
    out.put(crc);
}

Result<Header> read_header(store::File& file, const std::string& path) {
    const Place place{path, 0};
    HeaderBytes head;
    auto got = file.read_at(0, std::as_writable_bytes(std::span(&head, 1)));
    if (!got) return failure(std::move(got.error()));
    if (*got != sizeof head || head.magic != kMagic)
        return failure(ErrorCode::data, "this is no tape", path,
                       "its first bytes are not those of one", "check the path");
    if (head.crc != crc_of_begin(head, offsetof(HeaderBytes, crc)))
        return place.damaged("the tape is damaged", "the sum of its header does not match");
    if (head.format != kFormat)
        return failure(ErrorCode::data, fmt::format("format {} of tapes is unknown", head.format),
                       path, fmt::format("this program knows format {}", kFormat),
                       "use a newer Millrace");
    if (head.size < sizeof head + 8 || head.size % 8 != 0 || head.size > kHeaderBytesMax ||
        head.instruments > kInstrumentsMax || head.sources > kSourcesMax || head.zero != 0)
        return place.damaged("the tape is damaged", "its header is out of bounds");
    auto size = file.size();
    if (!size) return failure(std::move(size.error()));
    if (*size < head.size)
        return Place{path, *size}.damaged("the tape is cut", "the file ends inside its header");
    std::vector<std::byte> bytes(head.size - sizeof head);
    if (auto read = read_exactly(file, sizeof head, bytes, place); !read)
        return failure(std::move(read.error()));
    std::uint32_t crc = 0;
    const std::size_t summed = bytes.size() - sizeof crc;
    std::memcpy(&crc, bytes.data() + summed, sizeof crc);
    const Place tables_place{path, sizeof head};
    if (crc != crc32c(std::span(bytes).first(summed)))
        return tables_place.damaged("the tape is damaged", "the sum of its tables does not match");
    auto tables = read_tables(head, std::span(bytes).first(bytes.size() - 8));
    if (!tables) return tables_place.damaged("the tape is damaged", tables.error().what);
    return Header{std::move(*tables), head.size};
}

void write_block(const BlockHead& head, std::span<const std::byte> content,
                 engine::StateWriter& out) {
    MILLRACE_ASSERT(content.size() % 8 == 0, "a block's content is whole words");
    const std::size_t size = kBlockHeadBytes + content.size() + kBlockTailBytes;
    MILLRACE_ASSERT(size <= kBlockBytesMax, "a block is larger than any may be");
    BlockHeadBytes bytes;
    bytes.mark = kBlockMark;
    bytes.size = static_cast<std::uint32_t>(size);
    bytes.first_ns = head.first_ns;
    bytes.last_ns = head.last_ns;
    bytes.counts = head.counts;
    bytes.crc = crc_of_begin(bytes, offsetof(BlockHeadBytes, crc));
    constexpr std::uint32_t kZero = 0;
    out.put(bytes);
    out.put_bytes(content);
    out.put(kZero);
    out.put(crc32c(bytes_of(kZero), crc32c(content)));
}

Result<BlockHead> read_block_head(std::span<const std::byte> bytes, const Place& place) {
    MILLRACE_ASSERT(bytes.size() >= kBlockHeadBytes, "the head of a block has a size");
    BlockHeadBytes head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.mark != kBlockMark)
        return place.damaged("the tape is damaged", "no block begins here");
    if (head.crc != crc_of_begin(head, offsetof(BlockHeadBytes, crc)))
        return place.damaged("the tape is damaged", "the sum of the block's head does not match");
    const BlockHead result{head.size, head.first_ns, head.last_ns, head.counts};
    if (head.size < kBlockHeadBytes + kBlockTailBytes || head.size > kBlockBytesMax ||
        head.size % 8 != 0 || result.events() < 1 || result.events() > kBlockEventsMax ||
        head.first_ns > head.last_ns || head.zeros != decltype(head.zeros){})
        return place.damaged("the tape is damaged", "the block's head is out of bounds");
    return result;
}

Result<std::span<const std::byte>> block_content(std::span<const std::byte> block,
                                                 const Place& place) {
    std::uint32_t crc = 0;
    const std::size_t summed = block.size() - sizeof crc;
    std::memcpy(&crc, block.data() + summed, sizeof crc);
    if (crc != crc32c(block.first(summed).subspan(kBlockHeadBytes)))
        return place.damaged("the tape is damaged", "the sum of the block does not match");
    return block.first(block.size() - kBlockTailBytes).subspan(kBlockHeadBytes);
}

void write_end(const End& end, engine::StateWriter& out) {
    const std::span<const std::byte> index = std::as_bytes(std::span(end.index));
    EndBytes bytes;
    bytes.quotes = end.counts.quotes;
    bytes.trades = end.counts.trades;
    bytes.bars = end.counts.bars;
    bytes.blocks = end.blocks;
    bytes.first_ns = end.first_ns;
    bytes.last_ns = end.last_ns;
    bytes.offset = end.offset;
    bytes.entries = static_cast<std::uint32_t>(end.index.size());
    bytes.mark = kEndMark;
    bytes.crc = crc32c(bytes_of(bytes).first(offsetof(EndBytes, crc)), crc32c(index));
    out.put_bytes(index);
    out.put(bytes);
}

Result<End> read_end(store::File& file, const std::string& path) {
    auto size = file.size();
    if (!size) return failure(std::move(size.error()));
    EndBytes bytes;
    const Place cut{path, *size};
    if (*size < sizeof bytes)
        return cut.damaged("the tape is cut", "the file ends before its index");
    const Place place{path, *size - sizeof bytes};
    if (auto read =
            read_exactly(file, place.offset, std::as_writable_bytes(std::span(&bytes, 1)), place);
        !read)
        return failure(std::move(read.error()));
    if (bytes.mark != kEndMark)
        return cut.damaged("the tape is cut",
                           "the file ends here without the mark of a tape's end");
    const std::size_t index_bytes = std::size_t{bytes.entries} * sizeof(IndexEntry);
    if (bytes.entries > kIndexEntriesMax || bytes.offset > *size ||
        bytes.offset + index_bytes + sizeof bytes != *size)
        return place.damaged("the tape is damaged", "its end is out of bounds");
    End end;
    end.index.resize(bytes.entries);
    const std::span<std::byte> index = std::as_writable_bytes(std::span(end.index));
    if (auto read = read_exactly(file, bytes.offset, index, place); !read)
        return failure(std::move(read.error()));
    if (bytes.crc != crc32c(bytes_of(bytes).first(offsetof(EndBytes, crc)), crc32c(index)))
        return place.damaged("the tape is damaged", "the sum of its end does not match");
    end.counts = {bytes.quotes, bytes.trades, bytes.bars};
    end.blocks = bytes.blocks;
    end.first_ns = bytes.first_ns;
    end.last_ns = bytes.last_ns;
    end.offset = bytes.offset;
    return end;
}

}  // namespace millrace::tape
