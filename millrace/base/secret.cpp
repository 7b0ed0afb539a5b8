// The wipe, the constant-time comparison, and the redactor: a set of fingerprints per length, found
// in a text by a rolling hash. A fingerprint that meets by chance redacts too much, never too
// little.
#include "millrace/base/secret.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <utility>

namespace millrace {
namespace {

constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15;  // odd, so every byte reaches the top bits

std::uint64_t step(std::uint64_t hash, char c) {
    return hash * kBase + static_cast<unsigned char>(c) + 1;
}

std::uint64_t fingerprint(std::string_view text) {
    std::uint64_t hash = 0;
    for (const char c : text)
        hash = step(hash, c);
    return hash;
}

class Redactor {
  public:
    void add(std::string_view value) {
        if (value.size() < kRedactedLengthMin) return;
        const std::unique_lock lock(mutex_);
        fingerprints_[value.size()].insert(fingerprint(value));
        any_.store(true, std::memory_order_release);
    }

    std::string redacted(std::string_view text) const {
        if (!any_.load(std::memory_order_acquire)) return std::string(text);
        const std::string covered = cover(text);
        if (covered.empty()) return std::string(text);
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (covered[i] == 0)
                out += text[i];
            else if (i == 0 || covered[i - 1] == 0)
                out += kRedacted;
        }
        return out;
    }

  private:
    // One byte for each of the text: 1 where a secret lies. Empty when none does.
    std::string cover(std::string_view text) const {
        std::string covered;
        const std::shared_lock lock(mutex_);
        for (const auto& [length, known] : fingerprints_) {
            if (length > text.size()) break;
            std::uint64_t leaving = 1;  // kBase to the power of length
            for (std::size_t i = 0; i < length; ++i)
                leaving *= kBase;
            std::uint64_t hash = fingerprint(text.substr(0, length));
            for (std::size_t end = length;; ++end) {
                if (known.contains(hash)) {
                    covered.resize(text.size(), 0);
                    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(end - length), length,
                                char{1});
                }
                if (end == text.size()) break;
                const auto gone = static_cast<unsigned char>(text[end - length]);
                hash = step(hash, text[end]) - leaving * (std::uint64_t{gone} + 1);
            }
        }
        return covered;
    }

    mutable std::shared_mutex mutex_;
    std::map<std::size_t, std::set<std::uint64_t>> fingerprints_;
    std::atomic<bool> any_ = false;
};

Redactor& redactor() {
    static Redactor instance;
    return instance;
}

}  // namespace

void wipe(std::span<char> bytes) noexcept {
    volatile char* at = bytes.data();
    for (std::size_t i = 0; i < bytes.size(); ++i)
        at[i] = 0;
}

Secret::Secret(std::string_view value, std::pmr::memory_resource* memory) : memory_(memory) {
    if (value.empty()) return;
    bytes_ = {static_cast<char*>(memory_->allocate(value.size(), 1)), value.size()};
    std::ranges::copy(value, bytes_.begin());
}

Secret Secret::from_configuration(std::string_view value) {
    register_secret(value);
    return Secret(value);
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), memory_(other.memory_) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        release();
        bytes_ = std::exchange(other.bytes_, {});
        memory_ = other.memory_;
    }
    return *this;
}

Secret::~Secret() {
    release();
}

void Secret::release() noexcept {
    if (bytes_.empty()) return;
    wipe(bytes_);
    memory_->deallocate(bytes_.data(), bytes_.size(), 1);
    bytes_ = {};
}

Secret Secret::copy() const {
    return Secret(reveal());
}

bool Secret::equals(std::string_view other) const {
    // Walks all of `other` whatever the bytes are; a wrong length only sets a bit of the result.
    unsigned difference = bytes_.size() == other.size() ? 0U : 1U;
    for (std::size_t i = 0; i < other.size(); ++i) {
        const char mine = bytes_.empty() ? '\0' : bytes_[i % bytes_.size()];
        difference |= unsigned{static_cast<unsigned char>(mine)} ^
                      unsigned { static_cast<unsigned char>(other[i]) };
    }
    const volatile unsigned result = difference;
    return result == 0;
}

void register_secret(std::string_view value) {
    redactor().add(value);
}

std::string redact(std::string_view text) {
    return redactor().redacted(text);
}

bool looks_secret(std::string_view key) {
    constexpr std::array<std::string_view, 8> kWords = {
        "secret", "token", "password", "passwd", "api_key", "apikey", "credential", "private"};
    std::string name(key);
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == '-') c = '_';
    }
    return std::ranges::any_of(
        kWords, [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace millrace
