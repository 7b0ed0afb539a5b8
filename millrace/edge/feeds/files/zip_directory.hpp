// ZipDirectory: what lies where in a zip, as the directory at its end says (APPNOTE 6.3: end
// record, zip64, central headers). Nothing is unpacked here.
#pragma once

#include <string>
#include <vector>

#include "millrace/edge/feeds/files/input_file.hpp"

namespace millrace::files {

struct ZipMember {
    std::string name;
    std::uint64_t packed_bytes = 0;
    std::uint64_t bytes = 0;
    std::uint64_t header_at = 0;  // of its local header
    std::uint32_t crc = 0;
    std::uint16_t method = 0;  // 0 stored, 8 deflated
    bool is_encrypted = false;
};

inline constexpr std::uint64_t kZipDirectoryBytesMax = 64 << 20;
inline constexpr std::size_t kZipMembersMax = 100'000;

[[nodiscard]] Result<std::vector<ZipMember>> read_zip_directory(const InputFile& file);

// The member of this name; of an empty name the only one that can be a table. Errors name those
// there are.
[[nodiscard]] Result<ZipMember> choose_member(const std::vector<ZipMember>& members,
                                              const std::string& name, const std::string& path);

// Where its bytes begin, behind its local header.
[[nodiscard]] Result<std::uint64_t> begin_of_member(const InputFile& file, const ZipMember& member);

}  // namespace millrace::files
