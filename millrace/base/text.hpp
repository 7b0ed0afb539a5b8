// Text<N>: a short string inside the struct that owns it: at most N bytes of UTF-8, no zero byte,
// unused bytes zero. So records with names in them are plain memory: copied, compared and hashed
// without an allocation.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "millrace/base/assert.hpp"
#include "millrace/base/result.hpp"

namespace millrace {

template <std::size_t N>
class Text {
  public:
    static constexpr std::size_t kCapacity = N;

    constexpr Text() = default;
    // For literals that are known to fit.
    constexpr Text(const char* literal) { assign(literal); }

    [[nodiscard]] static Result<Text> from(std::string_view value) {
        if (value.size() > N)
            return failure(
                ErrorCode::data, "the text is " + std::to_string(value.size()) + " bytes long", {},
                "at most " + std::to_string(N) + " bytes are allowed here", "shorten it");
        if (value.find('\0') != std::string_view::npos)
            return failure(ErrorCode::data, "the text has a zero byte in it", {},
                           "names and reasons are printable text", "remove the zero byte");
        Text text;
        text.assign(value);
        return text;
    }

    [[nodiscard]] constexpr std::string_view view() const {
        return {bytes_.data(), static_cast<std::size_t>(
                                   std::find(bytes_.begin(), bytes_.end(), '\0') - bytes_.begin())};
    }
    [[nodiscard]] constexpr bool empty() const { return bytes_[0] == '\0'; }
    constexpr auto operator<=>(const Text&) const = default;

  private:
    constexpr void assign(std::string_view value) {
        MILLRACE_ASSERT(value.size() <= N, "text longer than its capacity");
        std::copy(value.begin(), value.end(), bytes_.begin());
    }

    std::array<char, N> bytes_{};
};

}  // namespace millrace
