// Tables, documents, digests; then one rename.
#include "millrace/app/runs/run_writer.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unistd.h>

#include "millrace/app/backtest/result_json.hpp"
#include "millrace/app/machine.hpp"
#include "millrace/app/runs/artifact_tables.hpp"
#include "millrace/app/runs/json_value.hpp"
#include "millrace/app/runs/metrics_document.hpp"
#include "millrace/app/runs/run_files.hpp"
#include "millrace/base/hash.hpp"

namespace millrace::runs {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kOwnTimes = {"run_meta.json", "run_result.json",
                                                       "run_steps.jsonl"};

tl::unexpected<Error> refused(const fs::path& path, const std::error_code& error) {
    const bool is_full = error == std::errc::no_space_on_device;
    return failure(ErrorCode::data, "the run cannot be written", path.string(), error.message(),
                   is_full ? "free space on that disk, or write elsewhere"
                           : "check the path and the right to write there");
}

JsonWriter document() {
    JsonWriter writer(JsonWriter::Style::indented);
    writer.begin_object().member("schema_version", kArtifactSchemaVersion);
    return writer;
}

std::string ended(JsonWriter& writer) {
    writer.end_object();
    return writer.str() + "\n";
}

void write_program(JsonWriter& writer, const app::Version& version) {
    writer.key("millrace").begin_object().member("version", version.number);
    writer.member("commit", version.commit).member("compiler", version.compiler);
    writer.member("build_type", version.build_type).member("sanitizers", version.sanitizers);
    writer.end_object();
}

std::string result_document(const backtest::BacktestResult& result, const Identity& identity) {
    JsonWriter writer = document();
    writer.member("status", "success").member("content_hash", identity.hash);
    backtest::BacktestResult brief = result;
    brief.is_full = false;  // the tables have it
    backtest::write_json(brief, writer);
    return ended(writer);
}

std::string failure_document(const Error& error) {
    JsonWriter writer = document();
    writer.member("status", "failed").key("error").begin_object();
    writer.member("code", name_of(error.code)).member("what", error.what);
    writer.member("where", error.where).member("why", error.why).member("mend", error.mend);
    writer.end_object();
    return ended(writer);
}

void append_cell(std::string& line, const Cell& cell, const parquet::OutputColumn& column) {
    if (const auto* text = std::get_if<std::string_view>(&cell))
        append_csv_cell(line, *text);
    else if (const auto* time = std::get_if<Time>(&cell))
        line += format_time(*time);
    else if (const auto* number = std::get_if<std::int64_t>(&cell))
        line += format_decimal(*number, column.scale);
}

}  // namespace

bool holds_failed_run(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) return false;
    for (const fs::directory_entry& entry : entries)
        if (std::find(kOwnTimes.begin(), kOwnTimes.end(), entry.path().filename().string()) ==
            kOwnTimes.end())
            return false;
    const auto result = JsonValue::read((folder / "run_result.json").string());
    return result && (*result)["status"].text() == "failed";
}

RunWriter::RunWriter(fs::path place, fs::path draft)
    : place_(std::move(place)), draft_(std::move(draft)), started_(now()) {}

Time RunWriter::now() {
    return app::system_time();
}

RunWriter::RunWriter(RunWriter&& other) noexcept
    : place_(std::move(other.place_)),
      draft_(std::move(other.draft_)),
      started_(other.started_),
      finished_(other.finished_),
      steps_(std::move(other.steps_)),
      written_(std::move(other.written_)),
      is_published_(std::exchange(other.is_published_, true)) {}

RunWriter::~RunWriter() {
    std::error_code ignored;
    if (!is_published_) fs::remove_all(draft_, ignored);
}

Result<RunWriter> RunWriter::begin(const fs::path& place) {
    std::error_code error;
    const fs::path whole = fs::absolute(place, error).lexically_normal();
    const fs::path target = whole.has_filename() ? whole : whole.parent_path();
    const auto there = fs::symlink_status(target, error);
    if (fs::exists(there)) {
        if (!fs::is_directory(there))
            return failure(ErrorCode::data, "the run needs a folder of its own", place.string(),
                           "something else has that name", "name a new folder");
        if (!fs::is_empty(target, error) && !holds_failed_run(target))
            return failure(ErrorCode::data, "there is something in the folder already",
                           place.string(), "a run never overwrites anything",
                           "name a new folder, or remove that one");
        if (error) return refused(place, error);
    }
    auto writer = begin_in(target.parent_path());
    if (writer) writer->place_ = target;
    return writer;
}

Result<RunWriter> RunWriter::begin_in(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return refused(folder, error);
    std::string form = (folder / ".run-XXXXXX").string();
    if (::mkdtemp(form.data()) == nullptr)
        return refused(folder, std::error_code(errno, std::generic_category()));
    fs::permissions(form,
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                        fs::perms::others_read | fs::perms::others_exec,
                    error);
    return RunWriter(fs::path(), fs::path(form));
}

void RunWriter::begin_step(std::string_view name) {
    steps_.push_back({std::string(name), "started", now(), {}});
}

void RunWriter::end_step(std::string_view details) {
    const std::string name = steps_.back().name;
    steps_.push_back({name, "completed", now(), std::string(details)});
}

Result<void> RunWriter::keep_digest(const std::string& name, std::uint64_t rows) {
    auto digest = store::sha256_of_file((draft_ / name).string());
    if (!digest) return failure(std::move(digest.error()));
    written_.push_back({name, rows, std::move(*digest)});
    return {};
}

Result<void> RunWriter::write_table(const ArtifactTable& table,
                                    const backtest::BacktestResult& result) {
    const std::string name(table.name);
    auto csv = FileWriter::create((draft_ / (name + ".csv")).string());
    if (!csv) return failure(std::move(csv.error()));
    auto parquet =
        parquet::ParquetWriter::create((draft_ / (name + ".parquet")).string(), table.columns);
    if (!parquet) return failure(std::move(parquet.error()));
    std::string line;
    for (const parquet::OutputColumn& column : table.columns)
        line += (line.empty() ? "" : ",") + std::string(column.name);
    line += '\n';
    if (auto added = csv->add(line); !added) return added;
    std::uint64_t rows = 0;
    const auto take = [&](Row row) -> Result<void> {
        line.clear();
        for (std::size_t at = 0; at < row.size(); ++at) {
            if (at > 0) line += ',';
            append_cell(line, row[at], table.columns[at]);
        }
        line += '\n';
        ++rows;
        if (auto added = csv->add(line); !added) return added;
        return parquet->add(row);
    };
    if (auto taken = table.rows(result, take); !taken) return taken;
    if (auto finished = csv->finish(); !finished) return finished;
    if (auto finished = parquet->finish(); !finished) return finished;
    if (auto kept = keep_digest(name + ".csv", rows); !kept) return kept;
    return keep_digest(name + ".parquet", rows);
}

Result<void> RunWriter::write(const backtest::BacktestResult& result, const Identity& identity) {
    for (const ArtifactTable& table : artifact_tables())
        if (auto written = write_table(table, result); !written) return written;
    if (auto written = write_file((draft_ / "metrics.json").string(), metrics_document(result));
        !written)
        return written;
    if (auto kept = keep_digest("metrics.json", 0); !kept) return kept;
    return write_file((draft_ / "run_manifest.json").string(), manifest(result, identity));
}

std::string RunWriter::manifest(const backtest::BacktestResult& result,
                                const Identity& identity) const {
    JsonWriter writer = document();
    writer.member("content_hash", identity.hash).member("run_id", result.run_id);
    writer.member("result_hash", hash_text(result.result_hash));
    write_program(writer, identity.version);
    writer.member("program_sha256", identity.program_sha256);
    std::string config;
    for (const auto& [name, value] : identity.config)
        config += name + "=" + value + "\n";
    writer.member("config_sha256", store::sha256_of(config)).key("config").begin_object();
    for (const auto& [name, value] : identity.config)
        writer.member(name, value);
    writer.end_object().key("inputs").begin_array();
    for (const InputFile& file : identity.files) {
        writer.begin_object().member("role", file.role).member("path", file.path);
        writer.member("bytes", file.digest.bytes).member("sha256", file.digest.sha256);
        writer.end_object();
    }
    writer.end_array().key("artifacts").begin_array();
    for (const Written& file : written_) {
        writer.begin_object().member("name", file.name).member("bytes", file.digest.bytes);
        if (file.name.ends_with(".json"))
            writer.key("rows").null();
        else
            writer.member("rows", file.rows);
        writer.member("sha256", file.digest.sha256).end_object();
    }
    writer.end_array();
    return ended(writer);
}

std::string RunWriter::meta(std::string_view status) const {
    JsonWriter writer = document();
    writer.member("status", status).member("started_at", format_time(started_));
    writer.member("finished_at", format_time(finished_));
    write_program(writer, app::version());
    return ended(writer);
}

std::string RunWriter::steps() const {
    std::string lines;
    for (std::size_t at = 0; at < steps_.size(); ++at) {
        const Step& step = steps_[at];
        JsonWriter writer;
        writer.begin_object().member("step_index", std::uint64_t{at});
        writer.member("step_name", step.name).member("status", step.status);
        writer.member("timestamp", format_time(step.time)).member("details", step.details);
        writer.end_object();
        lines += writer.str() + "\n";
    }
    return lines;
}

Result<void> RunWriter::move_to(const fs::path& place) {
    sync_directory(draft_.string());
    std::error_code error;
    if (holds_failed_run(place)) fs::remove_all(place, error);
    fs::rename(draft_, place, error);
    if (error) return refused(place, error);
    is_published_ = true;
    sync_directory(place.parent_path().string());
    return {};
}

Result<void> RunWriter::publish(const backtest::BacktestResult& result, const Identity& identity,
                                const fs::path& place) {
    const std::array<std::string, kOwnTimes.size()> texts = {
        meta("success"), result_document(result, identity), steps()};
    for (std::size_t at = 0; at < kOwnTimes.size(); ++at)
        if (auto written = write_file((draft_ / kOwnTimes[at]).string(), texts[at]); !written)
            return written;
    return move_to(place.empty() ? place_ : place);
}

void RunWriter::fail(const Error& error) {
    if (is_published_ || place_.empty()) return;
    if (!steps_.empty() && steps_.back().status == "started")
        steps_.push_back({steps_.back().name, "failed", now(), error.what});
    end();
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(draft_, ignored))
        fs::remove_all(entry.path(), ignored);
    const std::array<std::string, kOwnTimes.size()> texts = {meta("failed"),
                                                             failure_document(error), steps()};
    for (std::size_t at = 0; at < kOwnTimes.size(); ++at)
        if (!write_file((draft_ / kOwnTimes[at]).string(), texts[at])) return;
    (void)move_to(place_);  // else the destructor takes it away
}

}  // namespace millrace::runs
