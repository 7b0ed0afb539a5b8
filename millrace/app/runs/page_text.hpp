// Words and figures as pages for people show them. Every text that comes from outside goes through
// escaped().
#pragma once

#include <string>
#include <string_view>

#include "millrace/core/report/metric.hpp"

namespace millrace::runs {

[[nodiscard]] std::string escaped(std::string_view text);
// A hyphen is no minus.
[[nodiscard]] std::string decimal_text(std::string text);
// "1,234.50" of "1234.5"
[[nodiscard]] std::string money_text(const std::string& text);
// A dash where there is no value.
[[nodiscard]] std::string figure(report::MetricId id, const report::Metric& metric);
// "up", "down" or nothing: a class of the page's style.
[[nodiscard]] std::string_view tone_of(double value);
// From the doctype to <main>, with the style in it.
[[nodiscard]] std::string page_head(std::string_view title);
[[nodiscard]] std::string page_end();

}  // namespace millrace::runs
