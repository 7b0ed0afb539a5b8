// The log: one line an event, a message that never varies and fields that do. Writers render the
// line and put it in a bounded queue; one thread of the logger writes it out. When the queue is
// full the oldest line is dropped and counted, so a slow disk never holds up trading; the count
// appears as a line of its own ("log_dropped"). Registered secrets never appear, nor does the value
// of a field whose key looks like one. Any thread may call anything here; not for the hot path.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "millrace/base/result.hpp"

namespace millrace::log {

enum class Level { trace, debug, info, warn, error, off };
enum class Format { human, json };

// "trace" … "off".
[[nodiscard]] std::string_view name_of(Level level);

// The value of a field; it only borrows text, for the length of the call.
class Value {
  public:
    using Content = std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view>;

    Value(bool value) : content_(value) {}
    Value(std::signed_integral auto value) : content_(static_cast<std::int64_t>(value)) {}
    Value(std::unsigned_integral auto value) : content_(static_cast<std::uint64_t>(value)) {}
    Value(std::floating_point auto value) : content_(static_cast<double>(value)) {}
    Value(std::string_view value) : content_(value) {}
    Value(const std::string& value) : content_(std::string_view(value)) {}
    Value(const char* value) : content_(std::string_view(value)) {}

    [[nodiscard]] const Content& content() const { return content_; }

  private:
    Content content_;
};

struct Field {
    std::string_view key;
    Value value;
};
using Fields = std::initializer_list<Field>;

struct Options {
    Level level = Level::info;
    Format format = Format::human;
    std::string file = {};                          // empty: standard error
    std::uint64_t rotate_bytes = 64 * 1024 * 1024;  // 0: the file is never rotated
    int rotate_files = 5;                           // old files that are kept: name.1.log …
    std::size_t queue_length = 8192;                // lines
    bool colour = false;                            // of the level, in the human format
};

// Starts the logger's thread; a logger that runs already is stopped first. Before start and after
// stop, lines from `warn` up go straight to standard error in the human format.
[[nodiscard]] Result<void> start(const Options& options);

// Writes out what is queued, and ends the thread. Safe to call twice.
void stop();

// Changes what is logged from now on, while the logger runs.
void set_level(Level level);
[[nodiscard]] bool enabled(Level level);

// log::info("journal opened", {{"segments", 3}, {"path", path}});
void write(Level level, std::string_view message, Fields fields = {});

inline void trace(std::string_view message, Fields fields = {}) {
    write(Level::trace, message, fields);
}
inline void debug(std::string_view message, Fields fields = {}) {
    write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
    write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
    write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
    write(Level::error, message, fields);
}

}  // namespace millrace::log
