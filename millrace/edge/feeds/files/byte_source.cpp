// zlib unpacks; lengths and checksums of what comes out are held against what the file says.
#include "millrace/edge/feeds/files/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>
#include <zlib.h>

#include "millrace/base/assert.hpp"
#include "millrace/edge/feeds/files/zip_directory.hpp"

namespace millrace::files {
namespace {

constexpr std::size_t kPackedBufferBytes = 256 << 10;
constexpr std::uint64_t kBombBytes = 256 << 20;  // below it nothing can do harm
constexpr std::uint64_t kRatioMax = 400;         // tables of prices pack 3 to 40 times

class PlainBytes final : public ByteSource {
  public:
    explicit PlainBytes(InputFile file) : file_(std::move(file)) {}

    Result<std::size_t> read(std::span<char> into) override {
        const auto got = file_.read_at(at_, into);
        if (got) at_ += *got;
        return got;
    }

  private:
    InputFile file_;
    std::uint64_t at_ = 0;
};

// What is known of packed bytes before they are unpacked.
struct Packed {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  // in the file
    int window_bits = 0;    // as zlib wants them: 31 gzip, -15 bare
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint32_t> crc;
};

class PackedBytes final : public ByteSource {
  public:
    PackedBytes(InputFile file, std::string place, const Packed& packed)
        : file_(std::move(file)), place_(std::move(place)), packed_(packed), at_(packed.begin) {
        // Only too little memory or a wrong version of zlib can fail here, which is our own matter.
        MILLRACE_ASSERT(inflateInit2(&zlib_, packed.window_bits) == Z_OK, "zlib cannot begin");
    }
    ~PackedBytes() override { inflateEnd(&zlib_); }
    PackedBytes(const PackedBytes&) = delete;
    PackedBytes& operator=(const PackedBytes&) = delete;

    Result<std::size_t> read(std::span<char> into) override {
        zlib_.next_out = reinterpret_cast<Bytef*>(into.data());
        zlib_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1 << 30));
        const uInt wanted = zlib_.avail_out;
        while (!is_ended_ && zlib_.avail_out == wanted)
            if (auto done = unpack(); !done) return failure(std::move(done.error()));
        const std::size_t got = wanted - zlib_.avail_out;
        given_ += got;
        if (packed_.crc) crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(into.data()), got);
        if (auto sound = check(); !sound) return failure(std::move(sound.error()));
        return got;
    }

  private:
    Result<void> unpack() {
        if (zlib_.avail_in == 0 && at_ < packed_.end) {
            auto filled = fill();
            if (!filled) return filled;
        }
        // Without input, zlib may still hold output that did not fit before.
        const int state = inflate(&zlib_, Z_NO_FLUSH);
        if (state == Z_STREAM_END) return end_stream();
        if (state == Z_BUF_ERROR) return broken("it ends early");
        if (state != Z_OK) return broken(zlib_.msg == nullptr ? "no packed data" : zlib_.msg);
        return {};
    }

    Result<void> fill() {
        const std::uint64_t rest = packed_.end - at_;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(rest, buffer_.size()));
        const auto got = file_.read_at(at_, std::span(buffer_).first(wanted));
        if (!got) return failure(Error(got.error()));
        if (*got == 0) return broken("it ends early");
        at_ += *got;
        zlib_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        zlib_.avail_in = static_cast<uInt>(*got);
        return {};
    }

    // A gzip may consist of several, one behind the other.
    Result<void> end_stream() {
        const bool is_last =
            packed_.bytes.has_value() || (zlib_.avail_in == 0 && at_ == packed_.end);
        if (is_last) {
            is_ended_ = true;
            return {};
        }
        if (inflateReset(&zlib_) != Z_OK) return broken("it cannot go on");
        return {};
    }

    Result<void> check() {
        const std::uint64_t taken = at_ - packed_.begin - zlib_.avail_in;
        if (given_ > kBombBytes && given_ / kRatioMax > taken)
            return failure(ErrorCode::data, "the file unpacks to far too much", place_,
                           "more than " + std::to_string(kRatioMax) + " times its size",
                           "unpack it yourself if it is what you mean");
        if (packed_.bytes && (given_ > *packed_.bytes || (is_ended_ && given_ != *packed_.bytes)))
            return broken("it is not as long as the zip says");
        if (is_ended_ && packed_.crc && crc_ != *packed_.crc)
            return broken("its checksum is not the one that the zip has");
        return {};
    }

    [[nodiscard]] tl::unexpected<Error> broken(std::string why) const {
        return failure(ErrorCode::data, "the packed file is broken", place_, std::move(why),
                       "fetch or pack it again");
    }

    InputFile file_;
    std::string place_;
    Packed packed_;
    std::vector<char> buffer_ = std::vector<char>(kPackedBufferBytes);
    z_stream zlib_{};
    std::uint64_t at_;
    std::uint64_t given_ = 0;
    uLong crc_ = 0;
    bool is_ended_ = false;
};

// A member that lies in the zip as it is.
class StoredBytes final : public ByteSource {
  public:
    StoredBytes(InputFile file, std::string place, std::uint64_t begin, const ZipMember& member)
        : file_(std::move(file)),
          place_(std::move(place)),
          at_(begin),
          rest_(member.bytes),
          wanted_crc_(member.crc) {}

    Result<std::size_t> read(std::span<char> into) override {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, into.size()));
        const auto got = file_.read_at(at_, into.first(wanted));
        if (!got) return got;
        at_ += *got;
        rest_ -= *got;
        crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(into.data()), *got);
        if ((*got == 0 && rest_ > 0) || (rest_ == 0 && crc_ != wanted_crc_))
            return failure(ErrorCode::data, "the packed file is broken", place_,
                           "its checksum is not the one that the zip has",
                           "fetch or pack it again");
        return got;
    }

  private:
    InputFile file_;
    std::string place_;
    std::uint64_t at_;
    std::uint64_t rest_;
    uLong wanted_crc_;
    uLong crc_ = 0;
};

// Forms that are not read, by their first bytes.
struct Stranger {
    std::string_view begin;
    const char* what;
    const char* mend;
};
constexpr Stranger kStrangers[] = {
    {"\x28\xb5\x2f\xfd", "it is packed with zstd", "unpack it: zstd -d FILE"},
    {"BZh", "it is packed with bzip2", "unpack it: bunzip2 FILE"},
    {"\xfd"
     "7zXZ",
     "it is packed with xz", "unpack it: xz -d FILE"},
    {"7z\xbc\xaf", "it is a 7z archive", "unpack it"},
    {"Rar!", "it is a RAR archive", "unpack it"},
    {"\xff\xfe", "it is text in UTF-16", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
    {"\xfe\xff", "it is text in UTF-16", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"},
    {"PAR1", "it is Parquet", "name it where market data are read, with its own name"},
    {"%PDF", "it is a PDF", "export the table as CSV"},
    {"\xd0\xcf\x11\xe0", "it is an old spreadsheet", "save the sheet as CSV"},
    {"SQLite format 3", "it is a database of SQLite", "export the table as CSV"},
};

Result<OpenedBytes> open_zip(InputFile file, const std::string& name) {
    const std::string path = file.path();
    const auto members = read_zip_directory(file);
    if (!members) return failure(Error(members.error()));
    const auto is_office = [](const ZipMember& member) {
        return member.name == "[Content_Types].xml";
    };
    if (std::any_of(members->begin(), members->end(), is_office))
        return failure(ErrorCode::data, "the file is not read", path, "it is a spreadsheet",
                       "save the sheet as CSV");
    const auto member = choose_member(*members, name, path);
    if (!member) return failure(Error(member.error()));
    const std::string place = path + "/" + member->name;
    if (member->is_encrypted || (member->method != 0 && member->method != 8))
        return failure(ErrorCode::data, "the file in the zip is not read", place,
                       member->is_encrypted
                           ? "it is encrypted"
                           : "it is packed with method " + std::to_string(member->method) +
                                 "; stored (0) and deflated (8) are read",
                       "unpack it");
    const auto begin = begin_of_member(file, *member);
    if (!begin) return failure(Error(begin.error()));
    OpenedBytes opened{nullptr, place, member->name, member->bytes, Container::zip};
    if (member->method == 0) {
        if (member->bytes != member->packed_bytes)
            return failure(ErrorCode::data, "the zip is broken", place,
                           "it is stored, but its two lengths differ", "fetch or pack it again");
        opened.bytes = std::make_unique<StoredBytes>(std::move(file), place, *begin, *member);
        return opened;
    }
    const Packed packed{*begin, *begin + member->packed_bytes, -MAX_WBITS, member->bytes,
                        member->crc};
    opened.bytes = std::make_unique<PackedBytes>(std::move(file), place, packed);
    return opened;
}

}  // namespace

Result<OpenedBytes> open_bytes(const std::string& path, const std::string& member) {
    auto file = InputFile::open(path);
    if (!file) return failure(std::move(file.error()));
    std::array<char, 16> first{};
    const auto got = file->read_at(0, first);
    if (!got) return failure(Error(got.error()));
    const std::string_view begin(first.data(), *got);
    if (begin.starts_with("PK\x03\x04") || begin.starts_with("PK\x05\x06"))
        return open_zip(std::move(*file), member);
    if (!member.empty())
        return failure(ErrorCode::usage, "the file has no members", path, "it is no zip",
                       "leave out member=" + member.substr(0, 80));
    if (begin.starts_with("\x1f\x8b")) {
        const Packed packed{0, file->size(), MAX_WBITS + 16, {}, {}};
        auto bytes = std::make_unique<PackedBytes>(std::move(*file), path, packed);
        return OpenedBytes{std::move(bytes), path, {}, 0, Container::gzip};
    }
    for (const Stranger& stranger : kStrangers)
        if (begin.starts_with(stranger.begin))
            return failure(ErrorCode::data, "the file is not read", path, stranger.what,
                           stranger.mend);
    const std::uint64_t size = file->size();
    return OpenedBytes{
        std::make_unique<PlainBytes>(std::move(*file)), path, {}, size, Container::plain};
}

}  // namespace millrace::files
