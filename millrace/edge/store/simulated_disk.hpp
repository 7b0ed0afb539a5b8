// SimulatedDisk: a disk in memory that keeps apart what was written and what is durable, and can
// lose power at any call. What was not synced then survives sector by sector or not, by chance. The
// fault driver runs on it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "millrace/base/random.hpp"
#include "millrace/edge/store/disk.hpp"

namespace millrace::store {

class SimulatedDisk : public Disk {
  public:
    explicit SimulatedDisk(std::uint64_t seed) : random_(seed) {}

    // Power fails during the n-th call from now that changes something (1 = the next); every call
    // after it fails.
    void fail_power_after(std::uint64_t calls) { calls_left_ = calls; }
    [[nodiscard]] bool has_power() const { return !dark_; }
    // The machine starts again: what is on the medium is what there is. Open files of before are
    // dead.
    void restore_power();
    // The process died but the machine lives: nothing written is lost. Open files of before are
    // dead.
    void restart_process();

    // A full disk: writes and growth fail with no harm done until it is switched off again. From
    // any thread.
    void set_full(bool full) { full_ = full; }

    // Flips one byte of a file on the medium.
    void damage(const std::string& path, std::uint64_t offset);
    [[nodiscard]] std::uint64_t size_of(const std::string& path) const;

    Result<std::unique_ptr<File>> open(const std::string& path, Access access) override;
    Result<std::vector<std::string>> list(const std::string& directory) override;
    Result<void> make_directory(const std::string& directory) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> sync_directory(const std::string& directory) override;
    Result<std::unique_ptr<Lock>> lock(const std::string& path) override;

  private:
    friend class SimulatedFile;

    struct Contents {
        std::vector<std::byte> present;         // as the program sees it
        std::vector<std::byte> durable;         // as the medium has it
        std::set<std::uint64_t> dirty_sectors;  // numbers of those written since the last sync
    };
    using Inode = std::shared_ptr<Contents>;  // names come and go apart from what they name, as on
                                              // a real disk

    // True when the call may go on; counts it, and cuts the power when its turn has come.
    bool survives_call();
    void lose_unsynced(Contents& contents);
    [[nodiscard]] tl::unexpected<Error> darkness(const std::string& path) const;

    Random random_;
    std::map<std::string, Inode> names_;               // as the program sees it
    std::map<std::string, Inode> durable_names_;       // as the medium has it
    std::map<std::string, std::weak_ptr<int>> locks_;  // of the living process
    std::uint64_t calls_left_ = 0;                     // 0 = power stays
    std::uint64_t boots_ = 0;
    bool dark_ = false;
    std::atomic<bool> full_ = false;
};

}  // namespace millrace::store
