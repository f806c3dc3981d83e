#pragma once

#include <cstdint>

namespace jindou::app {

/// Lets this process have as many files open as the system allows it, and
/// returns how many that is. Debian's limit for programs that do not ask is
/// 1,024, for those that do over a million.
std::uint64_t raise_open_files();

/// How many of `files` clients may take, so that the API, the monitoring and
/// the store keep theirs.
constexpr std::uint64_t client_files(std::uint64_t files) {
  constexpr std::uint64_t kept = 1'280; // 1,024 of HTTP, the rest for others
  return files > 2 * kept ? files - kept : files / 2;
}

} // namespace jindou::app
