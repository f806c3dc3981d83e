#include "apps/node/service_notice.hpp"

#include <algorithm>
#include <systemd/sd-daemon.h>

namespace jindou::app::service {

void ready(const std::string& status) {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=finishes what is in flight");
}

void alive() {
  sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t us = 0;
  if (sd_watchdog_enabled(0, &us) <= 0)
    return std::nullopt;
  return std::max(std::chrono::microseconds{us / 2},
                  std::chrono::microseconds{1'000});
}

} // namespace jindou::app::service
