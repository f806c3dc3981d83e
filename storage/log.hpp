#pragma once

#include <spdlog/spdlog.h>

namespace jindou::storage {

/// Returns the logger of this room.
inline spdlog::logger& log() {
  static const auto room = [] {
    auto named = spdlog::get("storage");
    return named ? named : spdlog::default_logger();
  }();
  return *room;
}

} // namespace jindou::storage
