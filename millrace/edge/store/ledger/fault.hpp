// Fault: what is wrong with a ledger in one word, for those who must act on it (a full disk stops
// new intents, a busy file is tried again); the Error beside it is for people. Kept<T> is a
// Result<T> that can tell.
#pragma once

#include "millrace/base/result.hpp"

namespace millrace::ledger {

enum class Fault {
    disk_full,     // nothing was written; free space and try again
    locked,        // another process writes, and did not end in the time allowed
    damaged,       // the bytes are not those that were written
    newer_schema,  // made by a newer program
    older_schema,  // opened for reading only, and not migrated yet
    refused,       // by a rule of a table: the row does not fit what is there
    unreadable,    // there is no such file, or no right to it
};

struct LedgerError {
    Fault fault = Fault::damaged;
    Error error;
};

template <class T>
using Kept = tl::expected<T, LedgerError>;

[[nodiscard]] inline tl::unexpected<LedgerError> lost(LedgerError error) {
    return tl::unexpected(std::move(error));
}

// For callers that have no use for the fault.
template <class T>
[[nodiscard]] Result<T> result_of(Kept<T> kept) {
    return std::move(kept).map_error([](LedgerError&& error) { return std::move(error.error); });
}

}  // namespace millrace::ledger
