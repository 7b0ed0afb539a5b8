// simdjson's tree, copied into one of ours.
#include "millrace/app/runs/json_value.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/small_file.hpp"

namespace millrace::runs {
namespace {

constexpr std::size_t kBytesMax = 16 << 20;
constexpr std::size_t kDepthMax = 32;

// Nothing can be of another type than it says; the parser has refused what is deeper than
// kDepthMax.
template <class T>
T value_of(simdjson::dom::element element) {
    T value{};
    MILLRACE_ASSERT(!element.get<T>().get(value), "an element is of its own type");
    return value;
}

JsonValue copy_of(simdjson::dom::element element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
        case element_type::NULL_VALUE: return {};
        case element_type::BOOL: return JsonValue(value_of<bool>(element));
        case element_type::INT64:
        case element_type::UINT64:
        case element_type::DOUBLE: return JsonValue(value_of<double>(element));
        case element_type::STRING:
            return JsonValue(std::string(value_of<std::string_view>(element)));
        case element_type::ARRAY: {
            JsonValue::List list;
            const auto items = value_of<simdjson::dom::array>(element);
            for (const simdjson::dom::element item : items)
                list.push_back(copy_of(item));
            return JsonValue(std::move(list));
        }
        case element_type::OBJECT: {
            JsonValue::Object object;
            const auto members = value_of<simdjson::dom::object>(element);
            for (const auto& [name, value] : members)
                object.emplace_back(std::string(name), copy_of(value));
            return JsonValue(std::move(object));
        }
    }
    return {};
}

}  // namespace

Result<JsonValue> JsonValue::parse(std::string_view text, const std::string& where) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    auto error = parser.allocate(text.size() + 1, kDepthMax);
    if (!error) error = parser.parse(text.data(), text.size()).get(root);
    if (error)
        return failure(ErrorCode::data, "this is no JSON that can be read", where,
                       simdjson::error_message(error), "the file is damaged");
    return copy_of(root);
}

Result<JsonValue> JsonValue::read(const std::string& path) {
    auto file = read_small_file(path, kBytesMax);
    if (!file) return failure(std::move(file.error()));
    if (!*file) return failure(ErrorCode::data, "the file is not there", path);
    return parse((*file)->text, path);
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
    static const JsonValue kNull;
    for (const Member& member : members())
        if (member.first == name) return member.second;
    return kNull;
}

const JsonValue::List& JsonValue::items() const {
    static const List kNone;
    const auto* list = std::get_if<List>(&value_);
    return list == nullptr ? kNone : *list;
}

const JsonValue::Object& JsonValue::members() const {
    static const Object kNone;
    const auto* object = std::get_if<Object>(&value_);
    return object == nullptr ? kNone : *object;
}

std::string JsonValue::text() const {
    if (const auto* text = std::get_if<std::string>(&value_)) return *text;
    if (const auto* number = std::get_if<double>(&value_)) return fmt::format("{}", *number);
    if (const auto* boolean = std::get_if<bool>(&value_)) return *boolean ? "true" : "false";
    return {};
}

std::optional<double> JsonValue::number() const {
    const auto* number = std::get_if<double>(&value_);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace millrace::runs
