#include "millrace/app/remote/intent_key.hpp"

#include <gtest/gtest.h>

namespace millrace::remote {
namespace {

// Python: uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), as its documentation prints it.
TEST(IntentKey, Makes_the_uuid_of_a_name_as_python_does) {
    EXPECT_EQ(dns_uuid("python.org"), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

// Python: uuid.uuid5(uuid.NAMESPACE_DNS, "AAPL|BUY|2025-01-02 09:35:00|traderunner|LMT").
TEST(IntentKey, Makes_the_predecessors_key_with_symbol_and_side_in_capitals) {
    const PredecessorRow row{"aapl", "buy", "2025-01-02 09:35:00", "traderunner", "LMT"};
    EXPECT_EQ(predecessor_key(row), "d586e1a1-058c-59e4-bb83-f82eed3b0139");
    PredecessorRow other = row;
    other.order_type = "lmt";  // not put in capitals, as the predecessor did not
    EXPECT_EQ(predecessor_key(other), "df389f5b-a750-5700-a08b-353d5b34c92d");
}

TEST(IntentKey, Hangs_on_all_that_is_asked_and_when) {
    const std::string key = content_key("{\"price\":\"180\"}", "2025-01-02");
    // sha256sum of the two texts with a line end between, the first 40 digits.
    EXPECT_EQ(key, "csv1-a66d34c23e718c1227ce9def2e769a418109b20c");
    EXPECT_NE(content_key("{\"price\":\"181\"}", "2025-01-02"), key);
    EXPECT_NE(content_key("{\"price\":\"180\"}", "2025-01-03"), key);
}

TEST(IntentKey, Is_another_one_for_every_wish_that_stands_in_no_file) {
    const std::string key = fresh_key();
    EXPECT_EQ(key.size(), 36U);
    EXPECT_TRUE(key.starts_with("cli-"));
    EXPECT_NE(fresh_key(), key);
}

}  // namespace
}  // namespace millrace::remote
