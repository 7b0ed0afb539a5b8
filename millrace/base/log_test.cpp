#include "millrace/base/log.hpp"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

#include "millrace/base/secret.hpp"

namespace millrace::log {
namespace {

std::filesystem::path fresh_folder() {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    auto folder = std::filesystem::path(testing::TempDir()) / ("millrace_log_" + name);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

// Standard error goes into a pipe for the life of this object.
class CapturedStderr {
  public:
    CapturedStderr() {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe(ends.data()), 0);
        read_end_ = ends[0];
        saved_ = dup(STDERR_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[1]);
    }
    CapturedStderr(const CapturedStderr&) = delete;
    CapturedStderr& operator=(const CapturedStderr&) = delete;
    ~CapturedStderr() {
        restore();
        close(read_end_);
    }

    void restore() {
        if (saved_ < 0) return;
        dup2(saved_, STDERR_FILENO);
        close(saved_);
        saved_ = -1;
    }
    // All that is written until standard error is restored, by this thread or another.
    std::string read_to_end() const {
        std::string text;
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto count = read(read_end_, buffer.data(), buffer.size());
            if (count <= 0) return text;
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

  private:
    int read_end_ = -1;
    int saved_ = -1;
};

std::uint64_t number_after(const std::string& line, const std::string& key) {
    const auto at = line.find(key);
    return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size()));
}

TEST(Log, Speaks_to_standard_error_before_start_and_only_from_warn_up) {
    CapturedStderr captured;
    info("quiet");
    warn("loud", {{"n", 1}});
    captured.restore();
    const std::string text = captured.read_to_end();
    EXPECT_EQ(text.find("quiet"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("Z  WARN  loud  n=1\n")) << text;
}

TEST(Log, Writes_lines_at_its_level_and_above_in_the_order_they_came) {
    const auto file = fresh_folder() / "made" / "up" / "millrace.log";
    ASSERT_TRUE(start({.level = Level::info, .file = file.string()}));
    EXPECT_FALSE(enabled(Level::debug));
    debug("no");
    info("one");
    error("two", {{"why", "because"}});
    set_level(Level::debug);
    debug("three");
    set_level(Level::off);
    error("no");
    stop();
    stop();
    const auto lines = lines_of(file);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(lines[0].ends_with("Z  INFO  one")) << lines[0];
    EXPECT_TRUE(lines[1].ends_with("Z ERROR  two  why=because")) << lines[1];
    EXPECT_TRUE(lines[2].ends_with("Z DEBUG  three")) << lines[2];
}

TEST(Log, Writes_one_json_object_a_line) {
    const auto file = fresh_folder() / "millrace.jsonl";
    ASSERT_TRUE(start({.format = Format::json, .file = file.string()}));
    info("one\ntwo", {{"n", 5U}});
    stop();
    const auto lines = lines_of(file);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].starts_with(R"({"time":"2)")) << lines[0];
    EXPECT_TRUE(lines[0].ends_with(R"(,"n":5})")) << lines[0];
    EXPECT_NE(lines[0].find(R"("level":"info","message":"one\ntwo","thread":)"), std::string::npos);
}

TEST(Log, Loses_no_line_of_many_threads_while_the_queue_has_room) {
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kEach = 500;
    const auto file = fresh_folder() / "millrace.log";
    ASSERT_TRUE(start({.file = file.string(), .queue_length = kThreads * kEach}));
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t)
        threads.emplace_back([t] {
            for (std::size_t i = 0; i < kEach; ++i)
                info("tick", {{"id", t * kEach + i}});
        });
    for (auto& thread : threads)
        thread.join();
    stop();
    std::set<std::uint64_t> seen;
    for (const auto& line : lines_of(file))
        seen.insert(number_after(line, "id="));
    EXPECT_EQ(seen.size(), 2000U);
    EXPECT_EQ(*seen.rbegin(), 1999U);
}

TEST(Log, Drops_the_oldest_when_nobody_reads_and_tells_how_many) {
    constexpr std::uint64_t kWritten = 600;
    std::string text;
    {
        CapturedStderr captured;
        ASSERT_TRUE(start({.queue_length = 16}));
        // A pipe holds 64 KiB: with lines of 1 KiB the logger's thread blocks before the 70th, and
        // all that follow meet a queue of 16.
        const std::string padding(1000, 'x');
        for (std::uint64_t i = 1; i <= kWritten; ++i)
            info("line", {{"id", i}, {"padding", padding}});
        std::thread reader([&] { text = captured.read_to_end(); });
        stop();
        captured.restore();
        reader.join();
    }
    std::istringstream in(text);
    std::uint64_t arrived = 0;
    std::uint64_t dropped = 0;
    std::uint64_t last = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.find("log_dropped") == std::string::npos) {
            ++arrived;
            EXPECT_GT(number_after(line, "id="), last);
            last = number_after(line, "id=");
        } else {
            EXPECT_NE(line.find(" WARN  log_dropped  count="), std::string::npos) << line;
            dropped += number_after(line, "count=");
        }
    }
    EXPECT_GE(dropped, 400U);
    EXPECT_EQ(arrived + dropped, kWritten);
    EXPECT_EQ(last, kWritten);  // the newest survive
}

TEST(Log, Rotates_its_file_and_keeps_as_many_old_ones_as_told) {
    const auto folder = fresh_folder();
    ASSERT_TRUE(start(
        {.file = (folder / "millrace.log").string(), .rotate_bytes = 4096, .rotate_files = 2}));
    for (int i = 0; i < 400; ++i)
        info("a line of about fifty bytes", {{"i", i}});
    stop();
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
        EXPECT_LE(entry.file_size(), 4096U);
    }
    EXPECT_EQ(names, (std::set<std::string>{"millrace.log", "millrace.1.log", "millrace.2.log"}));
}

TEST(Log, Never_writes_a_registered_secret) {
    const auto file = fresh_folder() / "millrace.log";
    const Secret secret = Secret::from_configuration("log-file-secret-42");
    ASSERT_TRUE(start({.file = file.string()}));
    info("sent log-file-secret-42", {{"url", "x?k=log-file-secret-42"}, {"token", "abc"}});
    stop();
    const auto lines = lines_of(file);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].ends_with("  sent [redacted]  url=\"x?k=[redacted]\"  token=[redacted]"))
        << lines[0];
}

TEST(Log, Can_be_started_stopped_and_written_to_from_different_threads_at_once) {
    const auto folder = fresh_folder();
    std::atomic<bool> done = false;
    std::vector<std::thread> writers;
    for (int t = 0; t < 3; ++t)
        writers.emplace_back([&] {
            while (!done)
                info("busy", {{"text", "value"}});
        });
    for (int round = 0; round < 10; ++round) {
        ASSERT_TRUE(start({.file = (folder / std::to_string(round)).string()}));
        info("round");
        stop();
        const auto lines = lines_of(folder / std::to_string(round));
        EXPECT_FALSE(lines.empty());
        for (const auto& line : lines)
            EXPECT_TRUE(line.ends_with("  round") || line.ends_with("  busy  text=value") ||
                        line.find("  log_dropped  count=") != std::string::npos)
                << line;
    }
    done = true;
    for (auto& writer : writers)
        writer.join();
}

TEST(Log, Refuses_options_that_cannot_work) {
    const auto folder = fresh_folder();
    EXPECT_EQ(start({.queue_length = 0}).error().why, "it holds from 1 to 1000000 lines");
    EXPECT_EQ(start({.rotate_files = -1}).error().why, "from 0 to 1000 are kept");
    const auto refused = start({.file = folder.string()});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::config);
    EXPECT_EQ(refused.error().where, folder.string());
}

}  // namespace
}  // namespace millrace::log
