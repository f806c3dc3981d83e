#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What this process tells a service manager (systemd, `Type=notify`). Without
/// one every call does nothing.
namespace jindou::app::service {

/// The node takes traffic. `status` is one line for `systemctl status`.
void ready(const std::string& status);

/// The ordered stop has begun.
void stopping();

/// The node lives; due once per `watchdog_interval`.
void alive();

/// How often the service manager wants to hear `alive`, halved; none if it
/// does not watch this process.
std::optional<std::chrono::microseconds> watchdog_interval();

} // namespace jindou::app::service
