// Bearer tokens: 256 random bits, shown once and kept as a hash. The store is a file of one JSON
// object a line, mode 0600, in the data directory; `millrace token` writes it and servers read it
// again when it changes, so a revoked token stops working within a second.
//
// A token reads mr1_<12 hexadecimal digits>_<43 characters>: the digits are its id, by which it is
// found, listed and revoked; the rest is the secret.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/maybe.hpp"
#include "millrace/base/result.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/base/text.hpp"
#include "millrace/base/time.hpp"
#include "millrace/edge/net/access/scope.hpp"

namespace millrace::net {

inline constexpr std::size_t kTokensMax = 1'000;
inline constexpr std::string_view kTokensFile = "tokens";     // in the data directory
inline constexpr std::string_view kLocalTokenFile = "token";  // beside it: one token, in clear
inline constexpr std::string_view kTokenPrefix = "mr1_";

enum class TokenScope : std::uint8_t { read, trade, admin };
[[nodiscard]] std::string_view name_of(TokenScope scope);

// A line of the store; described in token_store.cpp, from which its JSON follows.
struct TokenRecord {
    Text<12> id;
    Text<64> name;
    TokenScope scope = TokenScope::read;
    Text<64> hash;  // SHA-256 of the secret, in hexadecimal
    Time created;
    Maybe<Time> expires;
    Maybe<Time> revoked;

    [[nodiscard]] bool is_valid(Time now) const;
};

struct NewToken {
    TokenRecord record;
    Secret text;  // shown once
};

class TokenStore {
  public:
    // No file yet: no tokens. A file that others may read is refused.
    [[nodiscard]] static Result<TokenStore> open(const std::filesystem::path& data_directory);

    [[nodiscard]] const std::vector<TokenRecord>& tokens() const { return tokens_; }

    // Both are durable when they return; two processes at once do not lose each other's change.
    [[nodiscard]] Result<NewToken> create(std::string_view name, Scope scope, Time now,
                                          std::optional<Time> expires);
    [[nodiscard]] Result<TokenRecord> revoke(std::string_view id, Time now);

  private:
    explicit TokenStore(std::filesystem::path directory) : directory_(std::move(directory)) {}
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> save() const;

    std::filesystem::path directory_;
    std::vector<TokenRecord> tokens_;
};

// The tokens as a running server sees them. Any thread.
class TokenVerifier {
  public:
    [[nodiscard]] static Result<std::unique_ptr<TokenVerifier>> open(
        const std::filesystem::path& data_directory);

    // Reads the file again when it has changed; call it about once a second. An unreadable file
    // shuts every token out until it is mended.
    [[nodiscard]] Result<void> refresh();

    // Nothing when the token is unknown, wrong, expired or revoked: the caller need not know which.
    // The comparison takes the same time wherever the difference is.
    [[nodiscard]] std::optional<Identity> verify(std::string_view token, Time now) const;

    // Whether any token but this one is valid now: without one, a loopback server lets everybody
    // read.
    [[nodiscard]] bool has_tokens(Time now, std::string_view but_id = {}) const;

  private:
    using Table = std::vector<TokenRecord>;
    explicit TokenVerifier(std::filesystem::path directory) : directory_(std::move(directory)) {}
    [[nodiscard]] std::shared_ptr<const Table> table() const;

    std::filesystem::path directory_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Table> table_;
    std::string stamp_;  // identity, size and times of the file that was read
};

struct LocalToken {
    Secret text;
    std::string id;
    bool created = false;  // print it: nobody has seen it yet
};

// The token of DATA_DIR/token, with scope admin, made when it is not there (or not valid any more).
[[nodiscard]] Result<LocalToken> local_token(const std::filesystem::path& data_directory, Time now);

}  // namespace millrace::net
