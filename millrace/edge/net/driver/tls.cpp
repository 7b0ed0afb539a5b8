// OpenSSL over two memory buffers: it never sees the socket.
#include "millrace/edge/net/driver/tls.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "millrace/base/assert.hpp"

namespace millrace::net {

struct TlsContext::Inside {
    SSL_CTX* context = nullptr;
    bool is_server = false;
    bool verifies = false;
    ~Inside() { SSL_CTX_free(context); }
};

struct TlsSession::Inside {
    std::shared_ptr<const TlsContext> settings;
    SSL* ssl = nullptr;
    BIO* in = nullptr;  // both belong to ssl
    BIO* out = nullptr;
    bool is_server = false;
    std::string host;
    ~Inside() { SSL_free(ssl); }
};

namespace {

constexpr std::array<unsigned char, 9> kHttp11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

constexpr std::string_view kDistrust = "the certificate is not trusted";

std::string last_words() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "no further reason is known";
    const char* const words = ERR_reason_error_string(code);
    return words != nullptr ? words : "error " + std::to_string(code);
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
    unsigned char* match = nullptr;
    if (SSL_select_next_proto(&match, size, kHttp11.data(), kHttp11.size(), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

SSL_CTX* new_context(const SSL_METHOD* method) {
    SSL_CTX* const context = SSL_CTX_new(method);
    MILLRACE_ASSERT(context != nullptr, "OpenSSL makes a context");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    return context;
}

tl::unexpected<Error> unusable(std::string what, const std::filesystem::path& path) {
    return failure(ErrorCode::config, std::move(what), path.string(), last_words(),
                   "name a PEM file; openssl x509 -text -in FILE shows a certificate");
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const TlsIdentity& own) {
    ERR_clear_error();
    struct stat status{};
    if (::stat(own.key.c_str(), &status) == 0 && (status.st_mode & 077U) != 0)
        return failure(ErrorCode::config, "others may read the key of the certificate",
                       own.key.string(), "it proves who this server is",
                       "chmod 600 " + own.key.string());
    auto inside = std::make_unique<Inside>();
    inside->is_server = true;
    inside->context = new_context(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(inside->context, own.certificate.c_str()) != 1)
        return unusable("the certificate cannot be used", own.certificate);
    if (SSL_CTX_use_PrivateKey_file(inside->context, own.key.c_str(), SSL_FILETYPE_PEM) != 1)
        return unusable("the key of the certificate cannot be used", own.key);
    if (SSL_CTX_check_private_key(inside->context) != 1)
        return unusable("the key does not fit the certificate", own.key);
    SSL_CTX_set_alpn_select_cb(inside->context, choose_protocol, nullptr);
    return std::shared_ptr<const TlsContext>(new TlsContext(std::move(inside)));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const TlsTrust& trust) {
    ERR_clear_error();
    auto inside = std::make_unique<Inside>();
    inside->context = new_context(TLS_client_method());
    inside->verifies = trust.verify;
    if (trust.verify) {
        SSL_CTX_set_verify(inside->context, SSL_VERIFY_PEER, nullptr);
        const int loaded = trust.authorities ? SSL_CTX_load_verify_file(inside->context,
                                                                        trust.authorities->c_str())
                                             : SSL_CTX_set_default_verify_paths(inside->context);
        if (loaded != 1)
            return unusable("the certificates of the authorities cannot be read",
                            trust.authorities.value_or("the system's"));
    }
    SSL_CTX_set_alpn_protos(inside->context, kHttp11.data(), kHttp11.size());
    return std::shared_ptr<const TlsContext>(new TlsContext(std::move(inside)));
}

bool is_distrust(const Error& error) {
    return error.what.starts_with(kDistrust);
}

TlsSession::TlsSession(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
TlsSession::~TlsSession() = default;

std::unique_ptr<TlsSession> TlsSession::start(std::shared_ptr<const TlsContext> context,
                                              std::string_view host) {
    auto inside = std::make_unique<Inside>();
    const TlsContext::Inside& settings = *context->inside_;
    inside->ssl = SSL_new(settings.context);
    inside->in = BIO_new(BIO_s_mem());
    inside->out = BIO_new(BIO_s_mem());
    MILLRACE_ASSERT(inside->ssl != nullptr && inside->in != nullptr && inside->out != nullptr,
                    "OpenSSL makes a session");
    BIO_set_mem_eof_return(inside->in, -1);
    BIO_set_mem_eof_return(inside->out, -1);
    SSL_set_bio(inside->ssl, inside->in, inside->out);
    inside->is_server = settings.is_server;
    inside->host = host;
    if (settings.is_server) {
        SSL_set_accept_state(inside->ssl);
    } else {
        SSL_set_connect_state(inside->ssl);
        const bool is_address =
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(inside->ssl), inside->host.c_str()) == 1;
        if (!is_address) {
            (void)SSL_ctrl(inside->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                           inside->host.data());
            SSL_set_hostflags(inside->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
            const int named = SSL_set1_host(inside->ssl, inside->host.c_str());
            MILLRACE_ASSERT(named == 1, "a host can be asked for");
        }
    }
    inside->settings = std::move(context);
    std::unique_ptr<TlsSession> session(new TlsSession(std::move(inside)));
    // A client speaks first; what that needs cannot fail before anything came.
    const auto begun = session->advance();
    MILLRACE_ASSERT(begun.has_value(), "a handshake begins");
    session->collect();
    return session;
}

bool TlsSession::is_open() const {
    return SSL_is_init_finished(inside_->ssl) == 1;
}

tl::unexpected<Error> TlsSession::fault(std::string what) const {
    const long verified = SSL_get_verify_result(inside_->ssl);
    if (!inside_->is_server && verified != X509_V_OK) {
        ERR_clear_error();
        return failure(ErrorCode::network, std::string(kDistrust) + ": \"" + inside_->host + "\"",
                       {}, X509_verify_cert_error_string(verified),
                       "check the host name; name the authority that signed it");
    }
    return failure(ErrorCode::network, std::move(what), {}, last_words(),
                   "check that the other side speaks TLS 1.2 or newer");
}

Result<void> TlsSession::advance() {
    if (is_open()) return {};
    const int done = SSL_do_handshake(inside_->ssl);
    if (done != 1) {
        const int error = SSL_get_error(inside_->ssl, done);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            return fault("the TLS handshake failed");
        return {};
    }
    const std::string kept = std::move(kept_);
    kept_.clear();
    return write(kept);
}

Result<void> TlsSession::receive(std::string_view wire, std::string& plain) {
    ERR_clear_error();
    MILLRACE_ASSERT(wire.size() <= INT_MAX, "one read is small");
    const int fed = BIO_write(inside_->in, wire.data(), static_cast<int>(wire.size()));
    MILLRACE_ASSERT(wire.empty() || fed == static_cast<int>(wire.size()), "memory takes it all");
    auto advanced = advance();
    std::array<char, 16 * 1024> piece;
    while (advanced && is_open()) {
        std::size_t size = 0;
        if (SSL_read_ex(inside_->ssl, piece.data(), piece.size(), &size) == 1) {
            plain.append(piece.data(), size);
            continue;
        }
        const int error = SSL_get_error(inside_->ssl, 0);
        if (error == SSL_ERROR_ZERO_RETURN)
            ended_ = true;
        else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
            advanced = fault("what came over TLS is broken");
        break;
    }
    collect();
    return advanced;
}

Result<void> TlsSession::send(std::string_view plain) {
    if (!is_open()) {
        kept_.append(plain);
        return {};
    }
    ERR_clear_error();
    auto written = write(plain);
    collect();
    return written;
}

Result<void> TlsSession::write(std::string_view plain) {
    while (!plain.empty()) {
        std::size_t written = 0;
        if (SSL_write_ex(inside_->ssl, plain.data(), plain.size(), &written) != 1)
            return fault("TLS cannot send");
        plain.remove_prefix(written);
    }
    return {};
}

void TlsSession::close() {
    ERR_clear_error();
    if (is_open()) (void)SSL_shutdown(inside_->ssl);
    ERR_clear_error();
    collect();
}

void TlsSession::collect() {
    const std::size_t size = BIO_ctrl_pending(inside_->out);
    if (size == 0) return;
    const std::size_t at = output_.size();
    output_.resize(at + size);
    const int got = BIO_read(inside_->out, output_.data() + at, static_cast<int>(size));
    MILLRACE_ASSERT(got == static_cast<int>(size), "memory gives it all");
}

}  // namespace millrace::net
