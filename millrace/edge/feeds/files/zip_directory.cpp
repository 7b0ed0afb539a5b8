// Every length and offset of the file is checked before it is followed.
#include "millrace/edge/feeds/files/zip_directory.hpp"

#include <algorithm>

namespace millrace::files {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kCommentMax = 65'535;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kHeaderBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint32_t kEndSign = 0x06054b50;
constexpr std::uint32_t kLocatorSign = 0x07064b50;
constexpr std::uint32_t kEnd64Sign = 0x06064b50;
constexpr std::uint32_t kHeaderSign = 0x02014b50;
constexpr std::uint32_t kLocalSign = 0x04034b50;
constexpr std::uint64_t kIn64 = 0xffffffff;  // the number stands in the zip64 part
constexpr std::size_t kNamesShown = 8;

// `bytes` of a number, the least first.
std::uint64_t number_at(std::string_view data, std::size_t at, std::size_t bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes; i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(data[at + i]);
    return number;
}

bool has_sign(std::string_view data, std::size_t at, std::uint32_t sign) {
    return number_at(data, at, 4) == sign;
}

tl::unexpected<Error> broken(const InputFile& file, std::string why) {
    return failure(ErrorCode::data, "the zip is broken", file.path(), std::move(why),
                   "fetch or pack it again");
}

Result<std::string> text_at(const InputFile& file, std::uint64_t at, std::uint64_t bytes,
                            const char* what) {
    if (at > file.size() || bytes > file.size() - at)
        return broken(file, std::string(what) + " lies beyond the end of the file");
    std::string text(bytes, '\0');
    const auto got = file.read_at(at, text);
    if (!got) return failure(Error(got.error()));
    if (*got != text.size()) return broken(file, std::string(what) + " is cut off");
    return text;
}

struct Directory {
    std::uint64_t at = 0;
    std::uint64_t bytes = 0;
    std::uint64_t members = 0;
};

// Of a zip64: its own end record, to which a locator in front of the end record points.
Result<Directory> read_end64(const InputFile& file, std::uint64_t end_at) {
    if (end_at < kLocatorBytes) return broken(file, "it has no zip64 locator");
    const auto locator = text_at(file, end_at - kLocatorBytes, kLocatorBytes, "the zip64 locator");
    if (!locator) return failure(Error(locator.error()));
    if (!has_sign(*locator, 0, kLocatorSign)) return broken(file, "it has no zip64 locator");
    const auto end = text_at(file, number_at(*locator, 8, 8), kEnd64Bytes, "the zip64 end record");
    if (!end) return failure(Error(end.error()));
    if (!has_sign(*end, 0, kEnd64Sign)) return broken(file, "it has no zip64 end record");
    return Directory{number_at(*end, 48, 8), number_at(*end, 40, 8), number_at(*end, 32, 8)};
}

Result<Directory> find_directory(const InputFile& file) {
    const std::uint64_t tail_bytes = std::min<std::uint64_t>(file.size(), kEndBytes + kCommentMax);
    const std::uint64_t tail_at = file.size() - tail_bytes;
    const auto tail = text_at(file, tail_at, tail_bytes, "the end");
    if (!tail) return failure(Error(tail.error()));
    for (std::size_t at = tail->size() < kEndBytes ? 0 : tail->size() - kEndBytes + 1; at-- > 0;) {
        if (!has_sign(*tail, at, kEndSign)) continue;
        const Directory found{number_at(*tail, at + 16, 4), number_at(*tail, at + 12, 4),
                              number_at(*tail, at + 10, 2)};
        if (found.at == kIn64 || found.bytes == kIn64 || found.members == 0xffff)
            return read_end64(file, tail_at + at);
        return found;
    }
    return broken(file, "it has no directory at its end; it may be cut off");
}

// The numbers that do not fit in 32 bits, in the order in which the header lacks them.
void read_extra64(std::string_view extra, ZipMember& member) {
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        const auto id = number_at(extra, at, 2);
        const auto bytes = number_at(extra, at + 2, 2);
        at += 4;
        if (bytes > extra.size() - at) return;
        if (id == 1) {
            std::size_t place = at;
            for (std::uint64_t* field : {&member.bytes, &member.packed_bytes, &member.header_at})
                if (*field == kIn64 && place + 8 <= at + bytes) {
                    *field = number_at(extra, place, 8);
                    place += 8;
                }
            return;
        }
        at += bytes;
    }
}

std::string names_of(const std::vector<ZipMember>& members) {
    std::string list;
    for (std::size_t i = 0; i < std::min(members.size(), kNamesShown); ++i)
        list += (i == 0 ? "" : ", ") + members[i].name;
    if (members.size() > kNamesShown)
        list += " and " + std::to_string(members.size() - kNamesShown) + " more";
    return list;
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return lower.ends_with(end); });
}

}  // namespace

Result<std::vector<ZipMember>> read_zip_directory(const InputFile& file) {
    const auto directory = find_directory(file);
    if (!directory) return failure(Error(directory.error()));
    if (directory->bytes > kZipDirectoryBytesMax || directory->members > kZipMembersMax)
        return failure(ErrorCode::data, "the zip has too many files", file.path(),
                       "at most " + std::to_string(kZipMembersMax) + " are looked at",
                       "unpack it and name the one that you mean");
    const auto text = text_at(file, directory->at, directory->bytes, "the directory");
    if (!text) return failure(Error(text.error()));
    std::vector<ZipMember> members;
    std::size_t at = 0;
    while (members.size() < directory->members) {
        if (text->size() - at < kHeaderBytes || !has_sign(*text, at, kHeaderSign))
            return broken(file, "its directory ends early");
        const auto name_bytes = number_at(*text, at + 28, 2);
        const auto extra_bytes = number_at(*text, at + 30, 2);
        const auto comment_bytes = number_at(*text, at + 32, 2);
        const std::size_t whole = kHeaderBytes + name_bytes + extra_bytes + comment_bytes;
        if (text->size() - at < whole) return broken(file, "its directory ends early");
        ZipMember member;
        member.is_encrypted = (number_at(*text, at + 8, 2) & 1) != 0;
        member.method = static_cast<std::uint16_t>(number_at(*text, at + 10, 2));
        member.crc = static_cast<std::uint32_t>(number_at(*text, at + 16, 4));
        member.packed_bytes = number_at(*text, at + 20, 4);
        member.bytes = number_at(*text, at + 24, 4);
        member.header_at = number_at(*text, at + 42, 4);
        member.name = text->substr(at + kHeaderBytes, name_bytes);
        read_extra64(std::string_view(*text).substr(at + kHeaderBytes + name_bytes, extra_bytes),
                     member);
        members.push_back(std::move(member));
        at += whole;
    }
    return members;
}

Result<ZipMember> choose_member(const std::vector<ZipMember>& members, const std::string& name,
                                const std::string& path) {
    const auto refused = [&](std::string what, std::string mend) {
        return failure(ErrorCode::data, std::move(what), path,
                       members.empty() ? "it is empty" : "it holds " + names_of(members),
                       std::move(mend));
    };
    std::vector<ZipMember> chosen;
    for (const ZipMember& member : members)
        if (name.empty() ? !member.name.ends_with('/') && !member.name.starts_with("__MACOSX/")
                         : member.name == name)
            chosen.push_back(member);
    if (!name.empty() && chosen.empty())
        return refused("the zip has no \"" + name.substr(0, 80) + "\"", "name one of those");
    if (chosen.size() > 1)  // a table beside its description
        std::erase_if(chosen, [](const ZipMember& member) {
            return !ends_with_any(member.name, {".csv", ".tsv"});
        });
    if (chosen.empty()) return refused("the zip holds no table", "name a file with rows of text");
    if (chosen.size() > 1)
        return refused("the zip holds several tables",
                       "say which: --read member=" + chosen.front().name);
    return chosen.front();
}

Result<std::uint64_t> begin_of_member(const InputFile& file, const ZipMember& member) {
    const auto header = text_at(file, member.header_at, kLocalBytes, "the header of a member");
    if (!header) return failure(Error(header.error()));
    if (!has_sign(*header, 0, kLocalSign)) return broken(file, "a member has no header");
    const std::uint64_t begin =
        member.header_at + kLocalBytes + number_at(*header, 26, 2) + number_at(*header, 28, 2);
    if (begin > file.size() || member.packed_bytes > file.size() - begin)
        return broken(file, "\"" + member.name.substr(0, 80) + "\" is cut off");
    return begin;
}

}  // namespace millrace::files
