// Sha256: the digest by which kept runs and their files are known, and that chains the audit trail.
// Its .cpp is the one file of the store that calls OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace::store {

class Sha256 {
  public:
    Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();

    void add(std::string_view bytes);
    // 64 hexadecimal digits; once.
    [[nodiscard]] std::string text();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

[[nodiscard]] std::string sha256_of(std::string_view bytes);

struct FileDigest {
    std::uint64_t bytes = 0;
    std::string sha256;
};

// Of a whole file, a piece at a time.
[[nodiscard]] Result<FileDigest> sha256_of_file(const std::string& path);

}  // namespace millrace::store
