#pragma once

#include "apps/client/stream.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// The words of a command line that stand for more than a number, and the exit
/// codes of the programs.
namespace jindou::client {

/// Exit codes that scripts can rely on.
namespace exit_code {
constexpr int ok = 0;
constexpr int failed = 1;
constexpr int usage = 2;
constexpr int cannot_connect = 3;
constexpr int refused = 4;
constexpr int interrupted = 130;
} // namespace exit_code

/// Reads `500ms`, `10s`, `2m` or `1h`; nothing if it is none of these.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Resolves `host:port`; nothing if there is no such address.
std::optional<endpoint> parse_address(const std::string& text);

/// Returns the name of a reason code of the protocol.
std::string_view reason_name(std::uint8_t code);

/// Returns 16 random hex digits, for device ids and message numbers.
std::string random_name();

} // namespace jindou::client
