#pragma once

#include "messages/bytes.hpp"
#include "messages/wire/frame.hpp"
#include "tests/unit/actors/gateway/received_bytes.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

namespace jindou::test {

/// Writes a fresh self-signed certificate for `name` and its key, good for
/// `days` from now.
void write_certificate(const std::string& cert_file,
                       const std::string& key_file, const std::string& name,
                       int days = 1);

/// A client of TLS with a blocking socket; takes any certificate.
class tls_client {
public:
  struct rules {
    int version_max = 0; // 0: the newest
    /// Bytes of a record to ask for: TLSEXT_max_fragment_length_*.
    std::uint8_t record_size = 0;
  };

  /// Throws if nobody listens. `first` is sent in clear before the handshake.
  explicit tls_client(const std::string& address, const rules& how,
                      const std::string& first = {});
  explicit tls_client(const std::string& address);
  tls_client(const tls_client&) = delete;
  ~tls_client();

  /// The handshake is done.
  bool secured() const {
    return secured_;
  }

  /// Common name of the server's certificate.
  std::string server_name() const;

  int version() const {
    return SSL_version(ssl_.get());
  }

  void send(byte_span bytes);

  /// Asks for new keys: renegotiation (1.2) or a key update (1.3).
  bool renew_keys();

  /// Reads until a whole frame is there. Nothing: the server closed.
  std::optional<wire::frame> read();

  /// Reads until the server closes.
  std::string read_all();

  /// The server ended the stream in order, with a close_notify.
  bool ended_in_order() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

private:
  bool fill();

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  bool secured_ = false;
  received_bytes input_;
};

} // namespace jindou::test
