// An intent and what came of it, as people read it; and the wait until something has.
#pragma once

#include <string>

#include "millrace/cli/remote_call.hpp"

namespace millrace::cli {

// Its fields, what the guardian had against its orders, the orders and their deals.
void print_chain(Invocation& invocation, const runs::JsonValue& intent);

// Asks for the intent until its orders are made and answered, at most as long as client.timeout.
// Then the intent; or an error of code timeout, and the intent is taken all the same.
[[nodiscard]] Result<remote::Reply> settled_intent(Invocation& invocation, remote::Remote& remote,
                                                   const std::string& id);

// How a command ends that has brought the intent where it is: 0, or the code of a refusal, which
// has been said.
int end_with(Invocation& invocation, const runs::JsonValue& intent);

}  // namespace millrace::cli
