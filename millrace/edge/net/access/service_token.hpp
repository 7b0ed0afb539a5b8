// Tokens between the roles of Millrace: JSON Web Tokens signed with HMAC-SHA256 by a key that both
// roles have. They live five minutes at most and are taken once: who overhears one cannot use it
// again. Reading is strict: one algorithm, the known claims and no others, each exactly once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/base/secret.hpp"
#include "millrace/base/time.hpp"
#include "millrace/edge/net/access/scope.hpp"

namespace millrace::net {

inline constexpr std::size_t kServiceKeyBytesMin = 32;
inline constexpr Duration kServiceTokenLifeMax = Duration::minutes(5);
inline constexpr Duration kClockSkew = Duration::seconds(30);  // that two machines may differ by
inline constexpr std::size_t kServiceTokensRemembered = 100'000;

struct ServiceKey {
    std::string id;  // "kid": up to 32 letters, digits, '-' and '_'
    Secret secret;
};

class ServiceTokens {
  public:
    // Signs with the first key and verifies with both, so that keys rotate: put the new one second
    // everywhere, then first everywhere, then leave the old one out.
    [[nodiscard]] static Result<std::unique_ptr<ServiceTokens>> make(
        std::string audience, ServiceKey first, std::optional<ServiceKey> second = std::nullopt);
    ~ServiceTokens();

    // A token for the role `audience`, from the role `issuer`.
    [[nodiscard]] Result<Secret> sign(std::string_view issuer, std::string_view audience,
                                      Scope scope, Time now, Duration life) const;

    // Who signed it, when it is meant for us, in time, and not seen before. Any thread.
    [[nodiscard]] Result<Identity> verify(std::string_view token, Time now);

    // Whether the text has the form of such a token at all.
    [[nodiscard]] static bool looks_like_one(std::string_view token);

  private:
    ServiceTokens(std::string audience, std::vector<ServiceKey> keys);
    [[nodiscard]] Result<void> remember(std::string_view id, Time until, Time now);

    std::string audience_;
    std::vector<ServiceKey> keys_;
    std::mutex mutex_;
    std::map<std::string, Time, std::less<>> seen_;  // until when each id is remembered
    Time next_sweep_;
};

}  // namespace millrace::net
