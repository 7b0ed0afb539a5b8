#include "millrace/edge/net/access/service_token.hpp"

#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <sodium.h>

namespace millrace::net {
namespace {

const Time kNow = Time() + Duration::seconds(1'800'000'000);
const std::string kKey = "0123456789abcdef0123456789abcdef";
const std::string kOther = "another key of at least 32 bytes..";

ServiceKey key(std::string id, std::string_view secret) {
    return {std::move(id), Secret(secret)};
}
std::unique_ptr<ServiceTokens> orders() {
    return ServiceTokens::make("orders", key("k1", kKey)).value();
}

std::string base64(std::string_view bytes) {
    std::string text(2 * bytes.size() + 8, '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text.c_str();
}

// A token of any head and claims, signed as it should be.
std::string token_of(const std::string& head, const std::string& claims) {
    const std::string text = base64(head) + "." + base64(claims);
    unsigned char signature[32];
    unsigned size = 0;
    HMAC(EVP_sha256(), kKey.data(), static_cast<int>(kKey.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), signature, &size);
    return text + "." + base64({reinterpret_cast<const char*>(signature), size});
}
const std::string kHead = R"({"alg":"HS256","typ":"JWT","kid":"k1"})";
std::string claims(const std::string& aud = "orders", std::int64_t begin = 0,
                   std::int64_t life = 60, const std::string& more = "") {
    const auto second = [&](std::int64_t offset) {
        return std::to_string(1'800'000'000 + begin + offset);
    };
    return R"({"iss":"guardian","aud":")" + aud + R"(","jti":"1","iat":)" + second(0) +
           R"(,"nbf":)" + second(0) + R"(,"exp":)" + second(life) + R"(,"scope":"trade")" + more +
           "}";
}
std::string why(const std::string& token, Time now = kNow) {
    const auto identity = orders()->verify(token, now);
    return identity ? "accepted" : identity.error().why;
}

TEST(ServiceToken, Is_accepted_once_by_the_role_it_is_for) {
    const auto guardian = ServiceTokens::make("guardian", key("k1", kKey)).value();
    const auto token =
        guardian->sign("guardian", "orders", Scope::trade, kNow, Duration::minutes(1));
    ASSERT_TRUE(token);
    EXPECT_TRUE(ServiceTokens::looks_like_one(token->reveal()));
    const auto role = orders();
    const auto identity = role->verify(token->reveal(), kNow);
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->id, "guardian");
    EXPECT_EQ(identity->scope, Scope::trade);
    EXPECT_EQ(role->verify(token->reveal(), kNow).error().why, "it has been used before");
    EXPECT_EQ(guardian->verify(token->reveal(), kNow).error().why, "it is for another role");
}

TEST(ServiceToken, Is_refused_when_any_bit_of_it_differs) {
    const std::string token = token_of(kHead, claims());
    EXPECT_EQ(why(token), "accepted");
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string wrong = token;
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        EXPECT_NE(why(wrong), "accepted") << i;
    }
    EXPECT_NE(why(token + "="), "accepted");
    EXPECT_NE(why(token + ".x"), "accepted");
    EXPECT_NE(why(""), "accepted");
    EXPECT_NE(why(".."), "accepted");
    EXPECT_NE(why(std::string(5'000, 'a')), "accepted");
}

TEST(ServiceToken, Knows_one_algorithm) {
    const std::string head = "its head is not that of an HS256 token with a key id";
    for (const char* algorithm : {"none", "None", "NONE", "HS512", "RS256", "hs256", ""})
        EXPECT_EQ(
            why(token_of(R"({"alg":")" + std::string(algorithm) + R"(","typ":"JWT","kid":"k1"})",
                         claims())),
            head);
    const std::string unsigned_token =
        base64(R"({"alg":"none","typ":"JWT","kid":"k1"})") + "." + base64(claims()) + ".";
    EXPECT_EQ(why(unsigned_token), head);
    EXPECT_EQ(why(token_of(R"({"alg":"HS256","typ":"JWT"})", claims())), head);
    EXPECT_EQ(why(token_of(R"({"alg":"HS256","alg":"HS256","typ":"JWT","kid":"k1"})", claims())),
              head);
    EXPECT_EQ(why(token_of(R"({"alg":"HS256","typ":"JWT","kid":"k1","jku":"x"})", claims())), head);
    EXPECT_EQ(why(token_of(R"({"alg":"HS256","typ":"JWT","kid":"k2"})", claims())),
              "its key is not known here");
}

TEST(ServiceToken, Counts_in_its_time_only) {
    EXPECT_EQ(why(token_of(kHead, claims("orders", 0, 300))), "accepted");
    EXPECT_EQ(why(token_of(kHead, claims("orders", 0, 301))), "it lives longer than five minutes");
    EXPECT_EQ(why(token_of(kHead, claims("orders", 0, 0))), "it lives longer than five minutes");
    EXPECT_EQ(why(token_of(kHead, claims("orders", -60, 60))), "it has expired");
    EXPECT_EQ(why(token_of(kHead, claims("orders", -59, 60))), "accepted");
    EXPECT_EQ(why(token_of(kHead, claims("orders", 30, 60))), "accepted");
    EXPECT_EQ(why(token_of(kHead, claims("orders", 31, 60))), "it does not count yet");
}

TEST(ServiceToken, Has_the_known_claims_and_no_others) {
    EXPECT_EQ(why(token_of(kHead, claims("gateway"))), "it is for another role");
    const std::string refusal = "its claims are not those of a service token";
    EXPECT_EQ(why(token_of(kHead, claims("orders", 0, 60, R"(,"admin":true)"))), refusal);
    EXPECT_EQ(why(token_of(kHead, claims("orders", 0, 60, R"(,"scope":"admin")"))), refusal);
    EXPECT_EQ(why(token_of(kHead, "{}")), refusal);
    EXPECT_EQ(why(token_of(kHead, "[]")), refusal);
}

TEST(ServiceToken, Keys_rotate) {
    const auto old_role = ServiceTokens::make("orders", key("old", kKey)).value();
    const auto both = ServiceTokens::make("orders", key("new", kOther), key("old", kKey)).value();
    const auto sign = [](const ServiceTokens& role) {
        return role.sign("x", "orders", Scope::read, kNow, Duration::minutes(1)).value();
    };
    EXPECT_TRUE(both->verify(sign(*old_role).reveal(), kNow));
    EXPECT_TRUE(both->verify(sign(*both).reveal(), kNow));
    EXPECT_FALSE(old_role->verify(sign(*both).reveal(), kNow));
}

TEST(ServiceToken, Wants_keys_of_a_decent_length) {
    EXPECT_FALSE(ServiceTokens::make("x", key("k", "31 bytes are not enough for it.")));
    EXPECT_FALSE(ServiceTokens::make("x", key("", kKey)));
    EXPECT_FALSE(ServiceTokens::make("x", key("k", kKey), key("k", kOther)));
}

}  // namespace
}  // namespace millrace::net
