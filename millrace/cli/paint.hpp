// Paint: colours for a terminal, and plain text everywhere else.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace millrace::cli {

class Paint {
  public:
    explicit Paint(bool on = false) : on_(on) {}

    // Colours only on a terminal that knows them, unless --no-color or NO_COLOR
    // (https://no-color.org) says no.
    [[nodiscard]] static Paint chosen(bool is_terminal, bool no_color_asked,
                                      const std::map<std::string, std::string>& environment);

    [[nodiscard]] bool on() const { return on_; }
    [[nodiscard]] std::string bold(std::string_view text) const { return wrapped("1", text); }
    [[nodiscard]] std::string good(std::string_view text) const { return wrapped("32", text); }
    [[nodiscard]] std::string warning(std::string_view text) const { return wrapped("33", text); }
    [[nodiscard]] std::string bad(std::string_view text) const { return wrapped("31", text); }
    [[nodiscard]] std::string faint(std::string_view text) const { return wrapped("2", text); }

  private:
    [[nodiscard]] std::string wrapped(std::string_view code, std::string_view text) const;

    bool on_;
};

}  // namespace millrace::cli
