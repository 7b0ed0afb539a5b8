// By OpenSSL.
#include "millrace/edge/net/sha1.hpp"

#include <openssl/evp.h>

#include "millrace/base/assert.hpp"

namespace millrace::net {

std::array<unsigned char, 20> sha1_of(std::string_view bytes) {
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    const bool hashed =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1;
    MILLRACE_ASSERT(hashed && size == digest.size(), "SHA-1 is always there");
    return digest;
}

}  // namespace millrace::net
