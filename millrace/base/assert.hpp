// Assertions: what can only be our own bug. They are on in every build and throw AssertionFailed,
// so that the owner of a component or a run (core/engine, app) stops that one and reports it; the
// process never aborts on data.
#pragma once

#include <stdexcept>
#include <string>

namespace millrace {

class AssertionFailed : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line,
                                   const char* message);

}  // namespace millrace

#define MILLRACE_ASSERT(condition, message)                                        \
    do {                                                                           \
        if (!(condition)) [[unlikely]]                                             \
            ::millrace::assertion_failed(#condition, __FILE__, __LINE__, message); \
    } while (false)
