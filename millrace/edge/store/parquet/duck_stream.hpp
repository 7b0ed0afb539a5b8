// DuckStream: the answer to one query of DuckDB, block by block, so that no answer is ever held
// whole. One engine serves the process: in memory, on the thread that asks, without extensions,
// without a home and without files of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace::parquet {

// One column of a block; a view into it. The query decides the type of the cells, and the reader
// of them must know it.
class DuckColumn {
  public:
    DuckColumn(const void* cells, const std::uint64_t* valid) : cells_(cells), valid_(valid) {}

    [[nodiscard]] bool is_null(std::size_t row) const {
        return valid_ != nullptr && ((valid_[row / 64] >> (row % 64)) & 1) == 0;
    }
    // Of a cell that is not null.
    template <class T>
    [[nodiscard]] T at(std::size_t row) const {
        return static_cast<const T*>(cells_)[row];
    }
    // Of a VARCHAR that is not null.
    [[nodiscard]] std::string_view text(std::size_t row) const;

  private:
    const void* cells_;
    const std::uint64_t* valid_;  // a bit for each row; absent where no cell is null
};

// The engine of the process, as DuckDB's own handle (a duckdb_database); for the files of this
// room.
[[nodiscard]] const Result<void*>& duck_database();

// Whether DuckDB computes the answer while it is read, with its buffers, or before.
enum class Answer { streamed, whole };

class DuckStream {
  public:
    // `values` take the places of the question marks. Errors carry DuckDB's words as their reason.
    static Result<DuckStream> open(const std::string& query, std::span<const std::string> values,
                                   Answer answer = Answer::streamed);
    DuckStream(DuckStream&& other) noexcept;
    DuckStream& operator=(DuckStream&& other) noexcept;
    ~DuckStream();

    // Gives up the block before; false at the end.
    Result<bool> next_block();
    // Of the block.
    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] DuckColumn column(std::size_t number) const;

  private:
    struct Parts;

    explicit DuckStream(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
    std::size_t rows_ = 0;
};

}  // namespace millrace::parquet
