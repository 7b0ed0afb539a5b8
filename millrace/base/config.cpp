// The questions that a loaded configuration answers; how it is loaded stands in config_load.cpp.
#include "millrace/base/config.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "millrace/base/assert.hpp"
#include "millrace/base/small_file.hpp"

namespace millrace::config {
namespace {

constexpr std::size_t kSecretBytesMax = 64 * 1024;

Result<Secret> read_secret_file(const std::filesystem::path& path, const std::string& origin) {
    auto read = read_small_file(path, kSecretBytesMax);
    if (!read) return failure(std::move(read.error()));
    if (!*read)
        return failure(ErrorCode::config, "the file with the secret does not exist", path.string(),
                       fmt::format("it is named at {}", origin),
                       fmt::format("create it with: install -m 600 /dev/null {}", path.string()));
    SmallFile& file = **read;
    if (auto checked = check_private(file, path); !checked) {
        wipe(file.text);
        return failure(std::move(checked.error()));
    }
    std::string_view value = file.text;
    if (value.ends_with('\n')) value.remove_suffix(1);
    if (value.ends_with('\r')) value.remove_suffix(1);
    Secret secret = Secret::from_configuration(value);
    wipe(file.text);
    if (secret.empty())
        return failure(ErrorCode::config, "the file with the secret is empty", path.string(),
                       fmt::format("it is named at {}", origin), "write the secret into it");
    return secret;
}

}  // namespace

const Setting& Config::setting(std::string_view name, std::string_view asked_as,
                               std::initializer_list<Kind> kinds) const {
    const Key* key = schema_.find(name);
    const auto found = settings_.find(name);
    const bool fits = key != nullptr && found != settings_.end() &&
                      std::ranges::find(kinds, key->kind) != kinds.end();
    MILLRACE_ASSERT(fits, fmt::format("no {} setting \"{}\"", asked_as, name).c_str());
    return found->second;
}

const std::string& Config::text(std::string_view name) const {
    return std::get<std::string>(
        setting(name, "text", {Kind::text, Kind::choice, Kind::decimal}).value);
}

bool Config::boolean(std::string_view name) const {
    return std::get<bool>(setting(name, "boolean", {Kind::boolean}).value);
}

std::int64_t Config::integer(std::string_view name) const {
    return std::get<std::int64_t>(setting(name, "integer", {Kind::integer}).value);
}

Duration Config::duration(std::string_view name) const {
    return Duration::nanoseconds(
        std::get<std::int64_t>(setting(name, "duration", {Kind::duration}).value));
}

std::uint64_t Config::size_bytes(std::string_view name) const {
    return static_cast<std::uint64_t>(
        std::get<std::int64_t>(setting(name, "size", {Kind::size}).value));
}

std::filesystem::path Config::path(std::string_view name) const {
    return std::get<std::string>(setting(name, "path", {Kind::path}).value);
}

const std::string& Config::origin(std::string_view name) const {
    const auto found = settings_.find(name);
    MILLRACE_ASSERT(found != settings_.end(), "the origin of a key that is not in the schema");
    return found->second.origin;
}

std::vector<std::string> Config::members_of(std::string_view table) const {
    std::vector<std::string> members;
    const std::string prefix = std::string(table) + ".";
    for (auto it = settings_.lower_bound(prefix);
         it != settings_.end() && it->first.starts_with(prefix); ++it)
        members.push_back(it->first.substr(prefix.size()));
    return members;
}

std::vector<Entry> Config::entries() const {
    std::vector<Entry> entries;
    const auto add = [&](const Key& key, const std::string& name, const Setting& setting) {
        std::string value = redact(show_value(key, setting.value));
        if (key.kind != Kind::secret_reference && looks_secret(name) && !value.empty())
            value = kRedacted;
        entries.push_back({name, std::move(value), setting.origin, key.kind, key.reload, key.doc});
    };
    for (const Key& key : schema_.keys()) {
        if (!key.is_open()) {
            add(key, key.name, settings_.find(key.name)->second);
            continue;
        }
        for (const auto& [name, setting] : settings_) {
            if (schema_.find(name) == &key) add(key, name, setting);
        }
    }
    return entries;
}

Result<Secret> Config::secret_of_variable(const std::string& variable,
                                          const Setting& setting) const {
    const auto found = secrets_.find(variable);
    if (found == secrets_.end() || found->second.secret.empty())
        return failure(ErrorCode::config,
                       fmt::format("the variable {} with the secret is not set", variable),
                       setting.origin, "a setting refers to it",
                       fmt::format("export {}=…, or put it in .env", variable));
    if (found->second.from_dotenv && dotenv_exposed_) return failure(*dotenv_exposed_);
    return found->second.secret.copy();
}

Result<Secret> Config::resolve(std::string_view name) const {
    const auto found = settings_.find(name);
    const Key* key = schema_.find(name);
    if (key == nullptr || found == settings_.end() || key->kind != Kind::secret_reference)
        return failure(ErrorCode::config, fmt::format("there is no secret \"{}\"", redact(name)),
                       {}, "no setting of this name refers to a secret",
                       fmt::format("set {} to \"env:VARIABLE\" or \"file:PATH\"", redact(name)));
    const std::string& reference = std::get<std::string>(found->second.value);
    if (reference.starts_with("env:"))
        return secret_of_variable(reference.substr(4), found->second);
    if (reference.starts_with("file:"))
        return read_secret_file(reference.substr(5), found->second.origin);
    return failure(ErrorCode::config, fmt::format("the secret \"{}\" is not set", name),
                   found->second.origin, "its reference is empty",
                   fmt::format("set {} to \"env:VARIABLE\" or \"file:PATH\"", name));
}

}  // namespace millrace::config
