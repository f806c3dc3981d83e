#pragma once

#include "messages/result.hpp"

#include <string>

namespace jindou::configs {

/// Why a file or an argument was refused, in words for the operator.
struct fault {
  /// Path of the file; empty for the command line.
  std::string file{};
  /// Counted from 1; 0 if no line is to blame.
  int line = 0;
  /// Full name of the option (`gateway.tcp-addr`), or empty.
  std::string key{};
  std::string text{};
};

/// Renders `file:line: text`.
std::string to_string(const fault& x);

} // namespace jindou::configs
