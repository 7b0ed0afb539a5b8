// ParquetLayout: which columns of a Parquet file are read, as what, and how each is asked for, so
// that the reader meets few types of cells.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/model/table.hpp"

namespace millrace::parquet {

// How a cell arrives.
enum class CellType {
    float64,
    float32,
    integer,  // in 64 bits
    decimal,  // the same, scaled
    text,
    date,          // days since 1970 in 32 bits
    seconds,       // since 1970 in 64 bits, and so
    milliseconds,  // the next three
    microseconds,
    nanoseconds,
};

// A column as the file has it.
struct FileColumn {
    std::string name;
    std::string type;  // in DuckDB's words: "DOUBLE", "DECIMAL(18,4)"
};

struct ReadColumn {
    std::size_t place = 0;  // in the file
    model::ColumnRole role = model::ColumnRole::ignored;
    CellType type = CellType::text;
    int scale = 0;         // of decimals
    bool is_utc = false;   // a time that is an instant; others stand in the zone of the user
    std::string selected;  // "CAST("Volume" AS BIGINT)"
};

struct ParquetLayout {
    model::TableKind kind = model::TableKind::bars;
    std::vector<ReadColumn> columns;  // one of each role, the time first

    // "bars: time,open,high,low,close of ts,Open,High,Low,Close"
    std::string description;
};

// `wishes`, when there, says what each column of the file is. Errors list what the file has.
[[nodiscard]] Result<ParquetLayout> find_layout(
    std::span<const FileColumn> columns,
    const std::optional<std::vector<model::ColumnRole>>& wishes, const std::string& path);

}  // namespace millrace::parquet
