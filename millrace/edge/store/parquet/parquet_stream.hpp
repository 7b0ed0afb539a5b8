// stream_to_parquet: a table of any length as a Parquet file, pulled row by row, in memory that
// does not grow with it. Small tables that are at hand are written by ParquetWriter.
#pragma once

#include <functional>

#include "millrace/edge/store/parquet/parquet_writer.hpp"

namespace millrace::parquet {

// Fills the cells of the next row, one for each column and of its kind; false at the end. What a
// text points to lives until the next call.
using RowSource = std::function<Result<bool>(std::span<Cell>)>;

// The rows in their order; how many there were. An error of the source is given back as it is. What
// stands at `path` is overwritten, and what a failure leaves there the caller removes.
Result<std::uint64_t> stream_to_parquet(const std::string& path,
                                        std::span<const OutputColumn> columns,
                                        const RowSource& source);

}  // namespace millrace::parquet
