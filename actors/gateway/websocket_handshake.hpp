#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The HTTP request with which a WebSocket begins, pure. Any path and any Host
/// are accepted; neither sub-protocol nor extension is negotiated.
namespace jindou::actors::websocket {

/// Longest request.
constexpr std::size_t request_bytes_max = 8 << 10;

struct handshake {
  enum class verdict : std::uint8_t {
    more,     ///< the request is not complete
    accepted, ///< send `response`; frames follow
    refused,  ///< send `response`, then close
  };

  verdict what = verdict::more;
  std::size_t taken = 0; // bytes of the request
  std::string response;
  /// Who a proxy says is the client; empty if none does.
  std::string client_address;
  std::uint16_t client_port = 0;
};

/// Reads the request at the start of `input`.
handshake read_handshake(std::string_view input);

/// Returns the answer to a `Sec-WebSocket-Key`.
std::string accept_key(std::string_view key);

} // namespace jindou::actors::websocket
