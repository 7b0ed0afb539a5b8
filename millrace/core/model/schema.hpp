// What a noun looks like from outside: its table columns, and its JSON Schema (draft 2020-12) as
// published by `millrace schema NAME`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/json_writer.hpp"
#include "millrace/core/model/describe.hpp"

namespace millrace::model {

struct Column {
    std::string_view name;
    std::string type;  // in SQL's words: TIMESTAMP_NS, DECIMAL(19,9), BIGINT, BOOLEAN, VARCHAR
    bool nullable = false;
    std::string_view doc;
};

[[nodiscard]] std::vector<Column> columns_of(const NounDescription& noun);

void write_json_schema(const NounDescription& noun, JsonWriter& writer);

}  // namespace millrace::model
