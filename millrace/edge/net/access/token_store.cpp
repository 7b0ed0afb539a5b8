// The store and its verifier. The secret has 256 random bits, so a plain hash keeps it: there is
// nothing to guess that a slow one would slow down.
#include "millrace/edge/net/access/token_store.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include "millrace/base/assert.hpp"
#include "millrace/base/small_file.hpp"
#include "millrace/core/model/json.hpp"
#include "millrace/edge/net/access/private_file.hpp"

namespace millrace::model {

inline constexpr std::array<std::string_view, 3> kTokenScopeNames = {"read", "trade", "admin"};
template <>
inline constexpr std::span<const std::string_view> kChoices<net::TokenScope> = kTokenScopeNames;

inline constexpr FieldDescription kTokenFields[] = {
    MILLRACE_FIELD(net::TokenRecord, id, "by which it is found"),
    MILLRACE_FIELD(net::TokenRecord, name, "what it is for"),
    MILLRACE_FIELD(net::TokenRecord, scope, "what it may do"),
    MILLRACE_FIELD(net::TokenRecord, hash, "SHA-256 of the secret"),
    MILLRACE_FIELD(net::TokenRecord, created, "when it was made"),
    MILLRACE_FIELD(net::TokenRecord, expires, "when it ends to work"),
    MILLRACE_FIELD(net::TokenRecord, revoked, "when it was revoked"),
};
template <>
inline constexpr NounDescription kDescription<net::TokenRecord> =
    describe<net::TokenRecord>(Noun{}, "token", 1, kTokenFields, "a bearer token of the store");

}  // namespace millrace::model

namespace millrace::net {
namespace {

constexpr std::size_t kFileMax = 1024 * 1024;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kIdSize = 12;
constexpr std::size_t kSecretSize = 43;  // of 32 bytes in base64url
constexpr std::size_t kTokenSize = kTokenPrefix.size() + kIdSize + 1 + kSecretSize;

const model::Names& no_names() {
    static const model::Names kNames;
    return kNames;
}

void need_sodium() {
    const bool ready = sodium_init() >= 0;
    MILLRACE_ASSERT(ready, "libsodium starts");
}

Text<64> hash_of(std::string_view secret) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(secret.data()),
                       secret.size());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> digits{};
    sodium_bin2hex(digits.data(), digits.size(), digest.data(), digest.size());
    return Text<64>(digits.data());
}

// Looks at every character whatever they are.
bool same_hash(const Text<64>& a, const Text<64>& b) {
    return sodium_memcmp(&a, &b, sizeof(a)) == 0;
}

struct Parts {
    std::string_view id;
    std::string_view secret;
};

std::optional<Parts> parts_of(std::string_view token) {
    if (token.size() != kTokenSize || !token.starts_with(kTokenPrefix)) return std::nullopt;
    token.remove_prefix(kTokenPrefix.size());
    if (token[kIdSize] != '_') return std::nullopt;
    return Parts{token.substr(0, kIdSize), token.substr(kIdSize + 1)};
}

const TokenRecord* find_valid(const std::vector<TokenRecord>& tokens, std::string_view token,
                              Time now) {
    const auto parts = parts_of(token);
    if (!parts) return nullptr;
    const Text<64> hash = hash_of(parts->secret);
    for (const TokenRecord& record : tokens)
        if (record.id.view() == parts->id && same_hash(record.hash, hash) && record.is_valid(now))
            return &record;
    return nullptr;
}

Result<std::vector<TokenRecord>> read_tokens(const std::filesystem::path& path) {
    auto file = read_small_file(path, kFileMax);
    if (!file) return failure(std::move(file.error()));
    std::vector<TokenRecord> tokens;
    if (!*file) return tokens;
    if (auto checked = check_private(**file, path); !checked)
        return failure(std::move(checked.error()));
    std::string_view text = (*file)->text;
    for (int line = 1; !text.empty(); ++line) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        auto record = model::from_json<TokenRecord>(text.substr(0, end), no_names());
        const std::string where = path.string() + ":" + std::to_string(line);
        if (!record)
            return failure(ErrorCode::config, "the token file is damaged", where,
                           record.error().what, "put back a backup, or remove the line");
        if (tokens.size() == kTokensMax)
            return failure(ErrorCode::config, "the token file has too many tokens", where,
                           "at most 1000 are kept", "remove revoked ones");
        tokens.push_back(*record);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return tokens;
}

Scope scope_of(TokenScope scope) {
    switch (scope) {
        case TokenScope::read: return Scope::read;
        case TokenScope::trade: return Scope::trade;
        case TokenScope::admin: return Scope::admin;
    }
    return Scope::read;
}

TokenScope token_scope_of(Scope scope) {
    switch (scope) {
        case Scope::read: return TokenScope::read;
        case Scope::trade: return TokenScope::trade;
        case Scope::admin: return TokenScope::admin;
        case Scope::open: break;
    }
    MILLRACE_ASSERT(false, "a token has a scope");
    return TokenScope::read;
}

std::string stamp_of(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return "absent";
    return fmt::format("{}:{}:{}:{}.{}:{:o}", status.st_dev, status.st_ino, status.st_size,
                       status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_mode);
}

}  // namespace

std::string_view name_of(TokenScope scope) {
    return model::kTokenScopeNames[static_cast<std::size_t>(scope)];
}

bool TokenRecord::is_valid(Time now) const {
    return !revoked.has_value() && (!expires.has_value() || now < expires.value());
}

Result<TokenStore> TokenStore::open(const std::filesystem::path& data_directory) {
    need_sodium();
    TokenStore store(data_directory);
    if (auto loaded = store.load(); !loaded) return failure(std::move(loaded.error()));
    return store;
}

Result<void> TokenStore::load() {
    auto tokens = read_tokens(directory_ / kTokensFile);
    if (!tokens) return failure(std::move(tokens.error()));
    tokens_ = std::move(*tokens);
    return {};
}

Result<void> TokenStore::save() const {
    std::string text;
    for (const TokenRecord& record : tokens_)
        text += model::to_json(record, no_names()) + "\n";
    return write_private_file(directory_ / kTokensFile, text);
}

Result<NewToken> TokenStore::create(std::string_view name, Scope scope, Time now,
                                    std::optional<Time> expires) {
    auto checked_name = Text<64>::from(name);
    if (!checked_name) return failure(std::move(checked_name.error()));
    if (checked_name->empty())
        return failure(ErrorCode::usage, "the token has no name", {},
                       "the name tells later what it was for", "give it one");
    if (expires && *expires <= now)
        return failure(ErrorCode::usage, "the token would have expired already", {},
                       "its end is not after now", "name a later end");
    auto lock = FolderLock::take(directory_);
    if (!lock) return failure(std::move(lock.error()));
    if (auto loaded = load(); !loaded) return failure(std::move(loaded.error()));
    if (tokens_.size() >= kTokensMax)
        return failure(ErrorCode::config, "there are too many tokens",
                       (directory_ / kTokensFile).string(), "at most 1000 are kept",
                       "remove the lines of revoked tokens from the file");
    std::array<unsigned char, kIdSize / 2> id_bytes{};
    std::array<unsigned char, kSecretBytes> secret_bytes{};
    std::array<char, kIdSize + 1> id{};
    std::array<char, kSecretSize + 1> secret{};
    randombytes_buf(id_bytes.data(), id_bytes.size());
    randombytes_buf(secret_bytes.data(), secret_bytes.size());
    sodium_bin2hex(id.data(), id.size(), id_bytes.data(), id_bytes.size());
    sodium_bin2base64(secret.data(), secret.size(), secret_bytes.data(), secret_bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    TokenRecord record;
    record.id = Text<12>(id.data());
    record.name = *checked_name;
    record.scope = token_scope_of(scope);
    record.hash = hash_of(secret.data());
    record.created = now;
    if (expires) record.expires = *expires;
    std::string text = std::string(kTokenPrefix) + id.data() + "_" + secret.data();
    NewToken token{record, Secret(text)};
    register_secret(text);
    wipe(text);
    sodium_memzero(secret.data(), secret.size());
    sodium_memzero(secret_bytes.data(), secret_bytes.size());
    tokens_.push_back(record);
    if (auto saved = save(); !saved) return failure(std::move(saved.error()));
    return token;
}

Result<TokenRecord> TokenStore::revoke(std::string_view id, Time now) {
    auto lock = FolderLock::take(directory_);
    if (!lock) return failure(std::move(lock.error()));
    if (auto loaded = load(); !loaded) return failure(std::move(loaded.error()));
    const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const TokenRecord& record) {
        return record.id.view() == id;
    });
    if (found == tokens_.end())
        return failure(ErrorCode::usage, "there is no such token", {},
                       "no token has the id \"" + std::string(id.substr(0, 40)) + "\"",
                       "millrace token list");
    if (!found->revoked.has_value()) {
        found->revoked = now;
        if (auto saved = save(); !saved) return failure(std::move(saved.error()));
    }
    return *found;
}

Result<std::unique_ptr<TokenVerifier>> TokenVerifier::open(
    const std::filesystem::path& data_directory) {
    need_sodium();
    std::unique_ptr<TokenVerifier> verifier(new TokenVerifier(data_directory));
    if (auto read = verifier->refresh(); !read) return failure(std::move(read.error()));
    return verifier;
}

Result<void> TokenVerifier::refresh() {
    const std::filesystem::path path = directory_ / kTokensFile;
    std::string stamp = stamp_of(path);
    {
        const std::lock_guard lock(mutex_);
        if (table_ && stamp == stamp_) return {};
    }
    auto tokens = read_tokens(path);
    const std::lock_guard lock(mutex_);
    table_ = std::make_shared<const Table>(tokens ? std::move(*tokens) : Table{});
    // After a failure the stamp stays unknown, so that the next call reads again.
    stamp_ = tokens ? std::move(stamp) : std::string();
    if (!tokens) return failure(std::move(tokens.error()));
    return {};
}

std::shared_ptr<const TokenVerifier::Table> TokenVerifier::table() const {
    const std::lock_guard lock(mutex_);
    return table_;
}

std::optional<Identity> TokenVerifier::verify(std::string_view token, Time now) const {
    const auto tokens = table();
    const TokenRecord* record = find_valid(*tokens, token, now);
    if (record == nullptr) return std::nullopt;
    return Identity{std::string(record->id.view()), std::string(record->name.view()),
                    scope_of(record->scope)};
}

bool TokenVerifier::has_tokens(Time now, std::string_view but_id) const {
    const auto tokens = table();
    return std::any_of(tokens->begin(), tokens->end(), [&](const TokenRecord& record) {
        return record.id.view() != but_id && record.is_valid(now);
    });
}

Result<LocalToken> local_token(const std::filesystem::path& data_directory, Time now) {
    const std::filesystem::path path = data_directory / kLocalTokenFile;
    auto store = TokenStore::open(data_directory);
    if (!store) return failure(std::move(store.error()));
    auto file = read_small_file(path, 1024);
    if (!file) return failure(std::move(file.error()));
    if (*file) {
        if (auto checked = check_private(**file, path); !checked)
            return failure(std::move(checked.error()));
        std::string& text = (*file)->text;
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.pop_back();
        LocalToken token{Secret::from_configuration(text), {}, false};
        wipe(text);
        if (const TokenRecord* record = find_valid(store->tokens(), token.text.reveal(), now)) {
            token.id = std::string(record->id.view());
            return token;
        }
    }
    auto made = store->create("this machine", Scope::admin, now, std::nullopt);
    if (!made) return failure(std::move(made.error()));
    std::string line = std::string(made->text.reveal()) + "\n";
    auto written = write_private_file(path, line);
    wipe(line);
    if (!written) return failure(std::move(written.error()));
    return LocalToken{std::move(made->text), std::string(made->record.id.view()), true};
}

}  // namespace millrace::net
