#pragma once

#include <spdlog/spdlog.h>

namespace jindou::actors {

/// The logger of this room.
inline spdlog::logger& log() {
  static const auto named = spdlog::get("actors");
  return named ? *named : *spdlog::default_logger();
}

} // namespace jindou::actors
