// Journal: appending, making durable, reading back and replaying. One item is one record. The files
// lie in TMPDIR, which tools/bench sets to a directory of the build, on a real disk. What is
// durable is compared with the least that this disk asks for the same bytes: a file that was
// written before in full, one pwrite and one fdatasync.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include "millrace/app/drivers/journal_tools.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/edge/store/journal_writer.hpp"

#include "bench/forgetful_disk.hpp"
#include "bench/quotes.hpp"
#include "bench/report.hpp"
#include "tests/support/temporary_directory.hpp"

namespace millrace::bench {
namespace {

constexpr std::size_t kQuotes = 4'096;
constexpr std::int64_t kGroup = 64;

template <class T>
T must(Result<T> result) {
    if (!result) MILLRACE_ASSERT(false, describe(result.error()).c_str());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::unique_ptr<store::JournalWriter> new_journal(store::Disk& disk, const std::string& directory,
                                                  bool sync, bool packs = false) {
    store::JournalOptions options;
    options.sync = sync;
    options.packs = packs;
    return must(store::JournalWriter::open(disk, directory, {}, {1, 1, 1}, options));
}

model::OrderIntent intent_of(std::uint64_t number) {
    model::OrderIntent intent;
    intent.known_at = Time::from_ns(1'767'225'600'000'000'000);
    intent.key = Text<128>::from("intent-" + std::to_string(7'000'000 + number)).value();
    intent.quantity = Quantity::whole(100);
    intent.limit_price = Price::whole(101);
    return intent;
}

// Records of 88 bytes, a quote each, committed whenever the buffer of 4 MiB is full.
void append_quotes(benchmark::State& state, store::Disk& disk, const std::string& directory,
                   bool packs = false) {
    const std::vector<model::Quote> quotes = make_quotes(kQuotes, 1'024);
    const auto journal = new_journal(disk, directory, false, packs);
    for (auto _ : state) {
        for (const model::Quote& quote : quotes) {
            const engine::Input input{journal->next_sequence(), engine::record_of(quote), 0, 0};
            if (journal->append(input)) continue;
            must(journal->commit());
            MILLRACE_ASSERT(journal->append(input), "an empty buffer takes a record");
        }
    }
    const std::int64_t records = state.iterations() * static_cast<std::int64_t>(kQuotes);
    state.SetItemsProcessed(records);
    if (!packs)
        state.SetBytesProcessed(
            records * static_cast<std::int64_t>(engine::record_size(sizeof(model::Quote))));
}

void append(benchmark::State& state) {
    ForgetfulDisk disk;
    append_quotes(state, disk, "journal");
}
BENCHMARK(append)->Name("Journal/append");

// The same with a record's header and checksum for up to 85 quotes.
void append_packed(benchmark::State& state) {
    ForgetfulDisk disk;
    append_quotes(state, disk, "journal", true);
    compare_with(state, "Journal/append");
}
BENCHMARK(append_packed)->Name("Journal/append_packed");

void append_unsynced(benchmark::State& state) {
    const TemporaryDirectory directory;
    append_quotes(state, store::posix_disk(), directory / "journal");
}
BENCHMARK(append_unsynced)->Name("Journal/append_unsynced")->UseRealTime();

// The size of a group of intents on disk.
std::size_t group_bytes() {
    std::array<std::byte, sizeof(model::OrderIntent) + 64> bytes;
    const model::OrderIntent intent = intent_of(0);
    const std::size_t payload =
        model::write_binary(model::kDescription<model::OrderIntent>, &intent, bytes);
    return engine::record_size(payload) * static_cast<std::size_t>(kGroup);
}

// A turn = one pwrite and one fdatasync of so many bytes into a file that has all its blocks.
void raw_durable_write(benchmark::State& state, std::size_t size, std::int64_t items) {
    constexpr std::size_t kFileBytes = 16 << 20;
    const TemporaryDirectory directory;
    const std::string path = directory / "floor";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::vector<std::byte> content(kFileBytes, std::byte{1});
    bool sound = file >= 0;
    sound = sound && ::pwrite(file, content.data(), kFileBytes, 0) == ssize_t{kFileBytes};
    sound = sound && ::fsync(file) == 0;
    std::size_t offset = 0;
    Turns turns;
    for (auto _ : state) {
        if (offset + size > kFileBytes) offset = 0;
        turns.time([&] {
            sound = sound && ::pwrite(file, content.data(), size, static_cast<off_t>(offset)) ==
                                 static_cast<ssize_t>(size);
            sound = sound && ::fdatasync(file) == 0;
        });
        offset += size;
    }
    ::close(file);
    if (!sound) state.SkipWithError("cannot write durably here");
    state.SetItemsProcessed(state.iterations() * items);
    turns.report(state, static_cast<double>(items));
}

void raw_durable_one(benchmark::State& state) {
    raw_durable_write(state, 256, 1);
}
BENCHMARK(raw_durable_one)->Name("Disk/write_256_bytes")->UseRealTime();

void raw_durable_group(benchmark::State& state) {
    raw_durable_write(state, group_bytes(), kGroup);
}
BENCHMARK(raw_durable_group)->Name("Disk/write_group_of_64")->UseRealTime();

// A turn = so many intents appended and then committed as one group.
void commit_groups(benchmark::State& state, std::int64_t intents) {
    const TemporaryDirectory directory;
    const auto journal = new_journal(store::posix_disk(), directory / "journal", true);
    const model::OrderIntent intent = intent_of(0);
    Turns turns;
    for (auto _ : state)
        turns.time([&] {
            for (std::int64_t i = 0; i < intents; ++i) {
                const bool taken =
                    journal->append({journal->next_sequence(), engine::record_of(intent), 0, 0});
                MILLRACE_ASSERT(taken, "a group is far smaller than the buffer");
            }
            must(journal->commit());
        });
    state.SetItemsProcessed(state.iterations() * intents);
    turns.report(state, static_cast<double>(intents));
}

void durable_one(benchmark::State& state) {
    commit_groups(state, 1);
    compare_with(state, "Disk/write_256_bytes");
    hold_to_ratio(state, 2);
}
BENCHMARK(durable_one)->Name("Journal/durable_intent")->UseRealTime();

void durable_group(benchmark::State& state) {
    commit_groups(state, kGroup);
    compare_with(state, "Disk/write_group_of_64");
    hold_to_ratio(state, 2.5);
}
BENCHMARK(durable_group)->Name("Journal/durable_group_of_64")->UseRealTime();

// A generated journal of a million records: quotes, trades, bars, a few intents.
class GeneratedJournal {
  public:
    static constexpr std::uint64_t kRecords = 1'000'000;
    GeneratedJournal() {
        drivers::GenerateOptions options;
        options.records = kRecords;
        const std::uint64_t written =
            must(drivers::generate_journal(store::posix_disk(), path(), options));
        MILLRACE_ASSERT(written == kRecords, "as many records as were asked for");
    }
    [[nodiscard]] std::string path() const { return directory_ / "journal"; }

  private:
    TemporaryDirectory directory_;
};

const GeneratedJournal& generated_journal() {
    static const GeneratedJournal kJournal;
    return kJournal;
}

// What `journal verify` does: read, check every sum and value, apply to an engine with a census,
// compare every checkpoint.
void replay(benchmark::State& state) {
    const std::string path = generated_journal().path();
    for (auto _ : state) {
        const auto check = must(drivers::check_journal(store::posix_disk(), path));
        if (check.replay.applied != GeneratedJournal::kRecords || check.replay.checkpoints < 15)
            return state.SkipWithError("the replay is not complete");
    }
    state.SetItemsProcessed(state.iterations() *
                            static_cast<std::int64_t>(GeneratedJournal::kRecords));
    hold_to_ns(state, 200);
}
BENCHMARK(replay)->Name("Journal/replay")->Unit(benchmark::kMillisecond);

// The reader alone: files, frames and sequence numbers, with or without the sums.
void read(benchmark::State& state, bool with_sums) {
    const std::string path = generated_journal().path();
    for (auto _ : state) {
        engine::ReadChecks checks;
        checks.crc = with_sums;
        auto reader = must(store::JournalReader::open(store::posix_disk(), path, 1, checks));
        engine::RecordView view;
        std::uint64_t records = 0;
        while (must(reader.next(view)))
            ++records;
        if (records != GeneratedJournal::kRecords)
            return state.SkipWithError("the reader lost records");
    }
    state.SetItemsProcessed(state.iterations() *
                            static_cast<std::int64_t>(GeneratedJournal::kRecords));
}
BENCHMARK_CAPTURE(read, with_sums, true)->Name("Journal/read")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read, without, false)
    ->Name("Journal/read_without_checksums")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace millrace::bench
