// The settings that a program knows: an ordered list of keys, each with its kind, default, range
// and one sentence of documentation. Everything else (checking, errors, `config show`, the JSON
// Schema for editors) is derived from this list.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::config {

enum class Kind {
    text,
    boolean,
    integer,
    decimal,   // an exact decimal number, kept as text: "0.25"
    duration,  // "250ms", "1h30m"; a length of time in nanoseconds
    size,      // "64MiB", "1GB"; bytes
    path,
    choice,            // one of Key::choices
    secret_reference,  // "env:VARIABLE" or "file:PATH"; never the secret itself
};

// "text", "secret reference" …
[[nodiscard]] std::string_view name_of(Kind kind);

enum class Reload {
    hot,      // a running program takes the new value over
    restart,  // the program must be started again
};
[[nodiscard]] std::string_view name_of(Reload reload);

// An environment variable of a predecessor that sets the key too. When its numbers came without a
// unit, `unit` is put behind them: Alias("POLL_SECONDS", "s").
struct Alias {
    Alias(const char* variable, const char* implied_unit = "")
        : name(variable), unit(implied_unit) {}
    std::string name;
    std::string unit;
};

struct Key {
    std::string name;  // "log.level"; "secrets.*" when the names of the members are free
    Kind kind = Kind::text;
    std::string default_value = {};  // as text, in the form that the environment uses
    std::string doc = {};            // one sentence
    Reload reload = Reload::restart;
    std::vector<std::string> choices = {};
    std::optional<std::int64_t> min = {};  // of integers, decimals, nanoseconds or bytes
    std::optional<std::int64_t> max = {};
    std::vector<Alias> aliases = {};

    [[nodiscard]] bool is_open() const { return name.ends_with(".*"); }
};

class Schema {
  public:
    // Asserts that names are well formed, do not collide (nor their variables), and that defaults
    // are allowed values.
    explicit Schema(std::vector<Key> keys);

    [[nodiscard]] std::span<const Key> keys() const& { return keys_; }
    std::span<const Key> keys() const&& = delete;  // they would not outlive the schema
    // The key of this name; for a member of an open table, the key that describes all members.
    [[nodiscard]] const Key* find(std::string_view name) const;
    // Is there a key below this name? The empty name is the top of the file.
    [[nodiscard]] bool is_table(std::string_view name) const;
    // The keys and tables that may stand directly in a table, in the order of the schema.
    [[nodiscard]] std::vector<std::string> members_of(std::string_view table) const;
    // The full name of the known key or table that was probably meant, or empty.
    [[nodiscard]] std::string nearest_to(std::string_view name) const;

  private:
    std::vector<Key> keys_;
};

// "log.level" is set by MILLRACE_LOG_LEVEL.
[[nodiscard]] std::string variable_of(std::string_view key_name);
inline constexpr std::string_view kVariablePrefix = "MILLRACE_";
inline constexpr std::string_view kFileVariable = "MILLRACE_CONFIG";
inline constexpr std::string_view kProfileVariable = "MILLRACE_PROFILE";

// The table of the file in which profiles stand.
inline constexpr std::string_view kProfileTable = "profile";

// Can this be one part of a key's name: letters, digits, '_' and '-', at most 64 of them?
[[nodiscard]] bool is_bare_word(std::string_view word);

// A JSON Schema (2020-12) of the file, for editors.
[[nodiscard]] std::string json_schema(const Schema& schema);

}  // namespace millrace::config
