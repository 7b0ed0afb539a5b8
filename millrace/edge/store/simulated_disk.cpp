// What a power cut leaves: a model of sectors, sizes and names that is at least as unkind as real
// disks are.
#include "millrace/edge/store/simulated_disk.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "millrace/base/assert.hpp"

namespace millrace::store {
namespace {

constexpr std::size_t kSectorSize = 512;

}  // namespace

class SimulatedFile : public File {
  public:
    SimulatedFile(SimulatedDisk& disk, std::string path, SimulatedDisk::Inode inode)
        : disk_(disk), path_(std::move(path)), inode_(std::move(inode)), boot_(disk.boots_) {}

    Result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
        if (is_dead()) return disk_.darkness(path_);
        if (disk_.full_) return disk_full();
        const bool survives = disk_.survives_call();
        // Power lost in the middle of a write: the machine had taken some of the bytes.
        if (!survives) bytes = bytes.first(disk_.random_.below(bytes.size() + 1));
        put(offset, bytes);
        if (!survives) return disk_.darkness(path_);
        return {};
    }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
        if (is_dead()) return disk_.darkness(path_);
        const auto& present = inode_->present;
        if (offset >= present.size()) return std::size_t{0};
        const std::size_t count = std::min<std::size_t>(bytes.size(), present.size() - offset);
        std::memcpy(bytes.data(), present.data() + offset, count);
        return count;
    }

    Result<void> sync() override {
        if (is_dead()) return disk_.darkness(path_);
        if (!disk_.survives_call()) return disk_.darkness(path_);
        inode_->durable = inode_->present;
        inode_->dirty_sectors.clear();
        return {};
    }

    Result<void> resize(std::uint64_t size) override {
        if (is_dead()) return disk_.darkness(path_);
        if (disk_.full_ && size > inode_->present.size()) return disk_full();
        const bool survives = disk_.survives_call();
        if (survives || disk_.random_.one_in(2)) {
            // Cut bytes that come back by growing are zeros: their sectors are dirty too.
            const std::size_t kept = std::min<std::size_t>(size, inode_->present.size());
            const std::size_t touched = std::max<std::size_t>(size, inode_->present.size());
            inode_->present.resize(size);
            mark_dirty(kept, touched - kept);
        }
        if (!survives) return disk_.darkness(path_);
        return {};
    }

    Result<std::uint64_t> size() override {
        if (is_dead()) return disk_.darkness(path_);
        return std::uint64_t{inode_->present.size()};
    }

  private:
    [[nodiscard]] bool is_dead() const { return disk_.dark_ || boot_ != disk_.boots_; }

    [[nodiscard]] tl::unexpected<Error> disk_full() const {
        return failure(ErrorCode::data, "cannot write", path_, "No space left on device",
                       "free space on that disk, or point data_dir to another");
    }

    void put(std::uint64_t offset, std::span<const std::byte> bytes) {
        if (bytes.empty()) return;
        auto& present = inode_->present;
        if (offset + bytes.size() > present.size()) present.resize(offset + bytes.size());
        std::memcpy(present.data() + offset, bytes.data(), bytes.size());
        mark_dirty(offset, bytes.size());
    }

    void mark_dirty(std::uint64_t offset, std::uint64_t size) {
        if (size == 0) return;
        for (std::uint64_t sector = offset / kSectorSize; sector * kSectorSize < offset + size;
             ++sector)
            inode_->dirty_sectors.insert(sector);
    }

    SimulatedDisk& disk_;
    std::string path_;
    SimulatedDisk::Inode inode_;
    std::uint64_t boot_;
};

class SimulatedLock : public Lock {
  public:
    explicit SimulatedLock(std::shared_ptr<int> holder) : holder_(std::move(holder)) {}

  private:
    std::shared_ptr<int> holder_;  // whoever asks for the lock sees whether it lives
};

bool SimulatedDisk::survives_call() {
    if (calls_left_ == 0 || --calls_left_ > 0) return true;
    dark_ = true;
    return false;
}

tl::unexpected<Error> SimulatedDisk::darkness(const std::string& path) const {
    return failure(ErrorCode::data, "the power is off", path, "simulated power failure",
                   "restore the power");
}

// Each sector that was not synced holds its new bytes or its old ones, by chance; so does the
// file's size.
void SimulatedDisk::lose_unsynced(Contents& contents) {
    const auto& present = contents.present;
    auto& durable = contents.durable;
    std::vector<std::uint64_t> kept;
    const std::uint64_t luck = random_.below(4);  // all lost, half, most, all kept
    for (const std::uint64_t sector : contents.dirty_sectors) {
        const bool keep =
            luck == 3 || (luck == 2 && !random_.one_in(8)) || (luck == 1 && random_.one_in(2));
        if (keep) kept.push_back(sector);
    }
    std::size_t size = random_.one_in(2) ? present.size() : durable.size();
    for (const std::uint64_t sector : kept)
        if (sector * kSectorSize < present.size())
            size =
                std::max(size, std::min<std::size_t>(present.size(), (sector + 1) * kSectorSize));
    durable.resize(size);
    for (const std::uint64_t sector : kept) {
        const std::size_t from = sector * kSectorSize;
        const std::size_t to = std::min<std::size_t>(from + kSectorSize, size);
        for (std::size_t at = from; at < to; ++at)
            durable[at] = at < present.size() ? present[at] : std::byte{0};
    }
    contents.present = durable;
    contents.dirty_sectors.clear();
}

void SimulatedDisk::restart_process() {
    locks_.clear();  // they die with their process
    calls_left_ = 0;
    dark_ = false;
    ++boots_;
}

void SimulatedDisk::restore_power() {
    // A name that was made but not synced may be there or not; so may one that was renamed or
    // removed.
    std::map<std::string, Inode> survivors;
    for (const auto& [path, inode] : names_) {
        const auto durable = durable_names_.find(path);
        const bool is_durable = durable != durable_names_.end() && durable->second == inode;
        if (is_durable || random_.one_in(2)) survivors[path] = inode;
    }
    for (const auto& [path, inode] : durable_names_) {
        const auto present = names_.find(path);
        if (present != names_.end() && present->second == inode) continue;
        if (survivors.find(path) == survivors.end() &&
            (present != names_.end() || random_.one_in(2)))
            survivors[path] = inode;
    }
    std::set<Inode> seen;
    for (auto& [path, inode] : survivors)
        if (seen.insert(inode).second) lose_unsynced(*inode);
    names_ = survivors;
    durable_names_ = survivors;
    restart_process();
}

void SimulatedDisk::damage(const std::string& path, std::uint64_t offset) {
    const auto found = names_.find(path);
    MILLRACE_ASSERT(found != names_.end() && offset < found->second->present.size(),
                    "damage outside of a file");
    found->second->present[offset] ^= std::byte{0x10};
    found->second->durable = found->second->present;
}

std::uint64_t SimulatedDisk::size_of(const std::string& path) const {
    const auto found = names_.find(path);
    return found == names_.end() ? 0 : found->second->present.size();
}

Result<std::unique_ptr<File>> SimulatedDisk::open(const std::string& path, Access access) {
    if (dark_) return darkness(path);
    auto found = names_.find(path);
    if (access == Access::create) {
        if (full_)
            return failure(ErrorCode::data, "cannot open", path, "No space left on device",
                           "free space on that disk, or point data_dir to another");
        const bool survives = survives_call();
        if (survives || random_.one_in(2)) {
            names_[path] = std::make_shared<Contents>();
            found = names_.find(path);
        }
        if (!survives) return darkness(path);
    }
    if (found == names_.end())
        return failure(ErrorCode::data, "cannot open", path, "No such file or directory",
                       "check the path");
    return std::make_unique<SimulatedFile>(*this, path, found->second);
}

Result<std::vector<std::string>> SimulatedDisk::list(const std::string& directory) {
    if (dark_) return darkness(directory);
    std::vector<std::string> names;
    for (const auto& [path, inode] : names_) {
        const std::filesystem::path whole(path);
        if (whole.parent_path() == directory) names.push_back(whole.filename().string());
    }
    return names;
}

Result<void> SimulatedDisk::make_directory(const std::string& directory) {
    if (dark_) return darkness(directory);
    return {};
}

Result<void> SimulatedDisk::rename(const std::string& from, const std::string& to) {
    if (dark_) return darkness(from);
    const auto found = names_.find(from);
    if (found == names_.end())
        return failure(ErrorCode::data, "cannot rename", from, "No such file or directory",
                       "check the path");
    const bool survives = survives_call();
    if (survives || random_.one_in(2)) {
        names_[to] = found->second;
        names_.erase(from);
    }
    if (!survives) return darkness(from);
    return {};
}

Result<void> SimulatedDisk::remove(const std::string& path) {
    if (dark_) return darkness(path);
    if (names_.find(path) == names_.end())
        return failure(ErrorCode::data, "cannot remove", path, "No such file or directory",
                       "check the path");
    const bool survives = survives_call();
    if (survives || random_.one_in(2)) names_.erase(path);
    if (!survives) return darkness(path);
    return {};
}

Result<void> SimulatedDisk::sync_directory(const std::string& directory) {
    if (dark_) return darkness(directory);
    if (!survives_call()) return darkness(directory);
    const auto is_here = [&](const auto& entry) {
        return std::filesystem::path(entry.first).parent_path() == directory;
    };
    std::erase_if(durable_names_, is_here);
    for (const auto& entry : names_)
        if (is_here(entry)) durable_names_.insert(entry);
    return {};
}

Result<std::unique_ptr<Lock>> SimulatedDisk::lock(const std::string& path) {
    if (dark_) return darkness(path);
    auto holder = std::make_shared<int>();
    std::weak_ptr<int>& held = locks_[path];
    if (!held.expired())
        return failure(ErrorCode::data, "another process is writing here", path, "its lock is held",
                       "stop the other Millrace, or use another data_dir");
    held = holder;
    return std::make_unique<SimulatedLock>(std::move(holder));
}

}  // namespace millrace::store
