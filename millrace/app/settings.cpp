// The keys, by table. A key is added together with the code that reads it.
#include "millrace/app/settings.hpp"

namespace millrace::app {
namespace {

using config::Key;
using config::Kind;
using config::Reload;

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kGiB = 1024 * kKiB * kKiB;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kPriceRateMax = 1'000'000;

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

// How commands reach a running instance.
std::vector<Key> client_keys() {
    return {
        {.name = "client.url",
         .doc = "Where the running instance is; nothing means the one of the data directory.",
         .aliases = {"MILLRACE_URL"}},
        {.name = "client.token",
         .kind = Kind::secret_reference,
         .doc = "The token that is shown to it; nothing means DATA_DIR/token.",
         .aliases = {"MILLRACE_TOKEN"}},
        {.name = "client.authorities",
         .kind = Kind::path,
         .doc = "Who may sign its certificate, in PEM; nothing means those of the system."},
        {.name = "client.timeout",
         .kind = Kind::duration,
         .default_value = "10s",
         .doc = "The longest wait for an answer, all attempts together.",
         .min = kMillisecond,
         .max = 3600 * 1000 * kMillisecond},
    };
}

// What is sent.
std::vector<Key> order_keys() {
    return {
        {.name = "orders.mode",
         .kind = Kind::choice,
         .default_value = "plan-only",
         .doc = "Whether intents are only planned, or sent to the simulated venue (paper-send).",
         .choices = {"plan-only", "paper-send", "live-send"},
         .aliases = {"AT_WORKER_MODE"}},
        {.name = "orders.allow_send",
         .kind = Kind::boolean,
         .default_value = "false",
         .doc = "Must be true, beside the mode, before anything is sent.",
         .aliases = {"ENV_ALLOW_SEND"}},
        {.name = "orders.forbid_send",
         .kind = Kind::boolean,
         .default_value = "false",
         .doc = "Nothing is sent while it is true, whatever else is set.",
         .aliases = {"ENV_FORCE_NO_IB"}},
        {.name = "orders.auto_promote",
         .kind = Kind::boolean,
         .default_value = "false",
         .doc = "Whether what is planned becomes ready by itself.",
         .aliases = {"AT_AUTO_PROMOTE"}},
        {.name = "orders.market_guard",
         .kind = Kind::boolean,
         .default_value = "false",
         .doc = "Whether orders wait until their market is open.",
         .aliases = {"AT_MARKET_GUARD"}},
    };
}

// For whom, and in what.
std::vector<Key> desk_keys() {
    return {
        {.name = "orders.duplicate",
         .kind = Kind::choice,
         .default_value = "conflict",
         .doc = "What a known key with the same body is told: 409, or 200 as the first time.",
         .choices = {"conflict", "original"}},
        {.name = "orders.signal_quantity",
         .kind = Kind::decimal,
         .default_value = "0",
         .doc = "The quantity of a signal that names none; 0 refuses such signals.",
         .min = 0},
        {.name = "orders.symbols",
         .default_value = "AAPL,MSFT,AMZN,GOOG,GOOGL,TSLA,NVDA,META,NFLX,AMD,INTC",
         .doc = "What can be traded: US shares, with commas between."},
        {.name = "orders.account", .default_value = "main", .doc = "The name of the account."},
        {.name = "orders.cash",
         .kind = Kind::decimal,
         .default_value = "100000",
         .doc = "The US dollars that the account begins with.",
         .min = 0},
        {.name = "orders.limits",
         .kind = Kind::choice,
         .default_value = "default",
         .doc = "The guardian's limits at the first start; later ones are set while it runs.",
         .choices = {"default", "none"}},
        {.name = "orders.zone",
         .default_value = "UTC",
         .doc = "The zone whose midnight begins the guardian's day."},
        {.name = "orders.prices",
         .kind = Kind::choice,
         .default_value = "synthetic",
         .doc = "Where prices come from: made up from a seed, or nowhere.",
         .choices = {"synthetic", "none"}},
        {.name = "orders.price_rate",
         .kind = Kind::decimal,
         .default_value = "20",
         .doc = "Prices a second, of all symbols together.",
         .min = 0,
         .max = kPriceRateMax},
        {.name = "orders.price_seed",
         .kind = Kind::integer,
         .default_value = "1",
         .doc = "The seed of the made-up prices.",
         .min = 0},
        {.name = "orders.ledger",
         .kind = Kind::path,
         .doc = "The ledger's file; nothing means millrace.db in the data directory.",
         .aliases = {"AT_DB_PATH"}},
    };
}

// How a server is reached.
std::vector<Key> server_keys() {
    return {
        {.name = "server.bind",
         .default_value = "127.0.0.1",
         .doc = "The address to listen on; one that others reach needs a token or TLS.",
         .aliases = {"AT_BIND_HOST"}},
        {.name = "server.port",
         .kind = Kind::integer,
         .default_value = "8080",
         .doc = "The port to listen on; 0 means any free one.",
         .min = 0,
         .max = 65'535,
         .aliases = {"AT_BIND_PORT"}},
        {.name = "server.hosts",
         .doc = "Names that the server goes by, beside localhost, with commas between."},
        {.name = "server.origins",
         .doc = "Foreign pages that may call, as https://host, with commas between."},
        {.name = "server.token",
         .kind = Kind::secret_reference,
         .doc = "One more token, with the scope trade.",
         .aliases = {"AT_BEARER_TOKEN"}},
        {.name = "server.service_key",
         .kind = Kind::secret_reference,
         .doc = "ID:SECRET, the key by which other roles sign their tokens (HS256)."},
        {.name = "server.next_service_key",
         .kind = Kind::secret_reference,
         .doc = "A second one that counts as well, while keys are changed."},
        {.name = "server.tls_certificate",
         .kind = Kind::path,
         .doc = "A certificate with its chain, in PEM; nothing means no TLS."},
        {.name = "server.tls_key",
         .kind = Kind::path,
         .doc = "The certificate's key, in PEM, readable by its owner only."},
        {.name = "server.rate_limits",
         .kind = Kind::boolean,
         .default_value = "true",
         .doc = "Whether callers are limited to so many requests a second."},
        {.name = "server.threads",
         .kind = Kind::integer,
         .default_value = "2",
         .doc = "Threads that read requests and write answers.",
         .min = 1,
         .max = 64},
        {.name = "server.drain",
         .kind = Kind::duration,
         .default_value = "10s",
         .doc = "How long requests under way may take at the end.",
         .min = 0,
         .max = 600 * 1000 * kMillisecond},
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
    for (Key& key : client_keys())
        keys.push_back(std::move(key));
    for (Key& key : order_keys())
        keys.push_back(std::move(key));
    for (Key& key : desk_keys())
        keys.push_back(std::move(key));
    for (Key& key : server_keys())
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
