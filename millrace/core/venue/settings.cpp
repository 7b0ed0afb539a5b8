// What no venue could be asked for is refused here, by name.
#include "millrace/core/venue/settings.hpp"

#include <string>

namespace millrace::venue {

namespace {

auto refuse(std::string where, std::string why, std::string mend) {
    return failure(ErrorCode::config, "the venue cannot be set up like this", std::move(where),
                   std::move(why), std::move(mend));
}

bool is_share(Ratio ratio) {
    return ratio.raw() > 0 && ratio <= Ratio::whole(1);
}

}  // namespace

Result<void> Settings::check() const {
    if (!is_share(tick_share))
        return refuse("tick_share", "it is not in (0, 1]", "1 is all of a size");
    if (bar_share.has_value() && !is_share(bar_share.value()))
        return refuse("bar_share", "it is not in (0, 1]", "0.1 is a tenth of the volume");
    if (stale_after.has_value() && stale_after.value().ns() < 0)
        return refuse("stale_after", "it is negative", "use a duration such as 5s");
    const bool has_latency = latency.submit.ns() != 0 || latency.cancel.ns() != 0 ||
                             latency.replace.ns() != 0 || latency.report.ns() != 0 ||
                             latency.jitter.ns() != 0;
    if (latency.is_negative()) return refuse("latency", "a duration is negative", "use 0 or more");
    if (has_latency && timing != FillTiming::latency)
        return refuse("latency", "it is used with the timing `latency` only",
                      "choose that timing, or take the latency out");
    if (faults.delay_one_in != 0 && faults.delay_max.ns() <= 0)
        return refuse("faults.delay_max", "reports are to be late by nothing", "say by how much");
    if (auto fee = fees.check(); !fee) return fee;
    return slippage.check();
}

}  // namespace millrace::venue
