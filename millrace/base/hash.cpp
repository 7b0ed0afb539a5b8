// Printing of digests.
#include "millrace/base/hash.hpp"

namespace millrace {

std::string hash_text(std::uint64_t hash) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, hash >>= 4)
        *digit = kHex[hash & 15];
    return text;
}

}  // namespace millrace
