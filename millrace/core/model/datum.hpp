// Datum: one thing that the market said, as files and stores hand it on.
#pragma once

#include <variant>

#include "millrace/core/model/market_data.hpp"

namespace millrace::model {

using Datum = std::variant<Bar, Quote, Trade>;

}  // namespace millrace::model
