// The text forms of Date and LocalDateTime.
#include "millrace/base/date.hpp"

#include "millrace/base/time_digits.hpp"

namespace millrace {

std::string format_date(const Date& date) {
    MILLRACE_ASSERT(is_valid(date) && date.year >= 0 && date.year <= 9999,
                    "only years of four digits have a text form");
    char text[16];
    return {text, time_digits::put_date(text, date)};
}

std::string format_local(const LocalDateTime& local) {
    MILLRACE_ASSERT(is_valid(local), "a time of day outside its day");
    char text[24];
    return format_date(local.date) + 'T' +
           std::string(text, time_digits::put_clock(text, local.ns_of_day));
}

}  // namespace millrace
