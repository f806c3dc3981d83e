#pragma once

#include "configs/options.hpp"

#include <string>

namespace jindou::configs {

/// Renders `configs/node.conf`: every option with meaning, unit, bounds and
/// default.
std::string manual();

/// Renders the values in force as a file that loads to the same values.
std::string dump(const options& x);

/// Renders what `--help` prints.
std::string help();

/// Renders what `--version` prints.
std::string version_text();

} // namespace jindou::configs
