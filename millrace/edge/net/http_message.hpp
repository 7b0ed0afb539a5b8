// Requests and responses of HTTP as values, without a socket in sight. Names of headers compare
// without regard to case; a request that was received has been checked by http_parser.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::net {

enum class Method : std::uint8_t { get, head, post, put, patch, erase, options, other };

// "GET" … "OPTIONS"; `other` has no name.
[[nodiscard]] std::string_view name_of(Method method);
[[nodiscard]] Method method_named(std::string_view name);

// May be repeated without doing more than once: what a client sends again after a failure.
[[nodiscard]] bool is_idempotent(Method method);

// "Not Found" for 404; the class of the status for one that has no name here.
[[nodiscard]] std::string_view reason_of(int status);

[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

// Whether a comma-separated header value names `word`: "keep-alive, Upgrade" has "upgrade".
[[nodiscard]] bool has_word(std::string_view list, std::string_view word);

// A name of token characters (RFC 9110), as header names and WebSocket protocols must be.
[[nodiscard]] bool is_token(std::string_view text);

// A value that cannot end its line: no control characters but the tab.
[[nodiscard]] bool is_header_value(std::string_view text);

// Header fields in the order in which they came, in two allocations whatever their number.
class Headers {
  public:
    using Field = std::pair<std::string_view, std::string_view>;

    void add(std::string_view name, std::string_view value);
    void set(std::string_view name, std::string_view value);  // in place of all of that name
    void reserve(std::size_t fields, std::size_t bytes);

    // The first of that name. The view lives until the headers change.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    // Whether any field of that name lists `word`.
    [[nodiscard]] bool lists(std::string_view name, std::string_view word) const;

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] Field operator[](std::size_t index) const;

  private:
    struct Entry {
        std::uint32_t name_at = 0;
        std::uint32_t name_size = 0;
        std::uint32_t value_size = 0;  // the value follows its name
    };
    std::string text_;
    std::vector<Entry> entries_;
};

struct Request {
    Method method = Method::get;
    int version_minor = 1;  // of HTTP/1.x
    std::string target;     // as it came: /path?query
    Headers headers;
    std::string body;
    std::string id;    // names the request in answers and logs
    std::string peer;  // the address of the other side
};

struct Response {
    int status = 200;
    std::string content_type;  // empty: no body is described
    Headers headers;
    std::string body;

    [[nodiscard]] static Response json(int status, std::string body);
    [[nodiscard]] static Response text(int status, std::string body);
};

// Appends the response as it travels. `head_only` answers HEAD: the length of the body without it.
// A header or type that would break out of its line makes this false and appends nothing.
[[nodiscard]] bool append_response(const Response& response, bool head_only, bool close,
                                   std::string_view request_id, std::string_view date,
                                   std::string& out);

}  // namespace millrace::net
