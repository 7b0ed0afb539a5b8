// Writing, listing and thinning of snapshot files.
#include "millrace/edge/store/snapshots.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace millrace::store {
namespace {

constexpr std::string_view kPrefix = "snapshot-";
constexpr std::string_view kSuffix = ".state";
constexpr std::string_view kUnfinished = "snapshot.new";
constexpr std::size_t kDigits = 20;  // of any 64-bit number, so that names sort as numbers do
constexpr std::size_t kKept = 2;

std::string name_of(std::uint64_t sequence) {
    const std::string digits = std::to_string(sequence);
    return std::string(kPrefix) + std::string(kDigits - digits.size(), '0') + digits +
           std::string(kSuffix);
}

}  // namespace

std::string Snapshots::path_of(std::uint64_t sequence) const {
    return (std::filesystem::path(directory_) / name_of(sequence)).string();
}

Result<void> Snapshots::save(std::uint64_t sequence, std::span<const std::byte> bytes) {
    const std::string unfinished = (std::filesystem::path(directory_) / kUnfinished).string();
    {
        auto file = disk_.open(unfinished, Disk::Access::create);
        if (!file) return failure(std::move(file.error()));
        if (auto written = (*file)->write_at(0, bytes); !written) return written;
        if (auto synced = (*file)->sync(); !synced) return synced;
    }
    if (auto renamed = disk_.rename(unfinished, path_of(sequence)); !renamed) return renamed;
    if (auto synced = disk_.sync_directory(directory_); !synced) return synced;
    auto present = list();
    if (!present) return failure(std::move(present.error()));
    for (std::size_t i = kKept; i < present->size(); ++i)
        if (auto removed = disk_.remove(path_of((*present)[i])); !removed) return removed;
    return {};
}

Result<std::vector<std::uint64_t>> Snapshots::list() {
    auto names = disk_.list(directory_);
    if (!names) return failure(std::move(names.error()));
    std::vector<std::uint64_t> sequences;
    for (const std::string& name : *names) {
        if (name.size() != kPrefix.size() + kDigits + kSuffix.size()) continue;
        std::uint64_t sequence = 0;
        const char* digits = name.data() + kPrefix.size();
        if (std::from_chars(digits, digits + kDigits, sequence).ec != std::errc()) continue;
        if (name == name_of(sequence)) sequences.push_back(sequence);
    }
    std::sort(sequences.begin(), sequences.end(), std::greater{});
    return sequences;
}

Result<std::vector<std::byte>> Snapshots::load(std::uint64_t sequence) {
    auto file = disk_.open(path_of(sequence), Disk::Access::read);
    if (!file) return failure(std::move(file.error()));
    std::vector<std::byte> bytes;
    if (auto read = read_file(**file, bytes); !read) return failure(std::move(read.error()));
    return bytes;
}

}  // namespace millrace::store
