// The tables of a kept run, each described once: its columns, and how a result becomes its rows.
// CSV and Parquet are made of the same rows. docs/reference/run-artifacts.md has every column; a
// test keeps the two equal.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "millrace/app/backtest/result.hpp"
#include "millrace/edge/store/parquet/parquet_writer.hpp"

namespace millrace::runs {

using parquet::Cell;
using Row = std::span<const Cell>;
using RowTaker = std::function<Result<void>(Row)>;

struct ArtifactTable {
    std::string_view name;  // "trades", of trades.csv and trades.parquet
    std::span<const parquet::OutputColumn> columns;
    // Ends at the first row that is not taken.
    Result<void> (*rows)(const backtest::BacktestResult& result, const RowTaker& take);
};

[[nodiscard]] std::span<const ArtifactTable> artifact_tables();

}  // namespace millrace::runs
