#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace jindou::test {

/// Runs checks in a process of their own and says whether they failed, be it
/// by a failed expectation or by an assertion of the program. What they print
/// is lost.
inline bool turns_red(const std::function<void()>& checks) {
  std::fflush(nullptr);
  auto child = ::fork();
  if (child == 0) {
    std::ignore = std::freopen("/dev/null", "w", stdout);
    std::ignore = std::freopen("/dev/null", "w", stderr);
    checks();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status != 0;
}

} // namespace jindou::test
