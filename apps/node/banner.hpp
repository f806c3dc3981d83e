#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

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
  /// How `jindou-client` is called.
  std::string client = "jindou-client";
  /// Path of the token file; empty if no token is asked for.
  std::string token_file;
  /// Tokens of users are checked.
  bool token_auth = true;
  bool demo = false;
  double start_ms = 0;
};

/// Returns where a listener is, whose port may have been chosen by the system.
std::string with_port(const std::string& addr, std::uint16_t port);

/// Returns how to call the program of `folder` that is named `name` for
/// somebody who stands in `here` and whose PATH is `search`: as short as it
/// works.
std::string command_of(const std::filesystem::path& folder,
                       const std::string& name,
                       const std::filesystem::path& here,
                       std::string_view search);

/// The lines printed at start; the last ones send a first message.
std::string banner(const banner_facts& x);

} // namespace jindou::app
