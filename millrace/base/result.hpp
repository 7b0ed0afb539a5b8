// Result and Error: how everything that can go wrong from outside (bytes, files, users) is told to
// the caller. An Error says what happened, where, why, and how to mend it; its code decides the
// exit code of the command line.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace millrace {

enum class ErrorCode {
    internal,     // a fault of ours
    usage,        // a wrong word or option on the command line
    config,       // a setting that is missing or wrong
    data,         // bytes or rows that cannot be believed
    network,      // a venue, provider or server that does not answer as it should
    rejected,     // refused by the guardian
    timeout,      // not done in the time allowed
    not_running,  // there is no running instance to talk to
    interrupted,  // stopped by the operator
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string what;   // the fact, in one sentence without a full stop
    std::string where;  // file:line:column, a JSON path, a segment and offset; may be empty
    std::string why;    // the cause or the rule that was broken; may be empty
    std::string mend;   // what to do next, a command where there is one; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;

// Wraps an error for returning: `return failure(ErrorCode::data, "price is not a number",
// "$.price");`
[[nodiscard]] tl::unexpected<Error> failure(ErrorCode code, std::string what,
                                            std::string where = {}, std::string why = {},
                                            std::string mend = {});

// Hands on the error of another result: `if (!parsed) return failure(std::move(parsed.error()));`
[[nodiscard]] tl::unexpected<Error> failure(Error error);

// "config", "data" … as it stands in JSON output.
[[nodiscard]] std::string_view name_of(ErrorCode code);

// The process exit code that users and scripts rely on (docs/reference/exit-codes.md).
[[nodiscard]] int exit_code_of(ErrorCode code);

// The error as a person reads it: "error: what", then "  at where", "  why", "  mend: …" on lines
// of their own.
[[nodiscard]] std::string describe(const Error& error);

}  // namespace millrace
