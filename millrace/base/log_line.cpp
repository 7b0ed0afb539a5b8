// The two formats of a line. Whatever text comes in, one event stays one line, and no byte of it
// can steer a terminal.
#include "millrace/base/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <type_traits>

#include "millrace/base/json_writer.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/base/utf8.hpp"

namespace millrace::log {
namespace {

// Controls beyond ASCII, invisible separators and marks that turn the direction of writing: they
// could hide or forge parts of a line.
bool is_hidden(char32_t point) {
    return (point >= 0x80 && point < 0xA0) || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0xFEFF;
}

void append_ascii_control(std::string& out, char c) {
    switch (c) {
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
}

// Well-formed UTF-8 without hidden characters. ASCII controls stay when a JSON writer escapes them.
std::string clean(std::string_view text, bool keep_ascii_controls) {
    std::string out;
    const std::size_t cut = text.size() > kTextLengthMax ? text.size() - kTextLengthMax : 0;
    std::string_view rest = text.substr(0, text.size() - cut);
    while (!rest.empty()) {
        const std::size_t length = utf8_length(rest);
        if (length == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest.front()));
            rest.remove_prefix(1);
            continue;
        }
        const char32_t point = utf8_code_point(rest);
        if (point < 0x20 || point == 0x7F) {
            if (keep_ascii_controls)
                out += rest.front();
            else
                append_ascii_control(out, rest.front());
        } else if (is_hidden(point)) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
        } else {
            out += rest.substr(0, length);
        }
        rest.remove_prefix(length);
    }
    if (cut > 0) out += fmt::format("… ({} bytes more)", cut);
    return out;
}

std::string name_from(std::string_view key) {
    std::string name = redact(key.substr(0, 128));
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        if (!plain) c = '_';
    }
    return name.empty() ? "_" : name;
}

std::string number_text(const Value& value) {
    return std::visit(
        [](const auto& content) -> std::string {
            using Type = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Type, std::string_view>) {
                return std::string(content);
            } else if constexpr (std::is_same_v<Type, bool>) {
                return content ? "true" : "false";
            } else {
                std::array<char, 40> digits{};
                const auto end =
                    std::to_chars(digits.data(), digits.data() + digits.size(), content);
                return {digits.data(), end.ptr};
            }
        },
        value.content());
}

// The value as text without secrets; `plain` is true while it is still the value that was given.
struct Shown {
    std::string text;
    bool plain;
};

Shown shown(const Field& field) {
    if (looks_secret(field.key)) return {std::string(kRedacted), false};
    const std::string given = number_text(field.value);
    std::string text = redact(given);
    const bool plain = text == given;
    return {std::move(text), plain};
}

std::string time_text(Time time) {
    constexpr std::int64_t kMillisecond = 1'000'000;
    const std::int64_t past = ((time.ns() % kMillisecond) + kMillisecond) % kMillisecond;
    std::string text = format_time(time - Duration::nanoseconds(past));
    // format_time leaves out a fraction of zero; here the columns must line up.
    if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
    return text;
}

void append_quoted_if_needed(std::string& out, const std::string& text) {
    const bool bare = !text.empty() && text.find_first_of(" =\"\\") == std::string::npos;
    if (bare) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '\\';
        out += c;
    }
    out += '"';
}

std::string_view level_label(Level level) {
    switch (level) {
        case Level::trace: return "TRACE";
        case Level::debug: return "DEBUG";
        case Level::info: return " INFO";
        case Level::warn: return " WARN";
        case Level::error: return "ERROR";
        case Level::off: break;
    }
    return "  OFF";
}

std::string_view level_colour(Level level) {
    switch (level) {
        case Level::trace:
        case Level::debug: return "\x1b[2m";
        case Level::info: return "\x1b[32m";
        case Level::warn: return "\x1b[33m";
        case Level::error: return "\x1b[31m";
        case Level::off: break;
    }
    return "";
}

void append_json_value(JsonWriter& writer, const Field& field) {
    const Shown value = shown(field);
    const bool is_text = std::holds_alternative<std::string_view>(field.value.content());
    if (is_text || !value.plain) {
        writer.text(clean(value.text, true));
        return;
    }
    std::visit(
        [&writer](const auto& content) {
            using Type = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Type, std::int64_t>) writer.integer(content);
            if constexpr (std::is_same_v<Type, std::uint64_t>) writer.unsigned_integer(content);
            if constexpr (std::is_same_v<Type, double>) writer.number(content);
            if constexpr (std::is_same_v<Type, bool>) writer.boolean(content);
        },
        field.value.content());
}

}  // namespace

std::string_view name_of(Level level) {
    switch (level) {
        case Level::trace: return "trace";
        case Level::debug: return "debug";
        case Level::info: return "info";
        case Level::warn: return "warn";
        case Level::error: return "error";
        case Level::off: return "off";
    }
    return "off";
}

std::string human_line(const Event& event, bool colour) {
    std::string line = time_text(event.time) + " ";
    if (colour) line += level_colour(event.level);
    line += level_label(event.level);
    if (colour) line += "\x1b[0m";
    line += "  ";
    line += clean(redact(event.message), false);
    for (const Field& field : event.fields) {
        line += "  ";
        line += name_from(field.key);
        line += '=';
        append_quoted_if_needed(line, clean(shown(field).text, false));
    }
    return line;
}

std::string json_line(const Event& event) {
    constexpr std::array<std::string_view, 4> kOurs = {"time", "level", "message", "thread"};
    JsonWriter writer;
    writer.begin_object();
    writer.member("time", time_text(event.time)).member("level", name_of(event.level));
    writer.member("message", clean(redact(event.message), true)).member("thread", event.thread);
    for (const Field& field : event.fields) {
        std::string name = name_from(field.key);
        if (std::ranges::find(kOurs, name) != kOurs.end()) name += '_';
        writer.key(name);
        append_json_value(writer, field);
    }
    writer.end_object();
    return writer.str();
}

}  // namespace millrace::log
