// EVP, because it uses what the processor has for it: 1.7 GB/s where it has SHA instructions.
#include "millrace/edge/store/sha256.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <openssl/evp.h>
#include <system_error>
#include <vector>

#include "millrace/base/assert.hpp"

namespace millrace::store {

struct Sha256::Parts {
    Parts() : context(EVP_MD_CTX_new()) {}
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    ~Parts() { EVP_MD_CTX_free(context); }
    EVP_MD_CTX* context;
};

Sha256::Sha256() : parts_(std::make_unique<Parts>()) {
    MILLRACE_ASSERT(parts_->context != nullptr &&
                        EVP_DigestInit_ex(parts_->context, EVP_sha256(), nullptr) == 1,
                    "this OpenSSL has no SHA-256");
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    MILLRACE_ASSERT(EVP_DigestUpdate(parts_->context, bytes.data(), bytes.size()) == 1,
                    "the digest was taken already");
}

std::string Sha256::text() {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    MILLRACE_ASSERT(
        EVP_DigestFinal_ex(parts_->context, digest.data(), &size) == 1 && size == digest.size(),
        "the digest was taken already");
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string sha256_of(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.text();
}

Result<FileDigest> sha256_of_file(const std::string& path) {
    constexpr std::size_t kPiece = 1 << 20;
    const auto refused = [&](int error) {
        return failure(ErrorCode::data, "the file cannot be read", path,
                       std::generic_category().message(error),
                       "check the path and the right to read it");
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               &std::fclose);
    if (file == nullptr) return refused(errno);
    std::vector<char> piece(kPiece);
    Sha256 hash;
    FileDigest digest;
    for (;;) {
        const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
        if (got == 0) break;
        hash.add({piece.data(), got});
        digest.bytes += got;
    }
    if (std::ferror(file.get()) != 0) return refused(errno);
    digest.sha256 = hash.text();
    return digest;
}

}  // namespace millrace::store
