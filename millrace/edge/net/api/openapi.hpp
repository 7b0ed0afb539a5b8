// The OpenAPI 3.1 description of the routes, as JSON.
#pragma once

#include <span>
#include <string>

#include "millrace/edge/net/api/api.hpp"

namespace millrace::net {

[[nodiscard]] std::string openapi_document(const ApiOptions& options, std::span<const Route> routes,
                                           std::span<const WebSocketRoute> websockets);

}  // namespace millrace::net
