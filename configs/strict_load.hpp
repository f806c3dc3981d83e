#pragma once

#include "configs/options.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::configs {

/// What a file set, and everything that is wrong with it.
struct load_report {
  /// Line of each key that was set.
  std::map<std::string, int> lines;
  /// At most `faults_max`; empty if the file is good.
  std::vector<fault> faults;
};

constexpr std::size_t faults_max = 20;

/// Reads the text of a file into `target`. Unlike CAF it refuses unknown keys
/// and sections, values of a wrong type or outside their bounds, and keys that
/// are set twice.
load_report strict_load(std::string_view text, const std::string& file,
                        options& target);

/// Reads the file at `path` into `target`.
load_report strict_load_file(const std::string& path, options& target);

} // namespace jindou::configs
