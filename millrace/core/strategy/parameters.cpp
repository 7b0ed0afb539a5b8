// Reading parameters from text, and saying what is wrong with it.
#include "millrace/core/strategy/parameters.hpp"

#include <algorithm>
#include <charconv>

#include "millrace/base/assert.hpp"
#include "millrace/base/nearest.hpp"

namespace millrace::strategy {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto plain = [](char c) { return c == '-' ? '_' : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return plain(x) == plain(y); });
}

std::string range_text(const ParameterDescription& parameter) {
    return "allowed: " + parameter.minimum_text + " to " + parameter.maximum_text;
}

}  // namespace

std::string_view name_of(ParameterKind kind) {
    switch (kind) {
        case ParameterKind::integer: return "integer";
        case ParameterKind::decimal: return "decimal";
        case ParameterKind::boolean: return "boolean";
        case ParameterKind::choice: return "choice";
        case ParameterKind::duration: return "duration";
        case ParameterKind::text: return "text";
    }
    return "integer";
}

std::string plain_parameter_name(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '-', '_');
    return plain;
}

Parameter::Parameter(Parameters& owner, std::string_view name, std::string_view doc)
    : name_(name), doc_(doc) {
    for (const Parameter* other : owner.parameters_)
        MILLRACE_ASSERT(!same_name(other->name(), name), "two parameters have the same name");
    owner.parameters_.push_back(this);
}

tl::unexpected<Error> Parameter::refuse(std::string_view text, std::string why) const {
    return failure(ErrorCode::config,
                   "\"" + std::string(text.substr(0, 64)) + "\" is not allowed here",
                   "parameter " + std::string(name_), std::move(why), std::string(doc_));
}

Result<Parameter*> Parameters::find(std::string_view name) const {
    for (Parameter* parameter : parameters_)
        if (same_name(parameter->name(), name)) return parameter;
    std::vector<std::string_view> names;
    std::string list;
    for (const Parameter* parameter : parameters_) {
        names.push_back(parameter->name());
        list += (list.empty() ? "" : ", ") + std::string(parameter->name());
    }
    const std::string_view near = nearest(name, names);
    return failure(
        ErrorCode::config, "there is no parameter \"" + std::string(name.substr(0, 64)) + "\"", {},
        list.empty() ? "this strategy has none" : "there are: " + list,
        near.empty() ? "use one of those" : "did you mean \"" + std::string(near) + "\"?");
}

Result<void> Parameters::set(const std::map<std::string, std::string>& values) {
    std::vector<std::pair<Parameter*, std::string>> before;
    for (Parameter* parameter : parameters_)
        before.emplace_back(parameter, parameter->text());
    const auto put_back = [&](Error error) {
        for (auto& [parameter, text] : before)
            MILLRACE_ASSERT(parameter->set(text), "a value that was there is allowed");
        return failure(std::move(error));
    };
    if (auto done = set_presets(values); !done) return put_back(std::move(done.error()));
    for (const auto& [name, text] : values) {
        auto parameter = find(name);
        if (!parameter) return put_back(std::move(parameter.error()));
        if (auto done = (*parameter)->set(text); !done) return put_back(std::move(done.error()));
    }
    if (auto sound = check(); !sound) return put_back(std::move(sound.error()));
    return {};
}

Result<void> Parameters::set_presets(const std::map<std::string, std::string>& values) {
    for (const auto& [name, text] : values) {
        const auto preset = find(name);
        if (!preset || (*preset)->preset().empty()) continue;
        if (auto done = (*preset)->set(text); !done) return done;
        const std::string chosen = (*preset)->text();
        for (const PresetValue& row : (*preset)->preset()) {
            if (row.choice != chosen) continue;
            const auto filled = find(row.name);
            MILLRACE_ASSERT(filled, "a preset names a parameter that is not there");
            MILLRACE_ASSERT((*filled)->set(row.value), "a preset has a value that is not allowed");
        }
    }
    return {};
}

Integer::Integer(Parameters& owner, std::string_view name, std::int64_t default_value,
                 Bounds<std::int64_t> bounds, std::string_view doc)
    : Parameter(owner, name, doc), default_(default_value), bounds_(bounds), value_(default_value) {
    MILLRACE_ASSERT(default_ >= bounds_.minimum && default_ <= bounds_.maximum,
                    "the default is out of its bounds");
}

ParameterDescription Integer::describe() const {
    return {name_,
            ParameterKind::integer,
            std::to_string(default_),
            std::to_string(bounds_.minimum),
            std::to_string(bounds_.maximum),
            {},
            doc_};
}

Result<void> Integer::set(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return refuse(text, range_text(describe()));
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return refuse(text, "a whole number is expected");
    if (value < bounds_.minimum || value > bounds_.maximum)
        return refuse(text, range_text(describe()));
    value_ = value;
    return {};
}

Decimal::Decimal(Parameters& owner, std::string_view name, std::string_view default_text,
                 Bounds<std::string_view> bounds, std::string_view doc)
    : Parameter(owner, name, doc),
      default_(Ratio::parse(default_text).value()),
      bounds_{Ratio::parse(bounds.minimum).value(), Ratio::parse(bounds.maximum).value()},
      value_(default_) {
    MILLRACE_ASSERT(default_ >= bounds_.minimum && default_ <= bounds_.maximum,
                    "the default is out of its bounds");
}

ParameterDescription Decimal::describe() const {
    return {name_,
            ParameterKind::decimal,
            default_.to_string(),
            bounds_.minimum.to_string(),
            bounds_.maximum.to_string(),
            {},
            doc_};
}

Result<void> Decimal::set(std::string_view text) {
    const auto value = Ratio::parse(text);
    if (!value) return refuse(text, value.error().why);
    if (*value < bounds_.minimum || *value > bounds_.maximum)
        return refuse(text, range_text(describe()));
    value_ = *value;
    return {};
}

Boolean::Boolean(Parameters& owner, std::string_view name, bool default_value, std::string_view doc)
    : Parameter(owner, name, doc), default_(default_value), value_(default_value) {}

ParameterDescription Boolean::describe() const {
    return {name_, ParameterKind::boolean, default_ ? "true" : "false", {}, {}, {}, doc_};
}

Result<void> Boolean::set(std::string_view text) {
    if (text != "true" && text != "false") return refuse(text, "allowed: true, false");
    value_ = text == "true";
    return {};
}

Choice::Choice(Parameters& owner, std::string_view name, std::span<const std::string_view> choices,
               std::string_view doc)
    : Parameter(owner, name, doc), choices_(choices) {
    MILLRACE_ASSERT(!choices_.empty(), "a choice needs something to choose from");
}

ParameterDescription Choice::describe() const {
    return {name_, ParameterKind::choice, std::string(choices_[0]), {}, {}, choices_, doc_};
}

Result<void> Choice::set(std::string_view text) {
    const auto found = std::find_if(choices_.begin(), choices_.end(),
                                    [&](auto choice) { return same_name(choice, text); });
    if (found == choices_.end()) {
        std::string list;
        for (const std::string_view choice : choices_)
            list += (list.empty() ? "" : ", ") + std::string(choice);
        return refuse(text, "allowed: " + list);
    }
    index_ = static_cast<std::size_t>(found - choices_.begin());
    return {};
}

Line::Line(Parameters& owner, std::string_view name, std::string_view default_text, Check check,
           std::string_view doc)
    : Parameter(owner, name, doc), default_(default_text), check_(check), value_(default_text) {
    MILLRACE_ASSERT(check(default_text), "the default is not of the parameter's form");
}

ParameterDescription Line::describe() const {
    return {name_, ParameterKind::text, std::string(default_), {}, {}, {}, doc_};
}

Result<void> Line::set(std::string_view text) {
    if (text.size() > kLengthMax) return refuse(text, "at most 1000 characters");
    if (const auto sound = check_(text); !sound) {
        const Error& error = sound.error();
        return refuse(text, error.why.empty() ? error.what : error.why);
    }
    value_ = text;
    return {};
}

Span::Span(Parameters& owner, std::string_view name, Duration default_value,
           Bounds<Duration> bounds, std::string_view doc)
    : Parameter(owner, name, doc), default_(default_value), bounds_(bounds), value_(default_value) {
    MILLRACE_ASSERT(default_ >= bounds_.minimum && default_ <= bounds_.maximum,
                    "the default is out of its bounds");
}

ParameterDescription Span::describe() const {
    return {name_,
            ParameterKind::duration,
            format_duration(default_),
            format_duration(bounds_.minimum),
            format_duration(bounds_.maximum),
            {},
            doc_};
}

Result<void> Span::set(std::string_view text) {
    const auto value = parse_duration(text);
    if (!value) return refuse(text, value.error().why);
    if (*value < bounds_.minimum || *value > bounds_.maximum)
        return refuse(text, range_text(describe()));
    value_ = *value;
    return {};
}

void write_json(const ParameterDescription& parameter, JsonWriter& writer) {
    writer.begin_object().member("name", parameter.name).member("kind", name_of(parameter.kind));
    writer.member("default", parameter.default_text);
    if (!parameter.minimum_text.empty())
        writer.member("minimum", parameter.minimum_text).member("maximum", parameter.maximum_text);
    if (!parameter.choices.empty()) {
        writer.key("choices").begin_array();
        for (const std::string_view choice : parameter.choices)
            writer.text(choice);
        writer.end_array();
    }
    writer.member("doc", parameter.doc).end_object();
}

}  // namespace millrace::strategy
