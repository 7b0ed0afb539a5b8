// The checks of `millrace doctor`, in the order a person would ask. It changes nothing that stays,
// and shows no secret.
#pragma once

#include <vector>

#include "millrace/app/finding.hpp"
#include "millrace/app/version.hpp"
#include "millrace/base/config.hpp"

namespace millrace::app {

// The configuration comes loaded, or as the errors of loading it; without one the data directory is
// not looked at.
[[nodiscard]] std::vector<Finding> examine(
    const Version& version, const tl::expected<config::Config, config::Errors>& loaded);

}  // namespace millrace::app
