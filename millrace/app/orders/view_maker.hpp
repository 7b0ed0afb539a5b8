// How the engine's parts become an OrderView; on the engine's thread, between two inputs.
#pragma once

#include "millrace/app/orders/assembly.hpp"
#include "millrace/app/orders/order_view.hpp"

namespace millrace::orders {

[[nodiscard]] OrderView view_of(const Assembly& assembly, const engine::Engine& engine);

}  // namespace millrace::orders
