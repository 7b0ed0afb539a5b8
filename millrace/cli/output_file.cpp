// open, write, fsync, rename; and which errno means what.
#include "millrace/cli/output_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace millrace::cli {
namespace {

std::string mend_of(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return "free space on that disk, or write elsewhere";
        case EFBIG: return "raise the limit of file sizes (ulimit -f), or write less";
        default: return "check the path and the right to write there";
    }
}

tl::unexpected<Error> refused(const std::string& path, int error) {
    return failure(ErrorCode::data, "the file cannot be written", path,
                   std::generic_category().message(error), mend_of(error));
}

// So that the new name survives a loss of power. A directory that cannot be opened or synced (some
// network file systems) leaves the file as good as any other program's.
void sync_directory_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const std::string name = folder.empty() ? "." : folder.string();
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    (void)::fsync(descriptor);
    ::close(descriptor);
}

}  // namespace

OutputFile::Draft::~Draft() {
    if (descriptor >= 0) ::close(descriptor);
    if (!is_finished) ::unlink(path.c_str());
}

Result<OutputFile> OutputFile::create(const std::string& path) {
    std::error_code ignored;
    const auto there = std::filesystem::status(path, ignored);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
        return failure(ErrorCode::data, "this is no ordinary file", path,
                       "it is a directory, pipe or device", "name a file");
    // With the process in the name, two that write the same file do not write into each other.
    const std::string beside = path + "." + std::to_string(::getpid()) + ".unfinished";
    const int descriptor =
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) return refused(path, errno);
    return OutputFile(path, std::make_unique<Draft>(beside, descriptor));
}

Result<void> OutputFile::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(draft_->descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return refused(path_, errno);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> OutputFile::finish() {
    if (::fsync(draft_->descriptor) != 0) return refused(path_, errno);
    if (::close(draft_->descriptor) != 0) {
        draft_->descriptor = -1;
        return refused(path_, errno);
    }
    draft_->descriptor = -1;
    if (::rename(draft_->path.c_str(), path_.c_str()) != 0) return refused(path_, errno);
    draft_->is_finished = true;
    sync_directory_of(path_);
    return {};
}

Result<void> write_output(const std::string& path, std::string_view text) {
    auto file = OutputFile::create(path);
    if (!file) return failure(std::move(file.error()));
    if (auto written = file->write(text); !written) return written;
    return file->finish();
}

}  // namespace millrace::cli
