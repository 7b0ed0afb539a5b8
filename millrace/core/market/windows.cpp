// Reading windows and laying them on days.
#include "millrace/core/market/windows.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "millrace/core/market/date_rules.hpp"
#include "millrace/core/market/wall_clock.hpp"

namespace millrace::market {
namespace {

constexpr std::size_t kWindowsMax = 100;
constexpr int kMinutesPerDay = 1'440;
constexpr std::size_t kWindowLength = 11;  // "09:30-16:00"
constexpr const char* kForm = "write HH:MM-HH:MM, such as 09:30-16:00";

tl::unexpected<Error> refused(std::string_view text, const std::string& where, std::string why,
                              std::string mend = kForm) {
    std::string shown;
    for (const char letter : text.substr(0, 40))
        shown += letter >= ' ' && letter <= '~' ? letter : '?';
    return failure(ErrorCode::config, fmt::format("\"{}\" is not a window", shown), where,
                   std::move(why), std::move(mend));
}

// Minutes of "HH:MM", or -1.
int read_minute(std::string_view text) {
    const auto digit = [text](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100;
    };
    if (text[2] != ':') return -1;
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return -1;
    return hour * 60 + minute;
}

std::string shown_minute(int minute) {
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

}  // namespace

Result<Windows::Window> Windows::parse_window(const std::string& text, const std::string& where) {
    if (text.size() != kWindowLength || text[5] != '-')
        return refused(text, where, "it does not have the form HH:MM-HH:MM");
    const std::string_view view(text);
    const int start = read_minute(view.substr(0, 5));
    const int end = read_minute(view.substr(6, 5));
    if (start < 0 || end < 0 || start == kMinutesPerDay)
        return refused(text, where, "a time of day is 00:00 to 23:59, and 24:00 only as an end");
    if (end <= start)
        return refused(text, where, "the end must be after the start",
                       "for a window over midnight write two: one to 24:00, one from 00:00");
    return Window{start, end};
}

Result<Windows> Windows::parse(std::span<const std::string> texts, Zone zone) {
    if (texts.empty())
        return failure(ErrorCode::config, "the list of windows is empty", {},
                       "nothing would ever be allowed",
                       "name at least one window, such as 09:30-16:00");
    if (texts.size() > kWindowsMax)
        return failure(ErrorCode::config, fmt::format("the list has {} windows", texts.size()), {},
                       fmt::format("at most {} are allowed", kWindowsMax), "join some of them");
    Windows read(zone);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string where = fmt::format("windows[{}]", i);
        const auto window = parse_window(texts[i], where);
        if (!window) return failure(window.error());
        for (std::size_t j = 0; j < i; ++j) {
            const Window& other = read.windows_[j];
            if (window->start_minute >= other.end_minute ||
                other.start_minute >= window->end_minute)
                continue;
            return failure(
                ErrorCode::config, fmt::format("window {} overlaps {}", texts[i], texts[j]), where,
                "a moment would be in two windows and have two ends",
                fmt::format("let one end at {} or join the two",
                            shown_minute(std::max(window->start_minute, other.start_minute))));
        }
        read.windows_.push_back(*window);
    }
    return read;
}

Windows Windows::none() {
    return Windows(Zone::utc());
}

Windows Windows::on_trading_days_of(Calendar calendar) const {
    Windows narrowed = *this;
    narrowed.calendar_ = calendar;
    return narrowed;
}

bool Windows::is_on(const Date& date) const {
    return !calendar_ || calendar_->is_trading_day(date);
}

OpenWindow Windows::open_window(std::size_t index, const Date& date) const {
    const Window& window = windows_[index];
    return {{static_cast<std::uint32_t>(index), first_instant(zone_, date, window.start_minute)},
            first_instant(zone_, date, window.end_minute)};
}

std::optional<OpenWindow> Windows::at(Time time) const {
    if (windows_.empty()) return std::nullopt;
    // Where clocks go back over midnight, the new day has begun although they show the old one.
    const Date today = zone_.to_local(time).local.date;
    for (const Date& date : {today, plus_days(today, 1)}) {
        if (!is_on(date)) continue;
        for (std::size_t i = 0; i < windows_.size(); ++i)
            if (const OpenWindow found = open_window(i, date); found.contains(time)) return found;
    }
    return std::nullopt;
}

std::optional<Time> Windows::end_of(Time time) const {
    const auto window = at(time);
    return window ? std::optional(window->end) : std::nullopt;
}

std::vector<OpenWindow> Windows::on(const Date& date) const {
    std::vector<OpenWindow> found;
    if (!is_on(date)) return found;
    for (std::size_t i = 0; i < windows_.size(); ++i)
        if (const OpenWindow window = open_window(i, date); window.key.start < window.end)
            found.push_back(window);
    return found;
}

Time Windows::rest_until(Time time) const {
    if (windows_.empty()) return Time::latest();
    const Date today = zone_.to_local(time).local.date;
    Time until = first_instant(zone_, plus_days(today, 2), 0);
    for (const Date& date : {today, plus_days(today, 1)}) {
        if (!is_on(date)) continue;
        for (std::size_t i = 0; i < windows_.size(); ++i)
            if (const Time start = open_window(i, date).key.start; start > time)
                until = std::min(until, start);
    }
    return until;
}

void WindowCursor::move_to(Time time) {
    const auto window = windows_.at(time);
    open_ = window.has_value();
    from_ = open_ ? window->key.start : time;
    until_ = open_ ? window->end : windows_.rest_until(time);
    if (open_) window_ = *window;
}

}  // namespace millrace::market
