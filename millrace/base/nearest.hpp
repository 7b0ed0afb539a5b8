// nearest: the word somebody probably meant, for "did you mean …?". The distance counts inserted,
// dropped, replaced and swapped letters, without regard to case; a word that is too far from every
// candidate gets no answer, since a wild guess is worse than none.
#pragma once

#include <cstddef>
#include <limits>
#include <ranges>
#include <string_view>

namespace millrace {

// Words longer than this are never compared: the work is bounded whatever a user types.
inline constexpr std::size_t kNearestLengthMax = 96;

// Edits that turn `a` into `b` (optimal string alignment), or `limit` + 1 when there are more.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The distance up to which a word of this length still counts as a slip: a third of it.
[[nodiscard]] constexpr std::size_t slip_limit(std::size_t length) {
    return length < 3 ? 1 : (length + 1) / 3;
}

// The first of the nearest candidates, or an empty view. The candidates must outlive the answer.
template <std::ranges::input_range Candidates>
[[nodiscard]] std::string_view nearest(std::string_view word, const Candidates& candidates) {
    std::string_view best;
    std::size_t limit = slip_limit(word.size());
    bool found = false;
    for (const auto& candidate : candidates) {
        const std::string_view name(candidate);
        const std::size_t distance = edit_distance(word, name, limit);
        if (distance > limit || (found && distance == limit)) continue;
        // As many edits as there are letters means that nothing of the word is left.
        if (distance >= word.size()) continue;
        best = name;
        limit = distance;
        found = true;
        if (distance == 0) break;
    }
    return best;
}

}  // namespace millrace
