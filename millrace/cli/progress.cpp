// When to speak, and the line itself.
#include "millrace/cli/progress.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <ostream>

namespace millrace::cli {
namespace {

constexpr Duration kRedrawEvery = Duration::milliseconds(100);
constexpr Duration kLineEvery = Duration::seconds(5);
constexpr std::size_t kBarWidth = 20;

Duration monotonic_now() {
    return Duration::nanoseconds(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count());
}

std::string with_commas(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

}  // namespace

Progress::Progress(Invocation& invocation, std::string unit, std::uint64_t total, Clock clock)
    : invocation_(invocation),
      unit_(std::move(unit)),
      total_(total),
      clock_(clock ? std::move(clock) : Clock(monotonic_now)),
      start_(clock_()),
      next_(start_ + (invocation.err_is_terminal() ? kRedrawEvery : kLineEvery)) {}

Progress::~Progress() {
    // The bar goes away: what stays on the terminal is the result.
    if (drawn_) invocation_.err() << "\r\x1b[K" << std::flush;
}

void Progress::update(std::uint64_t done) {
    if (invocation_.quiet()) return;
    const Duration now = clock_();
    if (now < next_) return;
    const bool terminal = invocation_.err_is_terminal();
    next_ = now + (terminal ? kRedrawEvery : kLineEvery);
    const std::string text = line(done, now - start_);
    if (!terminal) {
        invocation_.say(text);
        return;
    }
    invocation_.err() << '\r' << text << "\x1b[K" << std::flush;
    drawn_ = true;
}

std::string Progress::line(std::uint64_t done, Duration elapsed) const {
    const double seconds = static_cast<double>(elapsed.ns()) / 1e9;
    const double rate = static_cast<double>(done) / seconds;
    std::string text = unit_ + "  ";
    if (total_ == 0) return text + fmt::format("{}  {:.0f}/s", with_commas(done), rate);
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    if (invocation_.err_is_terminal()) {
        std::string bar(kBarWidth, ' ');
        std::fill_n(bar.begin(), static_cast<int>(share * static_cast<double>(kBarWidth)), '#');
        text += "[" + bar + "]  ";
    }
    text += fmt::format("{:.0f} %  {} of {}  {:.0f}/s", share * 100, with_commas(done),
                        with_commas(total_), rate);
    if (done > 0 && done < total_)
        text += fmt::format("  {:.0f} s left", static_cast<double>(total_ - done) / rate);
    return text;
}

}  // namespace millrace::cli
