// OutputFile: a file that a command writes, which is whole or not there. It grows beside its place
// under another name and takes it when it is complete; until then what stood there is untouched.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace::cli {

class OutputFile {
  public:
    // Fails where no file can be made, or something else than a file has that name.
    static Result<OutputFile> create(const std::string& path);

    Result<void> write(std::string_view text);
    // On the medium, and in its place. Without this call nothing remains.
    Result<void> finish();

    // "bars.csv.4711.unfinished"
    [[nodiscard]] const std::string& unfinished_path() const { return draft_->path; }

  private:
    struct Draft {
        Draft(std::string where, int number) : path(std::move(where)), descriptor(number) {}
        Draft(const Draft&) = delete;
        Draft& operator=(const Draft&) = delete;
        ~Draft();
        std::string path;
        int descriptor;
        bool is_finished = false;
    };

    OutputFile(std::string path, std::unique_ptr<Draft> draft)
        : path_(std::move(path)), draft_(std::move(draft)) {}

    std::string path_;
    std::unique_ptr<Draft> draft_;
};

// All of it at once.
Result<void> write_output(const std::string& path, std::string_view text);

}  // namespace millrace::cli
