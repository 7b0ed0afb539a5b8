// A key remembers the place of its message; places count up, so that taking from the front moves
// nothing.
#include "millrace/edge/net/websocket_outbox.hpp"

#include "millrace/edge/net/websocket_frame.hpp"

namespace millrace::net {
namespace {

EncodedFrame encode(Opcode opcode, std::string_view payload) {
    std::string frame;
    append_frame(opcode, payload, std::nullopt, frame);
    return std::make_shared<const std::string>(std::move(frame));
}

}  // namespace

EncodedFrame encode_text(std::string_view text) {
    return encode(Opcode::text, text);
}

EncodedFrame encode_binary(std::string_view bytes) {
    return encode(Opcode::binary, bytes);
}

bool WebSocketOutbox::push(EncodedFrame frame, std::string_view key, Time now) {
    const std::size_t size = frame->size();
    if (!key.empty()) {
        if (const auto place = places_.find(std::string(key)); place != places_.end()) {
            Waiting& old = waiting_[place->second - first_];
            if (bytes_ - old.frame->size() + size > limits_.waiting_bytes) return false;
            bytes_ = bytes_ - old.frame->size() + size;
            old.frame = std::move(frame);
            ++conflated_;
            return true;
        }
    }
    if (waiting_.size() >= limits_.waiting_messages || bytes_ + size > limits_.waiting_bytes)
        return false;
    if (waiting_.empty()) progress_ = now;
    bytes_ += size;
    if (!key.empty()) places_.emplace(key, first_ + waiting_.size());
    waiting_.push_back({std::move(frame), std::string(key)});
    return true;
}

void WebSocketOutbox::take(std::size_t bytes_max, std::string& out, Time now) {
    while (!waiting_.empty() && out.size() < bytes_max) {
        Waiting& front = waiting_.front();
        out += *front.frame;
        bytes_ -= front.frame->size();
        if (!front.key.empty()) places_.erase(front.key);
        waiting_.pop_front();
        ++first_;
        progress_ = now;
    }
}

}  // namespace millrace::net
