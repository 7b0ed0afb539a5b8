// The escape codes, and when to use them.
#include "millrace/cli/paint.hpp"

namespace millrace::cli {

Paint Paint::chosen(bool is_terminal, bool no_color_asked,
                    const std::map<std::string, std::string>& environment) {
    const auto value_of = [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    const bool refused = no_color_asked || !value_of("NO_COLOR").empty();
    return Paint(is_terminal && !refused && value_of("TERM") != "dumb");
}

std::string Paint::wrapped(std::string_view code, std::string_view text) const {
    if (!on_) return std::string(text);
    std::string painted = "\x1b[";
    painted.append(code).append("m").append(text).append("\x1b[0m");
    return painted;
}

}  // namespace millrace::cli
