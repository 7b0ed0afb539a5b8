#include "millrace/core/model/names.hpp"

#include <gtest/gtest.h>

#include "millrace/core/model/nouns.hpp"
#include "millrace/core/model/schema.hpp"

namespace millrace::model {
namespace {

TEST(Names, Pairs_a_number_and_a_name_once_and_for_all) {
    NameTable<InstrumentId> table;
    ASSERT_TRUE(table.add(InstrumentId(2), "AAPL"));
    EXPECT_TRUE(table.add(InstrumentId(2), "AAPL"));
    EXPECT_FALSE(table.add(InstrumentId(2), "MSFT"));
    EXPECT_FALSE(table.add(InstrumentId(3), "AAPL"));
    EXPECT_FALSE(table.add(InstrumentId(1'000'000), "TSLA"));
    EXPECT_EQ(table.find("AAPL"), InstrumentId(2));
    EXPECT_EQ(table.find("MSFT"), std::nullopt);
    EXPECT_EQ(table.name(InstrumentId(2)), "AAPL");
    EXPECT_EQ(table.name(InstrumentId(0)), "");
    EXPECT_EQ(table.name(InstrumentId(77)), "");
}

TEST(Nouns, Are_found_by_name_and_number) {
    EXPECT_EQ(noun_named("order_intent"), Noun::order_intent);
    EXPECT_EQ(noun_named("Quote"), std::nullopt);
    EXPECT_EQ(noun_of(3), Noun::quote);
    EXPECT_EQ(noun_of(0), std::nullopt);
    EXPECT_EQ(noun_of(19), Noun::corporate_action);
    EXPECT_EQ(noun_of(20), std::nullopt);
}

TEST(Schema, Columns_say_type_and_nullability) {
    const auto columns = columns_of(kDescription<Bar>);
    ASSERT_EQ(columns.size(), 13U);
    EXPECT_EQ(columns[0].type, "TIMESTAMP_NS");
    EXPECT_EQ(columns[2].name, "open");
    EXPECT_EQ(columns[2].type, "DECIMAL(19,9)");
    EXPECT_FALSE(columns[2].nullable);
    EXPECT_EQ(columns[7].name, "vwap");
    EXPECT_TRUE(columns[7].nullable);
    EXPECT_EQ(columns[8].type, "BIGINT");
    EXPECT_EQ(columns[12].type, "VARCHAR");
}

TEST(Schema, Of_a_clock_is_this_document) {
    JsonWriter writer;
    write_json_schema(kDescription<Clock>, writer);
    EXPECT_EQ(
        writer.str(),
        R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:millrace:schema:clock:1",)"
        R"("title":"clock","description":"time passed and nothing else happened","type":"object",)"
        R"("properties":{"known_at":{"description":"when the engine may act on it","type":"string",)"
        R"("format":"date-time"}},"required":["known_at"],"additionalProperties":false})");
}

}  // namespace
}  // namespace millrace::model
