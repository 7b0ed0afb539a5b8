// InputFile: an ordinary file that is read, from the front or at a place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "millrace/base/result.hpp"

namespace millrace::files {

class InputFile {
  public:
    static Result<InputFile> open(const std::string& path);

    // What stands at `offset`; fewer bytes only at the end of the file, then perhaps none.
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    struct Closer {
        void operator()(int* descriptor) const;
    };

    InputFile(std::string path, int descriptor);

    std::string path_;
    std::unique_ptr<int, Closer> descriptor_;
    std::uint64_t size_ = 0;
};

}  // namespace millrace::files
