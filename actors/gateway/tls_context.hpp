#pragma once

#include "messages/result.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace jindou::actors {

/// What all TLS connections share that begin while it is the current one:
/// certificate, key and rules. Whoever uses it counts.
using tls_context_ptr = std::shared_ptr<SSL_CTX>;

/// Loads a certificate chain and its key, both PEM. TLS 1.2 and up, no
/// renegotiation, no compression; an idle connection keeps no buffers.
/// Errors: a sentence that names the file and what is wrong.
result<tls_context_ptr, std::string> load_tls(const std::string& cert_file,
                                              const std::string& key_file);

/// Returns when the certificate ends ("Nov 25 14:00:00 2026 GMT"), and whether
/// that is over.
struct tls_validity {
  std::string until;
  bool over = false;
};

tls_validity validity_of(const SSL_CTX& context);

} // namespace jindou::actors
