// From files of splits and dividends to what happens in a run: either to what is held, with raw
// prices, or to the prices themselves.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "millrace/app/backtest/cast.hpp"

namespace millrace::backtest {

// Of one symbol.
using NamedFiles = std::vector<std::pair<std::string, const DataTerms*>>;

// A file with several symbols is read for the one that its data are named after.
[[nodiscard]] files::TableOptions table_of(const DataTerms& terms);

// What the files of actions of one symbol come to.
struct ActionPlan {
    std::vector<model::CorporateAction> happening;  // to what is held
    std::optional<PriceAdjuster> adjuster;          // of its prices instead
    std::uint64_t adjusted = 0;                     // actions that it adjusts by
    std::vector<std::string> nameless;              // files of actions that name no symbols
};

// Adjusted prices have a finer increment, unless it is given.
[[nodiscard]] Result<ActionPlan> plan_actions(const NamedFiles& files, bool is_increment_given,
                                              model::Instrument& instrument);

// Before the instrument joins the cast; adjusted prices have a finer increment, unless the terms
// of the instrument say which. `is_inverted`: its data are turned round.
[[nodiscard]] Result<void> add_actions(const NamedFiles& files, bool is_inverted,
                                       bool is_increment_given, model::Instrument& instrument,
                                       Cast& cast);

}  // namespace millrace::backtest
