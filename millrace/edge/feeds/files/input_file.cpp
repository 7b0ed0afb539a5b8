// The calls of the system.
#include "millrace/edge/feeds/files/input_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace millrace::files {
namespace {

tl::unexpected<Error> refused(std::string what, const std::string& path, int error) {
    return failure(ErrorCode::data, std::move(what), path, std::generic_category().message(error),
                   "check the path and the rights to read it");
}

}  // namespace

void InputFile::Closer::operator()(int* descriptor) const {
    ::close(*descriptor);
    delete descriptor;
}

InputFile::InputFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(new int(descriptor)) {}

Result<InputFile> InputFile::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return refused("cannot open the file", path, errno);
    InputFile file(path, descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return refused("cannot look at the file", path, errno);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::data, "this is no ordinary file", path,
                       "it is a directory, pipe or device", "name a file with rows of text");
    file.size_ = static_cast<std::uint64_t>(status.st_size);
    return file;
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, std::span<char> into) const {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t got = ::pread(*descriptor_, into.data() + done, into.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused("cannot read the file", path_, errno);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

}  // namespace millrace::files
