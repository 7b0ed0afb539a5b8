// Noun: the number of each kind of record that enters, leaves or is kept. It stands in the journal,
// so numbers are never reused and never change.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace::model {

enum class Noun : std::uint8_t {
    source = 1,
    instrument = 2,
    quote = 3,
    trade = 4,
    bar = 5,
    book_update = 6,
    signal = 7,
    order_intent = 8,
    order = 9,
    fill = 10,
    position = 11,
    account = 12,
    command = 13,
    alert = 14,
    clock = 15,
    checkpoint = 16,
    strategy = 17,
    balance = 18,
    corporate_action = 19,
};

inline constexpr std::size_t kNounCount = 19;

// Every noun, in the order of its number.
[[nodiscard]] constexpr std::array<Noun, kNounCount> all_nouns() {
    std::array<Noun, kNounCount> nouns{};
    for (std::size_t i = 0; i < kNounCount; ++i)
        nouns[i] = static_cast<Noun>(i + 1);
    return nouns;
}

// The noun with this number, or nothing: for numbers that come from a file.
[[nodiscard]] constexpr std::optional<Noun> noun_of(std::uint8_t number) {
    if (number < 1 || number > kNounCount) return std::nullopt;
    return static_cast<Noun>(number);
}

}  // namespace millrace::model
