#include "millrace/core/model/table.hpp"

#include <gtest/gtest.h>

namespace millrace::model {
namespace {

TEST(Table, Knows_columns_by_many_names) {
    for (const char* name : {"time", "TimeStamp", "Date Time", "<DATE>", "open_time", "Gmt time",
                             "Time (UTC)", "timestamp_utc", "UTC", "unix", "日時"})
        EXPECT_EQ(role_named(name), ColumnRole::time) << name;
    EXPECT_EQ(role_named("<CLOSE>"), ColumnRole::close);
    EXPECT_EQ(role_named("終値"), ColumnRole::close);
    for (const char* name : {"Adj Close", "adjusted_close", "AdjClose", "Adj. Close"})
        EXPECT_EQ(role_named(name), ColumnRole::adjusted_close) << name;
    for (const char* name : {"Symbol", "<TICKER>", "pair"})
        EXPECT_EQ(role_named(name), ColumnRole::symbol) << name;
    for (const char* name : {"", "opened", "close UTC", "Gmtoffset"})
        EXPECT_EQ(role_named(name), std::nullopt) << name;
}

TEST(Table, Knows_which_names_speak_of_utc) {
    for (const char* name : {"Gmt time", "Time (UTC)", "timestamp_utc", "UTC"})
        EXPECT_TRUE(names_utc(name)) << name;
    for (const char* name : {"time", "Local time", "utcx", "close UTC"})
        EXPECT_FALSE(names_utc(name)) << name;
}

}  // namespace
}  // namespace millrace::model
