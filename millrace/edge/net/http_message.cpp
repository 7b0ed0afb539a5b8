// Names, comparisons, and how a response is written out.
#include "millrace/edge/net/http_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "millrace/base/assert.hpp"

namespace millrace::net {
namespace {

constexpr std::array<std::string_view, 8> kMethods = {"GET",   "HEAD",   "POST",    "PUT",
                                                      "PATCH", "DELETE", "OPTIONS", ""};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool is_token_character(char c) {
    if ((c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z')) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

}  // namespace

std::string_view name_of(Method method) {
    return kMethods[static_cast<std::size_t>(method)];
}

Method method_named(std::string_view name) {
    for (std::size_t i = 0; i + 1 < kMethods.size(); ++i)
        if (kMethods[i] == name) return static_cast<Method>(i);
    return Method::other;
}

bool is_idempotent(Method method) {
    switch (method) {
        case Method::get:
        case Method::head:
        case Method::put:
        case Method::erase:
        case Method::options: return true;
        case Method::post:
        case Method::patch:
        case Method::other: return false;
    }
    return false;
}

std::string_view reason_of(int status) {
    switch (status) {
        case 100: return "Continue";
        case 101: return "Switching Protocols";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 411: return "Length Required";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 426: return "Upgrade Required";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        default: break;
    }
    if (status < 300) return "OK";
    if (status < 400) return "Redirection";
    return status < 500 ? "Client Error" : "Server Error";
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (equals_ignoring_case(trimmed(list.substr(0, comma)), word)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_header_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

void Headers::add(std::string_view name, std::string_view value) {
    MILLRACE_ASSERT(
        text_.size() + name.size() + value.size() < std::numeric_limits<std::uint32_t>::max(),
        "headers of more than 4 GiB");
    entries_.push_back({static_cast<std::uint32_t>(text_.size()),
                        static_cast<std::uint32_t>(name.size()),
                        static_cast<std::uint32_t>(value.size())});
    text_ += name;
    text_ += value;
}

void Headers::set(std::string_view name, std::string_view value) {
    const std::string kept_name(name);  // either may lie in text_
    const std::string kept_value(value);
    std::erase_if(entries_, [&](const Entry& entry) {
        return equals_ignoring_case(std::string_view(text_).substr(entry.name_at, entry.name_size),
                                    kept_name);
    });
    add(kept_name, kept_value);
}

void Headers::reserve(std::size_t fields, std::size_t bytes) {
    entries_.reserve(fields);
    text_.reserve(bytes);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto [field, value] = (*this)[i];
        if (equals_ignoring_case(field, name)) return value;
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        count += equals_ignoring_case((*this)[i].first, name) ? 1U : 0U;
    return count;
}

bool Headers::lists(std::string_view name, std::string_view word) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto [field, value] = (*this)[i];
        if (equals_ignoring_case(field, name) && has_word(value, word)) return true;
    }
    return false;
}

Headers::Field Headers::operator[](std::size_t index) const {
    const Entry& entry = entries_[index];
    const std::string_view text(text_);
    return {text.substr(entry.name_at, entry.name_size),
            text.substr(entry.name_at + entry.name_size, entry.value_size)};
}

Response Response::json(int status, std::string body) {
    return {status, "application/json", {}, std::move(body)};
}

Response Response::text(int status, std::string body) {
    return {status, "text/plain; charset=utf-8", {}, std::move(body)};
}

bool append_response(const Response& response, bool head_only, bool close,
                     std::string_view request_id, std::string_view date, std::string& out) {
    if (!is_header_value(response.content_type)) return false;
    for (std::size_t i = 0; i < response.headers.size(); ++i) {
        const auto [name, value] = response.headers[i];
        if (!is_token(name) || !is_header_value(value)) return false;
    }
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(response.status));
    out += ' ';
    out += reason_of(response.status);
    out += "\r\n";
    if (!date.empty()) append_field(out, "Date", date);
    if (!request_id.empty()) append_field(out, "X-Request-Id", request_id);
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    for (std::size_t i = 0; i < response.headers.size(); ++i)
        append_field(out, response.headers[i].first, response.headers[i].second);
    const bool has_body =
        response.status >= 200 && response.status != 204 && response.status != 304;
    if (has_body) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    if (close) out += "Connection: close\r\n";
    out += "\r\n";
    if (has_body && !head_only) out += response.body;
    return true;
}

}  // namespace millrace::net
