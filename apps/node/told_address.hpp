#pragma once

#include <string>

namespace jindou::app {

/// What `/route` says of a listener at `bound`: with `external_ip` if there is
/// one; the address of a listener that takes all addresses is none, so
/// `machine_ip` stands in its place, if there is one.
std::string told_address(const std::string& bound,
                         const std::string& external_ip,
                         const std::string& machine_ip);

/// Returns the first IPv4 address of this machine beyond loopback; empty: it
/// has none.
std::string machine_ip();

} // namespace jindou::app
