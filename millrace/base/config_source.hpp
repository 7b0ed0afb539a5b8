// The text of a configuration file as messages see it: positions, and excerpts with a caret that
// show keys but never values, since any value may be a secret (put in the wrong place, or cut loose
// by a missing quote).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::config {

// From 1, columns in characters.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
    std::size_t length = 1;
};

// Tables, inline tables, lists and dotted keys may lie in each other this deep.
inline constexpr std::size_t kNestingMax = 64;

class SourceText {
  public:
    // `name` is what messages call the file. A byte order mark is taken off the text.
    SourceText(std::string name, std::string text);
    SourceText(const SourceText&) = delete;  // the lines point into the text
    SourceText& operator=(const SourceText&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& text() const { return text_; }

    // "millrace.toml:3:1"
    [[nodiscard]] std::string where(Position position) const;
    // Two lines, each indented: the line with its values elided, and a caret under the position.
    [[nodiscard]] std::string excerpt(Position position) const;
    // The characters of one line from the position to the column before `end_column`.
    [[nodiscard]] std::string_view slice(Position from, std::size_t end_column) const;
    // Where the line's first word begins.
    [[nodiscard]] Position first_word(std::size_t line) const;

    // Where the text stops being UTF-8.
    [[nodiscard]] std::optional<Position> invalid_utf8() const;
    // Where kNestingMax is exceeded. To be asked before a parser that recurses sees the text.
    [[nodiscard]] std::optional<Position> too_deep() const;

  private:
    struct Line {
        std::string_view text;
        bool begins_in_value;  // in a list, an inline table or a text of several lines
    };
    class Scanner;

    [[nodiscard]] Position position_of(std::size_t offset) const;
    [[nodiscard]] static std::string visible(const Line& line);

    std::string name_;
    std::string text_;
    std::vector<Line> lines_;
    std::optional<std::size_t> too_deep_;
};

}  // namespace millrace::config
