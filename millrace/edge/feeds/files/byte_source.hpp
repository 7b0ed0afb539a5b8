// ByteSource: the bytes of a file from front to back, whether they lie there plain or compressed
// (gzip, a member of a zip). Memory does not hang on the size of the file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "millrace/base/result.hpp"

namespace millrace::files {

// In what form the bytes lie in the file, by its first bytes.
enum class Container : std::uint8_t { plain, gzip, zip };

class ByteSource {
  public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    // Reads at least one byte, unless at the end: zero.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
};

struct OpenedBytes {
    std::unique_ptr<ByteSource> bytes;
    std::string place;       // what messages call it: "a.csv", "a.zip/b.csv"
    std::string member;      // of a zip
    std::uint64_t size = 0;  // of what will be read; zero when nothing tells
    Container container = Container::plain;
};

// `member` names the one of a zip; empty: the only table in it. Errors say what the file is when it
// is of a form that is not read.
[[nodiscard]] Result<OpenedBytes> open_bytes(const std::string& path, const std::string& member);

}  // namespace millrace::files
