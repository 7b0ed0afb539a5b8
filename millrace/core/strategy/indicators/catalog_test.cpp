#include "millrace/core/strategy/indicators/catalog.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace millrace::indicators {
namespace {

std::string canonical(const std::string& text) {
    const auto asked = parse_indicator(text);
    EXPECT_TRUE(asked) << text;
    return text_of(*asked->type, *asked->indicator);
}

Error refused(const std::string& text) {
    const auto asked = parse_indicator(text);
    EXPECT_FALSE(asked) << text;
    return asked ? Error{} : asked.error();
}

TEST(Catalog, Has_every_indicator_once_with_its_definition) {
    std::set<std::string_view> names;
    for (const IndicatorFamily& family : all_indicators()) {
        for (const IndicatorType& type : family.types) {
            EXPECT_TRUE(names.insert(type.name).second) << type.name;
            EXPECT_FALSE(type.title.empty()) << type.name;
            EXPECT_TRUE(type.definition.ends_with(".")) << type.name;
            EXPECT_FALSE(type.ready.empty()) << type.name;
            EXPECT_FALSE(type.make()->output_names().empty()) << type.name;
        }
    }
    for (const char* name :
         {"sma",      "ema",        "wma",        "hma",    "dema",    "tema",      "kama",
          "rma",      "vwap",       "macd",       "rsi",    "atr",     "bollinger", "keltner",
          "donchian", "stochastic", "williams_r", "cci",    "adx",     "aroon",     "obv",
          "mfi",      "cmf",        "roc",        "tsi",    "trix",    "ultimate",  "connors_rsi",
          "psar",     "ichimoku",   "supertrend", "linreg", "zscore",  "stdev",     "min",
          "max",      "median",     "quantile",   "return", "drawdown"})
        EXPECT_TRUE(names.contains(name)) << name;
}

TEST(Catalog, Reads_values_in_the_order_of_the_parameters_and_knows_defaults) {
    EXPECT_EQ(canonical("rsi"), "rsi:14:wilder");
    EXPECT_EQ(canonical("rsi:9"), "rsi:9:wilder");
    EXPECT_EQ(canonical("rsi:9:cutler"), "rsi:9:cutler");
    EXPECT_EQ(canonical("macd:12:26:9"), "macd:12:26:9");
    EXPECT_EQ(canonical("bollinger:20:2.50"), "bollinger:20:2.5");
    EXPECT_EQ(canonical("EMA:20@hl2"), "ema:20@hl2");
    EXPECT_EQ(canonical("ema:20@close"), "ema:20");
    EXPECT_EQ(canonical("cci:20@hlc3"), "cci:20");
    EXPECT_EQ(canonical("connors-rsi"), "connors_rsi:3:2:100");
    EXPECT_EQ(canonical("obv"), "obv");
}

TEST(Catalog, Keeps_the_text_as_typed_for_the_columns) {
    const auto bands = parse_indicator("Bollinger:20");
    ASSERT_TRUE(bands);
    EXPECT_EQ(bands->column(0), "Bollinger:20");
    EXPECT_EQ(bands->column(1), "Bollinger:20.upper");
    EXPECT_EQ(bands->indicator->output_names().size(), 5U);
}

TEST(Catalog, Names_the_nearest_of_an_unknown_name) {
    EXPECT_EQ(refused("bolinger:20").mend, "did you mean \"bollinger\"?");
    EXPECT_EQ(refused("smaa").mend, "did you mean \"sma\"?");
    EXPECT_EQ(refused("sma:5@hl3").mend, "did you mean \"hl2\"?");
    EXPECT_EQ(refused("nonsense").what, "there is no indicator \"nonsense\"");
    EXPECT_EQ(refused("nonsense").code, ErrorCode::config);
}

TEST(Catalog, Says_where_and_why_a_value_is_refused) {
    EXPECT_EQ(refused("rsi:0").where, "indicator \"rsi:0\", parameter length");
    EXPECT_EQ(refused("rsi:0").why, "allowed: 1 to 100000");
    EXPECT_EQ(refused("rsi:100001").why, "allowed: 1 to 100000");
    EXPECT_EQ(refused("rsi:").why, "a whole number is expected");
    EXPECT_EQ(refused("rsi:14.5").why, "a whole number is expected");
    EXPECT_EQ(refused("rsi:14:cutlr").why, "allowed: wilder, cutler");
    EXPECT_EQ(refused("sma:5:6").why, "it takes: length");
    EXPECT_EQ(refused("obv:1").why, "it takes none");
    EXPECT_EQ(refused("atr:14@high").why, "it needs several prices of the bar");
    EXPECT_EQ(refused("macd:26:12").where, "indicator \"macd:26:12\", parameters fast, slow");
    EXPECT_EQ(refused("stdev:1:sample").where,
              "indicator \"stdev:1:sample\", parameters length, spread");
    EXPECT_EQ(refused("quantile:5:1.1").why, "allowed: 0 to 1");
    EXPECT_EQ(refused("bollinger:20:-1").why, "allowed: 0 to 100");
    EXPECT_EQ(refused("linreg:1").why, "allowed: 2 to 100000");
}

TEST(Catalog, Refuses_texts_that_are_no_indicator) {
    for (const char* text : {"", ":", "@", ":14", "rsi@", "rsi:14@", "rsi:14@hl2@hl2", " rsi",
                             "rsi:14:wilder:", "rsi 14"})
        refused(text);
    refused(std::string(200, 'a'));
    refused("rsi:" + std::string(100'000, '9'));
}

TEST(Catalog, Reads_several_at_once) {
    const auto asked = parse_indicators("rsi:14,ema:20@hl2,rsi:14:cutler");
    ASSERT_TRUE(asked);
    ASSERT_EQ(asked->size(), 3U);
    EXPECT_EQ((*asked)[2].text, "rsi:14:cutler");
    EXPECT_EQ(parse_indicators("rsi:14,rsi:14").error().what,
              "the indicator \"rsi:14\" stands twice");
    EXPECT_FALSE(parse_indicators("rsi:14,,ema:20"));
    std::string many = "sma:1";
    for (int i = 2; i <= 65; ++i)
        many += ",sma:" + std::to_string(i);
    EXPECT_EQ(parse_indicators(many).error().what, "these are too many indicators");
}

TEST(Catalog, An_indicator_is_not_read_before_it_is_started_or_ready) {
    const auto fresh = all_indicators()[0].types[0].make();
    EXPECT_THROW(fresh->update(model::Bar{}), AssertionFailed);
    const auto asked = parse_indicator("sma:2");
    ASSERT_TRUE(asked);
    asked->indicator->update(model::Bar{});
    EXPECT_THROW(static_cast<void>(asked->indicator->output(0)), AssertionFailed);
}

TEST(Catalog, Describes_an_indicator_for_programs) {
    JsonWriter writer;
    for (const IndicatorFamily& family : all_indicators())
        for (const IndicatorType& type : family.types)
            if (type.name == "rma") write_json(type, family.name, writer);
    EXPECT_EQ(writer.str(),
              R"({"name":"rma","title":"Wilder's moving average","family":"Averages",)"
              R"("text":"rma:14","definition":"Moves by 1 / `length` of the way from the average )"
              R"(before to the value. Seed: the simple mean of the first `length` values.",)"
              R"("ready":"length",)"
              R"("ready_by_default":14,"price":"close","outputs":["value"],)"
              R"("parameters":[{"name":"length","kind":"integer","default":"14","minimum":"1",)"
              R"("maximum":"100000","doc":"Length of its window."}]})");
}

}  // namespace
}  // namespace millrace::indicators
