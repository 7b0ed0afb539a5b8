// Filling the buffer and finding the ends of lines.
#include "millrace/edge/feeds/files/line_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
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

void LineReader::Closer::operator()(int* descriptor) const {
    ::close(*descriptor);
    delete descriptor;
}

LineReader::LineReader(std::string path, int descriptor)
    : path_(std::move(path)),
      descriptor_(new int(descriptor)),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

Result<LineReader> LineReader::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return refused("cannot open the file", path, errno);
    LineReader reader(path, descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return refused("cannot look at the file", path, errno);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::data, "this is no ordinary file", path,
                       "it is a directory, pipe or device", "name a file with rows of text");
    return reader;
}

// Moves what is left to the front and reads behind it.
Result<void> LineReader::fill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    while (!at_end_of_file_ && end_ < kBufferBytes) {
        const ssize_t got = ::read(*descriptor_, buffer_.get() + end_, kBufferBytes - end_);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused("cannot read the file", path_, errno);
        at_end_of_file_ = got == 0;
        end_ += static_cast<std::size_t>(got);
        break;
    }
    return {};
}

Result<bool> LineReader::next(std::string_view& line) {
    ++line_number_;
    std::size_t searched = 0;
    for (;;) {
        const std::string_view rest(buffer_.get() + begin_, end_ - begin_);
        const std::size_t end = std::min(rest.find('\n', searched), rest.size());
        if (end > kLineMax)
            return failure(ErrorCode::data, "the line is too long", where(),
                           "a row has at most 65536 bytes",
                           "check that the file is text with one row a line");
        if (end < rest.size() || (at_end_of_file_ && !rest.empty())) {
            line = rest.substr(0, end);
            begin_ += std::min(end + 1, rest.size());
            if (line.ends_with('\r')) line.remove_suffix(1);
            return true;
        }
        if (at_end_of_file_) return false;
        searched = rest.size();
        if (auto filled = fill(); !filled) return failure(std::move(filled.error()));
    }
}

}  // namespace millrace::files
