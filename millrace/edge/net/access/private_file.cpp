// open, write, fsync, rename, fsync of the folder: after a crash the old file or the new one is
// there.
#include "millrace/edge/net/access/private_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace millrace::net {
namespace {

tl::unexpected<Error> unwritable(const std::filesystem::path& path, int code) {
    return failure(ErrorCode::config, "the file cannot be written", path.string(),
                   std::generic_category().message(code),
                   "check the rights of the folder and the room on the disk");
}

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

int sync_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return code;
}

}  // namespace

Result<void> write_private_file(const std::filesystem::path& path, std::string_view content) {
    std::filesystem::path beside = path;
    beside += ".new";
    ::unlink(beside.c_str());  // what a crash left, which may have another mode
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return unwritable(beside, errno);
    int code = 0;
    if (!write_all(descriptor, content) || ::fsync(descriptor) != 0) code = errno;
    if (::close(descriptor) != 0 && code == 0) code = errno;
    if (code == 0 && ::rename(beside.c_str(), path.c_str()) != 0) code = errno;
    if (code != 0) {
        ::unlink(beside.c_str());
        return unwritable(path, code);
    }
    code = sync_folder(path.parent_path().empty() ? "." : path.parent_path());
    if (code != 0) return unwritable(path.parent_path(), code);
    return {};
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    std::error_code made;
    std::filesystem::create_directories(folder, made);
    if (made) return unwritable(folder, made.value());
    const std::filesystem::path path = folder / "tokens.lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return unwritable(path, errno);
    while (::flock(descriptor, LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        const int code = errno;
        ::close(descriptor);
        return unwritable(path, code);
    }
    return FolderLock(descriptor);
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace millrace::net
