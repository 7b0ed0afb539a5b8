// For tests only: a schema with one key of each kind, and a folder with configuration files that is
// removed with the object.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "millrace/base/config.hpp"

namespace millrace::config {

inline Schema example_schema() {
    return Schema({
        {.name = "log.level",
         .kind = Kind::choice,
         .default_value = "info",
         .doc = "The least level that is logged.",
         .reload = Reload::hot,
         .choices = {"trace", "debug", "info", "warn", "error", "off"},
         .aliases = {"LOG_LEVEL", "AT_LOG_LEVEL"}},
        {.name = "log.file", .kind = Kind::path, .doc = "Where the log goes."},
        {.name = "log.colour",
         .kind = Kind::boolean,
         .default_value = "false",
         .doc = "Colour the level.",
         .aliases = {"LOG_COLOUR"}},
        {.name = "log.rotate_size",
         .kind = Kind::size,
         .default_value = "64MiB",
         .doc = "The file is rotated at this size.",
         .min = 1024},
        {.name = "server.port",
         .kind = Kind::integer,
         .default_value = "8001",
         .doc = "The port of the dashboard.",
         .min = 1,
         .max = 65535,
         .aliases = {"PORT"}},
        {.name = "server.timeout",
         .kind = Kind::duration,
         .default_value = "30s",
         .doc = "How long a request may take.",
         .min = 1'000'000,
         .max = 3'600'000'000'000,
         .aliases = {Alias("TIMEOUT_SECONDS", "s")}},
        {.name = "server.title", .default_value = "Millrace", .doc = "The title of the page."},
        {.name = "server.admin_password", .doc = "Text whose name looks secret."},
        {.name = "risk.limits.max_loss",
         .kind = Kind::decimal,
         .default_value = "0.02",
         .doc = "The share of equity that may be lost.",
         .min = 0,
         .max = 1},
        {.name = "broker.token",
         .kind = Kind::secret_reference,
         .doc = "The broker's token.",
         .aliases = {"BROKER_TOKEN"}},
        {.name = "secrets.*", .kind = Kind::secret_reference, .doc = "Secrets by name."},
    });
}

class ConfigFolder {
  public:
    ConfigFolder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "millrace_config_XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ConfigFolder(const ConfigFolder&) = delete;
    ConfigFolder& operator=(const ConfigFolder&) = delete;
    ~ConfigFolder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::string& name, std::string_view text,
                                unsigned mode = 0600) const {
        const auto file = path_ / name;
        std::ofstream(file, std::ios::binary) << text;
        std::filesystem::permissions(file, std::filesystem::perms(mode));
        return file;
    }

    // Sources that read millrace.toml and .env of this folder, if they were written.
    [[nodiscard]] Sources sources() const {
        return {.default_file = path_ / "millrace.toml", .dotenv = path_ / ".env"};
    }

    // The text without the name of this folder, which is another one in each run.
    [[nodiscard]] std::string without_path(std::string text) const {
        const std::string prefix = path_.string() + "/";
        for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
            text.erase(at, prefix.size());
        return text;
    }

  private:
    std::filesystem::path path_;
};

}  // namespace millrace::config
