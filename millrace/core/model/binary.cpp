// The binary codec: one memcpy for flat nouns, field by field for the others.
#include "millrace/core/model/binary.hpp"

#include "millrace/core/model/field_access.hpp"

namespace millrace::model {
namespace {

constexpr std::size_t kTextLengthSize = sizeof(std::uint16_t);

tl::unexpected<Error> damaged(const NounDescription& noun, std::string_view field,
                              std::string why) {
    std::string where(noun.name);
    if (!field.empty()) where += "." + std::string(field);
    return failure(ErrorCode::data, "the bytes are no valid " + std::string(noun.name),
                   std::move(where), std::move(why),
                   "the record is damaged or was not written by Millrace");
}

// A stored value is believed only when it could have been written.
[[nodiscard]] bool is_sound(const FieldDescription& field, const void* value) {
    return field.kind == FieldKind::text || is_allowed(field, load_integer(field, value));
}

// Success, to be copied: `return {}` would fill the bytes of an Error with zeros first, which is 12
// of 25 ns for a quote (bench: Codec/binary_read_quote).
constinit const Result<void> kSound;

tl::unexpected<Error> unsound(const NounDescription& noun, const FieldDescription& field) {
    return damaged(noun, field.name,
                   field.kind == FieldKind::reserved ? "reserved bytes are not zero"
                                                     : "the value is out of its range");
}

// Takes one field off the front of `bytes`.
Result<void> read_field(const NounDescription& noun, const FieldDescription& field,
                        std::span<const std::byte>& bytes, void* value) {
    std::size_t size = field.size;
    if (field.kind == FieldKind::text) {
        std::uint16_t length = 0;
        if (bytes.size() < kTextLengthSize) return damaged(noun, field.name, "the bytes end in it");
        std::memcpy(&length, bytes.data(), kTextLengthSize);
        bytes = bytes.subspan(kTextLengthSize);
        if (length > field.size)
            return damaged(noun, field.name, "the text is longer than its field");
        size = length;
    }
    if (bytes.size() < size) return damaged(noun, field.name, "the bytes end in it");
    if (field.kind == FieldKind::text) {
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), size);
        if (text.find('\0') != std::string_view::npos)
            return damaged(noun, field.name, "the text has a zero byte in it");
        store_text(field, value, text);
    } else {
        std::memcpy(static_cast<std::byte*>(value) + field.offset, bytes.data(), size);
    }
    bytes = bytes.subspan(size);
    if (!is_sound(field, value)) return unsound(noun, field);
    return kSound;
}

}  // namespace

std::size_t binary_size_max(const NounDescription& noun) {
    std::size_t size = 0;
    for (const FieldDescription& field : noun.fields)
        size += field.size + (field.kind == FieldKind::text ? kTextLengthSize : 0);
    return size;
}

std::size_t write_binary(const NounDescription& noun, const void* value, std::span<std::byte> out) {
    if (noun.flat) {
        MILLRACE_ASSERT(out.size() >= noun.size, "the buffer is too small for the noun");
        std::memcpy(out.data(), value, noun.size);
        return noun.size;
    }
    MILLRACE_ASSERT(out.size() >= binary_size_max(noun), "the buffer is too small for the noun");
    std::size_t used = 0;
    for (const FieldDescription& field : noun.fields) {
        const auto* bytes = static_cast<const std::byte*>(value) + field.offset;
        std::size_t size = field.size;
        if (field.kind == FieldKind::text) {
            size = load_text(field, value).size();
            const auto length = static_cast<std::uint16_t>(size);
            std::memcpy(out.data() + used, &length, kTextLengthSize);
            used += kTextLengthSize;
        }
        std::memcpy(out.data() + used, bytes, size);
        used += size;
    }
    return used;
}

Result<void> read_binary(const NounDescription& noun, std::uint8_t version,
                         std::span<const std::byte> bytes, void* value) {
    if (version < 1 || version > noun.version)
        return failure(
            ErrorCode::data,
            "version " + std::to_string(version) + " of " + std::string(noun.name) + " is unknown",
            std::string(noun.name),
            "this program knows versions 1 to " + std::to_string(noun.version),
            "use the Millrace that wrote it, or a newer one");
    if (noun.flat && version == noun.version) {
        if (bytes.size() != noun.size) return damaged(noun, {}, "it has the wrong length");
        std::memcpy(value, bytes.data(), noun.size);
        for (const FieldDescription& field : noun.fields)
            if (!is_allowed(field, load_integer(field, value))) return unsound(noun, field);
        return kSound;
    }
    std::memcpy(value, noun.defaults, noun.size);
    for (const FieldDescription& field : noun.fields) {
        if (field.since > version) break;
        if (auto read = read_field(noun, field, bytes, value); !read) return read;
    }
    if (!bytes.empty()) return damaged(noun, {}, "there are bytes after its last field");
    return kSound;
}

}  // namespace millrace::model
