// For the tests of this room: runs the command line in-process and keeps what it printed.
#pragma once

#include <initializer_list>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "millrace/cli/run.hpp"

namespace millrace::cli {

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

inline Ran ran(const Table& table, const std::vector<std::string>& words,
               const std::map<std::string, std::string>& environment = {}, bool terminal = false) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const int code = run(table, words,
                         Streams{.in = in,
                                 .out = out,
                                 .err = err,
                                 .out_is_terminal = terminal,
                                 .err_is_terminal = terminal,
                                 .environment = environment});
    return {code, out.str(), err.str()};
}

}  // namespace millrace::cli
