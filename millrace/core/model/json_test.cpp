#include "millrace/core/model/json.hpp"

#include <gtest/gtest.h>

#include "millrace/core/model/nouns.hpp"

#include "tests/support/random_nouns.hpp"

namespace millrace::model {
namespace {

constexpr std::string_view kQuote =
    R"({"known_at":"2026-11-21T09:30:00Z","bid":"101.25","ask":101.26,"bid_size":"3","ask_size":5,)"
    R"("instrument":"AAPL","source":"synthetic"})";

Result<Quote> quote_with(std::string_view from, std::string_view to) {
    std::string json(kQuote);
    const std::size_t at = json.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    json.replace(at, from.size(), to);
    return from_json<Quote>(json, test_names());
}

TEST(NounJson, Reads_a_quote_with_decimals_as_text_or_number) {
    const auto quote = from_json<Quote>(kQuote, test_names());
    ASSERT_TRUE(quote) << describe(quote.error());
    EXPECT_EQ(quote->bid, Price::from_raw(101'250'000'000));
    EXPECT_EQ(quote->ask, Price::from_raw(101'260'000'000));
    EXPECT_EQ(quote->ask_size, Quantity::whole(5));
    EXPECT_EQ(quote->instrument, InstrumentId(0));
}

TEST(NounJson, Writes_decimals_as_text_and_leaves_absent_fields_out) {
    Fill fill;
    fill.fill_id = 1;
    fill.order_id = 7;
    fill.instrument = InstrumentId(1);
    fill.quantity = Quantity::whole(2);
    fill.price = Price::parse("1.0825").value();
    fill.fee = Money::parse("-0.1").value();
    fill.fee_currency = "USD";
    EXPECT_EQ(
        to_json(fill, test_names()),
        R"({"known_at":"1970-01-01T00:00:00Z","fill_id":1,"order_id":7,"quantity":"2","price":"1.0825",)"
        R"("fee":"-0.1","fee_currency":"USD","instrument":"EURUSD","strategy":"manual","account":"paper",)"
        R"("side":"buy","liquidity":"unknown"})");
}

TEST(NounJson, Writes_an_unknown_instrument_so_that_it_cannot_be_read_back) {
    Quote quote;
    quote.instrument = InstrumentId(9);
    const std::string json = to_json(quote, test_names());
    EXPECT_NE(json.find(R"("instrument":"#9")"), std::string::npos) << json;
    EXPECT_FALSE(from_json<Quote>(json, test_names()));
}

struct BadQuote {
    std::string_view from, to;  // a replacement in kQuote
    std::string_view where, what;
};

void PrintTo(const BadQuote& bad, std::ostream* out) {
    *out << bad.to;
}

class NounJsonRefuses : public testing::TestWithParam<BadQuote> {};

TEST_P(NounJsonRefuses, With_the_path_and_the_reason) {
    const auto quote = quote_with(GetParam().from, GetParam().to);
    ASSERT_FALSE(quote) << GetParam().to;
    EXPECT_EQ(quote.error().code, ErrorCode::data);
    EXPECT_EQ(quote.error().where, GetParam().where);
    EXPECT_EQ(quote.error().what, GetParam().what);
    EXPECT_FALSE(quote.error().why.empty());
    EXPECT_FALSE(quote.error().mend.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Quotes, NounJsonRefuses,
    testing::Values(
        BadQuote{R"("bid":)", R"("bidd":)", "$.bidd", "unknown field \"bidd\""},
        BadQuote{R"("bid":"101.25",)", "", "$.bid", "\"bid\" is missing"},
        BadQuote{R"("source":"synthetic")", R"("source":"synthetic","bid":"1")", "$.bid",
                 "\"bid\" stands twice"},
        BadQuote{R"("101.25")", "true", "$.bid", "\"bid\" has the wrong type: a boolean"},
        BadQuote{R"("101.25")", "null", "$.bid", "\"bid\" has the wrong type: null"},
        BadQuote{R"("101.25")", "[1]", "$.bid", "\"bid\" has the wrong type: an array"},
        BadQuote{R"("101.25")", "{}", "$.bid", "\"bid\" has the wrong type: an object"},
        BadQuote{R"("101.25")", R"("NaN")", "$.bid", "\"NaN\" is not a usable decimal number"},
        BadQuote{R"("101.25")", R"("1e99")", "$.bid", "\"1e99\" is not a usable decimal number"},
        BadQuote{R"("101.25")", R"("0.0000000001")", "$.bid",
                 "\"0.0000000001\" is not a usable decimal number"},
        BadQuote{R"("101.25")", "0101", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "+1", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "1.", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", ".5", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "1e", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "1x", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "NaN", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "truth", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "nul", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("101.25")", "'1'", "$.bid", "the text is not valid JSON"},
        BadQuote{R"("bid_size":"3")", R"("bid_size":"-3")", "$.bid_size",
                 "\"bid_size\" is out of range"},
        BadQuote{R"("AAPL")", R"("MSFT")", "$.instrument", "unknown instrument \"MSFT\""},
        BadQuote{R"("AAPL")", "0", "$.instrument", "\"instrument\" has the wrong type: a number"},
        BadQuote{R"("synthetic")", R"("yahoo")", "$.source", "unknown source \"yahoo\""},
        BadQuote{R"("2026-11-21T09:30:00Z")", "1700000000", "$.known_at",
                 "\"known_at\" has the wrong type: a number"},
        BadQuote{R"("source":"synthetic"})", R"("source":"synthetic"}x)", "$",
                 "the text is not valid JSON"},
        BadQuote{R"("source":"synthetic"})", R"("source":"synthetic"}{})", "$",
                 "there is more after the object"},
        BadQuote{R"("source":"synthetic"})", R"("source":"synthetic",})", "$",
                 "the text is not valid JSON"},
        BadQuote{R"("source":"synthetic"})", R"("source":"synthetic")", "$",
                 "the text is not valid JSON"},
        BadQuote{R"("source")", "\"sou\xff\"", "$", "the text is not valid JSON"}));

TEST(NounJson, Refuses_what_is_no_object_and_what_is_too_long) {
    for (const std::string_view json :
         {"", " ", "[]", "1", "\"x\"", "null", "{", "}", "{]", "{\"a\"}", "{\"a\":}"})
        EXPECT_FALSE(from_json<Quote>(json, test_names())) << json;
    const std::string deep(60'000, '[');
    EXPECT_FALSE(from_json<Quote>(deep, test_names()));
    EXPECT_FALSE(from_json<Quote>("{\"known_at\":" + deep, test_names()));
    const auto long_text = from_json<Quote>(std::string(70'000, ' '), test_names());
    EXPECT_EQ(long_text.error().what, "the JSON text is too long");
}

TEST(NounJson, Names_the_nearest_field_and_choice) {
    EXPECT_EQ(quote_with(R"("bid":)", R"("bidd":)").error().mend, "did you mean \"bid\"?");
    const auto trade = from_json<Trade>(
        R"({"known_at":"2026-11-21T09:30:00Z","price":1,"size":1,"instrument":"AAPL","source":"replay","aggressor":"buyr"})",
        test_names());
    EXPECT_EQ(trade.error().where, "$.aggressor");
    EXPECT_EQ(trade.error().mend, "did you mean \"buyer\"?");
}

TEST(NounJson, Refuses_texts_that_do_not_fit) {
    const auto alert = [](std::string_view code) {
        return from_json<Alert>(
            R"({"known_at":"2026-11-21T09:30:00Z","severity":"info","message":"m","code":")" +
                std::string(code) + "\"}",
            test_names());
    };
    EXPECT_TRUE(alert("C"));
    EXPECT_EQ(alert("").error().what, "\"code\" is empty");
    EXPECT_EQ(alert(std::string(33, 'c')).error().what, "\"code\" is too long");
    EXPECT_EQ(alert("a\\u0000b").error().what, "\"code\" has a zero byte in it");
}

class EveryNounJson : public testing::TestWithParam<Noun> {};

TEST_P(EveryNounJson, Survives_writing_and_reading_for_random_values) {
    const NounDescription& noun = description_of(GetParam());
    const Names names = test_names();
    for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
        Random random(seed);
        NounBuffer value;
        fill_randomly(noun, random, value.data());
        JsonWriter writer(seed % 2 == 0 ? JsonWriter::Style::compact : JsonWriter::Style::indented);
        write_json(noun, value.data(), names, writer);
        NounBuffer back;
        const auto read = read_json(noun, writer.str(), names, back.data());
        ASSERT_TRUE(read) << "seed " << seed << ' ' << writer.str() << '\n'
                          << describe(read.error());
        ASSERT_EQ(std::memcmp(value.data(), back.data(), noun.size), 0)
            << "seed " << seed << ' ' << writer.str();
    }
}

INSTANTIATE_TEST_SUITE_P(Nouns, EveryNounJson, testing::ValuesIn(all_nouns()),
                         [](const auto& test) {
                             return std::string(description_of(test.param).name);
                         });

}  // namespace
}  // namespace millrace::model
