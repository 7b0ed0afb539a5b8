// From the configuration to what the orders server is started with.
#pragma once

#include "millrace/app/orders/http/orders_server.hpp"
#include "millrace/base/config.hpp"

namespace millrace::orders {

[[nodiscard]] Result<ServeTerms> serve_terms(const config::Config& config);

}  // namespace millrace::orders
