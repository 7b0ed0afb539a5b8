// LineReader: the lines of a file of any size, packed or not, one after the other, through a buffer
// of fixed size. A byte-order mark is no part of the first.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"
#include "millrace/edge/feeds/files/byte_source.hpp"

namespace millrace::files {

class LineReader {
  public:
    static constexpr std::size_t kBufferBytes = 1 << 20;
    static constexpr std::size_t kLineMax = 64 << 10;  // a longer line is no row of a table

    // `member` as for open_bytes().
    static Result<LineReader> open(const std::string& path, const std::string& member = {});

    // The next line without its end (LF or CRLF); false at the end of the file. The view lives
    // until the next call.
    Result<bool> next(std::string_view& line);

    // Of the line that next() gave last, from 1.
    [[nodiscard]] std::uint64_t line_number() const { return line_number_; }
    // "prices.csv:17"
    [[nodiscard]] std::string where() const {
        return file_.place + ":" + std::to_string(line_number_);
    }
    // What is read.
    [[nodiscard]] const OpenedBytes& file() const { return file_; }

  private:
    explicit LineReader(OpenedBytes file);
    Result<void> fill();

    OpenedBytes file_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0;  // of what was read and not yet given
    std::size_t end_ = 0;
    bool at_end_of_file_ = false;
    std::uint64_t line_number_ = 0;
};

}  // namespace millrace::files
