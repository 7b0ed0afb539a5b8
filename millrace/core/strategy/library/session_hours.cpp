// Windows from text, cut to the session.
#include "millrace/core/strategy/library/session_hours.hpp"

#include <algorithm>

namespace millrace::strategy {
namespace {

Result<market::Windows> read(std::string_view text, Zone zone) {
    std::vector<std::string> windows;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view window = text.substr(0, comma);
        while (window.starts_with(' '))
            window.remove_prefix(1);
        while (window.ends_with(' '))
            window.remove_suffix(1);
        windows.emplace_back(window);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return market::Windows::parse(windows, zone);
}

}  // namespace

SessionHours::SessionHours(std::string_view windows, std::string_view zone, bool regular)
    : windows_(read(windows, Zone::find(zone).value()).value()) {
    if (regular) sessions_.emplace(market::Calendar::find("us-equities").value());
}

std::optional<market::OpenWindow> SessionHours::at(Time time) {
    const market::OpenWindow* window = windows_.at(time);
    if (window == nullptr) return std::nullopt;
    if (!sessions_) return *window;
    const market::Session* session = sessions_->at(time);
    if (session == nullptr) return std::nullopt;
    market::OpenWindow cut = *window;
    cut.end = std::min(cut.end, session->close);
    return cut;
}

Result<void> check_windows(std::string_view text) {
    const auto windows = read(text, Zone::utc());
    if (!windows) return failure(Error(windows.error()));
    return {};
}

}  // namespace millrace::strategy
