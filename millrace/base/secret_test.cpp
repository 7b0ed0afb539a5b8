#include "millrace/base/secret.hpp"

#include <algorithm>
#include <concepts>
#include <gtest/gtest.h>
#include <ostream>
#include <thread>
#include <type_traits>
#include <vector>

namespace millrace {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

// Remembers whether the memory was all zero when it came back.
class WatchedMemory : public std::pmr::memory_resource {
  public:
    int returned = 0;
    bool wiped = true;

  private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
        const std::span<const char> view(static_cast<const char*>(memory), bytes);
        wiped = wiped && std::ranges::all_of(view, [](char c) { return c == 0; });
        ++returned;
        std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }
};

TEST(Secret, Cannot_be_printed_converted_or_copied_by_accident) {
    static_assert(!Printable<Secret>);
    static_assert(Printable<std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
    static_assert(!std::is_convertible_v<std::string_view, Secret>);
    static_assert(!std::is_copy_constructible_v<Secret>);
    static_assert(!std::is_copy_assignable_v<Secret>);
    EXPECT_EQ(Secret("opensesame").reveal(), "opensesame");
    EXPECT_TRUE(Secret().empty());
    EXPECT_FALSE(Secret("x").empty());
}

TEST(Secret, Wipes_its_memory_when_it_dies_and_when_it_is_assigned_to) {
    WatchedMemory memory;
    {
        const Secret short_one("hunter2", &memory);
        Secret long_one(std::string(1000, 'k'), &memory);
        long_one = Secret("other");
        EXPECT_EQ(memory.returned, 1);
    }
    EXPECT_EQ(memory.returned, 2);
    EXPECT_TRUE(memory.wiped);
}

TEST(Secret, Moves_without_leaving_a_copy_behind) {
    Secret first("hunter2");
    const Secret second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the state left is the promise
    EXPECT_EQ(second.reveal(), "hunter2");
    EXPECT_EQ(second.copy().reveal(), "hunter2");
}

TEST(Secret, Equals_only_the_very_same_text) {
    const Secret secret("abcabc");
    EXPECT_TRUE(secret.equals("abcabc"));
    EXPECT_FALSE(secret.equals("abcabd"));
    EXPECT_FALSE(secret.equals("abc"));
    EXPECT_FALSE(secret.equals("abcabcabc"));
    EXPECT_FALSE(secret.equals(""));
    EXPECT_TRUE(Secret().equals(""));
    EXPECT_FALSE(Secret().equals(std::string_view("\0", 1)));
}

TEST(Redact, Replaces_registered_secrets_wherever_they_stand) {
    const Secret secret = Secret::from_configuration("s3cr3t-alpha");
    EXPECT_EQ(redact("s3cr3t-alpha"), "[redacted]");
    EXPECT_EQ(redact("key=s3cr3t-alpha; again s3cr3t-alpha."), "key=[redacted]; again [redacted].");
    EXPECT_EQ(redact("s3cr3t-alph"), "s3cr3t-alph");
    EXPECT_EQ(redact(""), "");
}

TEST(Redact, Leaves_no_part_of_overlapping_secrets) {
    register_secret("qqwwee");
    register_secret("eerrtt");
    register_secret("wwee");
    EXPECT_EQ(redact("<qqwweerrtt>"), "<[redacted]>");
    EXPECT_EQ(redact("<wwee>"), "<[redacted]>");
    EXPECT_EQ(redact("qqwweeqqwwee"), "[redacted]");
}

TEST(Redact, Does_not_search_for_secrets_of_three_letters) {
    const Secret secret = Secret::from_configuration("zq!");
    EXPECT_EQ(redact("zq! stays"), "zq! stays");
}

TEST(Redact, Finds_secrets_of_any_bytes) {
    const std::string_view secret("\xff\x00\x01\xfe\x80", 5);
    register_secret(secret);
    EXPECT_EQ(redact("a" + std::string(secret) + "b"), "a[redacted]b");
}

TEST(Redact, Serves_many_threads_while_secrets_are_registered) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            const std::string mine = "thread-secret-" + std::to_string(i);
            for (int round = 0; round < 200; ++round) {
                register_secret(mine);
                EXPECT_EQ(redact("<" + mine + ">"), "<[redacted]>");
            }
        });
    for (auto& thread : threads)
        thread.join();
}

TEST(Redact, Knows_a_secret_by_its_key) {
    for (const char* key : {"secret", "API_TOKEN", "db.Password", "passwd", "alpaca_api_key",
                            "apikey", "x-api-key", "credentials_file", "PRIVATE_KEY"})
        EXPECT_TRUE(looks_secret(key)) << key;
    for (const char* key : {"", "log.level", "symbol", "key", "toke", "pass"})
        EXPECT_FALSE(looks_secret(key)) << key;
}

}  // namespace
}  // namespace millrace
