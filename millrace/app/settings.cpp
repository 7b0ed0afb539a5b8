// The keys, by table. A key is added together with the code that reads it.
#include "millrace/app/settings.hpp"

namespace millrace::app {
namespace {

using config::Key;
using config::Kind;
using config::Reload;

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kGiB = 1024 * kKiB * kKiB;

std::vector<Key> log_keys() {
    return {
        {.name = "log.level",
         .kind = Kind::choice,
         .default_value = "info",
         .doc = "The least serious lines that are logged.",
         .reload = Reload::hot,
         .choices = {"trace", "debug", "info", "warn", "warning", "error", "critical", "off"},
         .aliases = {"LOG_LEVEL", "AT_LOG_LEVEL"}},
        {.name = "log.format",
         .kind = Kind::choice,
         .default_value = "human",
         .doc = "Lines for people, or one JSON object a line.",
         .choices = {"human", "json"}},
        {.name = "log.file",
         .kind = Kind::path,
         .doc = "The file that is logged to; nothing means standard error."},
        {.name = "log.rotate_bytes",
         .kind = Kind::size,
         .default_value = "64MiB",
         .doc = "The size at which a new log file is begun; 0B means never.",
         .min = 0},
        {.name = "log.rotate_files",
         .kind = Kind::integer,
         .default_value = "5",
         .doc = "How many old log files are kept.",
         .min = 0,
         .max = 1000},
    };
}

std::vector<Key> journal_keys() {
    return {
        {.name = "journal.segment_bytes",
         .kind = Kind::size,
         .default_value = "64MiB",
         .doc = "The size at which a new segment of the journal is begun.",
         .min = 64 * kKiB,
         .max = 4 * kGiB},
    };
}

std::vector<Key> all_keys() {
    std::vector<Key> keys = {
        {.name = "data_dir",
         .kind = Kind::path,
         .default_value = "millrace-data",
         .doc = "The folder for everything that Millrace writes down."},
    };
    for (Key& key : log_keys())
        keys.push_back(std::move(key));
    for (Key& key : journal_keys())
        keys.push_back(std::move(key));
    keys.push_back({.name = "secrets.*",
                    .kind = Kind::secret_reference,
                    .doc = "Where a secret is kept: env:VARIABLE or file:PATH, never the secret."});
    return keys;
}

}  // namespace

const config::Schema& settings() {
    static const config::Schema kSettings(all_keys());
    return kSettings;
}

}  // namespace millrace::app
