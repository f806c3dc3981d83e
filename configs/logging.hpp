#pragma once

#include "configs/options.hpp"

#include <string>
#include <vector>

namespace jindou::configs {

/// The rooms that log, and so the names of the loggers.
const std::vector<std::string>& log_rooms();

/// Makes one logger per room; `node` is also the default one. All write to
/// standard error, and to a rotating file if one is named.
/// Errors: the file cannot be written.
result<void, fault> start_logging(const log_options& x,
                                  const log_level_options& levels);

/// Gives the loggers other levels; everything else stays.
void change_levels(const log_options& x, const log_level_options& levels);

/// Writes what is buffered and forgets the loggers.
void stop_logging();

} // namespace jindou::configs
