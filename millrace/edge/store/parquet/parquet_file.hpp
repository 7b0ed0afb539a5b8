// ParquetFile: one file, opened by us and handed to DuckDB by its descriptor, so that no letter of
// its name (quotes, stars, "~", "a=b") means anything, and what is read is what was looked at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "millrace/edge/store/parquet/duck_stream.hpp"
#include "millrace/edge/store/parquet/parquet_layout.hpp"

namespace millrace::parquet {

// Whether the file begins as every Parquet file does, whatever its name.
[[nodiscard]] bool is_parquet(const std::string& path);

class ParquetFile {
  public:
    static Result<ParquetFile> open(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const std::vector<FileColumn>& columns() const { return columns_; }
    // As the file says of itself.
    [[nodiscard]] std::uint64_t rows() const { return rows_; }

    // The rows in their order; `selected` is a list of SQL expressions.
    [[nodiscard]] Result<DuckStream> select(const std::string& selected) const;
    // The first of them, read at once: they wait for their turn without DuckDB's buffers.
    [[nodiscard]] Result<DuckStream> select_first(std::size_t rows,
                                                  const std::string& selected) const;
    // What went wrong while reading, told of this file.
    [[nodiscard]] Error told(Error error) const;

  private:
    struct Closer {
        void operator()(int* descriptor) const;
    };

    ParquetFile(std::string path, int descriptor);
    [[nodiscard]] Result<DuckStream> ask(const std::string& query, Answer answer) const;
    Result<void> look_at_columns();
    Result<void> look_at_size();

    std::string path_;
    std::unique_ptr<int, Closer> descriptor_;
    std::vector<FileColumn> columns_;
    std::uint64_t rows_ = 0;
};

}  // namespace millrace::parquet
