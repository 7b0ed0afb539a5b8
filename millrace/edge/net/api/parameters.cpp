// The rules of each kind of parameter.
#include "millrace/edge/net/api/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "millrace/base/nearest.hpp"
#include "millrace/base/time.hpp"

namespace millrace::net {
namespace {

constexpr std::size_t kKeyLengthMax = 255;

tl::unexpected<Problem> wrong(std::string_view place, std::string_view name, std::string detail,
                              std::string mend) {
    Problem problem;
    problem.status = 422;
    problem.code = "invalid-parameter";
    problem.detail = std::move(detail);
    problem.mend = std::move(mend);
    problem.path = std::string(place) + "." + std::string(name.substr(0, 64));
    return tl::unexpected<Problem>(std::move(problem));
}

// Empty when the value is right; else what it should be.
std::string expectation(const Parameter& parameter, std::string_view value) {
    switch (parameter.kind) {
        case ParameterKind::text:
            if (!value.empty() && value.size() <= parameter.length_max) return {};
            return "a text of 1 to " + std::to_string(parameter.length_max) + " bytes";
        case ParameterKind::integer: {
            std::int64_t number = 0;
            const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
            if (read.ec == std::errc() && read.ptr == value.data() + value.size() &&
                number >= parameter.minimum && number <= parameter.maximum)
                return {};
            return "a whole number from " + std::to_string(parameter.minimum) + " to " +
                   std::to_string(parameter.maximum);
        }
        case ParameterKind::boolean:
            return value == "true" || value == "false" ? "" : "true or false";
        case ParameterKind::time: return parse_time(value) ? "" : "an RFC 3339 time with its zone";
        case ParameterKind::choice: break;
    }
    if (std::find(parameter.choices.begin(), parameter.choices.end(), value) !=
        parameter.choices.end())
        return {};
    std::string list = "one of: ";
    for (std::size_t i = 0; i < parameter.choices.size(); ++i)
        list += (i == 0 ? "" : ", ") + parameter.choices[i];
    return list;
}

}  // namespace

Parsed<void> check_parameters(const std::vector<QueryParameter>& given,
                              std::span<const Parameter> described, std::string_view place) {
    for (std::size_t i = 0; i < given.size(); ++i) {
        const QueryParameter& value = given[i];
        const auto parameter =
            std::find_if(described.begin(), described.end(),
                         [&](const Parameter& each) { return each.name == value.name; });
        if (parameter == described.end()) {
            std::vector<std::string_view> names;
            for (const Parameter& each : described)
                names.push_back(each.name);
            const auto near = nearest(value.name, names);
            return wrong(
                place, value.name, "there is no such parameter",
                near.empty() ? "leave it out" : "did you mean \"" + std::string(near) + "\"?");
        }
        for (std::size_t j = 0; j < i; ++j)
            if (given[j].name == value.name)
                return wrong(place, value.name, "the parameter stands twice", "keep one");
        if (const std::string expected = expectation(*parameter, value.value); !expected.empty())
            return wrong(place, value.name, "the value is not as expected", "give " + expected);
    }
    for (const Parameter& parameter : described) {
        const bool there = std::any_of(given.begin(), given.end(), [&](const QueryParameter& each) {
            return each.name == parameter.name;
        });
        if (parameter.required && !there)
            return wrong(place, parameter.name, "the parameter is missing: " + parameter.doc,
                         "add it");
    }
    return {};
}

Parsed<void> check_idempotency_key(const Request& request, IdempotencyKey rule) {
    if (rule == IdempotencyKey::unused) return {};
    const std::size_t count = request.headers.count("idempotency-key");
    if (count == 0 && rule == IdempotencyKey::optional) return {};
    const std::string_view key = request.headers.find("idempotency-key").value_or("");
    const bool printable =
        std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
    if (count == 1 && !key.empty() && key.size() <= kKeyLengthMax && printable) return {};
    Problem problem;
    problem.status = 400;
    problem.code = count == 0 ? "idempotency-key-missing" : "idempotency-key-invalid";
    problem.path = "headers.Idempotency-Key";
    problem.detail = count == 0 ? "the header Idempotency-Key is missing"
                                : "the header Idempotency-Key is not one printable word";
    problem.mend =
        "send a fresh key of 1 to 255 printable characters with each new intent, and "
        "the same key when you repeat it";
    return tl::unexpected<Problem>(std::move(problem));
}

}  // namespace millrace::net
