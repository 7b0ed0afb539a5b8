// JsonWriter: builds one JSON document in a string, without allocation once the string has grown.
// It puts the commas and the escapes; the caller opens and closes. Doubles print the shortest text
// that reads back the same; what JSON cannot say (NaN, infinity) becomes null.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millrace {

class JsonWriter {
  public:
    enum class Style { compact, indented };  // indented is for people: two spaces a level

    explicit JsonWriter(Style style = Style::compact) : style_(style) {}

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& text(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& unsigned_integer(std::uint64_t value);
    JsonWriter& number(double value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& raw(std::string_view json);  // a value that is JSON already

    // A member in one call: writer.member("symbol", "AAPL").member("count", 3);
    JsonWriter& member(std::string_view name, std::string_view value) {
        return key(name).text(value);
    }
    JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, const std::string& value) {
        return key(name).text(value);
    }
    JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& member(std::string_view name, double value) { return key(name).number(value); }
    JsonWriter& member(std::string_view name, int value) { return key(name).integer(value); }
    JsonWriter& member(std::string_view name, std::int64_t value) {
        return key(name).integer(value);
    }
    JsonWriter& member(std::string_view name, std::uint64_t value) {
        return key(name).unsigned_integer(value);
    }

    [[nodiscard]] const std::string& str() const { return out_; }
    void clear();

  private:
    void before_value();
    void new_line();

    std::string out_;
    Style style_;
    int depth_ = 0;
    bool first_ = true;       // nothing stands in the open container yet
    bool after_key_ = false;  // a key was written and waits for its value
};

// `text` as the inside of a JSON string literal, without the quotes.
void append_json_escaped(std::string& out, std::string_view text);

}  // namespace millrace
