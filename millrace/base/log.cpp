// The logger's thread, queue and files, which are spdlog's; the only file that knows spdlog, and
// the one place of the log that reads the clock. Lines are rendered by their writer (log_line.hpp).
#include "millrace/base/log.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <utility>

#include "millrace/base/log_line.hpp"

namespace millrace::log {
namespace {

constexpr Level kLevelWhenStopped = Level::warn;
constexpr std::size_t kQueueLengthMax = 1'000'000;
constexpr int kRotateFilesMax = 1'000;

Time now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count());
}

// 1 for the first thread that logs, 2 for the second: short, and the same on every system.
std::uint64_t thread_number() {
    static std::atomic<std::uint64_t> last = 0;
    thread_local const std::uint64_t mine = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return mine;
}

std::string render(const Event& event, Format format, bool colour) {
    return format == Format::json ? json_line(event) : human_line(event, colour);
}

// Stands between the queue and the file. It runs on the logger's thread, where it tells of dropped
// lines before the next line that survived, and flushes when there is nothing more to write.
class Output final : public spdlog::sinks::sink {
  public:
    Output(spdlog::sink_ptr target, const Options& options)
        : target_(std::move(target)), format_(options.format), colour_(options.colour) {
        target_->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    }

    void watch(spdlog::details::thread_pool* pool) { pool_ = pool; }

    void log(const spdlog::details::log_msg& line) override {
        const std::size_t dropped = pool_->overrun_counter();
        if (dropped > dropped_told_) {
            const Field count{"count", dropped - dropped_told_};
            const std::string text =
                render({now(), Level::warn, "log_dropped", thread_number(), {&count, 1}}, format_,
                       colour_);
            target_->log({line.logger_name, spdlog::level::warn, text});
            dropped_told_ = dropped;
        }
        target_->log(line);
        if (line.level >= spdlog::level::warn || pool_->queue_size() == 0) target_->flush();
    }
    void flush() override { target_->flush(); }
    void set_pattern(const std::string& /*pattern*/) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

  private:
    spdlog::sink_ptr target_;
    Format format_;
    bool colour_;
    spdlog::details::thread_pool* pool_ = nullptr;
    std::size_t dropped_told_ = 0;
};

// Members die from the last to the first: the pool first, which writes out its queue and joins its
// thread. So that thread is never the one to free the logger, which TSan (blind to the counters
// inside libspdlog) would take for a race.
struct Running {
    std::shared_ptr<Output> output;
    std::shared_ptr<spdlog::async_logger> logger;
    std::shared_ptr<spdlog::details::thread_pool> pool;
    Format format = Format::human;
    bool colour = false;
};

struct State {
    std::atomic<Level> level = kLevelWhenStopped;
    std::mutex starting;         // one start or stop at a time
    std::shared_mutex exchange;  // shared by writers, alone for whoever replaces `running`
    std::unique_ptr<Running> running;
};

State& state() {
    static State instance;
    return instance;
}

Result<void> check(const Options& options) {
    if (options.queue_length < 1 || options.queue_length > kQueueLengthMax)
        return failure(ErrorCode::config, "the queue of the log cannot have this length", {},
                       "it holds from 1 to 1000000 lines");
    if (options.rotate_files < 0 || options.rotate_files > kRotateFilesMax)
        return failure(ErrorCode::config, "the log cannot keep this number of old files", {},
                       "from 0 to 1000 are kept");
    return {};
}

spdlog::sink_ptr open_target(const Options& options) {
    if (options.file.empty()) return std::make_shared<spdlog::sinks::stderr_sink_mt>();
    if (options.rotate_bytes == 0)
        return std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
    return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        options.file, options.rotate_bytes, static_cast<std::size_t>(options.rotate_files));
}

std::unique_ptr<Running> launch(const Options& options) {
    auto running = std::make_unique<Running>();
    running->output = std::make_shared<Output>(open_target(options), options);
    running->pool = std::make_shared<spdlog::details::thread_pool>(options.queue_length, 1);
    running->output->watch(running->pool.get());
    running->logger = std::make_shared<spdlog::async_logger>(
        "millrace", running->output, running->pool, spdlog::async_overflow_policy::overrun_oldest);
    running->logger->set_level(spdlog::level::trace);  // the level was checked before the queue
    running->format = options.format;
    running->colour = options.colour;
    return running;
}

spdlog::level::level_enum to_spdlog(Level level) {
    return level >= Level::warn ? spdlog::level::warn : spdlog::level::info;
}

void stop_running(State& log) {
    std::unique_ptr<Running> old;
    {
        const std::unique_lock alone(log.exchange);
        log.level.store(kLevelWhenStopped, std::memory_order_relaxed);
        old = std::move(log.running);
    }
    if (!old) return;
    old->pool.reset();  // waits until the queue is written
    old->output->flush();
}

}  // namespace

Result<void> start(const Options& options) {
    if (auto checked = check(options); !checked) return checked;
    State& log = state();
    const std::lock_guard turn(log.starting);
    stop_running(log);
    try {
        auto running = launch(options);
        const std::unique_lock alone(log.exchange);
        log.running = std::move(running);
        log.level.store(options.level, std::memory_order_relaxed);
    } catch (const std::exception& failed) {
        return failure(ErrorCode::config, "the log cannot be opened", options.file, failed.what(),
                       "name a file in a folder that may be written, or none for standard error");
    }
    return {};
}

void stop() {
    State& log = state();
    const std::lock_guard turn(log.starting);
    stop_running(log);
}

void set_level(Level level) {
    state().level.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
    return level != Level::off && level >= state().level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    const Event event{now(), level, message, thread_number(), {fields.begin(), fields.size()}};
    State& log = state();
    const std::shared_lock lock(log.exchange);
    if (log.running) {
        const std::string line = render(event, log.running->format, log.running->colour);
        log.running->logger->log(to_spdlog(level), spdlog::string_view_t(line));
        return;
    }
    if (level < kLevelWhenStopped) return;  // stopped since the level was looked at
    const std::string line = human_line(event, false) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace millrace::log
