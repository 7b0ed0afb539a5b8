// Disk and File: the few things Millrace does to files, so that a simulated disk can stand in for
// the real one and lose power at the worst moment. Paths are as the operating system's. Errors
// carry the path and the system's reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "millrace/base/result.hpp"

namespace millrace::store {

class File {
  public:
    virtual ~File() = default;

    // All bytes, or an error; what an error leaves in the range is unknown until it is written
    // again.
    virtual Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
    // Fewer bytes than asked for only at the end of the file.
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> bytes) = 0;
    // What was written before is on the medium when this returns.
    virtual Result<void> sync() = 0;
    // Grows with zeros (laid out on the medium where the system can) or cuts.
    virtual Result<void> resize(std::uint64_t size) = 0;
    virtual Result<std::uint64_t> size() = 0;
};

// Held as long as it lives; another process asking for the same lock is refused.
class Lock {
  public:
    virtual ~Lock() = default;
};

class Disk {
  public:
    enum class Access { read, write, create };  // create: new, or emptied

    virtual ~Disk() = default;

    virtual Result<std::unique_ptr<File>> open(const std::string& path, Access access) = 0;
    // Names, sorted, of the files in a directory; an empty list when it does not exist.
    virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
    // With the directories above it; all of them are on the medium when this returns.
    virtual Result<void> make_directory(const std::string& directory) = 0;
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> remove(const std::string& path) = 0;
    // New names, renames and removals in the directory are on the medium when this returns.
    virtual Result<void> sync_directory(const std::string& directory) = 0;
    virtual Result<std::unique_ptr<Lock>> lock(const std::string& path) = 0;
};

// The machine's own disk.
[[nodiscard]] Disk& posix_disk();

// The whole file in `bytes`, whose memory is reused.
Result<void> read_file(File& file, std::vector<std::byte>& bytes);

}  // namespace millrace::store
