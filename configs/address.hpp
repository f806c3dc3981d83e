#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jindou::configs {

/// Where a listener binds.
struct address {
  /// A numeric IPv4 or IPv6 address without brackets, or a host name.
  std::string host;
  /// 0 lets the system choose.
  std::uint16_t port = 0;
};

/// Reads `host:port` or `[ipv6]:port`; nothing for any other text.
std::optional<address> parse_address(std::string_view text);

/// Says whether only processes of this machine reach `x`.
bool is_loopback(const address& x);

} // namespace jindou::configs
