#pragma once

#include "actors/gateway/tls_context.hpp"
#include "messages/bytes.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>

namespace jindou::actors {

/// TLS on one non-blocking socket, which stays its owner's. It never waits:
/// whoever is told `again` comes back when the socket is ready.
class tls_stream {
public:
  enum class verdict {
    done,        ///< something was done
    again,       ///< nothing to read
    again_write, ///< the socket must take something first
    closed,      ///< the client has ended its side
    broken,      ///< not TLS, or no longer
  };

  struct outcome {
    verdict what = verdict::done;
    std::size_t bytes = 0;
  };

  /// `early` are bytes of the client that were read from the socket before.
  tls_stream(const tls_context_ptr& context, int socket, byte_vector early);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;
  ~tls_stream();

  /// Goes on with the handshake; `done` when it is complete.
  verdict shake_hands();

  /// Reads what the client has sent, as much as fits.
  outcome read(std::span<std::byte> to);

  /// Takes up to `record_bytes_max` bytes, all or none. `again_write`: they
  /// are taken, and must leave by `flush` before more are.
  verdict write(byte_span bytes);

  /// Goes on with what `write` has taken.
  verdict flush();

  /// Bytes wait for the socket.
  bool blocked() const {
    return !waiting_.empty();
  }

  /// The client broke the rules of TLS, not only the connection.
  bool violated() const {
    return violated_;
  }

  /// Says that nothing more comes, if the socket takes that at once.
  void say_end();

  /// Payload of one record.
  static constexpr std::size_t record_bytes_max = 16 << 10;

private:
  /// What the socket's BIO works on.
  struct wire_end {
    int socket;
    byte_vector early;
    std::size_t early_at = 0;
  };

  static int on_write(BIO* bio, const char* from, int size);
  static int on_read(BIO* bio, char* to, int size);
  static long on_control(BIO* bio, int command, long, void*);
  static const BIO_METHOD* method();

  verdict verdict_of(int returned);

  wire_end end_;
  byte_vector waiting_;
  bool violated_ = false;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

} // namespace jindou::actors
