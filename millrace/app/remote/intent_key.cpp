// Digests as text.
#include "millrace/app/remote/intent_key.hpp"

#include <array>
#include <random>

#include "millrace/base/hash.hpp"
#include "millrace/edge/net/sha1.hpp"
#include "millrace/edge/store/sha256.hpp"

namespace millrace::remote {
namespace {

constexpr std::size_t kContentDigits = 40;  // 160 bits, like a UUID with room to spare
// 6ba7b810-9dad-11d1-80b4-00c04fd430c8, the namespace of domain names.
constexpr std::array<unsigned char, 16> kDnsNamespace = {
    0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

std::string in_capitals(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

}  // namespace

std::string content_key(std::string_view body, std::string_view moment) {
    std::string text(body);
    text += '\n';
    text += moment;
    return "csv1-" + store::sha256_of(text).substr(0, kContentDigits);
}

std::string predecessor_key(const PredecessorRow& row) {
    std::string name = in_capitals(row.symbol) + "|" + in_capitals(row.side);
    for (const std::string_view part : {row.timestamp, row.source, row.order_type})
        name.append("|").append(part);
    return dns_uuid(name);
}

std::string dns_uuid(std::string_view name) {
    std::string bytes(reinterpret_cast<const char*>(kDnsNamespace.data()), kDnsNamespace.size());
    bytes += name;
    auto digest = net::sha1_of(bytes);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

std::string fresh_key() {
    std::random_device device;
    const auto word = [&] {
        return (static_cast<std::uint64_t>(device()) << 32) | static_cast<std::uint64_t>(device());
    };
    return "cli-" + hash_text(word()) + hash_text(word());
}

}  // namespace millrace::remote
