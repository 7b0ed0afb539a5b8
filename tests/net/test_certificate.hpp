// A certificate for localhost and 127.0.0.1, made and signed by itself for the length of a test.
#pragma once

#include <cstdio>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>
#include <sys/stat.h>

#include "millrace/base/assert.hpp"

#include "tests/support/temporary_directory.hpp"

namespace millrace::net {

class TestCertificate {
  public:
    // `names` as OpenSSL writes them; `days` may lie in the past.
    explicit TestCertificate(const char* names = "DNS:localhost,IP:127.0.0.1", long days = 1) {
        EVP_PKEY* const key = EVP_EC_gen("P-256");
        X509* const certificate = X509_new();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * 86'400);
        X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86'400);
        X509_set_pubkey(certificate, key);
        X509_NAME* const subject = X509_get_subject_name(certificate);
        const unsigned char name[] = "millrace test";
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
        X509_set_issuer_name(certificate, subject);
        add(certificate, NID_subject_alt_name, names);
        add(certificate, NID_basic_constraints, "critical,CA:TRUE");
        const bool is_signed = X509_sign(certificate, key, EVP_sha256()) > 0;
        MILLRACE_ASSERT(is_signed, "the certificate signs itself");
        std::FILE* file = std::fopen(certificate_path().c_str(), "w");
        PEM_write_X509(file, certificate);
        std::fclose(file);
        file = std::fopen(key_path().c_str(), "w");
        ::fchmod(::fileno(file), 0600);
        PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }

    [[nodiscard]] std::string certificate_path() const { return folder_ / "certificate.pem"; }
    [[nodiscard]] std::string key_path() const { return folder_ / "key.pem"; }

  private:
    static void add(X509* certificate, int kind, const char* value) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        MILLRACE_ASSERT(extension != nullptr, "the extension is well formed");
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    TemporaryDirectory folder_;
};

}  // namespace millrace::net
