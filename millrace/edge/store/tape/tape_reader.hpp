// TapeReader: the events of a tape in their order, a block at a time in memory that is used again.
// Nothing in a file is believed before it is checked: damage is an error with path and byte, and
// what was given out before it was sound. Its memory does not grow with the tape.
#pragma once

#include "millrace/core/model/datum.hpp"
#include "millrace/edge/store/tape/block_decoder.hpp"

namespace millrace::tape {

// Events of one noun that follow each other, in memory that lives until the next call.
struct TapeRun {
    model::Noun noun{};
    const void* first = nullptr;
    std::size_t size = 0;

    template <class T>
    [[nodiscard]] std::span<const T> as() const {
        MILLRACE_ASSERT(noun == model::kDescription<T>.noun, "a run read as another noun");
        return {static_cast<const T*>(first), size};
    }
};

class TapeReader {
  public:
    static Result<TapeReader> open(store::Disk& disk, const std::string& path);

    [[nodiscard]] const std::vector<model::Instrument>& instruments() const {
        return tables_.instruments();
    }
    [[nodiscard]] const std::vector<model::Source>& sources() const { return tables_.sources(); }
    [[nodiscard]] const Counts& counts() const { return end_.counts; }
    // Of the first and last event; the epoch when there is none.
    [[nodiscard]] Time first_time() const { return Time::from_ns(end_.first_ns); }
    [[nodiscard]] Time last_time() const { return Time::from_ns(end_.last_ns); }

    // The events up to the next change of noun, at most a block of 4,096; false at the end.
    Result<bool> next_run(TapeRun& run);
    // The next event; false at the end.
    Result<bool> next(model::Datum& datum);

    // What comes next is the first event that is known at `time` or later. Forth or back.
    Result<void> seek(Time time);

  private:
    TapeReader(std::unique_ptr<store::File> file, std::string path, Header header, End end);

    [[nodiscard]] Result<void> check_index() const;
    // Whether there are events left in block_, after reading the next block if need be.
    Result<bool> has_event();
    Result<void> load_block();
    Result<BlockHead> read_head(std::uint64_t offset);
    // So many bytes of the blocks, in memory that lives until the next call.
    Result<std::span<const std::byte>> bytes_at(std::uint64_t offset, std::size_t size);
    [[nodiscard]] Result<void> check_counts() const;
    [[nodiscard]] std::size_t section_at(std::size_t event) const;
    engine::Record take_event();

    std::unique_ptr<store::File> file_;
    std::string path_;
    Tables tables_;
    std::uint64_t begin_ = 0;  // of the first block
    End end_;

    std::uint64_t next_block_ = 0;
    std::vector<std::byte> ahead_;    // what was read of the file
    std::uint64_t ahead_offset_ = 0;  // where in the file it begins
    std::size_t ahead_size_ = 0;
    BlockDecoder block_;
    std::size_t event_ = 0;                          // in block_: the next to give out
    std::array<std::size_t, kNouns.size()> rows_{};  // its rows given out, by section
    std::optional<engine::OrderKey> last_;           // of the block before, unless sought
    bool is_whole_ = true;                           // every block since the first was read
    Counts counted_;
    std::uint64_t blocks_ = 0;
};

}  // namespace millrace::tape
