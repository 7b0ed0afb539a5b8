// For tests: a JSON document read by the letter of RFC 8259 into its leaves, path by path, so
// that a test sees what a strict reader sees. Throws std::runtime_error where it is no JSON.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace millrace::report::test {

class StrictJson {
  public:
    // {"a": {"b": [1, "x"]}} has the leaves a.b.0 = 1 and a.b.1 = "x" (with its quotes).
    using Leaves = std::map<std::string, std::string>;

    [[nodiscard]] static Leaves leaves_of(std::string_view text) {
        StrictJson json(text);
        json.value("");
        json.expect(json.at_ == text.size(), "more after the end");
        return json.leaves_;
    }

  private:
    explicit StrictJson(std::string_view text) : text_(text) {}

    void expect(bool holds, const char* what) const {
        if (!holds) throw std::runtime_error(std::string(what) + " at " + std::to_string(at_));
    }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    static std::string child(const std::string& path, std::string_view name) {
        return path.empty() ? std::string(name) : path + "." + std::string(name);
    }

    void value(const std::string& path) {
        if (take('{')) return object(path);
        if (take('[')) return array(path);
        const std::size_t begin = at_;
        if (peek() == '"')
            text();
        else if (!word("null") && !word("true") && !word("false"))
            number();
        const auto leaf = text_.substr(begin, at_ - begin);
        expect(leaves_.emplace(path, leaf).second, "the same member twice");
    }
    void object(const std::string& path) {
        if (take('}')) return;
        do {
            const std::size_t begin = at_;
            text();
            const auto name = text_.substr(begin + 1, at_ - begin - 2);
            expect(take(':'), "no colon");
            value(child(path, name));
        } while (take(','));
        expect(take('}'), "no end of the object");
    }
    void array(const std::string& path) {
        if (take(']')) return;
        int index = 0;
        do
            value(child(path, std::to_string(index++)));
        while (take(','));
        expect(take(']'), "no end of the array");
    }
    void text() {
        expect(take('"'), "no text");
        while (!take('"')) {
            expect(static_cast<unsigned char>(peek()) >= 0x20, "a control character or the end");
            at_ += peek() == '\\' ? 2u : 1u;
        }
    }
    bool word(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    void digits() {
        expect(is_digit(peek()), "no digit");
        while (is_digit(peek()))
            ++at_;
    }
    void number() {
        take('-');
        if (!take('0')) digits();
        if (take('.')) digits();
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            digits();
        }
    }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    std::string_view text_;
    std::size_t at_ = 0;
    Leaves leaves_;
};

}  // namespace millrace::report::test
