// Secret: a text that must not be seen. It prints nowhere by itself (no stream, no formatter, no
// conversion), is compared in constant time and is wiped when it goes. redact() takes registered
// secrets out of any text; Secrets made by from_configuration() are registered for the rest of the
// process, because what was built from them (a header, a URL) may outlive them. All of it may be
// called from any thread.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

namespace millrace {

class Secret {
  public:
    Secret() = default;
    // The memory is a parameter so that a test can watch the wipe.
    explicit Secret(std::string_view value,
                    std::pmr::memory_resource* memory = std::pmr::get_default_resource());
    // Also registers the value with the redactor.
    [[nodiscard]] static Secret from_configuration(std::string_view value);

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] Secret copy() const;  // by name, so that no copy is made by accident
    [[nodiscard]] std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    // Takes as long for a near miss as for a far one; only the length of `other` shows.
    [[nodiscard]] bool equals(std::string_view other) const;

  private:
    void release() noexcept;

    std::span<char> bytes_;
    std::pmr::memory_resource* memory_ = nullptr;
};

// Zeroes the bytes with stores that the compiler may not leave out.
void wipe(std::span<char> bytes) noexcept;

// What stands in the place of a secret.
inline constexpr std::string_view kRedacted = "[redacted]";

// Secrets shorter than this are not searched for: they would blot out ordinary words.
inline constexpr std::size_t kRedactedLengthMin = 4;

// Makes redact() replace this value from now on. The redactor keeps its length and a fingerprint,
// not the value.
void register_secret(std::string_view value);

// The text with each registered secret, or run of overlapping ones, replaced by kRedacted.
[[nodiscard]] std::string redact(std::string_view text);

// Does a key of this name hold a secret? True when it contains secret, token, password, passwd,
// api_key, apikey, credential or private, in any case and with '-' for '_'.
[[nodiscard]] bool looks_secret(std::string_view key);

}  // namespace millrace
