#pragma once

#include <spdlog/formatter.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace jindou::configs {

/// One log line, taken apart. The texts come from anywhere.
struct log_line {
  std::chrono::system_clock::time_point time;
  std::string_view level;
  std::string_view room;
  /// `[kebab-id] subject verb object`.
  std::string_view message;
};

/// Renders `time level room message` for people. A text never breaks the line:
/// control characters are escaped.
std::string text_line(const log_line& x);

/// Renders one JSON object with the members time, level, room, id (if the
/// message begins with one) and message. Valid JSON and UTF-8 whatever the
/// message holds.
std::string json_line(const log_line& x);

/// Returns the formatter of a sink.
std::unique_ptr<spdlog::formatter> make_formatter(bool json);

} // namespace jindou::configs
