// A client that sends whatever bytes it is told to, with a deadline on every wait.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

#include "millrace/base/assert.hpp"

namespace millrace::net {

class RawClient {
  public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
        descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        MILLRACE_ASSERT(descriptor_ >= 0, "a socket can be made");
        const timeval deadline{20, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
        ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
        const int one = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        if (receive_buffer > 0)
            ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                         sizeof(receive_buffer));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address),
                               sizeof(address)) == 0;
    }
    RawClient(RawClient&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          connected_(other.connected_),
          kept_(std::move(other.kept_)) {}
    RawClient& operator=(RawClient&&) = delete;
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    [[nodiscard]] bool connected() const { return connected_; }

    // False once the other side takes no more.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end_sending() const { ::shutdown(descriptor_, SHUT_WR); }

    // Everything up to and with `mark`, or what came before the end or the deadline.
    std::string read_to(std::string_view mark) {
        std::size_t found = kept_.find(mark);
        while (found == std::string::npos && read_more())
            found = kept_.find(mark);
        const std::size_t end = found == std::string::npos ? kept_.size() : found + mark.size();
        std::string taken = kept_.substr(0, end);
        kept_.erase(0, end);
        return taken;
    }
    std::string read_bytes(std::size_t count) {
        while (kept_.size() < count && read_more()) {
        }
        std::string taken = kept_.substr(0, count);
        kept_.erase(0, taken.size());
        return taken;
    }
    std::string read_all() {
        while (read_more()) {
        }
        return std::exchange(kept_, {});
    }
    // A whole answer that has a Content-Length.
    std::string read_answer() {
        std::string head = read_to("\r\n\r\n");
        const std::size_t at = head.find("Content-Length: ");
        if (at != std::string::npos) head += read_bytes(std::stoul(head.substr(at + 16)));
        return head;
    }
    int status_of(const std::string& request) {
        send(request);
        const std::string answer = read_answer();
        return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
    }
    // Whether the other side has closed (and not only been silent until the deadline).
    bool is_closed() {
        char byte = 0;
        return ::recv(descriptor_, &byte, 1, 0) == 0;
    }

  private:
    bool read_more() {
        std::array<char, 16 * 1024> piece;
        const ssize_t got = ::recv(descriptor_, piece.data(), piece.size(), 0);
        if (got <= 0) return false;
        kept_.append(piece.data(), static_cast<std::size_t>(got));
        return true;
    }
    int descriptor_ = -1;
    bool connected_ = false;
    std::string kept_;
};

}  // namespace millrace::net
