#pragma once

#include <cstdint>
#include <string>

namespace jindou::app {

/// What an operator needs to know when the node is up.
struct banner_facts {
  std::string version;
  std::string data_dir;
  std::string tcp;
  std::string ws;
  /// Empty where TLS is off.
  std::string tls;
  std::string wss;
  std::string http;
  std::string monitor;
  /// Path of the token file; empty if no token is asked for.
  std::string token_file;
  /// Tokens of users are checked.
  bool token_auth = true;
  bool demo = false;
  double start_ms = 0;
};

/// Returns where a listener is, whose port may have been chosen by the system.
std::string with_port(const std::string& addr, std::uint16_t port);

/// The lines printed at start; the last ones send a first message.
std::string banner(const banner_facts& x);

} // namespace jindou::app
