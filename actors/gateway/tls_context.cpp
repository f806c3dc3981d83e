#include "actors/gateway/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>

namespace jindou::actors {

namespace {

/// Options that make a server strict.
constexpr std::uint64_t strict = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                                 | SSL_OP_CIPHER_SERVER_PREFERENCE
                                 | SSL_OP_IGNORE_UNEXPECTED_EOF;

/// The retry of a write may come from other memory, and buffers are given back
/// while a connection is idle. No partial writes: a client may have asked for
/// records smaller than what is written at once.
constexpr long modes
  = SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;

/// A key with a pass phrase is an error: a server asks nobody.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

/// The oldest error of this thread, in OpenSSL's words.
std::string last_error() {
  auto code = ERR_get_error();
  ERR_clear_error();
  auto* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown error";
}

std::string fault(const char* what, const std::string& file) {
  return std::string{what} + " '" + file + "': " + last_error();
}

/// What OpenSSL says of a file that is not there is hard to read.
std::string unreadable(const char* what, const std::string& file) {
  if (file.empty())
    return std::string{what} + " is not given";
  if (auto* f = std::fopen(file.c_str(), "r")) {
    std::fclose(f);
    return {};
  }
  return std::string{what} + " '" + file + "' cannot be read";
}

} // namespace

result<tls_context_ptr, std::string> load_tls(const std::string& cert_file,
                                              const std::string& key_file) {
  for (auto& wrong : {unreadable("certificate file", cert_file),
                      unreadable("key file", key_file)})
    if (!wrong.empty())
      return wrong;
  ERR_clear_error();
  tls_context_ptr x{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  if (!x || SSL_CTX_set_min_proto_version(x.get(), TLS1_2_VERSION) != 1)
    return "TLS cannot be used: " + last_error();
  SSL_CTX_set_options(x.get(), strict);
  SSL_CTX_set_mode(x.get(), modes);
  SSL_CTX_set_session_cache_mode(x.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(x.get(), no_pass_phrase);
  if (SSL_CTX_use_certificate_chain_file(x.get(), cert_file.c_str()) != 1)
    return fault("certificate file", cert_file);
  if (SSL_CTX_use_PrivateKey_file(x.get(), key_file.c_str(), SSL_FILETYPE_PEM)
      != 1)
    return fault("key file", key_file);
  if (SSL_CTX_check_private_key(x.get()) != 1)
    return fault("key does not fit the certificate, key file", key_file);
  return x;
}

tls_validity validity_of(const SSL_CTX& context) {
  tls_validity res;
  auto* cert = SSL_CTX_get0_certificate(&context);
  if (cert == nullptr)
    return res;
  auto* end = X509_get0_notAfter(cert);
  res.over = X509_cmp_current_time(end) < 0;
  std::unique_ptr<BIO, int (*)(BIO*)> text{BIO_new(BIO_s_mem()), BIO_free};
  std::array<char, 64> line{};
  if (text && ASN1_TIME_print(text.get(), end) == 1) {
    auto n = BIO_read(text.get(), line.data(), static_cast<int>(line.size()));
    res.until.assign(line.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  }
  return res;
}

} // namespace jindou::actors
