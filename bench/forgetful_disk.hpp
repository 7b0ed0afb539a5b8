// ForgetfulDisk: takes every write and keeps nothing, so that a benchmark of the journal measures
// what the processor does and not the disk.
#pragma once

#include "millrace/edge/store/disk.hpp"

namespace millrace::bench {

class ForgetfulFile : public store::File {
  public:
    Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
        size_ = std::max(size_, offset + bytes.size());
        return {};
    }
    Result<std::size_t> read_at(std::uint64_t /*offset*/, std::span<std::byte> /*bytes*/) override {
        return failure(ErrorCode::internal, "a forgetful file has nothing to read");
    }
    Result<void> sync() override { return {}; }
    Result<void> resize(std::uint64_t size) override {
        size_ = size;
        return {};
    }
    Result<std::uint64_t> size() override { return size_; }

  private:
    std::uint64_t size_ = 0;
};

class ForgetfulDisk : public store::Disk {
  public:
    Result<std::unique_ptr<store::File>> open(const std::string& /*path*/,
                                              Access /*access*/) override {
        return std::make_unique<ForgetfulFile>();
    }
    Result<std::vector<std::string>> list(const std::string& /*directory*/) override {
        return std::vector<std::string>();
    }
    Result<void> make_directory(const std::string& /*directory*/) override { return {}; }
    Result<void> rename(const std::string& /*from*/, const std::string& /*to*/) override {
        return {};
    }
    Result<void> remove(const std::string& /*path*/) override { return {}; }
    Result<void> sync_directory(const std::string& /*directory*/) override { return {}; }
    Result<std::unique_ptr<store::Lock>> lock(const std::string& /*path*/) override {
        return std::make_unique<store::Lock>();
    }
};

}  // namespace millrace::bench
