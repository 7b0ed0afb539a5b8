// Disk over the operating system's calls: pread, pwrite, fdatasync, fallocate, flock.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "millrace/edge/store/disk.hpp"

namespace millrace::store {
namespace {

std::string mend_of(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return "free space on that disk, or point data_dir to another";
        case EACCES:
        case EPERM:
        case EROFS: return "give this user the right to write there, or point data_dir elsewhere";
        case ENOENT: return "check the path";
        case EFBIG: return "raise the limit of file sizes (ulimit -f)";
        case EMFILE: return "raise the limit of open files (ulimit -n)";
        default: return "check the disk and the path";
    }
}

tl::unexpected<Error> refused(std::string what, const std::string& path, int error) {
    return failure(ErrorCode::data, std::move(what), path, std::generic_category().message(error),
                   mend_of(error));
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(number_); }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

class PosixFile : public File {
  public:
    PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

    Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = ::pwrite(descriptor_.number(), bytes.data(), bytes.size(),
                                             static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return refused("cannot write", path_, errno);
            if (written == 0) return refused("cannot write", path_, ENOSPC);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
        }
        return {};
    }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
        std::size_t total = 0;
        while (total < bytes.size()) {
            const auto rest = bytes.subspan(total);
            const ssize_t got = ::pread(descriptor_.number(), rest.data(), rest.size(),
                                        static_cast<off_t>(offset + total));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return refused("cannot read", path_, errno);
            if (got == 0) break;
            total += static_cast<std::size_t>(got);
        }
        return total;
    }

    Result<void> sync() override {
        if (::fdatasync(descriptor_.number()) != 0)
            return refused("cannot make durable", path_, errno);
        return {};
    }

    Result<void> resize(std::uint64_t size) override {
        auto present = this->size();
        if (!present) return failure(std::move(present.error()));
        if (size > *present) {
            const int error = ::posix_fallocate(descriptor_.number(), static_cast<off_t>(*present),
                                                static_cast<off_t>(size - *present));
            if (error == 0) return {};
            if (error != EOPNOTSUPP && error != EINVAL) return refused("cannot grow", path_, error);
        }
        if (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0)
            return refused("cannot change the size of", path_, errno);
        return {};
    }

    Result<std::uint64_t> size() override {
        struct stat status{};
        if (::fstat(descriptor_.number(), &status) != 0)
            return refused("cannot look at", path_, errno);
        return static_cast<std::uint64_t>(status.st_size);
    }

  private:
    Descriptor descriptor_;
    std::string path_;
};

class PosixLock : public Lock {
  public:
    explicit PosixLock(int descriptor) : descriptor_(descriptor) {}

  private:
    Descriptor descriptor_;
};

class PosixDisk : public Disk {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path, Access access) override {
        int flags =
            O_CLOEXEC | O_NONBLOCK;  // or the opening of a pipe would wait for its other end
        switch (access) {
            case Access::read: flags |= O_RDONLY; break;
            case Access::write: flags |= O_RDWR; break;
            case Access::create: flags |= O_RDWR | O_CREAT | O_TRUNC; break;
        }
        const int descriptor = ::open(path.c_str(), flags, 0600);
        if (descriptor < 0) return refused("cannot open", path, errno);
        auto file = std::make_unique<PosixFile>(descriptor, path);
        struct stat status{};
        if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
            return refused("this is no ordinary file", path, EINVAL);
        return file;
    }

    Result<std::vector<std::string>> list(const std::string& directory) override {
        std::vector<std::string> names;
        std::error_code error;
        std::filesystem::directory_iterator entries(directory, error);
        if (error == std::errc::no_such_file_or_directory) return names;
        if (error) return refused("cannot list", directory, error.value());
        for (; entries != std::filesystem::directory_iterator(); entries.increment(error))
            names.push_back(entries->path().filename().string());
        if (error) return refused("cannot list", directory, error.value());
        std::sort(names.begin(), names.end());
        return names;
    }

    Result<void> make_directory(const std::string& directory) override {
        std::error_code error;
        std::vector<std::filesystem::path> made;
        for (std::filesystem::path at(directory);
             !at.empty() && !std::filesystem::exists(at, error); at = at.parent_path())
            made.push_back(at);
        std::filesystem::create_directories(directory, error);
        if (error) return refused("cannot make the directory", directory, error.value());
        for (const std::filesystem::path& path : made) {
            const std::string parent = path.parent_path().string();
            if (auto synced = sync_directory(parent.empty() ? "." : parent); !synced) return synced;
        }
        return {};
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return refused("cannot rename", from, errno);
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) return refused("cannot remove", path, errno);
        return {};
    }

    Result<void> sync_directory(const std::string& directory) override {
        const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return refused("cannot open", directory, errno);
        const Descriptor closer(descriptor);
        if (::fsync(descriptor) != 0) return refused("cannot make durable", directory, errno);
        return {};
    }

    Result<std::unique_ptr<Lock>> lock(const std::string& path) override {
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0) return refused("cannot open", path, errno);
        auto lock = std::make_unique<PosixLock>(descriptor);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
        if (errno != EWOULDBLOCK) return refused("cannot lock", path, errno);
        return failure(ErrorCode::data, "another process is writing here", path, "its lock is held",
                       "stop the other Millrace, or use another data_dir");
    }
};

}  // namespace

Disk& posix_disk() {
    static PosixDisk disk;
    return disk;
}

Result<void> read_file(File& file, std::vector<std::byte>& bytes) {
    auto size = file.size();
    if (!size) return failure(std::move(size.error()));
    bytes.resize(*size);
    auto got = file.read_at(0, bytes);
    if (!got) return failure(std::move(got.error()));
    bytes.resize(*got);
    return {};
}

}  // namespace millrace::store
