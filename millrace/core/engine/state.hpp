// StateWriter and StateReader: how a component's state becomes bytes and comes back, for snapshots
// and state hashes. The bytes must depend on the state alone (sorted, no pointers, no leftovers),
// or two equal engines would hash apart.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "millrace/base/result.hpp"
#include "millrace/core/model/binary.hpp"
#include "millrace/core/model/nouns.hpp"

namespace millrace::engine {

class StateWriter {
  public:
    // Any plain value without padding: integers, Price, Time, Text, Random …
    template <class T>
        requires std::has_unique_object_representations_v<T> && std::is_trivially_copyable_v<T>
    void put(const T& value) {
        put_bytes(std::as_bytes(std::span(&value, 1)));
    }
    // Doubles by their bits; -0 and NaN payloads are kept as they are.
    void put_double(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    void put_text(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        put_bytes(std::as_bytes(std::span(text)));
    }
    // A noun of any kind, in its binary form: for those whose structs have padding.
    template <class T>
    void put_noun(const T& noun) {
        model::NounBuffer buffer;
        const std::size_t size = model::write_binary(model::kDescription<T>, &noun, buffer.bytes);
        put(static_cast<std::uint32_t>(size));
        put_bytes(std::span(buffer.bytes).first(size));
    }
    void put_bytes(std::span<const std::byte> bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    void clear() { bytes_.clear(); }

  private:
    std::vector<std::byte> bytes_;
};

// Reads in the order of writing. A read beyond the end gives zeros and marks the reader failed; ask
// finish() once.
class StateReader {
  public:
    explicit StateReader(std::span<const std::byte> bytes) : rest_(bytes) {}

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] T get() {
        T value{};
        const auto bytes = take(sizeof value);
        if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    [[nodiscard]] double get_double() { return std::bit_cast<double>(get<std::uint64_t>()); }
    [[nodiscard]] std::string_view get_text() {
        const auto bytes = take(get<std::uint32_t>());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    template <class T>
    [[nodiscard]] T get_noun() {
        T noun;
        const model::NounDescription& description = model::kDescription<T>;
        if (!model::read_binary(description, description.version, take(get<std::uint32_t>()),
                                &noun))
            failed_ = true;
        return noun;
    }
    // Empty when fewer bytes are left.
    [[nodiscard]] std::span<const std::byte> take(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        const auto bytes = rest_.first(size);
        rest_ = rest_.subspan(size);
        return bytes;
    }

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }
    // All bytes read, none missing.
    [[nodiscard]] Result<void> finish(std::string_view whose) const {
        if (!failed_ && rest_.empty()) return {};
        return failure(ErrorCode::data,
                       "the saved state of " + std::string(whose) + " does not fit",
                       std::string(whose),
                       failed_ ? "it is shorter than expected" : "it is longer than expected",
                       "it was saved by another version; replay the journal without this snapshot");
    }

  private:
    std::span<const std::byte> rest_;
    bool failed_ = false;
};

}  // namespace millrace::engine
