// The keys that were set, the parameters in force, and digests of all files.
#include "millrace/app/runs/identity.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "millrace/app/backtest/run_keys.hpp"

namespace millrace::runs {
namespace {

using backtest::BacktestSettings;

// They change how a run is made or printed, not what comes of it.
constexpr std::array<std::string_view, 2> kWithoutEffect = {"run.threads", "run.full"};

struct NamedFile {
    std::string role;
    std::string path;
};

// "data.AAPL.file" is the key "file" of the table "data".
const backtest::RunKey* key_of(std::string_view told) {
    for (const backtest::RunKey& key : backtest::run_keys())
        if (told.starts_with(std::string(key.table) + ".") &&
            told.ends_with("." + std::string(key.name)))
            return &key;
    return nullptr;
}

bool names_files(std::string_view told) {
    const backtest::RunKey* key = key_of(told);
    return key != nullptr && key->takes.find("path") != std::string_view::npos;
}

// The library of a strategy that is none of the built-in ones.
std::string library_of(const std::string& type) {
    const std::string path = type.substr(0, type.rfind(".so") + 3);
    return type.find(".so") == std::string::npos ? std::string() : path;
}

// Of "market.tape#ACME" the tape.
std::string file_of(const std::string& name) {
    std::error_code ignored;
    const std::size_t choice = name.rfind('#');
    return choice == std::string::npos || std::filesystem::exists(name, ignored)
               ? name
               : name.substr(0, choice);
}

std::vector<NamedFile> files_of(const BacktestSettings& settings) {
    std::vector<NamedFile> files;
    for (const backtest::DataTerms& terms : settings.data)
        for (const std::string& path : terms.files)
            files.push_back(
                {"data." + (terms.symbol.empty() ? std::filesystem::path(path).stem().string()
                                                 : terms.symbol),
                 file_of(path)});
    for (const auto& [name, values] : settings.told)
        if (names_files(name) && !(name.starts_with("data.") && name.ends_with(".file")))
            for (const std::string& path : values)
                files.push_back({name, path});
    for (const auto& [name, terms] : settings.strategies)
        if (const std::string library = library_of(terms.type); !library.empty())
            files.push_back({"strategy." + name, library});
    return files;
}

std::string joined(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values)
        text += (text.empty() ? "" : ", ") + value;
    return text;
}

RunConfig config_of(const BacktestSettings& settings, const backtest::BacktestResult& result) {
    RunConfig config;
    for (const auto& [name, values] : settings.told)
        if (!names_files(name) &&
            std::find(kWithoutEffect.begin(), kWithoutEffect.end(), name) == kWithoutEffect.end())
            config[name] = joined(values);
    config["run.cash"] = settings.cash.to_string();
    config["run.currency"] = settings.currency;
    for (const backtest::StrategyRun& run : result.strategies) {
        const std::string table = "strategy." + run.name + ".";
        config[table + "type"] = run.type;
        config[table + "account"] = run.account;
        config[table + "symbols"] = joined(run.symbols);
        for (const backtest::ParameterValue& parameter : run.parameters)
            config[table + "set." + parameter.name] = parameter.text;
    }
    return config;
}

std::string digest_of(const Identity& identity) {
    store::Sha256 hash;
    const auto add = [&](std::initializer_list<std::string_view> words) {
        for (const std::string_view word : words) {
            hash.add(std::to_string(word.size()) + ":");  // so that no two lists run together
            hash.add(word);
        }
    };
    add({"millrace run 1", identity.version.number, identity.version.commit,
         identity.program_sha256});
    for (const auto& [name, value] : identity.config)
        // A library is known by its bytes, wherever it lies.
        add({"config", name, value.find(".so") == std::string::npos ? value : std::string()});
    for (const InputFile& file : identity.files)
        add({"file", file.role, file.digest.sha256});
    return hash.text();
}

}  // namespace

Result<std::string> stamp_of_files(const BacktestSettings& settings) {
    std::string stamp;
    for (const NamedFile& file : files_of(settings)) {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(file.path, error);
        const auto time = error ? std::filesystem::file_time_type()
                                : std::filesystem::last_write_time(file.path, error);
        if (error)
            return failure(ErrorCode::data, "the file cannot be read", file.path, error.message(),
                           "check the path and the right to read it");
        stamp += file.path + '\n' + std::to_string(bytes) + '\n' +
                 std::to_string(time.time_since_epoch().count()) + '\n';
    }
    return stamp;
}

Result<Identity> identify(const BacktestSettings& settings,
                          const backtest::BacktestResult& result) {
    Identity identity;
    identity.version = app::version();
    const auto program = store::sha256_of_file("/proc/self/exe");
    if (!program) return failure(Error(program.error()));
    identity.program_sha256 = program->sha256;
    identity.config = config_of(settings, result);
    for (const NamedFile& file : files_of(settings)) {
        auto digest = store::sha256_of_file(file.path);
        if (!digest) return failure(std::move(digest.error()));
        identity.files.push_back({file.role, file.path, std::move(*digest)});
    }
    std::sort(identity.files.begin(), identity.files.end(),
              [](const InputFile& a, const InputFile& b) {
                  return std::tie(a.role, a.digest.sha256, a.path) <
                         std::tie(b.role, b.digest.sha256, b.path);
              });
    identity.hash = digest_of(identity);
    return identity;
}

}  // namespace millrace::runs
