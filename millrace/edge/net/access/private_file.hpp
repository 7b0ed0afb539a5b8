// Writes a small file that only its owner may read, whole or not at all, and locks a folder for the
// time of a change.
#pragma once

#include <filesystem>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace::net {

// Durable when it returns: written beside, synced, and put in place of the old file. Mode 0600.
[[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path,
                                              std::string_view content);

// Held for as long as it lives; another process waits.
class FolderLock {
  public:
    [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace millrace::net
