// Builds the message of a failed assertion, out of line so that the check itself stays two
// instructions.
#include "millrace/base/assert.hpp"

namespace millrace {

void assertion_failed(const char* condition, const char* file, int line, const char* message) {
    throw AssertionFailed(std::string(file) + ":" + std::to_string(line) + ": assertion `" +
                          condition + "` failed: " + message);
}

}  // namespace millrace
