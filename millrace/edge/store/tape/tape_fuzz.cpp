// Tape bytes: no bytes crash the reader, what it gives out can be written again, and comes back the
// same. The input is read as a tape, as it is and once more with its sums put right (or no mutation
// would ever get past them).
#include "tests/support/tape_bytes.hpp"

using namespace millrace;

namespace {

constexpr const char* kPath = "tape";

void write_file(store::Disk& disk, std::span<const std::byte> bytes) {
    auto file = disk.open(kPath, store::Disk::Access::create);
    MILLRACE_ASSERT(file && (*file)->write_at(0, bytes), "a simulated disk takes everything");
}

void read_and_write_again(store::Disk& disk) {
    auto reader = tape::TapeReader::open(disk, kPath);
    if (!reader) return;
    const std::vector<model::Instrument> instruments = reader->instruments();
    const std::vector<model::Source> sources = reader->sources();
    const auto events = tape::read_tape(disk, kPath);
    if (!events) {
        MILLRACE_ASSERT(!events.error().what.empty() && !events.error().where.empty(),
                        "a broken tape without a reason");
        return;
    }
    MILLRACE_ASSERT(events->size() == reader->counts().events(), "a tape that cannot count");
    const auto written = tape::write_tape(disk, "again", instruments, sources, *events);
    MILLRACE_ASSERT(written.has_value(), "what was read is refused by the writer");
    const auto again = tape::read_tape(disk, "again");
    MILLRACE_ASSERT(again.has_value() && *again == *events, "a tape has two readings");
}

void seek_about(store::Disk& disk) {
    auto reader = tape::TapeReader::open(disk, kPath);
    if (!reader) return;
    for (const Time time : {reader->last_time(), Time::earliest(), reader->first_time()}) {
        model::Datum event;
        if (!reader->seek(time)) continue;
        const auto more = reader->next(event);
        MILLRACE_ASSERT(!more || !*more || tape::record_of(event).known_at() >= time,
                        "an event before the time that was sought");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    std::vector<std::byte> bytes(input.begin(), input.end());
    store::SimulatedDisk disk(1);
    write_file(disk, bytes);
    read_and_write_again(disk);
    seek_about(disk);
    tape::put_sums_right(bytes);
    write_file(disk, bytes);
    read_and_write_again(disk);
    seek_about(disk);
    return 0;
}
