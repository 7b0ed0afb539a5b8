// The configuration of a run: load() merges the layers (default < file < profile < .env <
// environment < flag), checks every value, and returns either a Config in which every key has a
// value and an origin, or all that is wrong. No message and no entry ever shows a secret.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/config_schema.hpp"
#include "millrace/base/config_value.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/base/time.hpp"

namespace millrace::config {

// Where the settings come from. Nothing else is read: the caller passes the environment.
struct Sources {
    std::optional<std::filesystem::path> file = {};        // asked for: must be there
    std::filesystem::path default_file = "millrace.toml";  // else this one, if it is there
    std::string profile = {};                              // empty: MILLRACE_PROFILE, else none
    std::map<std::string, std::string> environment = {};
    std::filesystem::path dotenv = ".env";    // if it is there
    std::vector<std::string> overrides = {};  // "key=value" of each --set
};

// One line of `config show`.
struct Entry {
    std::string name;
    std::string value;   // a reference for a secret, never the secret; text without known secrets
    std::string origin;  // "default", "millrace.toml:3:9", "environment LOG_LEVEL", ".env:4" …
    Kind kind = Kind::text;
    Reload reload = Reload::restart;
    std::string doc;
};

// A value and where it was set.
struct Setting {
    Value value;
    std::string origin;
};

// What the environment and .env gave for the variables that secrets refer to.
struct SecretVariable {
    Secret secret;
    bool from_dotenv = false;
};

class Config {
  public:
    // The values by name. To ask for a key that is not in the schema, or is of another kind, is a
    // bug and asserts.
    [[nodiscard]] const std::string& text(std::string_view name) const;  // also choice and decimal
    [[nodiscard]] bool boolean(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] Duration duration(std::string_view name) const;
    [[nodiscard]] std::uint64_t size_bytes(std::string_view name) const;
    [[nodiscard]] std::filesystem::path path(std::string_view name) const;

    // The secret that a key of kind secret_reference refers to, read now when it is in a file. An
    // error when there is none, or when others could read it. The name may come from outside.
    [[nodiscard]] Result<Secret> resolve(std::string_view name) const;

    [[nodiscard]] const std::string& origin(std::string_view name) const;
    // The members of an open table that were set, for example "secrets".
    [[nodiscard]] std::vector<std::string> members_of(std::string_view table) const;
    // Every key in the order of the schema, the members of open tables in order of name.
    [[nodiscard]] std::vector<Entry> entries() const;
    // The profile in force; empty when there is none.
    [[nodiscard]] const std::string& profile() const { return profile_; }
    [[nodiscard]] const Schema& schema() const { return schema_; }

  private:
    friend class Loader;
    explicit Config(const Schema& schema) : schema_(schema) {}

    [[nodiscard]] const Setting& setting(std::string_view name, std::string_view asked_as,
                                         std::initializer_list<Kind> kinds) const;
    [[nodiscard]] Result<Secret> secret_of_variable(const std::string& variable,
                                                    const Setting& setting) const;

    Schema schema_;
    std::string profile_;
    std::map<std::string, Setting, std::less<>> settings_;
    std::map<std::string, SecretVariable, std::less<>> secrets_;
    std::optional<Error> dotenv_exposed_;  // why no secret may be taken from .env
};

using Errors = std::vector<Error>;

// Everything that is wrong, in the order of the layers; at most kErrorsMax of them.
[[nodiscard]] tl::expected<Config, Errors> load(const Schema& schema, const Sources& sources);

inline constexpr std::size_t kErrorsMax = 100;
inline constexpr std::size_t kFileBytesMax = 1024 * 1024;

}  // namespace millrace::config
