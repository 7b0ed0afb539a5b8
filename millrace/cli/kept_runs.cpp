// The registry of the configuration.
#include "millrace/cli/kept_runs.hpp"

#include <cstdlib>

#include "millrace/app/settings.hpp"

namespace millrace::cli {
namespace {

constexpr std::size_t kOfferedMax = 200;

}  // namespace

Result<runs::Registry> registry_of(Invocation& invocation) {
    const auto& config = invocation.configuration();
    if (!config) return failure(Error(config.error().front()));
    return runs::Registry(config->path("data_dir") / "runs");
}

Result<runs::KeptRun> run_named(Invocation& invocation, const std::string& name) {
    const auto registry = registry_of(invocation);
    if (!registry) return failure(Error(registry.error()));
    return registry->find(name);
}

std::vector<std::string> kept_run_names() {
    config::Sources sources;
    for (const char* variable : {"MILLRACE_DATA_DIR", "MILLRACE_PROFILE"})
        if (const char* value = std::getenv(variable)) sources.environment[variable] = value;
    const auto config = config::load(app::settings(), sources);
    if (!config) return {};
    std::vector<std::string> names;
    for (const runs::KeptRun& run : runs::Registry(config->path("data_dir") / "runs").list().runs)
        if (names.size() < kOfferedMax) names.push_back(run.hash.substr(0, 12));
    return names;
}

}  // namespace millrace::cli
