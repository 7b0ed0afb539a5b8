// The files of a run folder: written whole and onto the medium, read line by line.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::runs {

// A new file that grows; what stands at the path already is an error.
class FileWriter {
  public:
    static Result<FileWriter> create(const std::string& path);

    Result<void> add(std::string_view text);
    // On the medium; without this call nothing may rely on it.
    Result<void> finish();

  private:
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

    FileWriter(std::string path, File file) : path_(std::move(path)), file_(std::move(file)) {}
    [[nodiscard]] tl::unexpected<Error> refused(int error) const;

    std::string path_;
    File file_;
};

Result<void> write_file(const std::string& path, std::string_view text);

// A cell as CSV (RFC 4180) has it: in quotes where it must be.
void append_csv_cell(std::string& line, std::string_view cell);

// The rows of a CSV file of ours, without its header, in the order of `columns`; an error where the
// file lacks one of them or is damaged. The cells are good until the call returns; false ends the
// reading.
using CsvTaker = std::function<Result<bool>(std::span<const std::string> cells)>;
Result<void> read_csv(const std::string& path, std::span<const std::string_view> columns,
                      const CsvTaker& take);

// The names that were given to a folder and its files last through a loss of power.
void sync_directory(const std::string& path);

}  // namespace millrace::runs
