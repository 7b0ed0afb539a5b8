// What saved states of this room need beyond plain values: exact sums of 128 bits, low half first,
// and a way to refuse numbers that cannot be, which leaves the reader failed.
#pragma once

#include "millrace/core/engine/state.hpp"
#include "millrace/core/portfolio/contract.hpp"

namespace millrace::portfolio {

inline void put_exact(engine::StateWriter& writer, Exact exact) {
    writer.put(static_cast<std::uint64_t>(exact));
    writer.put(static_cast<std::int64_t>(exact >> 64));
}

[[nodiscard]] inline Exact get_exact(engine::StateReader& reader) {
    const auto low = reader.get<std::uint64_t>();
    const auto high = reader.get<std::int64_t>();
    return Exact{high} * (Exact{1} << 64) + Exact{low};
}

inline void refuse(engine::StateReader& reader) {
    [[maybe_unused]] const auto none = reader.take(reader.left() + 1);
}

}  // namespace millrace::portfolio
