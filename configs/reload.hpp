#pragma once

#include "configs/options.hpp"

#include <string>
#include <vector>

namespace jindou::configs {

/// An option whose value in the file is another one than the running one.
struct changed_option {
  std::string name;
  /// As a file writes them.
  std::string before;
  std::string after;
  /// Taken over at once; else by the next start.
  bool live = false;
};

/// Says what a file read again changes.
std::vector<changed_option> changes(const options& running,
                                    const options& fresh);

/// Returns the running values with those of `fresh` that may change while a
/// node runs.
options taken_over(const options& running, const options& fresh);

} // namespace jindou::configs
