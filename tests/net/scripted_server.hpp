// A server that says what it is told to, connection by connection; and one that is a proxy.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <poll.h>
#include <thread>
#include <vector>

#include "tests/net/raw_client.hpp"

namespace millrace::net {

// Listens on loopback and runs `serve` for each connection, on one thread.
class ScriptedServer {
  public:
    using Serve = std::function<void(int descriptor, std::size_t number)>;
    explicit ScriptedServer(Serve serve) : serve_(std::move(serve)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const general = reinterpret_cast<sockaddr*>(&address);
        const bool listens = ::bind(listener_, general, size) == 0 &&
                             ::listen(listener_, 16) == 0 &&
                             ::getsockname(listener_, general, &size) == 0;
        MILLRACE_ASSERT(listens, "the scripted server listens");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t connections() const { return connections_.load(); }

    // Reads up to the empty line, and answers what it read.
    static std::string read_head(int descriptor) {
        std::string head;
        char byte = 0;
        while (!head.ends_with("\r\n\r\n") && ::recv(descriptor, &byte, 1, 0) == 1)
            head += byte;
        return head;
    }
    static void say(int descriptor, std::string_view text) {
        (void)!::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
    }

  private:
    void run() {
        for (;;) {
            const int descriptor = ::accept(listener_, nullptr, nullptr);
            if (descriptor < 0) return;
            serve_(descriptor, connections_++);
            ::close(descriptor);
        }
    }
    Serve serve_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> connections_ = 0;
    std::thread thread_;
};

// Answers each connection's first request with the next of `answers`, the last one for ever.
inline ScriptedServer::Serve answers(std::vector<std::string> answers) {
    return [answers = std::move(answers)](int descriptor, std::size_t number) {
        if (ScriptedServer::read_head(descriptor).empty()) return;
        ScriptedServer::say(descriptor, answers[std::min(number, answers.size() - 1)]);
    };
}

// A tunnel for each CONNECT, to this port whatever is asked for; `heads` keeps what was asked.
inline ScriptedServer::Serve tunnel_to(std::uint16_t port, std::vector<std::string>& heads) {
    return [port, &heads](int descriptor, std::size_t) {
        heads.push_back(ScriptedServer::read_head(descriptor));
        const int target = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
            ScriptedServer::say(descriptor, "HTTP/1.1 200 Connection established\r\n\r\n");
            pollfd both[2] = {{descriptor, POLLIN, 0}, {target, POLLIN, 0}};
            for (bool open = true; open && ::poll(both, 2, 20'000) > 0;) {
                for (int i = 0; i < 2; ++i) {
                    if (both[i].revents == 0) continue;
                    char piece[4'096];
                    const ssize_t got = ::recv(both[i].fd, piece, sizeof(piece), 0);
                    open = open && got > 0;
                    if (got > 0)
                        ScriptedServer::say(both[1 - i].fd, {piece, static_cast<std::size_t>(got)});
                }
            }
        }
        ::close(target);
    };
}

}  // namespace millrace::net
