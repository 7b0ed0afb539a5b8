// What the journal commands do: look through a journal, prove it, and write one to try things on.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "millrace/app/drivers/replay_driver.hpp"
#include "millrace/core/engine/census.hpp"

namespace millrace::drivers {

// An engine to replay a journal with. `census` belongs to the engine.
struct ReplayEngine {
    std::unique_ptr<engine::Engine> engine;
    const engine::Census* census = nullptr;
    bool same_composition = false;  // its hashes can be compared with the recorded ones
};

// Of the components that wrote the journal when this program knows them, else of the census alone.
[[nodiscard]] ReplayEngine engine_for(const engine::SegmentHeader& header);

struct JournalCheck {
    ReplayEngine replayed;
    ReplayReport replay;
    store::JournalEnd end;
    std::vector<store::SegmentInfo> segments;
};

// Reads every record of a journal (a directory, or one segment), checks all of it and replays it.
// When the file does not begin at record 1 there is nothing to replay from, and only the records
// are checked. Errors name segment and offset.
Result<JournalCheck> check_journal(store::Disk& disk, const std::string& path,
                                   ReplayWatcher* watcher = nullptr);

// The same, then cuts a torn tail and removes an unborn segment, which `end` still tells of.
// Refuses to change a journal that another process has open.
Result<JournalCheck> verify_journal(store::Disk& disk, const std::string& path);

struct GenerateOptions {
    std::uint64_t records = 0;
    std::uint64_t seed = 1;
    std::uint64_t segment_bytes = std::uint64_t{64} << 20;
    std::function<bool(std::uint64_t done)>
        go_on;  // asked now and then; false ends early, in order
};

// Writes a synthetic market (quotes, trades, bars, some intents; one second of market a thousand
// records) into a new journal. The same seed gives the same bytes. Refuses a directory that holds a
// journal.
Result<std::uint64_t> generate_journal(store::Disk& disk, const std::string& directory,
                                       const GenerateOptions& options);

}  // namespace millrace::drivers
