// Reading block by block, out of reads of many blocks.
#include "millrace/edge/store/tape/tape_reader.hpp"

#include <algorithm>

namespace millrace::tape {
namespace {

// Asked of the disk at once: six blocks of quotes, which lie in the second cache beside the decoded
// one. By single blocks a cold read takes a seventh longer (bench: Tape/cold_read).
constexpr std::size_t kReadBytes = 256 << 10;

}  // namespace

Result<TapeReader> TapeReader::open(store::Disk& disk, const std::string& path) {
    auto file = disk.open(path, store::Disk::Access::read);
    if (!file) return failure(std::move(file.error()));
    auto header = read_header(**file, path);
    if (!header) return failure(std::move(header.error()));
    auto end = read_end(**file, path);
    if (!end) return failure(std::move(end.error()));
    TapeReader reader(std::move(*file), path, std::move(*header), std::move(*end));
    if (auto checked = reader.check_index(); !checked) return failure(std::move(checked.error()));
    return reader;
}

TapeReader::TapeReader(std::unique_ptr<store::File> file, std::string path, Header header, End end)
    : file_(std::move(file)),
      path_(std::move(path)),
      tables_(std::move(header.tables)),
      begin_(header.size),
      end_(std::move(end)),
      next_block_(begin_) {}

Result<void> TapeReader::check_index() const {
    const auto rises = [](const IndexEntry& a, const IndexEntry& b) {
        return a.offset < b.offset && a.first_ns <= b.first_ns;
    };
    const std::vector<IndexEntry>& index = end_.index;
    bool sound = end_.offset >= begin_ && index.empty() == (end_.offset == begin_);
    for (std::size_t i = 1; i < index.size(); ++i)
        sound = sound && rises(index[i - 1], index[i]);
    if (!index.empty())
        sound = sound && index.front().offset == begin_ && index.back().offset < end_.offset;
    if (sound) return {};
    return Place{path_, end_.offset}.damaged("the tape is damaged", "its index is out of bounds");
}

Result<bool> TapeReader::next_run(TapeRun& run) {
    auto more = has_event();
    if (!more || !*more) return more;
    const std::size_t section = section_at(event_);
    std::size_t end = block_.events();
    if (!block_.order().empty()) {
        end = event_ + 1;
        while (end < block_.events() && section_at(end) == section)
            ++end;
    }
    run.noun = kNouns[section];
    run.first = block_.record(section, rows_[section]).payload;
    run.size = end - event_;
    rows_[section] += run.size;
    event_ = end;
    return true;
}

Result<bool> TapeReader::next(model::Datum& datum) {
    auto more = has_event();
    if (!more || !*more) return more;
    const engine::Record event = take_event();
    if (event.noun == model::Noun::quote)
        datum = event.as<model::Quote>();
    else if (event.noun == model::Noun::trade)
        datum = event.as<model::Trade>();
    else
        datum = event.as<model::Bar>();
    return true;
}

std::size_t TapeReader::section_at(std::size_t event) const {
    return block_.order().empty() ? block_.only_section() : block_.order()[event];
}

engine::Record TapeReader::take_event() {
    const std::size_t section = section_at(event_++);
    return block_.record(section, rows_[section]++);
}

Result<bool> TapeReader::has_event() {
    if (event_ < block_.events()) return true;
    if (next_block_ < end_.offset) {
        if (auto loaded = load_block(); !loaded) return failure(std::move(loaded.error()));
        return true;
    }
    if (auto checked = check_counts(); !checked) return failure(std::move(checked.error()));
    return false;
}

Result<void> TapeReader::check_counts() const {
    if (!is_whole_ || (counted_ == end_.counts && blocks_ == end_.blocks)) return {};
    return Place{path_, end_.offset}.damaged("the tape is damaged",
                                             "it does not hold as many events as its end tells");
}

Result<BlockHead> TapeReader::read_head(std::uint64_t offset) {
    const Place place{path_, offset};
    if (end_.offset - offset < kBlockHeadBytes + kBlockTailBytes)
        return place.damaged("the tape is damaged", "there is no room for a block");
    auto bytes = bytes_at(offset, kBlockHeadBytes);
    if (!bytes) return failure(std::move(bytes.error()));
    auto head = read_block_head(*bytes, place);
    if (head && head->size > end_.offset - offset)
        return place.damaged("the tape is damaged", "the block reaches beyond the last one");
    return head;
}

Result<std::span<const std::byte>> TapeReader::bytes_at(std::uint64_t offset, std::size_t size) {
    std::size_t kept = 0;  // of what was read before, at its end
    if (offset >= ahead_offset_ && offset <= ahead_offset_ + ahead_size_) {
        const std::size_t place = offset - ahead_offset_;
        kept = ahead_size_ - place;
        if (kept >= size) return std::span<const std::byte>(ahead_).subspan(place, size);
        std::memmove(ahead_.data(), ahead_.data() + place, kept);
    }
    ahead_offset_ = offset;
    ahead_size_ = kept;
    const std::size_t wanted = std::min(std::max(size, kReadBytes), end_.offset - offset);
    if (ahead_.size() < wanted) ahead_.resize(wanted);
    auto got = file_->read_at(offset + kept, std::span(ahead_).first(wanted).subspan(kept));
    if (!got) return failure(std::move(got.error()));
    ahead_size_ += *got;
    if (ahead_size_ < size)
        return Place{path_, offset}.damaged("the tape is cut", "the file ends in a block");
    return std::span<const std::byte>(ahead_).first(size);
}

Result<void> TapeReader::load_block() {
    const Place place{path_, next_block_};
    auto head = read_head(next_block_);
    if (!head) return failure(std::move(head.error()));
    auto bytes = bytes_at(next_block_, head->size);
    if (!bytes) return failure(std::move(bytes.error()));
    auto content = block_content(*bytes, place);
    if (!content) return failure(std::move(content.error()));
    event_ = 0;
    rows_ = {};
    if (auto decoded = block_.decode(*head, *content, tables_, place); !decoded) return decoded;
    const engine::OrderKey first = engine::order_key_of(block_.record(section_at(0), 0));
    if (last_ && first < *last_) {
        block_.clear();
        return place.damaged("the tape is damaged", "the block does not follow the one before it");
    }
    const std::size_t last_section = section_at(block_.events() - 1);
    last_ = engine::order_key_of(block_.record(last_section, head->counts[last_section] - 1U));
    counted_.quotes += head->counts[0];
    counted_.trades += head->counts[1];
    counted_.bars += head->counts[2];
    ++blocks_;
    next_block_ += head->size;
    return {};
}

Result<void> TapeReader::seek(Time time) {
    // Events of the same moment may stand at the end of the block before an entry.
    const auto later = std::ranges::lower_bound(end_.index, time.ns(), {}, &IndexEntry::first_ns);
    std::uint64_t offset = later == end_.index.begin() ? begin_ : std::prev(later)->offset;
    while (offset < end_.offset) {
        auto head = read_head(offset);
        if (!head) return failure(std::move(head.error()));
        if (head->last_ns >= time.ns()) break;
        offset += head->size;
    }
    block_.clear();
    event_ = 0;
    last_.reset();
    next_block_ = offset;
    is_whole_ = offset == begin_;
    counted_ = {};
    blocks_ = 0;
    if (offset == end_.offset) return {};
    if (auto loaded = load_block(); !loaded) return loaded;
    while (block_.record(section_at(event_), rows_[section_at(event_)]).known_at() < time)
        (void)take_event();
    return {};
}

}  // namespace millrace::tape
