// What a line of the log looks like, in both formats. A pure function of the event, so that tests
// need neither clock nor thread. Secrets are taken out before anything is escaped or cut, because
// an escaped or cut secret would no longer be recognised.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "millrace/base/log.hpp"
#include "millrace/base/time.hpp"

namespace millrace::log {

struct Event {
    Time time;
    Level level = Level::info;
    std::string_view message;
    std::uint64_t thread = 0;
    std::span<const Field> fields = {};
};

// A message or value longer than this is cut, and the line says so.
inline constexpr std::size_t kTextLengthMax = 16 * 1024;

// Without the line end.
[[nodiscard]] std::string human_line(const Event& event, bool colour);
[[nodiscard]] std::string json_line(const Event& event);

}  // namespace millrace::log
