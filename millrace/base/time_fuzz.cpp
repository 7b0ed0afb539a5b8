// Times, dates and durations from text: what is accepted is printed and read back equal.
#include "millrace/base/assert.hpp"
#include "millrace/base/time.hpp"

using namespace millrace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto time = parse_time(text)) {
        const auto back = parse_time(format_time(*time));
        MILLRACE_ASSERT(back && *back == *time, "a time does not come back from its text");
    }
    if (const auto local = parse_local(text)) {
        const auto time = time_at_offset(*local, Duration());
        MILLRACE_ASSERT(!time || utc_date_time(*time) == *local,
                        "a wall-clock time does not come back from UTC");
    }
    (void)parse_date(text);
    if (const auto duration = parse_duration(text)) {
        const auto back = parse_duration(format_duration(*duration));
        MILLRACE_ASSERT(back && *back == *duration, "a duration does not come back from its text");
    }
    for (const EpochUnit unit : {EpochUnit::seconds, EpochUnit::milliseconds,
                                 EpochUnit::microseconds, EpochUnit::nanoseconds})
        if (const auto time = parse_epoch(text, unit)) {
            const auto back = parse_time(format_time(*time));
            MILLRACE_ASSERT(back && *back == *time, "an instant does not come back from its text");
        }
    return 0;
}
