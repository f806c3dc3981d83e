#pragma once

#include "messages/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace jindou::actors {

/// The PROXY protocol, versions 1 and 2, which a load balancer may put in
/// front of a CONNECT; pure.
struct proxy_header {
  enum class verdict : std::uint8_t {
    none,  ///< these bytes are no such header
    more,  ///< perhaps; more bytes are needed
    found, ///< `taken` bytes are to be dropped
  };

  verdict what = verdict::none;
  std::size_t taken = 0;
  /// The client, empty if the balancer does not say.
  std::string address;
  std::uint16_t port = 0;
};

/// Looks for a header at the start of `input`.
proxy_header read_proxy_header(byte_span input);

} // namespace jindou::actors
