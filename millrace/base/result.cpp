// The words and exit codes of Error.
#include "millrace/base/result.hpp"

namespace millrace {

tl::unexpected<Error> failure(ErrorCode code, std::string what, std::string where, std::string why,
                              std::string mend) {
    return tl::unexpected<Error>(
        Error{code, std::move(what), std::move(where), std::move(why), std::move(mend)});
}

tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

std::string_view name_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::internal: return "internal";
        case ErrorCode::usage: return "usage";
        case ErrorCode::config: return "config";
        case ErrorCode::data: return "data";
        case ErrorCode::network: return "network";
        case ErrorCode::rejected: return "rejected";
        case ErrorCode::timeout: return "timeout";
        case ErrorCode::not_running: return "not_running";
        case ErrorCode::interrupted: return "interrupted";
    }
    return "internal";
}

int exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::internal: return 1;
        case ErrorCode::usage: return 2;
        case ErrorCode::config: return 3;
        case ErrorCode::data: return 4;
        case ErrorCode::network: return 5;
        case ErrorCode::rejected: return 6;
        case ErrorCode::timeout: return 7;
        case ErrorCode::not_running: return 8;
        case ErrorCode::interrupted: return 130;
    }
    return 1;
}

std::string describe(const Error& error) {
    std::string text = "error: " + error.what;
    if (!error.where.empty()) text += "\n  at: " + error.where;
    if (!error.why.empty()) text += "\n  why: " + error.why;
    if (!error.mend.empty()) text += "\n  mend: " + error.mend;
    return text;
}

}  // namespace millrace
