#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jindou::configs {

/// Where a listener binds.
struct address {
  /// An IPv4 address, or an IPv6 address without brackets.
  std::string ip;
  /// 0 lets the system choose.
  std::uint16_t port = 0;
};

/// Reads `ip:port` or `[ipv6]:port`; nothing for any other text. A host name is
/// none: what it means may change between two starts.
std::optional<address> parse_address(std::string_view text);

/// Returns whether a listener there takes all addresses of the machine.
bool takes_all(const address& x);

/// Renders what `parse_address` reads.
std::string to_string(const address& x);

} // namespace jindou::configs
