#pragma once

#include "apps/bench/accounts.hpp"
#include "apps/bench/figure.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace jindou::bench {

struct idle_options {
  client::endpoint server;
  http_access http;
  /// Users that log in before the first reading, so that pools and buffers
  /// that exist once are there.
  std::size_t before = 500;
  std::size_t users = 5'000;
  /// Where the server's memory is read: its process, or `/metrics`.
  int pid = 0;
  std::optional<client::endpoint> monitor;
  std::string uid_prefix = "idle";
};

/// Measures what one more logged-in user costs the server in user space:
/// resident memory with `before + users` less that with `before`, by `users`.
/// Errors: says in `fault` why there is no figure.
report run_idle(const idle_options& options, std::string& fault);

/// Finds the value of `name` in a Prometheus page.
std::optional<double> metric(const std::string& page, const std::string& name);

} // namespace jindou::bench
