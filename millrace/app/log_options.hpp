// How the log.* settings become the logger's options.
#pragma once

#include "millrace/base/config.hpp"
#include "millrace/base/log.hpp"

namespace millrace::app {

[[nodiscard]] log::Options log_options(const config::Config& config);

}  // namespace millrace::app
