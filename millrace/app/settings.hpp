// Every configuration key that something really uses. `millrace config schema` publishes them;
// nothing else is read from a file or the environment.
#pragma once

#include "millrace/base/config_schema.hpp"

namespace millrace::app {

[[nodiscard]] const config::Schema& settings();

}  // namespace millrace::app
