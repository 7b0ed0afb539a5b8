// Random but valid nouns for property tests and simulations of tests, built from the descriptions
// themselves.
#pragma once

#include "millrace/base/random.hpp"
#include "millrace/core/model/names.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::model {

// Names with three instruments (0 AAPL, 1 EURUSD, 2 BTC-PERP) and two sources (0 synthetic, 1
// replay).
[[nodiscard]] Names test_names();

// Fills the struct at `value` with values from the whole range of each field, the rest with
// defaults.
void fill_randomly(const NounDescription& noun, Random& random, void* value);

}  // namespace millrace::model
