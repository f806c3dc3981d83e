// What lies below the frames of a connection: PROXY header and TLS.

#include "actors/gateway/client_session.hpp"
#include "actors/gateway/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace asio = boost::asio;

namespace jindou::actors {

// -- PROXY header -------------------------------------------------------------

/// Waits for what a load balancer puts in front of everything else. Bytes that
/// are no such header belong to the client.
void client_session::on_herald(byte_span bytes) {
  inbox_.add(bytes);
  auto x = read_proxy_header(inbox_.waiting());
  if (x.what == proxy_header::verdict::more)
    return arm_read();
  if (!x.address.empty() && !come_from(x.address, x.port))
    return shut();
  auto rest = inbox_.waiting().subspan(x.taken);
  byte_vector early(rest.begin(), rest.end());
  inbox_ = {};
  begin(std::move(early));
}

/// Takes the word of a trusted proxy for who the client is, who from now on is
/// counted instead. False: that address has too many connections.
bool client_session::come_from(const std::string& address, std::uint16_t port) {
  boost::system::error_code ec;
  auto from = asio::ip::make_address(address, ec);
  if (ec)
    return true;
  if (!loop_->state().gate.move(address_, from)) {
    loop_->stats().add(counter::connections_refused);
    return false;
  }
  address_ = from;
  transport_.remote_address = address + ':' + std::to_string(port);
  return true;
}

bool client_session::peer_is_trusted() const {
  return loop_->state().proxies.contains(address_);
}

// -- TLS ----------------------------------------------------------------------

/// Begins with what the address speaks. `early` was read already.
void client_session::begin(byte_vector early) {
  if (!kind_.tls)
    return begin_frames(early);
  phase_ = phase::securing;
  deadline_ms_
    = io_loop::now_ms() + loop_->options().tls_handshake_timeout.count();
  tls_ = std::make_unique<tls_stream>(
    loop_->state().tls(), socket_->native_handle(), std::move(early));
  shake_hands();
}

void client_session::begin_frames(std::span<std::byte> early) {
  phase_ = kind_.websocket ? phase::upgrading : phase::greeting;
  deadline_ms_ = io_loop::now_ms() + loop_->options().hello_timeout.count();
  return early.empty() ? arm_read() : on_bytes(early);
}

void client_session::shake_hands() {
  switch (tls_->shake_hands()) {
  case tls_stream::verdict::done:
    loop_->stats().add(counter::tls_handshakes);
    return begin_frames({});
  case tls_stream::verdict::again:
    return arm_read();
  case tls_stream::verdict::again_write:
    return arm_write();
  default:
    return shut();
  }
}

std::size_t client_session::read_tls(std::span<std::byte> to,
                                     boost::system::error_code& ec) {
  auto x = tls_->read(to);
  switch (x.what) {
  case tls_stream::verdict::done:
    break;
  case tls_stream::verdict::again_write:
    read_blocked_ = true;
    [[fallthrough]];
  case tls_stream::verdict::again:
    ec = asio::error::would_block;
    break;
  case tls_stream::verdict::closed:
    ec = asio::error::eof;
    break;
  case tls_stream::verdict::broken:
    if (tls_->violated())
      note_broken("no TLS record");
    ec = asio::error::connection_reset;
  }
  return x.bytes;
}

/// Makes a record of what waits, or more for a client that asked for small
/// ones. Bytes count as written once they are in it: it cannot be taken back.
std::size_t client_session::write_tls(boost::system::error_code& ec) {
  std::size_t n = 0;
  auto what = tls_stream::verdict::done;
  if (tls_->blocked()) {
    what = tls_->flush();
  } else {
    std::array<std::byte, tls_stream::record_bytes_max> record;
    for (auto i = writing_from_; i < writing_.size() && n < record.size();
         ++i) {
      auto rest
        = writing_[i].span().subspan(i == writing_from_ ? written_of_it_ : 0);
      auto part = std::min(rest.size(), record.size() - n);
      std::memcpy(record.data() + n, rest.data(), part);
      n += part;
    }
    what = tls_->write(byte_span{record}.first(n));
    advance(n);
  }
  loop_->stats().add(counter::socket_flushes);
  if (what == tls_stream::verdict::again_write)
    ec = asio::error::would_block;
  else if (what != tls_stream::verdict::done)
    ec = asio::error::connection_reset;
  return n;
}

} // namespace jindou::actors
