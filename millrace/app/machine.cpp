// The system's calls and files behind the facts.
#include "millrace/app/machine.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

#include "millrace/base/crc32c.hpp"
#include "millrace/base/zone.hpp"

namespace millrace::app {
namespace {

std::string first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    }
    return "unknown";
}

unsigned usable_cores() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    return static_cast<unsigned>(CPU_COUNT(&set));
}

Duration monotonic_now() {
    return Duration::nanoseconds(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count());
}

// An open file descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

// A file without a name, which goes away with its descriptor even after a crash; where the file
// system knows no such thing, a named one whose name is removed at once.
int open_nameless(const std::string& directory) {
    const int nameless = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (nameless >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return nameless;
    std::string name = directory + "/.millrace-doctor-XXXXXX";
    const int named = mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) unlink(name.c_str());
    return named;
}

Result<Duration> sync_median(int file, const std::string& directory) {
    constexpr std::size_t kRounds = 9;
    const std::array<char, 4096> block{};
    std::array<Duration, kRounds> times;
    for (std::size_t i = 0; i < kRounds; ++i) {
        const Duration start = monotonic_now();
        const auto offset = static_cast<off_t>(i * block.size());
        if (pwrite(file, block.data(), block.size(), offset) !=
                static_cast<ssize_t>(block.size()) ||
            fdatasync(file) != 0)
            return failure(ErrorCode::data, "cannot write to " + directory, directory,
                           std::generic_category().message(errno));
        times[i] = monotonic_now() - start;
    }
    std::ranges::nth_element(times, times.begin() + kRounds / 2);
    return times[kRounds / 2];
}

}  // namespace

Processor processor() {
    return {.name = processor_name(),
            .cores = usable_cores(),
            .crc32c_hardware = crc32c_internal::has_hardware()};
}

std::optional<std::uint64_t> memory_bytes() {
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page_size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_size <= 0) return std::nullopt;
    const auto physical = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
    // "max", or no such file, where the group sets no limit.
    std::istringstream limit(first_line("/sys/fs/cgroup/memory.max"));
    std::uint64_t limit_bytes = 0;
    if (limit >> limit_bytes) return std::min(physical, limit_bytes);
    return physical;
}

DescriptorLimit descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return {.soft = limit.rlim_cur, .hard = limit.rlim_max};
}

Time system_time() {
    return Time::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count());
}

Duration monotonic_step() {
    constexpr int kSteps = 100;
    Duration smallest = Duration::seconds(1);
    for (int i = 0; i < kSteps; ++i) {
        const Duration before = monotonic_now();
        Duration after = monotonic_now();
        // A coarse clock stands still for milliseconds at most; the limit only guards against a
        // stopped one.
        for (int spin = 0; after == before && spin < 10'000'000; ++spin)
            after = monotonic_now();
        if (after > before) smallest = std::min(smallest, after - before);
    }
    return smallest;
}

std::optional<std::string> zones_version() {
    if (!Zone::find("America/New_York")) return std::nullopt;
    // "# version 2026f"
    constexpr std::string_view kLabel = "# version ";
    const std::string line = first_line("/usr/share/zoneinfo/tzdata.zi");
    if (line.starts_with(kLabel)) return line.substr(kLabel.size());
    return "of unknown version";
}

Result<Directory> measure_directory(const std::string& path) {
    std::error_code error;
    std::filesystem::path at = path;
    bool exists = true;
    while (!std::filesystem::exists(at, error)) {
        exists = false;
        if (error)
            return failure(ErrorCode::data, "cannot look at " + at.string(), at.string(),
                           error.message());
        at = at.parent_path();
        if (at.empty()) at = ".";
    }
    Directory directory{
        .measured = at.string(), .exists = exists, .free_bytes = 0, .sync_median = {}};
    if (!std::filesystem::is_directory(at, error))
        return failure(ErrorCode::data, at.string() + " is not a directory", at.string());
    struct statvfs space = {};
    if (statvfs(at.c_str(), &space) != 0)
        return failure(ErrorCode::data, "cannot look at " + at.string(), at.string(),
                       std::generic_category().message(errno));
    directory.free_bytes = space.f_bavail * space.f_frsize;

    const Descriptor file(open_nameless(directory.measured));
    if (file.number() < 0)
        return failure(ErrorCode::data, "cannot make a file in " + at.string(), at.string(),
                       std::generic_category().message(errno));
    const auto median = sync_median(file.number(), directory.measured);
    if (!median) return failure(median.error());
    directory.sync_median = *median;
    return directory;
}

}  // namespace millrace::app
