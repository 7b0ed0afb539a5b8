// Puts the measurements and the rules together.
#include "millrace/app/doctor.hpp"

#include <fmt/format.h>

#include "millrace/app/doctor_rules.hpp"
#include "millrace/app/machine.hpp"

namespace millrace::app {
namespace {

Finding program(const Version& version) {
    Finding finding{.check = "program",
                    .what = fmt::format("millrace {}, {}, {}", version.number, version.compiler,
                                        version.build_type)};
    if (!version.sanitizers.empty()) {
        finding.status = FindingStatus::warn;
        finding.what += ", with sanitizers (" + version.sanitizers + "): slow, for tests only";
        finding.mend = "make build, which makes the release";
    }
    return finding;
}

Finding of_error(std::string check, const Error& error) {
    std::string what = error.what;
    if (!error.where.empty()) what = error.where + ": " + what;
    if (!error.why.empty()) what += ": " + error.why;
    return {.check = std::move(check),
            .status = FindingStatus::fail,
            .what = std::move(what),
            .mend = error.mend.empty() ? "millrace config check" : error.mend,
            .code = error.code};
}

Finding configuration(const config::Config& config) {
    std::size_t chosen = 0;
    for (const config::Entry& entry : config.entries())
        if (entry.origin != "default") ++chosen;
    std::string what = fmt::format("is right, {} setting{} differ{} from the defaults", chosen,
                                   chosen == 1 ? "" : "s", chosen == 1 ? "s" : "");
    if (!config.profile().empty()) what += ", profile " + config.profile();
    return {.check = "configuration", .what = std::move(what)};
}

std::vector<Finding> examine_secrets(const config::Config& config) {
    std::vector<Finding> findings;
    const auto names = config.members_of("secrets");
    for (const std::string& name : names) {
        const auto secret = config.resolve("secrets." + name);
        if (!secret) findings.push_back(of_error("secrets", secret.error()));
    }
    if (findings.empty())
        findings.push_back(
            {.check = "secrets",
             .what = names.empty() ? "none is configured" : fmt::format("{} found", names.size())});
    return findings;
}

void examine_data_directory(const config::Config& config, std::vector<Finding>& findings) {
    const std::string path = config.path("data_dir").string();
    const auto directory = measure_directory(path);
    findings.push_back(judge_directory(path, directory));
    if (!directory) return;
    findings.push_back(judge_space(*directory));
    findings.push_back(judge_sync(*directory));
}

}  // namespace

std::vector<Finding> examine(const Version& version,
                             const tl::expected<config::Config, config::Errors>& loaded) {
    std::vector<Finding> findings = {program(version), judge_processor(processor()),
                                     judge_memory(memory_bytes())};
    if (loaded) {
        findings.push_back(configuration(*loaded));
        for (Finding& finding : examine_secrets(*loaded))
            findings.push_back(std::move(finding));
        examine_data_directory(*loaded, findings);
    } else {
        for (const Error& error : loaded.error())
            findings.push_back(of_error("configuration", error));
    }
    findings.push_back(judge_descriptors(descriptor_limit()));
    findings.push_back(judge_clock(system_time(), version.source_time, monotonic_step()));
    findings.push_back(judge_zones(zones_version()));
    return findings;
}

}  // namespace millrace::app
