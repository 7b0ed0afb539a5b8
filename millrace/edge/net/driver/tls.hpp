// TLS as a state machine: what came from the wire goes in and plain bytes come out, and the other
// way round. A client verifies the certificate and its name unless it is told not to; both sides
// speak TLS 1.2 or newer. OpenSSL stands behind it and appears in no header.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "millrace/base/result.hpp"

namespace millrace::net {

struct TlsIdentity {
    std::filesystem::path certificate;  // PEM, with its chain
    std::filesystem::path key;          // PEM; readable by its owner only
};

struct TlsTrust {
    bool verify = true;
    std::optional<std::filesystem::path> authorities = {};  // PEM; else those of the system
};

// Settings for many connections; may be shared between threads.
class TlsContext {
  public:
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> server(const TlsIdentity& own);
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> client(const TlsTrust& trust);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

  private:
    friend class TlsSession;
    struct Inside;
    explicit TlsContext(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

// Whether the error says that the other side is not who it should be: trying again is no use.
[[nodiscard]] bool is_distrust(const Error& error);

class TlsSession {
  public:
    // `host` is the name that a server's certificate must carry; empty on the server's side.
    [[nodiscard]] static std::unique_ptr<TlsSession> start(
        std::shared_ptr<const TlsContext> context, std::string_view host);
    ~TlsSession();

    // Appends what was sent to us to `plain`. An error ends the connection, after output().
    [[nodiscard]] Result<void> receive(std::string_view wire, std::string& plain);
    // Before the handshake is done the bytes are kept, up to a limit of the caller's.
    [[nodiscard]] Result<void> send(std::string_view plain);
    void close();

    [[nodiscard]] std::string& output() { return output_; }  // for the wire; the caller clears
    [[nodiscard]] bool is_open() const;                      // the handshake is done
    [[nodiscard]] bool is_ended() const { return ended_; }   // the other side has said goodbye

  private:
    struct Inside;
    explicit TlsSession(std::unique_ptr<Inside> inside);
    [[nodiscard]] Result<void> advance();
    [[nodiscard]] Result<void> write(std::string_view plain);
    void collect();
    [[nodiscard]] tl::unexpected<Error> fault(std::string what) const;

    std::unique_ptr<Inside> inside_;
    std::string kept_;  // to be sent once the handshake is done
    std::string output_;
    bool ended_ = false;
};

}  // namespace millrace::net
