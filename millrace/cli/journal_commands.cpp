// `millrace journal`: look into a journal, prove it, replay it, and write one to try things on.
#include <chrono>
#include <fmt/format.h>
#include <ostream>

#include "millrace/app/drivers/journal_tools.hpp"
#include "millrace/base/hash.hpp"
#include "millrace/base/log.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/progress.hpp"
#include "millrace/core/model/json.hpp"

namespace millrace::cli {
namespace {

using drivers::JournalCheck;

// Learns names as they are defined, so that records print with symbols; counts; and prints the
// records asked for.
class Inspector : public drivers::ReplayWatcher {
  public:
    Inspector(Invocation& invocation, std::uint64_t from, std::uint64_t limit)
        : invocation_(invocation), from_(from), limit_(limit) {}

    void on_input(const engine::Input& input) override {
        const model::NounDescription& noun = model::description_of(input.record.noun);
        ++counts_[static_cast<std::size_t>(input.record.noun)];
        if (total_++ == 0) first_ = input.record.known_at();
        last_ = input.record.known_at();
        learn(input.record);
        if (input.sequence < from_ || printed_ == limit_) return;
        ++printed_;
        JsonWriter record;
        record.begin_object();
        record.member("sequence", input.sequence).member("noun", noun.name);
        if (input.origin != 0)
            record.member("origin", std::int64_t{input.origin})
                .member("origin_sequence", input.origin_sequence);
        record.key("record");
        model::write_json(noun, input.record.payload, names_, record);
        record.end_object();
        print(input, noun, record);
    }

    [[nodiscard]] std::uint64_t count(model::Noun noun) const {
        return counts_[static_cast<std::size_t>(noun)];
    }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] Time first() const { return first_; }
    [[nodiscard]] Time last() const { return last_; }
    [[nodiscard]] const std::vector<std::string>& rows() const { return rows_; }

  private:
    void learn(const engine::Record& record) {
        if (record.noun == model::Noun::instrument) {
            const auto& instrument = record.as<model::Instrument>();
            (void)names_.instruments.add(instrument.id, instrument.symbol.view());
        } else if (record.noun == model::Noun::source) {
            (void)names_.sources.add(record.as<model::Source>().id,
                                     record.as<model::Source>().name.view());
        } else if (record.noun == model::Noun::account) {
            (void)names_.accounts.add(record.as<model::Account>().id,
                                      record.as<model::Account>().name.view());
        } else if (record.noun == model::Noun::strategy) {
            (void)names_.strategies.add(record.as<model::Strategy>().id,
                                        record.as<model::Strategy>().name.view());
        }
    }

    void print(const engine::Input& input, const model::NounDescription& noun,
               const JsonWriter& record) {
        if (invocation_.jsonl()) {
            invocation_.print_line(record);
        } else if (invocation_.json()) {
            rows_.push_back(record.str());
        } else {
            JsonWriter payload;
            model::write_json(noun, input.record.payload, names_, payload);
            invocation_.out() << fmt::format("{:>10}  {:<12}  {}\n", input.sequence, noun.name,
                                             payload.str());
        }
    }

    Invocation& invocation_;
    std::uint64_t from_;
    std::uint64_t limit_;
    std::uint64_t printed_ = 0;
    model::Names names_;
    std::array<std::uint64_t, model::kNounCount + 1> counts_{};
    std::uint64_t total_ = 0;
    Time first_;
    Time last_;
    std::vector<std::string> rows_;  // held back for --json
};

std::string_view ending_of(const store::JournalEnd& end) {
    if (end.sealed) return "closed in order";
    return end.torn_bytes > 0 ? "torn" : "not closed";
}

void write_end(const JournalCheck& check, JsonWriter& document) {
    document.member("segments", std::uint64_t{check.segments.size()});
    document.member("last_sequence", check.end.next_sequence - 1);
    document.member("ending", ending_of(check.end));
    document.member("torn_bytes", check.end.torn_bytes);
}

void print_summary(Invocation& invocation, const JournalCheck& check, const Inspector& seen) {
    auto& out = invocation.out();
    out << fmt::format("{:<14}{} ({} records to {})\n", "journal", ending_of(check.end),
                       seen.total(), check.end.next_sequence - 1);
    if (check.end.torn_bytes > 0)
        out << fmt::format("{:<14}{} bytes: {}\n", "torn tail", check.end.torn_bytes,
                           check.end.torn_why);
    if (seen.total() > 0)
        out << fmt::format("{:<14}{} to {}\n", "time", format_time(seen.first()),
                           format_time(seen.last()));
    for (const store::SegmentInfo& segment : check.segments)
        out << fmt::format("{:<14}{}  from record {}, {} bytes\n", "segment", segment.path,
                           segment.header.first_sequence, segment.bytes);
    for (const model::Noun noun : model::all_nouns())
        if (seen.count(noun) > 0)
            out << fmt::format("{:<14}{:>12}\n", model::description_of(noun).name,
                               seen.count(noun));
}

void print_summary_json(Invocation& invocation, const JournalCheck& check, const Inspector& seen) {
    JsonWriter document = Invocation::document();
    document.member("records", seen.total());
    write_end(check, document);
    if (seen.total() > 0)
        document.member("first_time", format_time(seen.first()))
            .member("last_time", format_time(seen.last()));
    document.key("counts").begin_object();
    for (const model::Noun noun : model::all_nouns())
        if (seen.count(noun) > 0)
            document.member(model::description_of(noun).name, seen.count(noun));
    document.end_object().key("files").begin_array();
    for (const store::SegmentInfo& segment : check.segments)
        document.begin_object()
            .member("path", segment.path)
            .member("first_sequence", segment.header.first_sequence)
            .member("bytes", segment.bytes)
            .end_object();
    document.end_array();
    if (!seen.rows().empty()) {
        document.key("rows").begin_array();
        for (const std::string& row : seen.rows())
            document.raw(row);
        document.end_array();
    }
    document.end_object();
    invocation.print(document);
}

int inspect(Invocation& invocation) {
    const bool rows = invocation.flag("--records") || invocation.jsonl();
    Inspector seen(invocation, static_cast<std::uint64_t>(invocation.integer("--from")),
                   rows ? static_cast<std::uint64_t>(invocation.integer("--limit")) : 0);
    auto check = drivers::check_journal(store::posix_disk(), invocation.text("JOURNAL"), &seen);
    if (!check) return invocation.fail(check.error());
    if (invocation.json())
        print_summary_json(invocation, *check, seen);
    else if (!rows)
        print_summary(invocation, *check, seen);
    return 0;
}

int verify(Invocation& invocation) {
    auto check = drivers::verify_journal(store::posix_disk(), invocation.text("JOURNAL"));
    if (!check) return invocation.fail(check.error());
    const store::JournalEnd& end = check->end;
    const std::uint64_t records = end.next_sequence - check->segments.front().header.first_sequence;
    const bool replayed = check->replayed.same_composition && check->replay.applied > 0;
    const bool compared = replayed && check->replay.checkpoints > 0;
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("sound", true).member("records", records);
        write_end(*check, document);
        document.member("cut_bytes", end.torn_bytes).member("state_compared", compared);
        document.member("removed_segment", end.unborn_segment);
        document.member("checkpoints", check->replay.checkpoints).end_object();
        invocation.print(document);
        return 0;
    }
    auto& out = invocation.out();
    out << fmt::format("the journal is sound: {} records in {} {}\n", records,
                       check->segments.size(),
                       check->segments.size() == 1 ? "segment" : "segments");
    if (!end.unborn_segment.empty())
        out << fmt::format("removed {}: a crash had interrupted its making, it held nothing\n",
                           end.unborn_segment);
    if (end.torn_bytes > 0)
        out << fmt::format("cut {} bytes of an unfinished record from {}: {}\n", end.torn_bytes,
                           end.segment, end.torn_why);
    else if (!end.sealed)
        out << "it was not closed in order, but nothing was torn\n";
    const std::uint64_t checkpoints = check->replay.checkpoints;
    if (compared)
        out << fmt::format("a replay reached the recorded state at {} {}\n", checkpoints,
                           checkpoints == 1 ? "checkpoint" : "checkpoints");
    else if (replayed)
        out << "it holds no checkpoint to compare a replay with\n";
    else
        out << "its state was not compared: it was written by other components, or does not begin "
               "at record 1\n";
    return 0;
}

int replay(Invocation& invocation) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    auto check = drivers::check_journal(store::posix_disk(), invocation.text("JOURNAL"));
    if (!check) return invocation.fail(check.error());
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (check->replay.applied == 0 && check->end.next_sequence > 1)
        return invocation.fail(Error{ErrorCode::data, "there is nothing to replay from",
                                     invocation.text("JOURNAL"), "the first segment is missing",
                                     "name the journal's directory"});
    const engine::Engine& engine = *check->replayed.engine;
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(check->replay.applied) /
                                                 std::max(seconds, 1e-9));
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("applied", check->replay.applied)
            .member("checkpoints", check->replay.checkpoints);
        document.member("state_compared", check->replayed.same_composition);
        document.member("running_hash", hash_text(engine.running_hash()));
        document.member("state_hash", hash_text(engine.state_hash()));
        document.member("engine_time", format_time(engine.now()));
        document.member("elapsed_s", seconds).member("records_per_s", rate).end_object();
        invocation.print(document);
        return 0;
    }
    auto& out = invocation.out();
    out << fmt::format("{:<14}{} records in {:.3f} s, {} a second\n", "replayed",
                       check->replay.applied, seconds, rate);
    out << fmt::format("{:<14}{}\n", "engine time", format_time(engine.now()));
    out << fmt::format("{:<14}{}\n", "running hash", hash_text(engine.running_hash()));
    out << fmt::format("{:<14}{}\n", "state hash", hash_text(engine.state_hash()));
    if (check->replayed.same_composition)
        out << fmt::format("{:<14}{} compared, all equal\n", "checkpoints",
                           check->replay.checkpoints);
    else
        out << fmt::format("{:<14}not compared: written by other components\n", "checkpoints");
    return 0;
}

int generate(Invocation& invocation) {
    const auto records = static_cast<std::uint64_t>(invocation.integer("--records"));
    const auto& config = invocation.configuration();
    if (!config) return invocation.fail(config.error());
    Progress progress(invocation, "records", records);
    drivers::GenerateOptions options;
    options.records = records;
    options.seed = static_cast<std::uint64_t>(invocation.integer("--seed"));
    options.segment_bytes = config->size_bytes("journal.segment_bytes");
    options.go_on = [&](std::uint64_t done) {
        progress.update(done);
        return !Invocation::interrupted();
    };
    log::debug("journal begun",
               {{"directory", invocation.text("DIRECTORY")}, {"records", records}});
    auto made =
        drivers::generate_journal(store::posix_disk(), invocation.text("DIRECTORY"), options);
    if (!made) return invocation.fail(made.error());
    log::debug("journal closed", {{"records", *made}});
    if (invocation.json()) {
        JsonWriter document = Invocation::document();
        document.member("directory", invocation.text("DIRECTORY"))
            .member("records", *made)
            .end_object();
        invocation.print(document);
    } else {
        invocation.out() << fmt::format("wrote {} records to {}\n", *made,
                                        invocation.text("DIRECTORY"));
    }
    return Invocation::interrupted() ? exit_code_of(ErrorCode::interrupted) : 0;
}

Argument journal_argument() {
    return {.name = "JOURNAL",
            .doc = "Directory of a journal, or one of its segments",
            .kind = Kind::path};
}

void add_readers(Table& table) {
    table.add(Command{
        .path = "journal inspect",
        .summary = "Show what a journal holds",
        .description =
            "Reads a journal and shows its segments, its span of time, how it ends and how many "
            "records of "
            "each kind it holds; with --records the records themselves. Changes nothing.",
        .arguments = {journal_argument()},
        .options = {{.name = "--records", .doc = "Print records"},
                    {.name = "--from",
                     .value_name = "N",
                     .doc = "First record to print",
                     .kind = Kind::integer,
                     .default_text = "1",
                     .minimum = 1},
                    {.name = "--limit",
                     .value_name = "N",
                     .doc = "Most records to print",
                     .kind = Kind::integer,
                     .default_text = "100",
                     .minimum = 1}},
        .examples =
            {{"millrace journal inspect millrace-data/journal", "What is in it?"},
             {"millrace journal inspect millrace-data/journal --records --from 5000 --limit 10",
              "What happened there?"}},
        .run = inspect,
        .streams = true});
    table.add(Command{
        .path = "journal verify",
        .summary = "Prove that a journal is whole, and repair a torn tail",
        .description =
            "Checks every byte of a journal and replays it, comparing each recorded state hash. An "
            "unfinished record at its end, as a crash leaves it, is cut and its bytes are told. A "
            "damaged "
            "record is refused with its segment and offset, exit code 4, and nothing is changed.",
        .arguments = {journal_argument()},
        .examples = {{"millrace journal verify millrace-data/journal", "Is it whole?"}},
        .run = verify});
}

}  // namespace

void add_journal_commands(Table& table) {
    table.add(Group{.name = "journal",
                    .section = "Engine",
                    .summary = "Look into a journal, prove it, replay it"});
    add_readers(table);
    table.add(Command{.path = "journal replay",
                      .summary = "Apply a journal from its start and show the state it comes to",
                      .description =
                          "Feeds an engine from the journal as fast as it can and shows the hashes "
                          "of history and state, "
                          "the same on every machine, and how fast it went. Changes nothing.",
                      .arguments = {journal_argument()},
                      .examples = {{"millrace journal replay millrace-data/journal --json",
                                    "The hashes, for a script"}},
                      .run = replay});
    table.add(Command{
        .path = "journal generate",
        .summary = "Write a synthetic journal to try things on",
        .description = "Writes a new journal with a synthetic market of eight instruments, "
                       "durably, as a live system "
                       "would. The same seed gives the same bytes. A directory that holds a "
                       "journal is refused.",
        .arguments = {{.name = "DIRECTORY", .doc = "Where to write it", .kind = Kind::path}},
        .options = {{.name = "--records",
                     .value_name = "N",
                     .doc = "How many records",
                     .kind = Kind::integer,
                     .default_text = "1000000",
                     .minimum = 20,
                     .maximum = 1'000'000'000},
                    {.name = "--seed",
                     .value_name = "N",
                     .doc = "Seed of the market",
                     .kind = Kind::integer,
                     .default_text = "1",
                     .minimum = 0}},
        .examples = {{"millrace journal generate try/journal --records 100000", "A small one"}},
        .run = generate,
        .logs = true,
        .interrupt = Interrupt::is_asked_for});
}

}  // namespace millrace::cli
