// JournalWriter: appends inputs to the journal and makes them durable in groups. append() only
// fills a buffer; commit() writes and syncs what was appended; until it has returned, nothing
// appended may be acknowledged.
//
// Threads: one thread appends; begin_commit() is called under the same lock or by the same thread
// as append(), and finish_commit() may then run on another thread while appending goes on
// (edge/store/group_commit.hpp does so).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millrace/edge/store/journal_reader.hpp"

namespace millrace::store {

struct JournalOptions {
    std::uint64_t segment_bytes = std::uint64_t{64}
                                  << 20;  // a segment is closed when it has grown past this
    std::size_t buffer_bytes = std::size_t{4} << 20;  // appended but not committed
    bool cut_torn_tail = true;                        // off only for the tests that prove its use
    // Market data that comes in one group share a record's header and checksum: an eighth of the
    // time and half of the bytes (bench: Journal/append_packed). All of a pack is lost or kept.
    bool packs = false;
    bool sync = true;  // off only for measuring and for the tests that prove its use
};

struct JournalIdentity {
    std::uint64_t journal_id = 0;
    std::uint64_t composition = 0;
    std::uint64_t seed = 0;
};

class JournalWriter {
  public:
    // Continues the journal in `directory` at `end` as a JournalReader found it (repairing it
    // first), or begins one.
    static Result<std::unique_ptr<JournalWriter>> open(Disk& disk, const std::string& directory,
                                                       const JournalEnd& end,
                                                       const JournalIdentity& identity,
                                                       const JournalOptions& options);

    // Appends the input, whose sequence must be next_sequence(). False when the buffer is full:
    // commit first.
    [[nodiscard]] bool append(const engine::Input& input) {
        return options_.packs ? append_packed(input) : append_alone(input);
    }

    // Makes everything appended durable. After an error nothing is lost: commit again when the
    // cause is mended.
    Result<void> commit();

    // Whether there is anything to commit. Not while finish_commit() runs on another thread.
    [[nodiscard]] bool has_pending() const { return filling_.used != 0 || group_.used != 0; }
    // Takes what was appended as one group; the buffer is free again.
    void begin_commit();
    Result<void> finish_commit();

    // Commits, seals the segment and gives back what was laid out ahead.
    Result<void> close();

    [[nodiscard]] std::uint64_t next_sequence() const { return next_sequence_; }
    [[nodiscard]] std::uint64_t durable_sequence() const { return durable_sequence_; }

  private:
    JournalWriter(Disk& disk, std::string directory, const JournalIdentity& identity,
                  const JournalOptions& options);

    bool append_alone(const engine::Input& input);
    bool append_packed(const engine::Input& input);
    void close_pack();
    Result<void> continue_at(const JournalEnd& end);
    Result<void> begin_segment();
    Result<void> seal_segment();
    Result<void> make_room(std::uint64_t bytes);
    Result<void> sync();

    Disk& disk_;
    std::string directory_;
    JournalIdentity identity_;
    JournalOptions options_;

    // Of buffer_bytes; a vector would clear every record's room before it is filled.
    struct Buffer {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t used = 0;
        [[nodiscard]] std::span<const std::byte> content() const { return {bytes.get(), used}; }
    };
    // The record at the end of filling_ that further inputs may join; its header is still to come.
    struct Pack {
        model::Noun noun{};
        std::size_t begin = 0;  // in filling_
        std::size_t bytes = 0;  // of payload; 0: there is none
        std::uint64_t sequence = 0;
        std::uint32_t place_in_group = 0;
    };
    Pack pack_;
    Buffer filling_;  // appended, not yet taken by a commit
    Buffer group_;    // being written
    std::uint32_t place_in_group_ = 0;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t group_end_ = 0;  // last sequence in group_
    std::uint64_t durable_sequence_ = 0;

    std::unique_ptr<File> file_;
    std::uint32_t segment_index_ = 0;
    std::uint64_t offset_ = 0;    // where the group goes
    std::uint64_t laid_out_ = 0;  // size of the file
};

}  // namespace millrace::store
