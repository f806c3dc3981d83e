#pragma once

#include <spdlog/spdlog.h>

namespace jindou::cluster {

/// Returns the logger of this room.
inline spdlog::logger& log() {
  static const auto room = [] {
    auto named = spdlog::get("cluster");
    return named ? named : spdlog::default_logger();
  }();
  return *room;
}

} // namespace jindou::cluster
