// JsonValue: a small JSON document read whole, for looking things up in the files of a kept run.
// What is not there is null, so a path of names can be asked for without a check at each step.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::runs {

class JsonValue {
  public:
    using List = std::vector<JsonValue>;
    using Member = std::pair<std::string, JsonValue>;
    using Object = std::vector<Member>;
    using Value = std::variant<std::monostate, bool, double, std::string, List, Object>;

    JsonValue() = default;
    explicit JsonValue(Value value) : value_(std::move(value)) {}

    // `where` is what messages call the text.
    static Result<JsonValue> parse(std::string_view text, const std::string& where);
    static Result<JsonValue> read(const std::string& path);

    // The member of that name; null where there is none, or this is no object.
    [[nodiscard]] const JsonValue& operator[](std::string_view name) const;
    [[nodiscard]] const List& items() const;      // empty where this is no list
    [[nodiscard]] const Object& members() const;  // empty where this is no object

    [[nodiscard]] bool is_null() const { return value_.index() == 0; }
    // A text as it is, a number or boolean as JSON writes it; else empty.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::optional<double> number() const;

  private:
    Value value_;
};

}  // namespace millrace::runs
