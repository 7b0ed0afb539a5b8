// The program: hands the process's arguments, streams and environment to run(), which is all there
// is to test.
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include "millrace/cli/interrupt.hpp"
#include "millrace/cli/output.hpp"
#include "millrace/cli/run.hpp"

namespace {

std::map<std::string, std::string> environment_of_process() {
    std::map<std::string, std::string> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos)
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

}  // namespace

int main(int count, char** words) {
    millrace::cli::install_signal_handlers();
    millrace::cli::DescriptorStream out(STDOUT_FILENO);
    const std::vector<std::string> arguments(words + std::min(count, 1), words + count);
    return millrace::cli::run(arguments, {.in = std::cin,
                                          .out = out,
                                          .err = std::cerr,
                                          .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                          .err_is_terminal = isatty(STDERR_FILENO) == 1,
                                          .environment = environment_of_process()});
}
