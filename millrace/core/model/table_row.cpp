// The words for what does not hold.
#include "millrace/core/model/table_row.hpp"

#include <utility>

namespace millrace::model {

bool RowCheck::refuse(std::string what, std::string why, std::string mend, RowFault fault) {
    fault_ = fault;
    error_ = Error{ErrorCode::data, std::move(what), {}, std::move(why), std::move(mend)};
    return false;
}

bool RowCheck::refuse_time(Time time) {
    return refuse(time == *last_time_ ? "the time of this row stands twice"
                                      : "the rows are not in order of time",
                  format_time(time) + " comes after " + format_time(*last_time_),
                  "sort the file by time and keep one row for each, or read it with "
                  "bad-rows=repair",
                  time == *last_time_ ? RowFault::duplicate : RowFault::order);
}

bool RowCheck::refuse_price(ColumnRole role, Price price) {
    return refuse("the " + std::string(name_of(role)) + " of this row is not above zero",
                  "it is " + price.to_string(), "mend the row or leave it out", RowFault::price);
}

bool RowCheck::refuse_size(ColumnRole role, Quantity size) {
    return refuse("the " + std::string(name_of(role)) + " of this row is no quantity",
                  "\"" + size.to_string() + "\": it is negative", "mend the row or leave it out",
                  RowFault::size);
}

bool RowCheck::refuse_bar(const Bar& bar) {
    return refuse(
        "the prices of this bar contradict each other",
        "open " + bar.open.to_string() + ", high " + bar.high.to_string() + ", low " +
            bar.low.to_string() + ", close " + bar.close.to_string(),
        "the high must be the highest and the low the lowest; mend the row or leave it out",
        RowFault::contradiction);
}

bool RowCheck::refuse_bar_time(Time time) {
    return refuse("the time of this bar is out of range", format_time(time), "mend the row");
}

Result<Duration> find_bar_length(std::span<const Time> times, const std::string& path) {
    std::optional<Duration> shortest;
    for (std::size_t i = 1; i < times.size(); ++i) {
        if (times[i] <= times[i - 1]) continue;
        const auto distance = subtract(times[i], times[i - 1]);
        if (distance && (!shortest || *distance < *shortest)) shortest = *distance;
    }
    if (shortest) return *shortest;
    return failure(ErrorCode::data, "the length of the bars is not clear", path,
                   "there are not two rows of different times to tell it from",
                   "say it: --bar-length 1m");
}

}  // namespace millrace::model
