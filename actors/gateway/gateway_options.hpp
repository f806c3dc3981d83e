#pragma once

#include "messages/errc.hpp"
#include "messages/ids.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/result.hpp"
#include "messages/user.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace jindou::actors {

/// The bounds of a gateway that an operator may change while it runs.
struct gateway_limits {
  std::size_t connections_max = 100'000;
  std::size_t connections_per_ip_max = 100'000;
  /// Unanswered SENDs of one session, and of all.
  std::size_t session_window = limits::session_window;
  std::size_t node_window = limits::node_window;
  /// Of those of all sessions that send faster than they are served.
  std::size_t bulk_window = limits::bulk_window;
};

/// What the client gateway is made with; mirrors section [gateway].
struct gateway_options {
  /// Address and port, e.g. "0.0.0.0:5100" or "[::1]:5100", with or without
  /// "tcp://"; port 0 takes a free one, an empty text switches this off.
  std::string tcp_addr = "127.0.0.1:5100";
  /// The same for WebSocket, with or without "ws://".
  std::string ws_addr = "127.0.0.1:5200";

  /// The same over TLS, off unless given.
  std::string tls_addr;
  std::string wss_addr;
  /// PEM files of the certificate chain and its key, for both.
  std::string tls_cert_file;
  std::string tls_key_file;

  /// Addresses and networks, separated by commas, whose PROXY headers and
  /// forwarded addresses are believed.
  std::string trusted_proxies;

  /// Clients may speak JSON-RPC instead of frames on all addresses.
  bool json_rpc = true;

  /// A client that sends nothing for so long is closed (up to half of it
  /// later).
  std::chrono::milliseconds conn_idle_time{180'000};
  /// From the accepted connection, or the end of its TLS handshake, to its
  /// CONNECT. Once more from the end of a WebSocket upgrade; then both together
  /// have no more than `connect_timeout`.
  std::chrono::milliseconds hello_timeout{2'000};
  /// For the handshake of TLS, before all that.
  std::chrono::milliseconds tls_handshake_timeout{5'000};
  /// From the CONNECT to its answer.
  std::chrono::milliseconds connect_timeout{4'000};

  gateway_limits bounds;
  std::size_t io_threads = 1;
  std::size_t outbox_bytes_max = limits::outbox_bytes_max;
  std::size_t unacked_max = limits::unacked_max;

  /// How often timeouts are looked at.
  std::chrono::milliseconds sweep_interval{250};
  /// How long a client has to read the last words and close its side.
  std::chrono::milliseconds close_grace{1'000};

  /// For the CONNACK of a refused login.
  node_id node = 1;

  /// Takes a batch to its user; must not block. Required.
  std::function<void(user_delivery_ptr)> deliver;
  /// Makes the message ids of refused SENDs. Required.
  std::function<message_id()> next_message_id;
  /// Required.
  metrics_ptr stats;
};

/// Checks the bounds of all options. Returns what is wrong, empty if nothing.
std::string validate(const gateway_options& x);

} // namespace jindou::actors
