// The write loop, and which errno means which exception.
#include "millrace/cli/output.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace millrace::cli {

DescriptorBuffer::DescriptorBuffer(int descriptor) : descriptor_(descriptor) {
    setp(bytes_.data(), bytes_.data() + bytes_.size());
}

void DescriptorBuffer::write_all() {
    const char* next = pbase();
    const char* const end = pptr();
    // Emptied first: after a failure the same bytes must not be tried again by a later flush.
    setp(bytes_.data(), bytes_.data() + bytes_.size());
    while (next < end) {
        const ssize_t written = ::write(descriptor_, next, static_cast<std::size_t>(end - next));
        if (written >= 0) {
            next += written;
        } else if (errno == EPIPE) {
            throw OutputClosed();
        } else if (errno != EINTR) {
            throw OutputFailed(std::generic_category().message(errno));
        }
    }
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type byte) {
    write_all();
    if (!traits_type::eq_int_type(byte, traits_type::eof())) sputc(traits_type::to_char_type(byte));
    return traits_type::not_eof(byte);
}

int DescriptorBuffer::sync() {
    write_all();
    return 0;
}

DescriptorStream::DescriptorStream(int descriptor) : std::ostream(nullptr), buffer_(descriptor) {
    rdbuf(&buffer_);
    exceptions(std::ios::badbit);  // lets the buffer's own exception out of the stream
}

}  // namespace millrace::cli
