// open, fstat and read: the checks look at the file that was opened, not at its name, so nobody can
// put another in its place in between.
#include "millrace/base/small_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace millrace {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

tl::unexpected<Error> unreadable(const std::filesystem::path& path, int code) {
    return failure(ErrorCode::config, "the file cannot be read", path.string(),
                   std::generic_category().message(code),
                   "give this user the right to read it: chmod u+r " + path.string());
}

tl::unexpected<Error> too_large(const std::filesystem::path& path, std::size_t bytes_max) {
    return failure(ErrorCode::config, "the file is too large", path.string(),
                   fmt::format("at most {} bytes are read", bytes_max),
                   "check that it is the file you mean");
}

}  // namespace

Result<std::optional<SmallFile>> read_small_file(const std::filesystem::path& path,
                                                 std::size_t bytes_max) {
    // O_NONBLOCK: opening a pipe that nobody writes to must not wait for ever.
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return unreadable(path, errno);
    }
    struct stat status{};
    if (fstat(file.number(), &status) != 0) return unreadable(path, errno);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::config, "this is not a regular file", path.string(),
                       "a folder, pipe or device cannot be read here", "name a file");
    if (std::cmp_greater(status.st_size, bytes_max)) return too_large(path, bytes_max);

    SmallFile result;
    result.mode = status.st_mode & 07777U;
    result.ours = status.st_uid == geteuid();
    // One byte more than it should have, so that a file that grows meanwhile is noticed; sized
    // once, so that no reallocation leaves a copy of a secret behind.
    result.text.resize(static_cast<std::size_t>(status.st_size) + 1);
    std::size_t filled = 0;
    while (filled < result.text.size()) {
        const auto count =
            read(file.number(), result.text.data() + filled, result.text.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unreadable(path, errno);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    if (filled == result.text.size())
        return failure(ErrorCode::config, "the file grew while it was read", path.string(),
                       "somebody writes to it at this moment", "try again");
    result.text.resize(filled);
    return result;
}

Result<void> check_private(const SmallFile& file, const std::filesystem::path& path) {
    if (!file.ours)
        return failure(ErrorCode::config, "the file with the secret belongs to somebody else",
                       path.string(), "a secret is read only from a file of the user who runs this",
                       fmt::format("chown \"$(id -un)\" {}", path.string()));
    if ((file.mode & 077U) != 0)
        return failure(ErrorCode::config, "others may read the file with the secret", path.string(),
                       fmt::format("its mode is {:04o}; 0600 or stricter is needed", file.mode),
                       fmt::format("chmod 600 {}", path.string()));
    return {};
}

}  // namespace millrace
