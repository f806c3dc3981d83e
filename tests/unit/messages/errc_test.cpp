#include "messages/errc.hpp"
#include "messages/wire/reason.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

using namespace jindou;

namespace {

/// Calls `f` for every code of the enum.
template <class F>
void for_each_errc(F f) {
  for (int i = 0; i < 256; ++i) {
    auto e = static_cast<errc>(i);
    if (to_string(e) != "undefined")
      f(e);
  }
}

} // namespace

TEST(errc_test, gives_every_code_a_name_of_its_own) {
  std::set<std::string> names;
  int codes = 0;
  for_each_errc([&](errc e) {
    ++codes;
    names.emplace(to_string(e));
  });
  EXPECT_GE(codes, 24);
  EXPECT_EQ(names.size(), static_cast<std::size_t>(codes));
}

TEST(errc_test, maps_every_error_to_a_failure_on_the_wire) {
  for_each_errc([](errc e) {
    auto ok = wire::reason_of(e) == wire::reason::success;
    EXPECT_EQ(ok, e == errc::none) << to_string(e);
  });
}

TEST(errc_test, answers_full_queues_with_22_and_system_faults_with_15) {
  EXPECT_EQ(static_cast<int>(wire::reason_of(errc::busy)), 22);
  for (auto e : {errc::not_leader, errc::unavailable, errc::unknown})
    EXPECT_EQ(static_cast<int>(wire::reason_of(e)), 15) << to_string(e);
}

TEST(errc_test, calls_only_undecided_outcomes_retryable) {
  EXPECT_TRUE(retryable(errc::unknown));
  EXPECT_TRUE(retryable(errc::busy));
  EXPECT_FALSE(retryable(errc::denied));
  EXPECT_FALSE(retryable(errc::corrupt));
}
