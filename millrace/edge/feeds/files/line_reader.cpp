// Filling the buffer and finding the ends of lines.
#include "millrace/edge/feeds/files/line_reader.hpp"

#include <algorithm>
#include <cstring>

namespace millrace::files {

LineReader::LineReader(OpenedBytes file)
    : file_(std::move(file)), buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

Result<LineReader> LineReader::open(const std::string& path, const std::string& member) {
    auto file = open_bytes(path, member);
    if (!file) return failure(std::move(file.error()));
    LineReader reader(std::move(*file));
    if (auto filled = reader.fill(); !filled) return failure(std::move(filled.error()));
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (std::string_view(reader.buffer_.get(), reader.end_).starts_with(kByteOrderMark))
        reader.begin_ = kByteOrderMark.size();
    return reader;
}

// Moves what is left to the front and reads behind it.
Result<void> LineReader::fill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const auto got = file_.bytes->read({buffer_.get() + end_, kBufferBytes - end_});
    if (!got) return failure(Error(got.error()));
    at_end_of_file_ = *got == 0;
    end_ += *got;
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
