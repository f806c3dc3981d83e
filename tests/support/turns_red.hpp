#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

namespace jindou::test {

/// What checks came to: all held, one did not, or the process died.
enum class outcome { green, red, died };

/// Runs checks in a process of their own; what they print goes to `log`.
inline outcome outcome_of(const std::function<void()>& checks,
                          const char* log = "/dev/null") {
  std::fflush(nullptr);
  auto child = ::fork();
  if (child == 0) {
    std::ignore = std::freopen(log, "a", stdout);
    std::ignore = std::freopen(log, "a", stderr);
    checks();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status))
    return outcome::died;
  return WEXITSTATUS(status) == 0 ? outcome::green : outcome::red;
}

} // namespace jindou::test
