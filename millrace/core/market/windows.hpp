// Windows: times of day in which somebody wants to act, "09:30-11:00" by the clock of a zone. One
// rule for membership, key and end (start <= t < end, of the window that t is in), so that they
// never disagree, and each window carries its date: yesterday's is another one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"
#include "millrace/base/zone.hpp"
#include "millrace/core/market/calendar.hpp"

namespace millrace::market {

// Which window of the list, and its start on the day in question. Two times are in the same window
// exactly when their keys are equal.
struct WindowKey {
    std::uint32_t index = 0;
    Time start;
    constexpr auto operator<=>(const WindowKey&) const = default;
};

// A window on one day.
struct OpenWindow {
    WindowKey key;
    Time end;

    [[nodiscard]] constexpr bool contains(Time time) const {
        return key.start <= time && time < end;
    }
    constexpr auto operator<=>(const OpenWindow&) const = default;
};

class Windows {
  public:
    // "HH:MM-HH:MM" each, from 00:00 to 24:00, the end after the start; none overlaps another, the
    // order is free. An empty list is refused here, since somebody forgot to say when.
    [[nodiscard]] static Result<Windows> parse(std::span<const std::string> texts, Zone zone);
    // No window at all: contains no time.
    [[nodiscard]] static Windows none();

    // The same windows on the trading days of `calendar` only. The date is that of the windows'
    // zone. A short day does not shorten a window: ask the calendar for its close as well.
    [[nodiscard]] Windows on_trading_days_of(Calendar calendar) const;

    [[nodiscard]] bool contains(Time time) const { return at(time).has_value(); }
    // The window that `time` lies in.
    [[nodiscard]] std::optional<OpenWindow> at(Time time) const;
    // When that window ends; nothing outside the windows.
    [[nodiscard]] std::optional<Time> end_of(Time time) const;
    // The windows of a day by the zone's date, in the order of the list; one that the clocks skip
    // as a whole is left out.
    [[nodiscard]] std::vector<OpenWindow> on(const Date& date) const;

    [[nodiscard]] bool empty() const { return windows_.empty(); }
    [[nodiscard]] std::size_t size() const { return windows_.size(); }
    [[nodiscard]] Zone zone() const { return zone_; }

  private:
    friend class WindowCursor;

    struct Window {
        int start_minute;
        int end_minute;
    };

    explicit Windows(Zone zone) : zone_(zone) {}

    static Result<Window> parse_window(const std::string& text, const std::string& where);
    [[nodiscard]] bool is_on(const Date& date) const;
    [[nodiscard]] OpenWindow open_window(std::size_t index, const Date& date) const;
    // The first moment after `time`, outside all windows, at which that may change.
    [[nodiscard]] Time rest_until(Time time) const;

    std::vector<Window> windows_;
    Zone zone_;
    std::optional<Calendar> calendar_;
};

// The windows for the hot path, as SessionCursor is for sessions.
class WindowCursor {
  public:
    explicit WindowCursor(Windows windows) : windows_(std::move(windows)) {}

    // The window that `time` lies in, or null. Good until the next call. Never allocates.
    [[nodiscard]] const OpenWindow* at(Time time) {
        if (time < from_ || time >= until_) [[unlikely]]
            move_to(time);
        return open_ ? &window_ : nullptr;
    }
    [[nodiscard]] bool contains(Time time) { return at(time) != nullptr; }

  private:
    void move_to(Time time);

    Windows windows_;
    Time from_;  // empty until the first question
    Time until_;
    OpenWindow window_;
    bool open_ = false;
};

}  // namespace millrace::market
