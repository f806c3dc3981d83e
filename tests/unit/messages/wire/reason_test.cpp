#include "messages/wire/reason.hpp"

#include <gtest/gtest.h>

namespace jindou::wire {

// What clients have built in.
TEST(reason_test, says_each_error_by_the_code_that_clients_know) {
  struct row {
    errc error;
    int code;
  };
  constexpr row rows[] = {
    {errc::none, 1},           {errc::auth_failed, 2},
    {errc::not_subscribed, 3}, {errc::denied, 4},
    {errc::not_found, 5},      {errc::bad_payload, 9},
    {errc::not_allowed, 13},   {errc::unavailable, 15},
    {errc::unknown, 15},       {errc::lost, 15},
    {errc::banned, 19},        {errc::bad_client_key, 21},
    {errc::busy, 22},          {errc::rate_limited, 22},
    {errc::unsupported, 23},   {errc::disbanded, 24},
    {errc::send_banned, 25},
  };
  for (auto& [error, code] : rows)
    EXPECT_EQ(static_cast<int>(reason_of(error)), code) << to_string(error);
  EXPECT_EQ(static_cast<int>(reason::connect_kick), 12);
}

} // namespace jindou::wire
