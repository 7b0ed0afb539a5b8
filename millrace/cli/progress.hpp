// Progress: tells on stderr how far long work has come: a bar with rate and remaining time on a
// terminal, a plain line every five seconds elsewhere, nothing with --quiet. Cheap enough to call
// for every item.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "millrace/base/time.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {

class Progress {
  public:
    using Clock = std::function<Duration()>;  // monotonic

    // "seeds", 2000: "seeds  [#####     ]  50 %  1,000 of 2,000  310/s  3 s left". A total of 0 is
    // unknown.
    Progress(Invocation& invocation, std::string unit, std::uint64_t total, Clock clock = {});
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::uint64_t done);

  private:
    [[nodiscard]] std::string line(std::uint64_t done, Duration elapsed) const;

    Invocation& invocation_;
    std::string unit_;
    std::uint64_t total_;
    Clock clock_;
    Duration start_;
    Duration next_;
    bool drawn_ = false;
};

}  // namespace millrace::cli
