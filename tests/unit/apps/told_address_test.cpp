#include "apps/node/open_files.hpp"
#include "apps/node/told_address.hpp"

#include <gtest/gtest.h>

namespace jindou {

TEST(told_address_test, tells_an_address_that_is_one_as_it_is) {
  EXPECT_EQ(app::told_address("10.1.2.3:5100", "", "192.0.2.7"),
            "10.1.2.3:5100");
  EXPECT_EQ(app::told_address("[fd00::1]:5100", "", "192.0.2.7"),
            "[fd00::1]:5100");
}

TEST(told_address_test, tells_the_machine_for_a_listener_on_all_addresses) {
  EXPECT_EQ(app::told_address("0.0.0.0:5100", "", "192.0.2.7"),
            "192.0.2.7:5100");
  EXPECT_EQ(app::told_address("[::]:5200", "", "192.0.2.7"), "192.0.2.7:5200");
  EXPECT_EQ(app::told_address("0.0.0.0:5100", "", ""), "0.0.0.0:5100");
}

TEST(told_address_test, tells_what_the_options_say_before_all) {
  EXPECT_EQ(app::told_address("0.0.0.0:5100", "203.0.113.9", "192.0.2.7"),
            "203.0.113.9:5100");
  EXPECT_EQ(app::told_address("127.0.0.1:5100", "203.0.113.9", ""),
            "203.0.113.9:5100");
}

TEST(open_files_test, keeps_files_for_others_than_clients) {
  EXPECT_EQ(app::client_files(1'024), 512u);
  EXPECT_EQ(app::client_files(20'000), 18'720u);
  EXPECT_EQ(app::client_files(2'560), 1'280u);
}

TEST(open_files_test, raises_the_bound_as_far_as_it_goes) {
  auto files = app::raise_open_files();
  EXPECT_GE(files, 256u);
  EXPECT_EQ(app::raise_open_files(), files);
}

} // namespace jindou
