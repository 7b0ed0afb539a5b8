// RunWriter: the folder of one run, made under another name beside its place and moved there once
// it is whole. Of a run that failed only run_meta, run_result and run_steps stay. The steps and
// times of day are in those three; every other file is the same for the same run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "millrace/app/runs/identity.hpp"

namespace millrace::runs {

inline constexpr int kArtifactSchemaVersion = 1;

class RunWriter {
  public:
    // `place` is where the folder will be. One that holds anything but a failed run is refused:
    // nothing is overwritten.
    static Result<RunWriter> begin(const std::filesystem::path& place);
    // The same for a folder that gets its name, its hash, at the end.
    static Result<RunWriter> begin_in(const std::filesystem::path& folder);
    RunWriter(RunWriter&& other) noexcept;
    RunWriter& operator=(RunWriter&& other) = delete;
    RunWriter(const RunWriter&) = delete;
    RunWriter& operator=(const RunWriter&) = delete;
    ~RunWriter();  // what was not published is gone

    void begin_step(std::string_view name);
    void end_step(std::string_view details = {});
    // A writer of the same run in another place tells the same steps and times.
    void take_times(const RunWriter& other) {
        started_ = other.started_;
        finished_ = other.finished_;
        steps_ = other.steps_;
    }
    // No step is left but to publish.
    void end() { finished_ = now(); }

    // All tables and documents but the three of the run's own times.
    Result<void> write(const backtest::BacktestResult& result, const Identity& identity);
    // The three, and the folder in its place.
    Result<void> publish(const backtest::BacktestResult& result, const Identity& identity,
                         const std::filesystem::path& place);
    // Takes everything away and leaves the three, if they can be written.
    void fail(const Error& error);

    [[nodiscard]] const std::filesystem::path& draft() const { return draft_; }

  private:
    struct Step {
        std::string name;
        std::string status;
        Time time;
        std::string details;
    };
    struct Written {
        std::string name;
        std::uint64_t rows = 0;
        store::FileDigest digest;
    };

    explicit RunWriter(std::filesystem::path place, std::filesystem::path draft);
    [[nodiscard]] static Time now();
    Result<void> write_table(const struct ArtifactTable& table,
                             const backtest::BacktestResult& result);
    Result<void> keep_digest(const std::string& name, std::uint64_t rows);
    [[nodiscard]] std::string manifest(const backtest::BacktestResult& result,
                                       const Identity& identity) const;
    [[nodiscard]] std::string meta(std::string_view status) const;
    [[nodiscard]] std::string steps() const;
    Result<void> move_to(const std::filesystem::path& place);

    std::filesystem::path place_;  // empty: known at the end
    std::filesystem::path draft_;
    Time started_;
    Time finished_;
    std::vector<Step> steps_;
    std::vector<Written> written_;
    bool is_published_ = false;
};

// Whether the folder holds a run that failed, and nothing else.
[[nodiscard]] bool holds_failed_run(const std::filesystem::path& folder);

}  // namespace millrace::runs
