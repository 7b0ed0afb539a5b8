// ParquetWriter: a table of our own as a Parquet file, through DuckDB. Decimals are exact, instants
// have nanoseconds and are UTC. The rows wait in memory, packed, until finish(); the file is
// whole only then, and the caller removes what a failure leaves.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/base/time.hpp"

namespace millrace::parquet {

enum class CellKind : std::uint8_t { text, integer, decimal, time };

struct OutputColumn {
    std::string_view name;
    CellKind kind = CellKind::text;
    int scale = 0;  // decimals of a decimal
};

// Nothing, a text, an integer (or a decimal's raw value), an instant.
using Cell = std::variant<std::monostate, std::string_view, std::int64_t, Time>;

class ParquetWriter {
  public:
    // Names are our own: letters and '_'. What stands at `path` is overwritten.
    static Result<ParquetWriter> create(const std::string& path,
                                        std::span<const OutputColumn> columns);
    ParquetWriter(ParquetWriter&& other) noexcept;
    ParquetWriter& operator=(ParquetWriter&& other) noexcept;
    ~ParquetWriter();

    // A cell of each column, of its kind.
    Result<void> add(std::span<const Cell> row);
    Result<void> finish();

  private:
    struct Parts;

    explicit ParquetWriter(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace millrace::parquet
