// LatencyModel: how long a request takes to reach the venue and a report to come back. Used with
// FillTiming::latency only. One connection: requests never overtake each other, nor do reports.
#pragma once

#include "millrace/base/random.hpp"
#include "millrace/base/time.hpp"

namespace millrace::venue {

struct LatencyModel {
    Duration submit;
    Duration cancel;
    Duration replace;
    Duration report;
    Duration jitter;  // up to so much more, each time, evenly and from the venue's seed

    [[nodiscard]] bool is_negative() const {
        const Duration none;
        return submit < none || cancel < none || replace < none || report < none || jitter < none;
    }
    [[nodiscard]] Duration draw(Duration constant, Random& random) const {
        if (jitter.ns() == 0) return constant;
        return constant + Duration::nanoseconds(random.between(0, jitter.ns()));
    }
};

}  // namespace millrace::venue
