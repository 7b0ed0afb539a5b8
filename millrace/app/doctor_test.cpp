#include "millrace/app/doctor.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "millrace/app/settings.hpp"

namespace millrace::app {
namespace {

Version release() {
    return {.number = "1.2.3",
            .commit = "",
            .compiler = "GCC 12.2.0",
            .build_type = "Release",
            .sanitizers = "",
            .source_time = Time()};
}

std::vector<Finding> examined(const std::vector<std::string>& overrides,
                              const std::map<std::string, std::string>& environment = {}) {
    config::Sources sources;
    sources.default_file = "no-such-file.toml";
    sources.dotenv = "no-such-file.env";
    sources.environment = environment;
    sources.overrides = overrides;
    return examine(release(), config::load(settings(), sources));
}

std::vector<Finding> named(const std::vector<Finding>& findings, std::string_view check) {
    std::vector<Finding> found;
    std::ranges::copy_if(findings, std::back_inserter(found),
                         [&](const Finding& finding) { return finding.check == check; });
    return found;
}

TEST(Doctor, Names_the_program_and_warns_of_a_build_for_tests) {
    Version version = release();
    const auto loaded = config::load(settings(), {.default_file = "no-such-file.toml"});
    EXPECT_EQ(examine(version, loaded).front().what, "millrace 1.2.3, GCC 12.2.0, Release");
    version.sanitizers = "address";
    EXPECT_EQ(examine(version, loaded).front().status, FindingStatus::warn);
}

TEST(Doctor, Tells_every_error_of_the_configuration_and_exits_3) {
    const auto findings = examined({"nonsense=1", "journal.segment_bytes=none"});
    EXPECT_EQ(named(findings, "configuration").size(), 2u);
    EXPECT_TRUE(named(findings, "data_directory").empty());
    EXPECT_EQ(named(findings, "time_zones").size(), 1u) << "the rest is still looked at";
    EXPECT_EQ(exit_code_of(findings), 3);
}

TEST(Doctor, Resolves_every_secret_without_showing_one) {
    const std::string value = "hunter2-hunter2";
    const auto findings =
        examined({"secrets.here=env:HERE", "secrets.gone=env:GONE_ASTRAY"}, {{"HERE", value}});
    const auto secrets = named(findings, "secrets");
    ASSERT_EQ(secrets.size(), 1u);
    EXPECT_EQ(secrets[0].status, FindingStatus::fail);
    EXPECT_NE(secrets[0].what.find("GONE_ASTRAY"), std::string::npos) << secrets[0].what;
    EXPECT_EQ(exit_code_of(findings), 3);
    for (const Finding& finding : findings)
        EXPECT_EQ((finding.what + finding.mend).find("hunter2"), std::string::npos);

    const auto resolved = named(examined({"secrets.here=env:HERE"}, {{"HERE", value}}), "secrets");
    ASSERT_EQ(resolved.size(), 1u);
    EXPECT_EQ(resolved[0].what, "1 found");
}

TEST(Doctor, Gives_every_finding_that_is_not_well_a_mend) {
    auto findings = examined({"nonsense=1"});
    for (Finding& finding : examined({"data_dir=/dev/null/data", "secrets.gone=env:GONE_ASTRAY"}))
        findings.push_back(std::move(finding));
    for (const Finding& finding : findings) {
        EXPECT_FALSE(finding.what.empty()) << finding.check;
        EXPECT_EQ(finding.status == FindingStatus::ok, finding.mend.empty()) << finding.what;
    }
}

}  // namespace
}  // namespace millrace::app
