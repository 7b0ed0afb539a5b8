// The documentation and the code name the same statistics, in the same words.
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

#include "millrace/core/report/metric.hpp"

namespace millrace::report {
namespace {

std::string reference_page() {
    std::ifstream file(MILLRACE_REFERENCE_FOLDER "/statistics.md");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(StatisticsReference, Defines_every_metric_in_a_row_of_its_own) {
    const std::string page = reference_page();
    ASSERT_GT(page.size(), 1'000u);
    for (std::size_t i = 0; i < kMetricCount; ++i) {
        const std::string row = "\n| `" + std::string(name_of(static_cast<MetricId>(i))) + "` | ";
        EXPECT_NE(page.find(row), std::string::npos) << row;
    }
}

TEST(StatisticsReference, Names_no_metric_that_is_not_there) {
    std::istringstream lines(reference_page());
    int rows = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `")) continue;
        const std::string name = line.substr(3, line.find('`', 3) - 3);
        bool found = false;
        for (std::size_t i = 0; i < kMetricCount; ++i)
            found = found || name_of(static_cast<MetricId>(i)) == name;
        EXPECT_TRUE(found) << name;
        ++rows;
    }
    EXPECT_EQ(rows, static_cast<int>(kMetricCount));
}

TEST(StatisticsReference, Explains_every_reason_for_a_missing_value) {
    const std::string page = reference_page();
    for (std::size_t i = 0; i < kReasonCount; ++i) {
        const std::string words(describe(static_cast<Reason>(i)));
        ASSERT_FALSE(words.empty());
        EXPECT_NE(page.find("| " + words + " | "), std::string::npos) << words;
    }
}

}  // namespace
}  // namespace millrace::report
