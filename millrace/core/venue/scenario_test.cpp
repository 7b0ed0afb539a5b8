// Plays every tests/scenarios/venue/*.scn; a new file is a new test.
#include <filesystem>
#include <gtest/gtest.h>

#include "tests/scenarios/venue_scenario.hpp"

namespace millrace::venue {
namespace {

std::vector<std::string> scenarios() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(MILLRACE_VENUE_SCENARIOS))
        if (entry.path().extension() == ".scn") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

class VenueScenarios : public testing::TestWithParam<std::string> {};

TEST_P(VenueScenarios, Deals_as_written) {
    const std::string path = MILLRACE_VENUE_SCENARIOS "/" + GetParam() + ".scn";
    EXPECT_EQ(scenario::VenueScenario::play(path), "") << path;
}

INSTANTIATE_TEST_SUITE_P(Venue, VenueScenarios, testing::ValuesIn(scenarios()),
                         [](const auto& name) { return name.param; });

TEST(VenueScenarioCount, There_are_at_least_sixty) {
    EXPECT_GE(scenarios().size(), 60U);
}

}  // namespace
}  // namespace millrace::venue
