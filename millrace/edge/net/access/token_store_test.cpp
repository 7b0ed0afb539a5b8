#include "millrace/edge/net/access/token_store.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "millrace/base/small_file.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::net {
namespace {

const Time kNow = Time() + Duration::days(20'000);

std::string file_of(const TemporaryDirectory& folder, std::string_view name) {
    return read_small_file(folder / std::string(name), 1'000'000).value().value().text;
}

unsigned mode_of(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

struct Tokens {
    TemporaryDirectory folder;
    TokenStore store = TokenStore::open(folder.path()).value();
    std::string make(const char* name, Scope scope, std::optional<Time> end = std::nullopt) {
        return std::string(store.create(name, scope, kNow, end)->text.reveal());
    }
    std::unique_ptr<TokenVerifier> verifier() const {
        return TokenVerifier::open(folder.path()).value();
    }
};

TEST(TokenStore, Verifies_what_it_made_and_keeps_no_secret) {
    Tokens tokens;
    const std::string trade = tokens.make("desk", Scope::trade);
    const std::string read = tokens.make("screen", Scope::read);
    EXPECT_EQ(trade.size(), 4U + 12U + 1U + 43U);
    const auto verifier = tokens.verifier();
    const auto identity = verifier->verify(trade, kNow);
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->name, "desk");
    EXPECT_EQ(identity->scope, Scope::trade);
    EXPECT_EQ(verifier->verify(read, kNow)->scope, Scope::read);
    EXPECT_EQ(mode_of(tokens.folder / "tokens"), 0600U);
    EXPECT_EQ(file_of(tokens.folder, "tokens").find(trade.substr(17)), std::string::npos);
}

TEST(TokenStore, Shuts_out_every_other_token) {
    Tokens tokens;
    const std::string token = tokens.make("desk", Scope::trade);
    const auto verifier = tokens.verifier();
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string wrong = token;
        wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(verifier->verify(wrong, kNow)) << i;
    }
    for (const std::string& wrong :
         {std::string(), token + "x", token.substr(0, 59), token.substr(4), " " + token})
        EXPECT_FALSE(verifier->verify(wrong, kNow));
}

TEST(TokenStore, Ends_tokens_at_their_time_and_by_revocation) {
    Tokens tokens;
    const std::string token = tokens.make("short", Scope::read, kNow + Duration::hours(1));
    const auto verifier = tokens.verifier();
    EXPECT_TRUE(verifier->verify(token, kNow + Duration::hours(1) - Duration::nanoseconds(1)));
    EXPECT_FALSE(verifier->verify(token, kNow + Duration::hours(1)));
    EXPECT_FALSE(verifier->has_tokens(kNow + Duration::hours(1)));
    EXPECT_TRUE(verifier->has_tokens(kNow));

    const std::string lost = tokens.make("lost", Scope::admin);
    ASSERT_TRUE(verifier->refresh());
    EXPECT_TRUE(verifier->verify(lost, kNow));
    ASSERT_TRUE(tokens.store.revoke(lost.substr(4, 12), kNow));
    ASSERT_TRUE(verifier->refresh());
    EXPECT_FALSE(verifier->verify(lost, kNow));
    const auto again = tokens.store.revoke(lost.substr(4, 12), kNow + Duration::days(1));
    EXPECT_EQ(again->revoked.value(), kNow);
    EXPECT_FALSE(tokens.store.revoke("000000000000", kNow));
}

TEST(TokenStore, Loses_no_change_of_another_process) {
    Tokens tokens;
    auto other = TokenStore::open(tokens.folder.path()).value();
    tokens.make("one", Scope::read);
    ASSERT_TRUE(other.create("two", Scope::read, kNow, std::nullopt));
    EXPECT_EQ(TokenStore::open(tokens.folder.path())->tokens().size(), 2U);
}

TEST(TokenStore, Refuses_a_file_that_others_may_read) {
    Tokens tokens;
    const std::string token = tokens.make("one", Scope::read);
    const auto verifier = tokens.verifier();
    ASSERT_EQ(::chmod((tokens.folder / "tokens").c_str(), 0644), 0);
    EXPECT_FALSE(TokenStore::open(tokens.folder.path()));
    EXPECT_FALSE(verifier->refresh());
    EXPECT_FALSE(verifier->verify(token, kNow));  // shut until it is mended
    ASSERT_EQ(::chmod((tokens.folder / "tokens").c_str(), 0600), 0);
    EXPECT_TRUE(verifier->refresh());
    EXPECT_TRUE(verifier->verify(token, kNow));
}

TEST(TokenStore, Refuses_a_damaged_file_with_its_line) {
    Tokens tokens;
    tokens.make("one", Scope::read);
    std::ofstream(tokens.folder / "tokens", std::ios::app) << R"({"id":"x","admin":true})" << '\n';
    const auto store = TokenStore::open(tokens.folder.path());
    ASSERT_FALSE(store);
    EXPECT_TRUE(store.error().where.ends_with("tokens:2"));
}

TEST(TokenStore, Wants_a_name_and_an_end_to_come) {
    Tokens tokens;
    EXPECT_FALSE(tokens.store.create("", Scope::read, kNow, std::nullopt));
    EXPECT_FALSE(tokens.store.create(std::string(65, 'x'), Scope::read, kNow, std::nullopt));
    EXPECT_FALSE(tokens.store.create("x", Scope::read, kNow, kNow));
}

TEST(LocalToken, Is_made_once_and_kept_private) {
    const TemporaryDirectory folder;
    const auto first = local_token(folder.path(), kNow);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->created);
    EXPECT_EQ(mode_of(folder / "token"), 0600U);
    const auto second = local_token(folder.path(), kNow);
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->created);
    EXPECT_EQ(second->text.reveal(), first->text.reveal());
    const auto verifier = TokenVerifier::open(folder.path()).value();
    EXPECT_EQ(verifier->verify(second->text.reveal(), kNow)->scope, Scope::admin);
    // Revoked, it is replaced.
    auto store = TokenStore::open(folder.path()).value();
    ASSERT_TRUE(store.revoke(first->text.reveal().substr(4, 12), kNow));
    const auto third = local_token(folder.path(), kNow);
    ASSERT_TRUE(third);
    EXPECT_TRUE(third->created);
    EXPECT_NE(third->text.reveal(), first->text.reveal());
}

}  // namespace
}  // namespace millrace::net
