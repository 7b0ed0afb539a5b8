// From JSON to a noun. simdjson finds the values; every one is checked against its field's
// description here.
#include <charconv>
#include <cstring>
#include <simdjson.h>

#include "millrace/base/nearest.hpp"
#include "millrace/core/model/field_access.hpp"
#include "millrace/core/model/json.hpp"

namespace millrace::model {
namespace {

namespace ondemand = simdjson::ondemand;

std::string path_of(std::string_view name) {
    return "$." + std::string(name);
}

std::string listed(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view word : words) {
        if (!list.empty()) list += ", ";
        list += word;
    }
    return list;
}

std::string_view expected_by(const FieldDescription& field) {
    switch (field.kind) {
        case FieldKind::time: return "an RFC 3339 time with its zone, in quotes";
        case FieldKind::decimal: return "a decimal number, in quotes or bare";
        case FieldKind::integer: return "a whole number";
        case FieldKind::boolean: return "true or false";
        case FieldKind::choice: return "one of its names, in quotes";
        case FieldKind::text: return "a string";
        case FieldKind::instrument: return "a symbol, in quotes";
        case FieldKind::source: return "the name of a source, in quotes";
        case FieldKind::strategy: return "the name of a strategy, in quotes";
        case FieldKind::account: return "the name of an account, in quotes";
        case FieldKind::code: return "a code of at most eight characters, in quotes";
        case FieldKind::hash: return "16 hexadecimal digits, in quotes";
        case FieldKind::reserved: return "nothing";
    }
    return "nothing";
}

std::string_view name_of_type(ondemand::json_type type) {
    switch (type) {
        case ondemand::json_type::array: return "an array";
        case ondemand::json_type::object: return "an object";
        case ondemand::json_type::number: return "a number";
        case ondemand::json_type::string: return "a string";
        case ondemand::json_type::boolean: return "a boolean";
        case ondemand::json_type::null: return "null";
    }
    return "nothing";
}

// RFC 8259's number grammar, which is narrower than what parse_decimal accepts.
bool is_json_number(std::string_view token) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t start = at;
        while (at < token.size() && token[at] >= '0' && token[at] <= '9')
            ++at;
        return at - start;
    };
    if (at < token.size() && token[at] == '-') ++at;
    const bool leading_zero = at < token.size() && token[at] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (at < token.size() && token[at] == '.') {
        ++at;
        if (digits() == 0) return false;
    }
    if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
        ++at;
        if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
        if (digits() == 0) return false;
    }
    return at == token.size();
}

std::string_view trimmed(std::string_view token) {
    while (!token.empty() &&
           std::string_view(" \t\r\n").find(token.back()) != std::string_view::npos)
        token.remove_suffix(1);
    return token;
}

class NounReader {
  public:
    NounReader(const NounDescription& noun, const Names& names, void* value)
        : noun_(noun), names_(names), value_(value) {}

    Result<void> read(std::string_view json) {
        if (json.size() > kJsonTextMax)
            return failure(ErrorCode::data, "the JSON text is too long", "$",
                           "at most 65536 bytes are allowed for " + said(),
                           "send a smaller document");
        ondemand::parser parser;
        const simdjson::padded_string padded(json);
        ondemand::document document;
        if (auto error = parser.iterate(padded).get(document); error) return malformed(error);
        ondemand::json_type type{};
        if (auto error = document.type().get(type); error) return malformed(error);
        if (type != ondemand::json_type::object)
            return failure(ErrorCode::data,
                           "expected an object, got " + std::string(name_of_type(type)), "$",
                           said() + " is written as a JSON object", "wrap the fields in { }");
        std::memcpy(value_, noun_.defaults, noun_.size);
        ondemand::object object;
        if (auto error = document.get_object().get(object); error) return malformed(error);
        for (auto member : object) {
            if (auto done = read_member(member); !done) return done;
        }
        const char* rest = nullptr;
        if (!document.current_location().get(rest))
            return failure(ErrorCode::data, "there is more after the object", "$",
                           "one document holds one " + std::string(noun_.name),
                           "send the objects one by one");
        return check_missing();
    }

  private:
    [[nodiscard]] std::string said() const { return "a " + std::string(noun_.name); }

    // `where` is the field whose value is none, such as NaN.
    static tl::unexpected<Error> malformed(simdjson::error_code error, std::string where = "$") {
        return failure(ErrorCode::data, "the text is not valid JSON", std::move(where),
                       simdjson::error_message(error),
                       "check quotes, commas, braces and encoding (UTF-8)");
    }

    tl::unexpected<Error> wrong_type(const FieldDescription& field,
                                     ondemand::json_type type) const {
        return failure(ErrorCode::data,
                       "\"" + std::string(field.name) +
                           "\" has the wrong type: " + std::string(name_of_type(type)),
                       path_of(field.name), "expected " + std::string(expected_by(field)),
                       "see `millrace schema " + std::string(noun_.name) + "`");
    }

    tl::unexpected<Error> out_of_range(const FieldDescription& field) const {
        const bool decimal = field.kind == FieldKind::decimal;
        const auto bound = [&](std::int64_t raw) {
            return decimal ? format_decimal(raw, field.scale) : std::to_string(raw);
        };
        return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is out of range",
                       path_of(field.name),
                       "allowed: " + bound(field.minimum) + " to " + bound(field.maximum),
                       "see `millrace schema " + std::string(noun_.name) + "`");
    }

    tl::unexpected<Error> unknown_field(std::string_view key) const {
        std::vector<std::string_view> known;
        for (const FieldDescription& field : noun_.fields)
            if (field.kind != FieldKind::reserved) known.push_back(field.name);
        const std::string_view near = nearest(key, known);
        return failure(ErrorCode::data, "unknown field \"" + std::string(key.substr(0, 64)) + "\"",
                       path_of(key.substr(0, 64)), said() + " has: " + listed(known),
                       near.empty() ? "remove it" : "did you mean \"" + std::string(near) + "\"?");
    }

    Result<void> read_member(simdjson::simdjson_result<ondemand::field> member) {
        std::string_view key;
        if (auto error = member.unescaped_key().get(key); error) return malformed(error);
        const auto found =
            std::find_if(noun_.fields.begin(), noun_.fields.end(), [&](const auto& field) {
                return field.name == key && field.kind != FieldKind::reserved;
            });
        if (found == noun_.fields.end()) return unknown_field(key);
        const std::uint64_t bit = std::uint64_t{1} << (found - noun_.fields.begin());
        if ((seen_ & bit) != 0)
            return failure(ErrorCode::data, "\"" + std::string(key) + "\" stands twice",
                           path_of(key), "which of the two is meant cannot be known", "keep one");
        seen_ |= bit;
        ondemand::value value;
        if (auto error = member.value().get(value); error) return malformed(error);
        return read_value(*found, value);
    }

    Result<void> read_value(const FieldDescription& field, ondemand::value value) {
        ondemand::json_type type{};
        if (auto error = value.type().get(type); error)
            return malformed(error, path_of(field.name));
        if (type == ondemand::json_type::null) {
            bool null = false;
            if (auto error = value.is_null().get(null); error || !null)
                return malformed(simdjson::N_ATOM_ERROR, path_of(field.name));
            if (!field.optional) return wrong_type(field, type);
            return {};  // the default has it absent already
        }
        switch (type) {
            case ondemand::json_type::string: {
                std::string_view text;
                if (auto error = value.get_string().get(text); error)
                    return malformed(error, path_of(field.name));
                return read_string(field, text);
            }
            case ondemand::json_type::number: {
                const std::string_view token = trimmed(value.raw_json_token());
                if (!is_json_number(token))
                    return malformed(simdjson::NUMBER_ERROR, path_of(field.name));
                return read_number(field, token);
            }
            case ondemand::json_type::boolean: {
                bool flag = false;
                if (auto error = value.get_bool().get(flag); error)
                    return malformed(error, path_of(field.name));
                if (field.kind != FieldKind::boolean) return wrong_type(field, type);
                store_integer(field, value_, flag ? 1 : 0);
                return {};
            }
            case ondemand::json_type::array:
            case ondemand::json_type::object:
            case ondemand::json_type::null: break;
        }
        return wrong_type(field, type);
    }

    Result<void> read_number(const FieldDescription& field, std::string_view token) {
        if (field.kind != FieldKind::decimal && field.kind != FieldKind::integer)
            return wrong_type(field, ondemand::json_type::number);
        return read_decimal(field, token);
    }

    Result<void> read_decimal(const FieldDescription& field, std::string_view text) {
        auto parsed = parse_decimal(text, field.scale);
        if (!parsed) {
            parsed.error().where = path_of(field.name);
            return failure(std::move(parsed.error()));
        }
        if (!is_allowed(field, *parsed)) return out_of_range(field);
        store_integer(field, value_, *parsed);
        return {};
    }

    Result<void> read_string(const FieldDescription& field, std::string_view text) {
        switch (field.kind) {
            case FieldKind::time: {
                auto time = parse_time(text);
                if (!time) {
                    time.error().where = path_of(field.name);
                    return failure(std::move(time.error()));
                }
                if (!is_allowed(field, time->ns())) return out_of_range(field);
                store_integer(field, value_, time->ns());
                return {};
            }
            case FieldKind::decimal: return read_decimal(field, text);
            case FieldKind::choice: return read_choice(field, text);
            case FieldKind::text: return read_text(field, text);
            case FieldKind::instrument:
                return read_name(field, text, names_.instruments, "instrument");
            case FieldKind::source: return read_name(field, text, names_.sources, "source");
            case FieldKind::strategy: return read_name(field, text, names_.strategies, "strategy");
            case FieldKind::account: return read_name(field, text, names_.accounts, "account");
            case FieldKind::code: return read_code(field, text);
            case FieldKind::hash: return read_hash(field, text);
            case FieldKind::integer:
            case FieldKind::boolean:
            case FieldKind::reserved: break;
        }
        return wrong_type(field, ondemand::json_type::string);
    }

    Result<void> read_choice(const FieldDescription& field, std::string_view text) {
        for (std::size_t i = 0; i < field.choices.size(); ++i) {
            if (field.choices[i] != text) continue;
            store_integer(field, value_, static_cast<std::int64_t>(i));
            return {};
        }
        const std::string_view near = nearest(text, field.choices);
        return failure(
            ErrorCode::data,
            "\"" + std::string(text.substr(0, 64)) + "\" is not one of the choices",
            path_of(field.name), "allowed: " + listed(field.choices),
            near.empty() ? "use one of them" : "did you mean \"" + std::string(near) + "\"?");
    }

    Result<void> read_text(const FieldDescription& field, std::string_view text) {
        if (text.size() > field.size)
            return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is too long",
                           path_of(field.name),
                           "it has " + std::to_string(text.size()) + " bytes, allowed are " +
                               std::to_string(field.size),
                           "shorten it");
        if (text.empty() && !field.optional)
            return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is empty",
                           path_of(field.name), "it is a required name", "fill it in");
        if (text.find('\0') != std::string_view::npos)
            return failure(
                ErrorCode::data, "\"" + std::string(field.name) + "\" has a zero byte in it",
                path_of(field.name), "names and reasons are printable text", "remove it");
        store_text(field, value_, text);
        return {};
    }

    Result<void> read_code(const FieldDescription& field, std::string_view text) {
        auto code = Code::from(text);
        if (!code || (code->empty() && !field.optional))
            return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is no code",
                           path_of(field.name), "expected " + std::string(expected_by(field)),
                           "write it like USD or USDT");
        store_integer(field, value_, static_cast<std::int64_t>(code->packed()));
        return {};
    }

    Result<void> read_hash(const FieldDescription& field, std::string_view text) {
        std::uint64_t hash = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
        if (text.size() != 16 || error != std::errc() || end != text.data() + text.size())
            return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is no hash",
                           path_of(field.name), "expected " + std::string(expected_by(field)),
                           "copy it whole");
        store_integer(field, value_, static_cast<std::int64_t>(hash));
        return {};
    }

    template <class IdType>
    Result<void> read_name(const FieldDescription& field, std::string_view text,
                           const NameTable<IdType>& table, std::string_view kind) {
        const auto id = table.find(text);
        if (!id)
            return failure(
                ErrorCode::data,
                "unknown " + std::string(kind) + " \"" + std::string(text.substr(0, 64)) + "\"",
                path_of(field.name), "no such " + std::string(kind) + " has been defined",
                "define it first, or check the spelling");
        store_integer(field, value_, static_cast<std::int64_t>(id->value()));
        return {};
    }

    Result<void> check_missing() const {
        for (std::size_t i = 0; i < noun_.fields.size(); ++i) {
            const FieldDescription& field = noun_.fields[i];
            if (field.optional || field.kind == FieldKind::reserved || (seen_ >> i & 1) != 0)
                continue;
            return failure(ErrorCode::data, "\"" + std::string(field.name) + "\" is missing",
                           path_of(field.name), "it is required: " + std::string(field.doc),
                           "add it as " + std::string(expected_by(field)));
        }
        return {};
    }

    const NounDescription& noun_;
    const Names& names_;
    void* value_;
    std::uint64_t seen_ = 0;  // a bit for each field that stood in the text
};

}  // namespace

Result<void> read_json(const NounDescription& noun, std::string_view json, const Names& names,
                       void* value) {
    return NounReader(noun, names, value).read(json);
}

}  // namespace millrace::model
