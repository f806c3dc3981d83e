#include "actors/gateway/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace jindou::actors {

// -- the socket as OpenSSL sees it --------------------------------------------

// OpenSSL's own would raise SIGPIPE and knows no bytes that came before.

int tls_stream::on_write(BIO* bio, const char* from, int size) {
  auto* end = static_cast<wire_end*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto n = ::send(end->socket, from, static_cast<std::size_t>(size),
                  MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int tls_stream::on_read(BIO* bio, char* to, int size) {
  auto* end = static_cast<wire_end*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto room = static_cast<std::size_t>(size);
  if (auto left = end->early.size() - end->early_at; left > 0) {
    auto n = std::min(left, room);
    std::memcpy(to, end->early.data() + end->early_at, n);
    end->early_at += n;
    if (n == left)
      end->early = {};
    if (n == left)
      end->early_at = 0;
    return static_cast<int>(n);
  }
  auto n = ::recv(end->socket, to, room, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    BIO_set_retry_read(bio);
  return static_cast<int>(n);
}

long tls_stream::on_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* tls_stream::method() {
  static const auto* one = [] {
    auto* x = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                           "client socket");
    BIO_meth_set_write(x, on_write);
    BIO_meth_set_read(x, on_read);
    BIO_meth_set_ctrl(x, on_control);
    return x; // lives as long as the process
  }();
  return one;
}

// -- the stream ---------------------------------------------------------------

tls_stream::tls_stream(const tls_context_ptr& context, int socket,
                       byte_vector early)
    : end_{socket, std::move(early)}, ssl_(SSL_new(context.get()), SSL_free) {
  auto* bio = BIO_new(method());
  if (!ssl_ || bio == nullptr) {
    BIO_free(bio);
    ssl_ = nullptr;
    return;
  }
  BIO_set_data(bio, &end_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

tls_stream::~tls_stream() = default;

tls_stream::verdict tls_stream::verdict_of(int returned) {
  switch (SSL_get_error(ssl_.get(), returned)) {
  case SSL_ERROR_NONE:
    return verdict::done;
  case SSL_ERROR_WANT_READ:
    return verdict::again;
  case SSL_ERROR_WANT_WRITE:
    return verdict::again_write;
  case SSL_ERROR_ZERO_RETURN:
    return verdict::closed;
  case SSL_ERROR_SSL:
    violated_ = true;
    [[fallthrough]];
  default:
    return verdict::broken;
  }
}

tls_stream::verdict tls_stream::shake_hands() {
  if (!ssl_)
    return verdict::broken;
  ERR_clear_error();
  return verdict_of(SSL_do_handshake(ssl_.get()));
}

/// A record is read as a whole, so that nothing stays behind of which the
/// socket would not tell.
tls_stream::outcome tls_stream::read(std::span<std::byte> to) {
  outcome res;
  while (to.size() - res.bytes >= record_bytes_max) {
    ERR_clear_error();
    std::size_t n = 0;
    auto rest = to.subspan(res.bytes);
    res.what
      = verdict_of(SSL_read_ex(ssl_.get(), rest.data(), rest.size(), &n));
    if (res.what != verdict::done)
      break;
    res.bytes += n;
  }
  if (res.bytes > 0) // what ends the stream is seen at the next read
    res.what = verdict::done;
  return res;
}

tls_stream::verdict tls_stream::write(byte_span bytes) {
  ERR_clear_error();
  std::size_t n = 0;
  auto what
    = verdict_of(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n));
  if (what == verdict::again_write)
    waiting_.assign(bytes.begin(), bytes.end());
  return what == verdict::again ? verdict::broken : what;
}

tls_stream::verdict tls_stream::flush() {
  auto bytes = std::exchange(waiting_, {});
  return bytes.empty() ? verdict::done : write(bytes);
}

void tls_stream::say_end() {
  ERR_clear_error();
  if (ssl_ && !blocked() && SSL_is_init_finished(ssl_.get()) == 1)
    SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

} // namespace jindou::actors
