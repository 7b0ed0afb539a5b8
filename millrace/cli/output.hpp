// DescriptorStream: std::ostream on a file descriptor that says when nobody reads any more. A write
// that fails throws out of the `<<`, so that a command that prints rows without end stops at the
// first one nobody wants.
#pragma once

#include <array>
#include <ostream>
#include <stdexcept>
#include <streambuf>

namespace millrace::cli {

// The reader of stdout went away (`millrace … | head -1`): no error, only an end.
class OutputClosed : public std::runtime_error {
  public:
    OutputClosed() : std::runtime_error("the reader of the output went away") {}
};

// The output cannot be written for another reason, as on a full disk.
class OutputFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class DescriptorBuffer : public std::streambuf {
  public:
    explicit DescriptorBuffer(int descriptor);

  protected:
    int_type overflow(int_type byte) override;
    int sync() override;

  private:
    void write_all();

    int descriptor_;
    std::array<char, 64 * 1024> bytes_;
};

// The descriptor stays the caller's. What is not flushed when it is destroyed is lost.
class DescriptorStream : public std::ostream {
  public:
    explicit DescriptorStream(int descriptor);

  private:
    DescriptorBuffer buffer_;
};

}  // namespace millrace::cli
