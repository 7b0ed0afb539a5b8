// Whether the parameters of a request are those that its route describes.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "millrace/edge/net/api/route.hpp"
#include "millrace/edge/net/http_parser.hpp"

namespace millrace::net {

// Unknown, doubled, missing and wrong ones are refused with 422; `place` (path or query) begins the
// path that the problem names: "query.limit".
[[nodiscard]] Parsed<void> check_parameters(const std::vector<QueryParameter>& given,
                                            std::span<const Parameter> described,
                                            std::string_view place);

[[nodiscard]] Parsed<void> check_idempotency_key(const Request& request, IdempotencyKey rule);

}  // namespace millrace::net
