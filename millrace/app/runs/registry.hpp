// Registry: the runs that are kept, a folder each under DATA_DIR/runs, named by their content hash.
// What is in a folder never changes; one that is damaged is told of and stops nothing else.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "millrace/app/runs/json_value.hpp"
#include "millrace/core/report/metric.hpp"

namespace millrace::runs {

// A kept run as its documents tell it.
struct KeptRun {
    std::string hash;
    std::filesystem::path folder;
    JsonValue manifest;
    JsonValue result;
    JsonValue meta;
    report::MetricTable metrics;

    [[nodiscard]] std::string run_id() const { return result["run_id"].text(); }
    [[nodiscard]] std::string result_hash() const { return result["result_hash"].text(); }
    // "ema-cross", or several joined by commas.
    [[nodiscard]] std::string strategy() const { return result["strategy"].text(); }
    [[nodiscard]] std::string symbols() const;
    [[nodiscard]] std::string kept_at() const { return meta["finished_at"].text(); }
};

struct DamagedRun {
    std::string name;
    Error error;
};

struct Listing {
    std::vector<KeptRun> runs;  // newest first
    std::vector<DamagedRun> damaged;
};

// Reads a folder that a run was written to, in a registry or not.
[[nodiscard]] Result<KeptRun> read_run(const std::filesystem::path& folder);
// Reads every artifact and compares it with its digest in the manifest.
[[nodiscard]] Result<void> verify(const KeptRun& run);

class Registry {
  public:
    explicit Registry(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] Listing list() const;
    // By a prefix of the hash or of the run id that only one has, or by the path of a folder.
    [[nodiscard]] Result<KeptRun> find(const std::string& name) const;
    // The same for one that is to be removed, damaged or not: its folder in the registry.
    [[nodiscard]] Result<std::filesystem::path> folder_of(const std::string& name) const;
    Result<void> remove(const std::filesystem::path& run) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace millrace::runs
