// Bytes of gzip and zip, made the way other programs make them, for tests of what reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

#include "millrace/base/assert.hpp"

namespace millrace {

// window_bits as zlib wants them: 31 gzip, -15 bare.
inline std::string deflated(std::string_view text, int window_bits) {
    z_stream zlib{};
    MILLRACE_ASSERT(deflateInit2(&zlib, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK,
                    "zlib cannot begin");
    std::string packed(deflateBound(&zlib, text.size()), '\0');
    std::string input(text);  // zlib wants what it may not change as what it may
    zlib.next_in = reinterpret_cast<Bytef*>(input.data());
    zlib.avail_in = static_cast<uInt>(input.size());
    zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
    zlib.avail_out = static_cast<uInt>(packed.size());
    MILLRACE_ASSERT(deflate(&zlib, Z_FINISH) == Z_STREAM_END, "the bound is large enough");
    packed.resize(zlib.total_out);
    deflateEnd(&zlib);
    return packed;
}

inline std::string gzipped(std::string_view text) {
    return deflated(text, MAX_WBITS + 16);
}

struct ZippedFile {
    std::string name;
    std::string text;
    bool is_stored = false;
    bool is_zip64 = false;         // its sizes and place stand in the extra field
    bool is_encrypted = false;     // only said to be
    std::uint32_t crc_change = 0;  // other than zero: a wrong checksum
};

class ZipBytes {
  public:
    ZipBytes& add(const ZippedFile& file) {
        const std::string packed = file.is_stored ? file.text : deflated(file.text, -MAX_WBITS);
        const std::string input = file.text;
        const auto crc = static_cast<std::uint32_t>(crc32_z(
                             0, reinterpret_cast<const Bytef*>(input.data()), input.size())) ^
                         file.crc_change;
        const std::uint64_t header_at = bytes_.size();
        const std::uint64_t method = file.is_stored ? 0 : 8;
        const std::uint64_t flags = file.is_encrypted ? 1 : 0;
        number(bytes_, 0x04034b50, 4);
        for (const std::uint64_t value : {std::uint64_t{20}, flags, method})
            number(bytes_, value, 2);
        number(bytes_, 0, 4);  // when it was made
        number(bytes_, crc, 4);
        number(bytes_, packed.size(), 4);
        number(bytes_, input.size(), 4);
        number(bytes_, file.name.size(), 2);
        number(bytes_, 0, 2);
        bytes_ += file.name + packed;

        std::string extra;
        if (file.is_zip64) {
            number(extra, 1, 2);
            number(extra, 24, 2);
            for (const std::uint64_t value :
                 {std::uint64_t{input.size()}, std::uint64_t{packed.size()}, header_at})
                number(extra, value, 8);
        }
        const std::uint64_t hidden = 0xffffffff;
        number(directory_, 0x02014b50, 4);
        for (const std::uint64_t value : {std::uint64_t{20}, std::uint64_t{20}, flags, method})
            number(directory_, value, 2);
        number(directory_, 0, 4);
        number(directory_, crc, 4);
        number(directory_, file.is_zip64 ? hidden : packed.size(), 4);
        number(directory_, file.is_zip64 ? hidden : input.size(), 4);
        number(directory_, file.name.size(), 2);
        number(directory_, extra.size(), 2);
        number(directory_, 0, 8);  // comment, disk, attributes
        number(directory_, 0, 2);
        number(directory_, file.is_zip64 ? hidden : header_at, 4);
        directory_ += file.name + extra;
        ++members_;
        return *this;
    }

    // With the end record of a zip64 as well when asked for.
    [[nodiscard]] std::string finished(bool is_zip64 = false, std::string_view comment = {}) const {
        std::string all = bytes_ + directory_;
        const std::uint64_t end64_at = all.size();
        if (is_zip64) {
            number(all, 0x06064b50, 4);
            number(all, 44, 8);
            number(all, 45, 2);
            number(all, 45, 2);
            number(all, 0, 8);  // disks
            number(all, members_, 8);
            number(all, members_, 8);
            number(all, directory_.size(), 8);
            number(all, bytes_.size(), 8);
            number(all, 0x07064b50, 4);
            number(all, 0, 4);
            number(all, end64_at, 8);
            number(all, 1, 4);
        }
        number(all, 0x06054b50, 4);
        number(all, 0, 4);
        number(all, is_zip64 ? 0xffff : members_, 2);
        number(all, is_zip64 ? 0xffff : members_, 2);
        number(all, is_zip64 ? 0xffffffff : directory_.size(), 4);
        number(all, is_zip64 ? 0xffffffff : bytes_.size(), 4);
        number(all, comment.size(), 2);
        return all + std::string(comment);
    }

  private:
    static void number(std::string& text, std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            text += static_cast<char>((value >> (8 * i)) & 0xff);
    }

    std::string bytes_;
    std::string directory_;
    std::uint64_t members_ = 0;
};

}  // namespace millrace
