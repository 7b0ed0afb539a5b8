// A scanner that follows TOML just far enough to know where values begin and how deep things lie.
// On text that is not TOML it may take keys for values, and then hides more; up to the first error
// of the parser, which is all that excerpts show, it is exact.
#include "millrace/base/config_source.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "millrace/base/utf8.hpp"

namespace millrace::config {
namespace {

constexpr std::string_view kElided = "…";
constexpr std::size_t kKeyLengthMax = 120;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The byte offset of a column, counted from 1; the end of the line when it is shorter.
std::size_t offset_of_column(std::string_view line, std::size_t column) {
    std::size_t at = 0;
    for (std::size_t i = 1; i < column && at < line.size(); ++i)
        at += std::max<std::size_t>(utf8_length(line.substr(at)), 1);
    return at;
}

bool is_space(char c) {
    return c == ' ' || c == '\t';
}

bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

void skip_spaces(std::string_view line, std::size_t& at) {
    while (at < line.size() && is_space(line[at]))
        ++at;
}

// One part of a key: a bare word, or a text in quotes.
bool skip_word(std::string_view line, std::size_t& at) {
    if (at >= line.size()) return false;
    const char quote = line[at];
    if (quote != '"' && quote != '\'') {
        const std::size_t begin = at;
        while (at < line.size() && is_bare(line[at]))
            ++at;
        return at > begin;
    }
    for (++at; at < line.size() && line[at] != quote; ++at) {
        if (quote == '"' && line[at] == '\\') ++at;
    }
    return at++ < line.size();
}

// a . "b" . c and the spaces around it. Two words without a dot between them are no key: they may
// be a key and, for want of '=', its value.
bool skip_key(std::string_view line, std::size_t& at) {
    for (;;) {
        skip_spaces(line, at);
        if (!skip_word(line, at)) return false;
        skip_spaces(line, at);
        if (at >= line.size() || line[at] != '.') return true;
        ++at;
    }
}

}  // namespace

class SourceText::Scanner {
  public:
    explicit Scanner(SourceText& source) : source_(source), text_(source.text_) {}

    void run() {
        while (at_ < text_.size()) {
            const std::size_t end = std::min(text_.find('\n', at_), text_.size());
            std::string_view line = text_.substr(at_, end - at_);
            if (line.ends_with('\r')) line.remove_suffix(1);
            const bool in_value = !closing_.empty() || levels_.size() > 1;
            source_.lines_.push_back({line, in_value});
            if (!in_value) {
                in_value_ = false;
                levels_.assign(1, 0);
            }
            scan_to(end);
            at_ = end + 1;
        }
    }

  private:
    void scan_to(std::size_t end) {
        while (at_ < end) {
            if (!closing_.empty()) {
                skip_long_text(end);
                continue;
            }
            const char c = text_[at_];
            if (c == '#') return;
            if (c == '"' || c == '\'')
                open_text(c, end);
            else
                structure(c);
        }
    }

    // Inside """ or ''': as far as its end, or the end of the line.
    void skip_long_text(std::size_t end) {
        while (at_ < end) {
            if (closing_[0] == '"' && text_[at_] == '\\') {
                at_ += 2;
            } else if (text_.substr(at_, 3) == closing_) {
                at_ += 3;
                // Up to two quotes more belong to the text.
                while (at_ < end && text_[at_] == closing_[0])
                    ++at_;
                closing_ = {};
                return;
            } else {
                ++at_;
            }
        }
    }

    void open_text(char quote, std::size_t end) {
        if (text_.substr(at_, 3) == std::string(3, quote)) {
            closing_ = quote == '"' ? R"(""")" : "'''";
            at_ += 3;
            return;
        }
        for (++at_; at_ < end && text_[at_] != quote; ++at_) {
            if (quote == '"' && text_[at_] == '\\') ++at_;
        }
        ++at_;
    }

    void structure(char c) {
        if (c == '=') {
            in_value_ = true;
        } else if (c == '.' || ((c == '{' || c == '[') && in_value_)) {
            if (++levels_.back() > kNestingMax && !source_.too_deep_) source_.too_deep_ = at_;
            // What the members of this list or inline table add is forgotten at each comma.
            if (c != '.') levels_.push_back(levels_.back());
        } else if (c == ',' && levels_.size() > 1) {
            levels_.back() = levels_[levels_.size() - 2];
        } else if ((c == '}' || c == ']') && levels_.size() > 1) {
            levels_.pop_back();
            --levels_.back();
        }
        ++at_;
    }

    SourceText& source_;
    std::string_view text_;
    std::size_t at_ = 0;
    bool in_value_ = false;
    std::string_view closing_;               // of the text of several lines that we are in
    std::vector<std::size_t> levels_ = {0};  // depth so far, one for each open bracket
};

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.erase(0, 3);
    Scanner(*this).run();
}

std::string SourceText::where(Position position) const {
    return fmt::format("{}:{}:{}", name_, position.line, position.column);
}

std::string SourceText::visible(const Line& line) {
    if (line.begins_in_value) return std::string(kElided);
    std::size_t at = 0;
    skip_spaces(line.text, at);
    const bool is_header = at < line.text.size() && line.text[at] == '[';
    while (is_header && at < line.text.size() && line.text[at] == '[')
        ++at;
    const bool is_key = skip_key(line.text, at);
    const bool closes = is_key && at < line.text.size() && line.text[at] == (is_header ? ']' : '=');
    if (!closes || characters(line.text.substr(0, at)) > kKeyLengthMax) return std::string(kElided);
    while (is_header && at < line.text.size() && line.text[at] == ']')
        ++at;
    if (!is_header) ++at;

    std::string shown(line.text.substr(0, at));
    std::size_t rest = at;
    skip_spaces(line.text, rest);
    // The end of a secret in base64 looks like a key that lost its value.
    const bool is_filling = line.text.substr(rest).find_first_not_of('=') == std::string::npos;
    if (!is_header && is_filling) return std::string(kElided);
    for (char& c : shown) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    if (is_filling) return shown;
    shown.append(is_header ? 1 : rest - at, ' ');
    return shown + std::string(kElided);
}

std::string SourceText::excerpt(Position position) const {
    const Line empty{"", false};
    const bool exists = position.line >= 1 && position.line <= lines_.size();
    const std::string shown = visible(exists ? lines_[position.line - 1] : empty);
    const std::size_t width = std::max<std::size_t>(characters(shown), 1);
    const std::size_t column = std::clamp<std::size_t>(position.column, 1, width);
    const std::size_t carets = std::clamp<std::size_t>(position.length, 1, width - column + 1);
    const std::string number = fmt::format("{}", position.line);
    return fmt::format("    {} | {}\n    {:{}} | {:{}}^{:~<{}}", number, shown, "", number.size(),
                       "", column - 1, "", carets - 1);
}

std::string_view SourceText::slice(Position from, std::size_t end_column) const {
    if (from.line < 1 || from.line > lines_.size()) return {};
    const std::string_view line = lines_[from.line - 1].text;
    const std::size_t begin = offset_of_column(line, from.column);
    const std::size_t end = offset_of_column(line, end_column);
    return end > begin ? line.substr(begin, end - begin) : std::string_view();
}

Position SourceText::first_word(std::size_t line) const {
    if (line < 1 || line > lines_.size()) return {line, 1, 1};
    std::size_t at = 0;
    skip_spaces(lines_[line - 1].text, at);
    return {line, at + 1, 1};
}

std::optional<Position> SourceText::invalid_utf8() const {
    const auto offset = first_invalid_utf8(text_);
    return offset ? std::optional(position_of(*offset)) : std::nullopt;
}

std::optional<Position> SourceText::too_deep() const {
    return too_deep_ ? std::optional(position_of(*too_deep_)) : std::nullopt;
}

Position SourceText::position_of(std::size_t offset) const {
    const std::string_view before = std::string_view(text_).substr(0, offset);
    const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
    return {line, characters(before.substr(begin)) + 1, 1};
}

}  // namespace millrace::config
