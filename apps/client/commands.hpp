#pragma once

#include "apps/client/im_connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace jindou::client {

/// What both commands need to log in.
struct login_options {
  std::string address = "127.0.0.1:5100";
  endpoint server; // what `address` means
  login who;
  std::chrono::milliseconds timeout{10'000};
  bool json = false;
};

struct send_options {
  login_options session;
  std::string channel;
  std::uint8_t channel_type = 1;
  std::string text;
  /// Sends `text` as it is instead of as the JSON that the SDKs show.
  bool raw = false;
  bool no_persist = false;
};

struct listen_options {
  login_options session;
  /// Ends after so many messages; 0 = never.
  std::uint64_t count = 0;
};

/// Sends one message and waits for its SENDACK; prints message_id, seq and
/// reason.
/// Returns an exit code: ok only on reason 1.
int run_send(const send_options& options);

/// Prints messages as they come, one per line, and acknowledges them.
/// Returns an exit code: ok when `count` messages came in time.
int run_listen(const listen_options& options);

/// Wraps a text as the JSON SDKs do: `{"content":"...","type":1}`.
std::string text_payload(const std::string& text);

/// The text inside such a payload; any other payload as it is, with control
/// characters made visible.
std::string shown_text(std::string_view payload);

} // namespace jindou::client
