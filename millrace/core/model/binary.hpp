// A noun in its compact binary form: the fields in order, little-endian, integers at their width,
// text as a 16-bit length and its bytes. The version stands outside (in the record that carries
// it); fields that a version lacks keep their defaults, so old journals stay readable for ever.
#pragma once

#include <cstddef>
#include <span>

#include "millrace/base/result.hpp"
#include "millrace/core/model/describe.hpp"

namespace millrace::model {

// The most bytes the noun can take.
[[nodiscard]] std::size_t binary_size_max(const NounDescription& noun);

// Writes the fields of the current version; returns the bytes used. `out` must hold
// binary_size_max().
std::size_t write_binary(const NounDescription& noun, const void* value, std::span<std::byte> out);

// Reads fields of `version` into the struct at `value`, whose content counts only on success. All
// bytes must be used and every value be in its range.
Result<void> read_binary(const NounDescription& noun, std::uint8_t version,
                         std::span<const std::byte> bytes, void* value);

}  // namespace millrace::model
