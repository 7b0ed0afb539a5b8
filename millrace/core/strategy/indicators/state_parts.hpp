// save_parts and load_parts: the state of an indicator is that of its parts, in the order of their
// declaration. Lengths are no state but the indicator's own: a state of other lengths is refused.
#pragma once

#include <cstdint>
#include <type_traits>

#include "millrace/base/double_double.hpp"
#include "millrace/core/engine/state.hpp"

namespace millrace::indicators {

// Marks the reader failed unless the state fits.
inline bool fits(engine::StateReader& reader, bool condition) {
    if (!condition) static_cast<void>(reader.take(reader.left() + 1));
    return condition;
}

template <class Part>
void save_part(engine::StateWriter& writer, const Part& part) {
    if constexpr (std::is_same_v<Part, double>) {
        writer.put_double(part);
    } else if constexpr (std::is_same_v<Part, DoubleDouble>) {
        writer.put_double(part.hi);
        writer.put_double(part.lo);
    } else if constexpr (std::is_same_v<Part, bool>) {
        writer.put(static_cast<std::uint8_t>(part));
    } else if constexpr (std::is_integral_v<Part>) {
        writer.put(part);
    } else {
        part.save(writer);
    }
}

template <class Part>
void load_part(engine::StateReader& reader, Part& part) {
    if constexpr (std::is_same_v<Part, double>) {
        part = reader.get_double();
    } else if constexpr (std::is_same_v<Part, DoubleDouble>) {
        part.hi = reader.get_double();
        part.lo = reader.get_double();
    } else if constexpr (std::is_same_v<Part, bool>) {
        part = reader.get<std::uint8_t>() != 0;
    } else if constexpr (std::is_integral_v<Part>) {
        part = reader.get<Part>();
    } else {
        part.load(reader);
    }
}

template <class... Parts>
void save_parts(engine::StateWriter& writer, const Parts&... parts) {
    (save_part(writer, parts), ...);
}

template <class... Parts>
void load_parts(engine::StateReader& reader, Parts&... parts) {
    (load_part(reader, parts), ...);
}

}  // namespace millrace::indicators
