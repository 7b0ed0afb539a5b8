// WebSocketOutbox: what waits for a peer that reads more slowly than we write. A message with a
// conflation key takes the place of an older one with the same key: who is late wants the newest
// price, not all of them. Messages without a key all count, so too many of them end the connection
// (close code 4008), and so does a peer that takes nothing for too long. It never grows beyond its
// limits. One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "millrace/base/time.hpp"

namespace millrace::net {

struct OutboxLimits {
    std::size_t direct_bytes = 256 * 1024;  // unsent up to which messages go straight to the socket
    std::size_t waiting_bytes = 4 * 1024 * 1024;
    std::size_t waiting_messages = 65'536;
    Duration stalled_time = Duration::seconds(10);  // without progress while messages wait
};

// A frame that was encoded once and may wait for many peers.
using EncodedFrame = std::shared_ptr<const std::string>;

[[nodiscard]] EncodedFrame encode_text(std::string_view text);
[[nodiscard]] EncodedFrame encode_binary(std::string_view bytes);

class WebSocketOutbox {
  public:
    explicit WebSocketOutbox(const OutboxLimits& limits) : limits_(limits) {}

    // False when the limits are reached and nothing can be conflated: the peer is too slow. An
    // empty key conflates with nothing.
    [[nodiscard]] bool push(EncodedFrame frame, std::string_view key, Time now);

    // Appends frames in order until `out` has `bytes_max`.
    void take(std::size_t bytes_max, std::string& out, Time now);

    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t conflated() const { return conflated_; }  // messages replaced
    [[nodiscard]] bool is_stalled(Time now) const {
        return !empty() && now - progress_ >= limits_.stalled_time;
    }

  private:
    struct Waiting {
        EncodedFrame frame;
        std::string key;
    };

    OutboxLimits limits_;
    std::deque<Waiting> waiting_;
    std::unordered_map<std::string, std::uint64_t> places_;  // of keys, counted from the first ever
    std::uint64_t first_ = 0;                                // place of the front
    std::size_t bytes_ = 0;
    std::uint64_t conflated_ = 0;
    Time progress_;
};

}  // namespace millrace::net
