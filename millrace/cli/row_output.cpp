// Rows are gathered into pieces before they are written.
#include "millrace/cli/row_output.hpp"

#include <filesystem>
#include <ostream>

namespace millrace::cli {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

}  // namespace

Result<void> RowOutput::open_file(const std::string& path) {
    auto file = OutputFile::create(path);
    if (!file) return failure(std::move(file.error()));
    file_ = std::move(*file);
    is_held_ = false;
    return {};
}

Result<void> RowOutput::add(std::string_view text) {
    waiting_ += text;
    return is_held_ || waiting_.size() < kPieceBytes ? Result<void>() : pass_on();
}

Result<void> RowOutput::finish() {
    if (auto passed = pass_on(); !passed) return passed;
    return file_ ? file_->finish() : Result<void>();
}

Result<void> RowOutput::pass_on() {
    Result<void> written;
    if (file_)
        written = file_->write(waiting_);
    else
        invocation_.out() << waiting_;
    waiting_.clear();
    return written;
}

Result<void> check_output(const std::string& path, const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
        std::error_code ignored;
        if (std::filesystem::equivalent(path, input, ignored))
            return failure(ErrorCode::usage, "the output would replace its own input", path,
                           "--out names a file that is read", "name another file");
    }
    return {};
}

}  // namespace millrace::cli
