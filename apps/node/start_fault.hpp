#pragma once

#include <string>

namespace jindou::app {

/// Why a node did not start: the exit code and the words.
struct start_fault {
  int code = 1;
  std::string text;
};

} // namespace jindou::app
