#pragma once

#include "actors/http/http_call.hpp"

#include <span>
#include <string_view>

namespace jindou::actors::http {

/// Which of the two ports a request came in by.
enum class http_port : unsigned char { api, monitor };

/// Who may call an endpoint.
enum class access : unsigned char {
  /// Whoever has the manager token, on the API port.
  token,
  /// Everybody, on the API port.
  open,
  /// Whoever has the manager token on the API port; everybody on the other.
  monitor,
  /// Everybody, on both ports.
  open_monitor,
  /// Whoever has the manager token, on the monitor port.
  operation,
};

/// One line of the table of endpoints.
struct route {
  std::string_view method;
  std::string_view path;
  access who;
  http_handler handler;
};

/// All endpoints.
std::span<const route> routes();

/// What becomes of a request, as far as its header tells.
struct admission {
  enum class kind : unsigned char { call, preflight, unauthorized, not_found };
  kind what = kind::not_found;
  http_handler handler = nullptr;
  /// Anybody may call it, so it takes no body.
  bool open = false;
};

/// Finds the endpoint and checks the token, before any body is read.
/// Shape: a missing token is told before a missing path, as v2 does.
admission admit(http_port port, std::string_view method, std::string_view path,
                std::string_view token, const http_options& options);

/// Compares without telling by its duration where the texts differ.
bool same_token(std::string_view given, std::string_view wanted);

} // namespace jindou::actors::http
