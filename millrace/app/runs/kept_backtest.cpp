// Run, identify, write, register; any failure on the way is left where --out says.
#include "millrace/app/runs/kept_backtest.hpp"

#include "millrace/app/runs/registry.hpp"
#include "millrace/app/runs/run_writer.hpp"
#include "millrace/base/hash.hpp"

namespace millrace::runs {
namespace {

namespace fs = std::filesystem;

class Keeping {
  public:
    Keeping(backtest::BacktestSettings settings, const KeepOptions& options, RunWriter writer)
        : settings_(std::move(settings)), options_(options), writer_(std::move(writer)) {
        settings_.full = settings_.curve = true;
    }

    Result<KeptBacktest> run(const backtest::Progressing& progressing) {
        auto kept = steps(progressing);
        if (!kept) writer_.fail(kept.error());
        return kept;
    }

  private:
    Result<KeptBacktest> steps(const backtest::Progressing& progressing) {
        KeptBacktest kept;
        writer_.begin_step("run");
        const auto before = stamp_of_files(settings_);
        auto result = backtest::run_backtest(settings_, progressing);
        if (!result) return failure(std::move(result.error()));
        kept.result = std::move(*result);
        writer_.end_step(hash_text(kept.result.result_hash));
        writer_.begin_step("identify");
        auto identity = identify(settings_, kept.result);
        if (!identity) return failure(std::move(identity.error()));
        const auto after = stamp_of_files(settings_);
        if (!before || !after || *before != *after)
            return failure(ErrorCode::data, "the data changed while the run read them", {},
                           "a file has another size or time of change than before",
                           "run it again when nobody writes to them");
        writer_.end_step(identity->hash);
        writer_.begin_step("write");
        if (auto written = writer_.write(kept.result, *identity); !written)
            return failure(std::move(written.error()));
        writer_.end_step();
        kept.hash = identity->hash;
        kept.entry = options_.registry / identity->hash;
        if (auto placed = place(kept, *identity); !placed)
            return failure(std::move(placed.error()));
        return kept;
    }

    Result<void> place(KeptBacktest& kept, const Identity& identity) {
        writer_.begin_step("register");
        std::error_code error;
        kept.was_kept_before = fs::exists(kept.entry, error);
        if (kept.was_kept_before)
            if (auto same = check_same(kept); !same) return same;
        writer_.end_step(kept.was_kept_before ? "kept before" : "");
        writer_.end();
        if (options_.out.empty())
            return kept.was_kept_before ? Result<void>()
                                        : writer_.publish(kept.result, identity, kept.entry);
        if (!kept.was_kept_before)
            if (auto copied = copy_to_registry(kept, identity); !copied) return copied;
        return writer_.publish(kept.result, identity, {});
    }

    // The same code, configuration and data must have come to the same.
    static Result<void> check_same(const KeptBacktest& kept) {
        const auto other = read_run(kept.entry);
        if (!other)
            return failure(ErrorCode::data, "the run was kept before, and is damaged",
                           kept.entry.string(), other.error().what,
                           "remove it: millrace runs rm " + kept.hash.substr(0, 12));
        if (other->result_hash() == hash_text(kept.result.result_hash)) return {};
        return failure(ErrorCode::internal,
                       "the same code, configuration and data came to another result",
                       kept.entry.string(),
                       "the kept run has result hash " + other->result_hash() + ", this one " +
                           hash_text(kept.result.result_hash),
                       "a strategy of your own reads a clock, a file or a random device; else "
                       "report it");
    }

    Result<void> copy_to_registry(const KeptBacktest& kept, const Identity& identity) {
        auto copy = RunWriter::begin_in(options_.registry);
        if (!copy) return failure(std::move(copy.error()));
        std::error_code error;
        fs::copy(writer_.draft(), copy->draft(), error);
        if (error)
            return failure(ErrorCode::data, "the run cannot be registered",
                           options_.registry.string(), error.message(),
                           "free space on that disk, or set data_dir to another one");
        copy->take_times(writer_);
        return copy->publish(kept.result, identity, kept.entry);
    }

    backtest::BacktestSettings settings_;
    const KeepOptions& options_;
    RunWriter writer_;
};

}  // namespace

Result<KeptBacktest> run_and_keep(backtest::BacktestSettings settings, const KeepOptions& options,
                                  const backtest::Progressing& progressing) {
    auto writer =
        options.out.empty() ? RunWriter::begin_in(options.registry) : RunWriter::begin(options.out);
    if (!writer) return failure(std::move(writer.error()));
    return Keeping(std::move(settings), options, std::move(*writer)).run(progressing);
}

}  // namespace millrace::runs
