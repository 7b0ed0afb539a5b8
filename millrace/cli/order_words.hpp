// An order as it is asked for by words: the arguments and options that `intents submit` and `risk
// check` share, the bodies that are made of them, and what the guardian says to one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/cli/remote_call.hpp"

namespace millrace::cli {

// SIDE SYMBOL QUANTITY
[[nodiscard]] std::vector<Argument> order_arguments();
// --type --limit --stop --account --strategy --expires --reduce-only
[[nodiscard]] std::vector<Option> order_options();

// The type that --type says, else the one that the prices imply; without any price a limit order,
// which the server refuses: nobody gets a market order by forgetting a word.
[[nodiscard]] std::string order_type(const Invocation& invocation);

// SYMBOL and SIDE in capitals, as the server has them.
[[nodiscard]] std::string in_capitals(std::string text);

// Asks the guardian about the order and gives back at once what it reserved. Prints the verdict;
// answers 0, or the exit code of a refusal.
int check_order(Invocation& invocation);

}  // namespace millrace::cli
