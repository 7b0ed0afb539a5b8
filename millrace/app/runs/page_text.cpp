// Escapes, minus signs, thousands.
#include "millrace/app/runs/page_text.hpp"

#include <cmath>
#include <fmt/format.h>

#include "millrace/app/runs/embedded.hpp"
#include "millrace/core/report/report_text.hpp"

namespace millrace::runs {

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '&')
            safe += "&amp;";
        else if (letter == '<')
            safe += "&lt;";
        else if (letter == '>')
            safe += "&gt;";
        else if (letter == '"')
            safe += "&quot;";
        else
            safe += letter;
    }
    return safe;
}

std::string decimal_text(std::string text) {
    if (text.starts_with('-')) text.replace(0, 1, "−");
    return escaped(text);
}

std::string money_text(const std::string& text) {
    const auto money = Money::parse(text);
    if (!money) return escaped(text);
    std::string shown = format_decimal_fixed(std::abs(money->raw()), Money::kScale, 2);
    for (std::size_t at = shown.find('.'); at != std::string::npos && at > 3; at -= 3)
        shown.insert(at - 3, ",");
    return (money->is_negative() ? "−" : "") + shown;
}

std::string figure(report::MetricId id, const report::Metric& metric) {
    if (!metric.has_value()) return "–";
    if (const auto* money = std::get_if<Money>(&metric.value()))
        return money_text(money->to_string());
    std::string text = report::format_metric(id, metric);
    // Of an instant the minute is enough here; the tables have the rest.
    if (std::holds_alternative<Time>(metric.value())) text = text.substr(0, 16);
    return decimal_text(std::move(text));
}

std::string_view tone_of(double value) {
    return value > 0 ? "up" : value < 0 ? "down" : "";
}

std::string page_head(std::string_view title) {
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<meta "
        "name=\"generator\" content=\"Millrace\">\n<title>{}</title>\n<style>{}</style>"
        "</head>\n<body><main>\n",
        escaped(title), embedded_files().front().text);
}

std::string page_end() {
    return "\n</main></body></html>\n";
}

}  // namespace millrace::runs
