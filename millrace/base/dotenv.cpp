// A single pass over the bytes; every error names the line and column where the reader stood.
#include "millrace/base/dotenv.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

#include "millrace/base/utf8.hpp"

namespace millrace::config {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}

class Reader {
  public:
    Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

    Result<std::vector<DotenvEntry>> run() {
        std::vector<DotenvEntry> entries;
        for (;;) {
            skip_blank_lines();
            if (done()) return entries;
            auto entry = read_entry();
            if (!entry) return failure(std::move(entry.error()));
            entries.push_back(std::move(*entry));
        }
    }

  private:
    [[nodiscard]] bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return done() ? '\n' : text_[at_]; }
    [[nodiscard]] bool at_line_end() const {
        return peek() == '\n' || text_.substr(at_).starts_with("\r\n");
    }

    void advance() {
        if (text_[at_] == '\n') {
            ++line_;
            line_begin_ = at_ + 1;
        }
        ++at_;
    }
    void skip_spaces() {
        while (!done() && (peek() == ' ' || peek() == '\t'))
            advance();
    }
    void skip_to_line_end() {
        while (!at_line_end())
            advance();
    }
    void skip_blank_lines() {
        while (!done()) {
            skip_spaces();
            if (peek() == '#') skip_to_line_end();
            if (done() || !at_line_end()) return;
            if (peek() == '\r') advance();
            advance();
        }
    }

    [[nodiscard]] tl::unexpected<Error> fault(std::string what, std::string why,
                                              std::string mend) const {
        return fault_at(line_, at_ - line_begin_ + 1, std::move(what), std::move(why),
                        std::move(mend));
    }
    [[nodiscard]] tl::unexpected<Error> fault_at(std::size_t line, std::size_t column,
                                                 std::string what, std::string why,
                                                 std::string mend) const {
        return failure(ErrorCode::config, std::move(what),
                       fmt::format("{}:{}:{}", file_, line, column), std::move(why),
                       std::move(mend));
    }

    std::string read_name() {
        const std::size_t begin = at_;
        while (!done() && is_name_part(peek()))
            advance();
        return std::string(text_.substr(begin, at_ - begin));
    }

    Result<DotenvEntry> read_entry() {
        DotenvEntry entry;
        entry.line = line_;
        entry.name = read_name();
        if (entry.name == "export" && (peek() == ' ' || peek() == '\t')) {
            skip_spaces();
            entry.name = read_name();
        }
        if (entry.name.empty() || !is_letter(entry.name.front()))
            return fault("a line must begin with the name of a variable",
                         "a name is made of letters, digits and '_', and begins with no digit",
                         "write NAME=value, or begin a comment with #");
        skip_spaces();
        if (done() || peek() != '=')
            return fault("a name must be followed by '='", "each line sets one variable",
                         "write NAME=value");
        advance();
        skip_spaces();
        auto value = read_value();
        if (!value) return failure(std::move(value.error()));
        entry.value = std::move(*value);
        return entry;
    }

    Result<std::string> read_value() {
        if (peek() != '"' && peek() != '\'') return read_bare();
        auto value = peek() == '"' ? read_double_quoted() : read_single_quoted();
        if (!value) return value;
        const std::size_t end = at_;
        skip_spaces();
        const bool comment = peek() == '#' && at_ > end;
        if (!comment && !done() && !at_line_end())
            return fault("only a comment may follow the closing quote", "the value ends there",
                         "put the whole value in one pair of quotes");
        skip_to_line_end();
        return value;
    }

    // To the line's end or to a '#' that follows a space.
    Result<std::string> read_bare() {
        std::string value;
        while (!at_line_end() &&
               (peek() != '#' || (at_ > 0 && text_[at_ - 1] != ' ' && text_[at_ - 1] != '\t' &&
                                  text_[at_ - 1] != '='))) {
            value += peek();
            advance();
        }
        skip_to_line_end();
        const auto last = value.find_last_not_of(" \t");
        value.erase(last == std::string::npos ? 0 : last + 1);
        return value;
    }

    Result<std::string> read_single_quoted() {
        const std::size_t line = line_;
        const std::size_t column = at_ - line_begin_ + 1;
        advance();
        std::string value;
        while (!done() && peek() != '\'') {
            value += peek();
            advance();
        }
        if (done()) return unclosed(line, column);
        advance();
        return value;
    }

    Result<std::string> read_double_quoted() {
        const std::size_t line = line_;
        const std::size_t column = at_ - line_begin_ + 1;
        advance();
        std::string value;
        while (!done() && peek() != '"') {
            if (peek() == '\\') {
                const auto escaped = read_escape();
                if (!escaped)
                    return fault("this character cannot follow a backslash",
                                 R"(double quotes know \n \r \t \\ \" and \$)",
                                 "double the backslash, or use single quotes");
                value += *escaped;
            } else {
                value += peek();
                advance();
            }
        }
        if (done()) return unclosed(line, column);
        advance();
        return value;
    }

    std::optional<char> read_escape() {
        advance();
        if (done()) return '\\';  // the missing quote is reported instead
        std::optional<char> result;
        switch (peek()) {
            case 'n': result = '\n'; break;
            case 'r': result = '\r'; break;
            case 't': result = '\t'; break;
            case '\\':
            case '"':
            case '$': result = peek(); break;
            default: return std::nullopt;
        }
        advance();
        return result;
    }

    [[nodiscard]] tl::unexpected<Error> unclosed(std::size_t line, std::size_t column) const {
        return fault_at(line, column, "a quote is not closed", "the file ends before it",
                        "close the quote");
    }

    std::string_view text_;
    std::string_view file_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t line_begin_ = 0;
};

}  // namespace

Result<std::vector<DotenvEntry>> parse_dotenv(std::string_view text, std::string_view file) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (text.size() > kDotenvBytesMax)
        return failure(ErrorCode::config, "the file is too large", std::string(file),
                       fmt::format("at most {} bytes are read", kDotenvBytesMax));
    if (first_invalid_utf8(text))
        return failure(ErrorCode::config, "the file is not UTF-8", std::string(file),
                       "a byte in it belongs to no character", "save the file as UTF-8");
    if (text.find('\0') != std::string_view::npos)
        return failure(ErrorCode::config, "the file has a zero byte in it", std::string(file),
                       "it cannot be a text of variables", "name the right file");
    return Reader(text, file).run();
}

}  // namespace millrace::config
