// JWT, as narrow as it can be: {"alg":"HS256","typ":"JWT","kid":…} and seven claims.
#include "millrace/edge/net/access/service_token.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "millrace/base/assert.hpp"
#include "millrace/core/model/json.hpp"

namespace millrace::net {

enum class TokenAlgorithm : std::uint8_t { hs256 };
enum class TokenType : std::uint8_t { jwt };
enum class ServiceScope : std::uint8_t { read, trade, admin };

struct TokenHead {
    Text<32> kid;
    TokenAlgorithm alg{};
    TokenType typ{};
};

struct TokenClaims {
    Text<64> iss;
    Text<64> aud;
    Text<32> jti;
    std::uint64_t iat = 0;
    std::uint64_t nbf = 0;
    std::uint64_t exp = 0;
    ServiceScope scope{};
};

}  // namespace millrace::net

namespace millrace::model {

inline constexpr std::array<std::string_view, 1> kTokenAlgorithmNames = {"HS256"};
inline constexpr std::array<std::string_view, 1> kTokenTypeNames = {"JWT"};
inline constexpr std::array<std::string_view, 3> kServiceScopeNames = {"read", "trade", "admin"};
template <>
inline constexpr std::span<const std::string_view> kChoices<net::TokenAlgorithm> =
    kTokenAlgorithmNames;
template <>
inline constexpr std::span<const std::string_view> kChoices<net::TokenType> = kTokenTypeNames;
template <>
inline constexpr std::span<const std::string_view> kChoices<net::ServiceScope> = kServiceScopeNames;

inline constexpr FieldDescription kTokenHeadFields[] = {
    MILLRACE_FIELD(net::TokenHead, kid, "the key that signed it"),
    MILLRACE_FIELD(net::TokenHead, alg, "how it is signed"),
    MILLRACE_FIELD(net::TokenHead, typ, "what it is"),
};
template <>
inline constexpr NounDescription kDescription<net::TokenHead> = describe<net::TokenHead>(
    Noun{}, "service_token_head", 1, kTokenHeadFields, "the head of a service token");

inline constexpr FieldDescription kTokenClaimFields[] = {
    MILLRACE_FIELD(net::TokenClaims, iss, "the role that signed it"),
    MILLRACE_FIELD(net::TokenClaims, aud, "the role it is for"),
    MILLRACE_FIELD(net::TokenClaims, jti, "its own id"),
    MILLRACE_FIELD(net::TokenClaims, iat, "when it was signed"),
    MILLRACE_FIELD(net::TokenClaims, nbf, "when it begins to count"),
    MILLRACE_FIELD(net::TokenClaims, exp, "when it ends"),
    MILLRACE_FIELD(net::TokenClaims, scope, "what it allows"),
};
template <>
inline constexpr NounDescription kDescription<net::TokenClaims> = describe<net::TokenClaims>(
    Noun{}, "service_token", 1, kTokenClaimFields, "the claims of a service token");

}  // namespace millrace::model

namespace millrace::net {
namespace {

constexpr std::size_t kTokenMax = 1024;
constexpr std::size_t kSignatureBytes = 32;
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
using Signature = std::array<unsigned char, kSignatureBytes>;

const model::Names& no_names() {
    static const model::Names kNames;
    return kNames;
}

tl::unexpected<Error> refused(std::string why) {
    return failure(ErrorCode::data, "the service token is not accepted", {}, std::move(why),
                   "sign a new one; compare the clocks and keys of the two roles");
}

std::string encoded(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), kBase64);
    text.pop_back();
    return text;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, &end, kBase64) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

Signature sign_with(const Secret& key, std::string_view text) {
    Signature signature{};
    unsigned size = 0;
    const auto* const made = HMAC(
        EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), signature.data(), &size);
    MILLRACE_ASSERT(made != nullptr && size == signature.size(), "HMAC-SHA256 is always there");
    return signature;
}

std::uint64_t seconds_of(Time time) {
    return static_cast<std::uint64_t>(time.ns() / 1'000'000'000);
}

Scope scope_of(ServiceScope scope) {
    switch (scope) {
        case ServiceScope::read: return Scope::read;
        case ServiceScope::trade: return Scope::trade;
        case ServiceScope::admin: return Scope::admin;
    }
    return Scope::read;
}

bool is_key_id(std::string_view id) {
    return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    });
}

// What the times of a token must be to each other and to now.
Result<void> check_times(const TokenClaims& claims, Time now) {
    const std::uint64_t skew = seconds_of(Time() + kClockSkew);
    const std::uint64_t at = seconds_of(now);
    const std::uint64_t life = seconds_of(Time() + kServiceTokenLifeMax);
    if (claims.exp <= claims.iat || claims.exp - claims.iat > life)
        return refused("it lives longer than five minutes");
    if (claims.nbf < claims.iat) return refused("it begins before it was signed");
    if (at >= claims.exp) return refused("it has expired");
    if (claims.nbf > at + skew) return refused("it does not count yet");
    return {};
}

}  // namespace

ServiceTokens::ServiceTokens(std::string audience, std::vector<ServiceKey> keys)
    : audience_(std::move(audience)), keys_(std::move(keys)) {}

ServiceTokens::~ServiceTokens() = default;

Result<std::unique_ptr<ServiceTokens>> ServiceTokens::make(std::string audience, ServiceKey first,
                                                           std::optional<ServiceKey> second) {
    const bool ready = sodium_init() >= 0;
    MILLRACE_ASSERT(ready, "libsodium starts");
    std::vector<ServiceKey> keys;
    keys.push_back(std::move(first));
    if (second) keys.push_back(std::move(*second));
    for (const ServiceKey& key : keys) {
        if (!is_key_id(key.id))
            return failure(ErrorCode::config, "the id of a service key is malformed", {},
                           "it has up to 32 letters, digits, - and _", "give it a short name");
        if (key.secret.reveal().size() < kServiceKeyBytesMin)
            return failure(ErrorCode::config, "the service key \"" + key.id + "\" is too short", {},
                           "at least 32 bytes are needed for HS256",
                           "openssl rand -hex 32 > service.key && chmod 600 service.key");
    }
    if (keys.size() == 2 && keys[0].id == keys[1].id)
        return failure(ErrorCode::config, "two service keys have the same id", {},
                       "a token names its key by the id", "give each its own");
    return std::unique_ptr<ServiceTokens>(new ServiceTokens(std::move(audience), std::move(keys)));
}

Result<Secret> ServiceTokens::sign(std::string_view issuer, std::string_view audience, Scope scope,
                                   Time now, Duration life) const {
    MILLRACE_ASSERT(life > Duration() && life <= kServiceTokenLifeMax,
                    "a service token lives up to five minutes");
    MILLRACE_ASSERT(scope != Scope::open, "a token has a scope");
    TokenHead head;
    TokenClaims claims;
    auto kid = Text<32>::from(keys_.front().id);
    auto iss = Text<64>::from(issuer);
    auto aud = Text<64>::from(audience);
    if (!kid) return failure(std::move(kid.error()));
    if (!iss) return failure(std::move(iss.error()));
    if (!aud) return failure(std::move(aud.error()));
    head.kid = *kid;
    claims.iss = *iss;
    claims.aud = *aud;
    std::array<unsigned char, 16> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, 33> jti{};
    sodium_bin2hex(jti.data(), jti.size(), random.data(), random.size());
    claims.jti = Text<32>(jti.data());
    claims.iat = claims.nbf = seconds_of(now);
    claims.exp = seconds_of(now + life);
    claims.scope = static_cast<ServiceScope>(static_cast<int>(scope) - 1);
    std::string text = encoded(model::to_json(head, no_names())) + "." +
                       encoded(model::to_json(claims, no_names()));
    const Signature signature = sign_with(keys_.front().secret, text);
    text += "." + encoded({reinterpret_cast<const char*>(signature.data()), signature.size()});
    Secret token(text);
    wipe(text);
    return token;
}

bool ServiceTokens::looks_like_one(std::string_view token) {
    return token.starts_with("ey") && std::count(token.begin(), token.end(), '.') == 2;
}

Result<Identity> ServiceTokens::verify(std::string_view token, Time now) {
    if (token.size() > kTokenMax) return refused("it is too long");
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
        return refused("it has not three parts");
    const auto head_text = decoded(token.substr(0, first));
    const auto claims_text = decoded(token.substr(first + 1, last - first - 1));
    const auto signature = decoded(token.substr(last + 1));
    if (!head_text || !claims_text || !signature) return refused("a part of it is not base64url");
    const auto head = model::from_json<TokenHead>(*head_text, no_names());
    if (!head) return refused("its head is not that of an HS256 token with a key id");
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const ServiceKey& each) {
        return each.id == head->kid.view();
    });
    if (key == keys_.end()) return refused("its key is not known here");
    const Signature expected = sign_with(key->secret, token.substr(0, last));
    if (signature->size() != expected.size() ||
        sodium_memcmp(signature->data(), expected.data(), expected.size()) != 0)
        return refused("its signature is wrong");
    const auto claims = model::from_json<TokenClaims>(*claims_text, no_names());
    if (!claims) return refused("its claims are not those of a service token");
    if (claims->aud.view() != audience_) return refused("it is for another role");
    if (auto checked = check_times(*claims, now); !checked)
        return failure(std::move(checked.error()));
    const Time until =
        Time() + Duration::seconds(static_cast<std::int64_t>(claims->exp)) + kClockSkew;
    if (auto kept = remember(claims->jti.view(), until, now); !kept)
        return failure(std::move(kept.error()));
    return Identity{std::string(claims->iss.view()), std::string(claims->iss.view()),
                    scope_of(claims->scope)};
}

// When the memory is full of tokens that still count, new ones are refused: a replay must not get
// in by pushing the first use out.
Result<void> ServiceTokens::remember(std::string_view id, Time until, Time now) {
    const std::lock_guard lock(mutex_);
    if (now >= next_sweep_ || seen_.size() >= kServiceTokensRemembered) {
        std::erase_if(seen_, [&](const auto& entry) { return entry.second <= now; });
        next_sweep_ = now + Duration::seconds(10);
    }
    if (seen_.find(id) != seen_.end()) return refused("it has been used before");
    if (seen_.size() >= kServiceTokensRemembered)
        return refused("too many service tokens are in use");
    seen_.emplace(id, until);
    return {};
}

}  // namespace millrace::net
