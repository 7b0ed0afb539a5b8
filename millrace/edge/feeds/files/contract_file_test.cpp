#include "millrace/edge/feeds/files/contract_file.hpp"

#include <fstream>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace millrace::files {
namespace {

Quantity units(const char* text) {
    return Quantity::parse(text).value();
}

// "where: what" of the error.
std::string refusal_of(std::string_view text) {
    const auto sizes = parse_contract_sizes(text, "contracts.json");
    if (sizes) return "accepted";
    EXPECT_EQ(sizes.error().code, ErrorCode::config);
    return sizes.error().where + ": " + sizes.error().what;
}

TEST(ContractFile, Reads_lots_by_symbol_however_it_is_written) {
    const auto sizes = parse_contract_sizes(
        "{\"USDJPY\": 100000,\n \"eur.usd\":1e5, \"BTC/USDT\" : 0.001}", "contracts.json");
    ASSERT_TRUE(sizes) << describe(sizes.error());
    EXPECT_EQ(sizes->lot_of("USDJPY"), units("100000"));
    EXPECT_EQ(sizes->lot_of("EURUSD"), units("100000"));
    EXPECT_EQ(sizes->lot_of("btc:usdt"), units("0.001"));
    EXPECT_EQ(sizes->lot_of("GBPUSD"), units("1"));
    EXPECT_TRUE(parse_contract_sizes("{}", "contracts.json"));
}

TEST(ContractFile, Gives_pairs_without_a_lot_the_default) {
    const auto sizes =
        parse_contract_sizes("{\"USDJPY\": 1000}", "contracts.json", units("100000"));
    ASSERT_TRUE(sizes);
    EXPECT_EQ(sizes->lot_of("USDJPY"), units("1000"));
    EXPECT_EQ(sizes->lot_of("GBPUSD"), units("100000"));
    EXPECT_EQ(sizes->lot_of("AAPL"), units("1"));
    EXPECT_FALSE(parse_contract_sizes("{}", "contracts.json", Quantity()));
}

TEST(ContractFile, Refuses_what_is_not_a_map_of_positive_numbers_and_says_where) {
    EXPECT_EQ(refusal_of("[1]"), "contracts.json:1:1: the file is not one JSON object");
    EXPECT_EQ(refusal_of("7"), "contracts.json:1:1: the file is not one JSON object");
    EXPECT_EQ(refusal_of("{\n \"A\": 1,\n \"a\": 2}"), "contracts.json:3:2: A stands twice");
    EXPECT_EQ(refusal_of("{\"USDJPY\": 1, \"USD.JPY\": 1}"),
              "contracts.json:1:15: USDJPY stands twice");
    EXPECT_EQ(refusal_of("{\"A\": 0}"), "contracts.json:1:7: the lot of A is not positive");
    EXPECT_EQ(refusal_of("{\"A\": -5}"), "contracts.json:1:7: the lot of A is not positive");
    EXPECT_EQ(refusal_of("{\"A\": \"5\"}"), "contracts.json:1:7: the lot of A is no number");
    EXPECT_EQ(refusal_of("{\"A\": null}"), "contracts.json:1:7: the lot of A is no number");
    EXPECT_EQ(refusal_of("{\"A\":\n {\"B\": 1}}"), "contracts.json:2:2: the lot of A is no number");
    EXPECT_EQ(refusal_of("{\"A\": 05}"), "contracts.json:1:7: the lot of A is no number");
    EXPECT_EQ(refusal_of("{\"A\": 5x}"), "contracts.json:1:7: the lot of A is no number");
    EXPECT_EQ(refusal_of("{\"./\": 5}"), "contracts.json:1:2: \"./\" is no symbol");
    EXPECT_EQ(refusal_of("{\"A\": 1} {}"), "contracts.json:1:10: there is more after the object");
}

TEST(ContractFile, Refuses_numbers_that_would_have_to_be_rounded) {
    EXPECT_NE(refusal_of("{\"A\": 0.000000001}"), "accepted");
    EXPECT_NE(refusal_of("{\"A\": 1e12}"), "accepted");
}

TEST(ContractFile, Refuses_what_is_no_json) {
    for (const char* text : {"", "   ", "{", "{\"A\"}", "{\"A\": 1,}", "{\"A\": 1 \"B\": 2}",
                             "{'A': 1}", "{\"A\": 1", "{\"\xff\": 1}", "\xef\xbb\xbf{}"})
        EXPECT_NE(refusal_of(text), "accepted") << text;
}

TEST(ContractFile, Reads_from_disk_and_refuses_files_that_are_missing_or_too_large) {
    const TemporaryDirectory folder;
    const std::string path = folder / "contracts.json";
    EXPECT_EQ(read_contract_sizes(path).error().code, ErrorCode::config);
    std::ofstream(path) << "{\"USDJPY\": 100000}";
    const auto sizes = read_contract_sizes(path);
    ASSERT_TRUE(sizes);
    EXPECT_EQ(sizes->lot_of("USDJPY"), units("100000"));
    std::ofstream(path) << "{" << std::string(64 * 1024, ' ') << "}";
    EXPECT_EQ(read_contract_sizes(path).error().what, "the file is too large");
    EXPECT_EQ(refusal_of(std::string(64 * 1024 + 1, ' ')), "contracts.json: the text is too large");
    EXPECT_FALSE(read_contract_sizes(folder.path()));
}

}  // namespace
}  // namespace millrace::files
