#include "millrace/edge/net/url.hpp"

#include <gtest/gtest.h>

namespace millrace::net {
namespace {

TEST(Target, Is_decoded_a_segment_at_a_time) {
    const auto target = parse_target("/api/a%20b/%C3%A9?x=1+2&y=%26&flag");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "a b", "\xC3\xA9"}));
    ASSERT_EQ(target->query.size(), 3U);
    EXPECT_EQ(target->query[0].value, "1 2");
    EXPECT_EQ(target->query[1].value, "&");
    EXPECT_EQ(target->query[2].name, "flag");
    EXPECT_TRUE(parse_target("/")->segments.empty());
}

TEST(Target, Cannot_leave_its_folder) {
    for (const char* bad :
         {"/..", "/a/../b", "/%2e%2e/b", "/a/%2E%2e", "/./a", "/a%2fb", "/a%5cb", "/a//b", "//a",
          "/a%00b", "/a%0ab", "/%", "/%4", "/%zz", "/%ff", "a", "", "/a#b"})
        EXPECT_FALSE(parse_target(bad)) << bad;
}

TEST(Target, May_be_absolute) {
    const auto target = parse_target("http://Host:8001/a?b=c");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->host, "host:8001");
    EXPECT_EQ(target->segments, std::vector<std::string>{"a"});
}

TEST(Url, Is_taken_apart) {
    const auto url = parse_url("wss://us%40er:pw@Example.com/a?b#c");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "example.com");
    EXPECT_EQ(url->port, 443);
    EXPECT_EQ(url->target, "/a?b");
    EXPECT_EQ(url->user_info, "us@er:pw");
    EXPECT_EQ(parse_url("http://[::1]:81")->authority(), "[::1]:81");
    EXPECT_EQ(parse_url("http://h?q")->target, "/?q");
    for (const char* bad : {"ftp://a", "http://", "http://a b", "http://a:0", "http://a:70000",
                            "http://a:x", "//a", "http://[::1", "http://a\r\nb"})
        EXPECT_FALSE(parse_url(bad)) << bad;
}

TEST(Url, Has_a_host_without_its_port) {
    EXPECT_EQ(host_of("LocalHost:80"), "localhost");
    EXPECT_EQ(host_of("[::1]:80"), "::1");
    EXPECT_EQ(host_of("[::1]"), "::1");
    EXPECT_FALSE(host_of("a:b"));
    EXPECT_FALSE(host_of("[a]"));
    EXPECT_FALSE(host_of("a/b"));
    EXPECT_FALSE(host_of(""));
}

TEST(Url, Escapes_what_is_not_plain) {
    EXPECT_EQ(percent_encoded("a b/\xC3\xA9~"), "a%20b%2F%C3%A9~");
}

}  // namespace
}  // namespace millrace::net
