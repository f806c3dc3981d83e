#include "apps/node/banner.hpp"

#include <gtest/gtest.h>

namespace jindou {

namespace {

app::banner_facts facts() {
  app::banner_facts x;
  x.version = "1.0";
  x.data_dir = "/data";
  x.tcp = "127.0.0.1:5100";
  x.ws = "127.0.0.1:5200";
  x.http = "127.0.0.1:5001";
  x.monitor = "127.0.0.1:5300";
  x.token_file = "/data/manager.token";
  x.start_ms = 12.3;
  return x;
}

bool says(const app::banner_facts& x, const std::string& text) {
  return app::banner(x).find(text) != std::string::npos;
}

std::string client(const char* folder, const char* here, const char* path) {
  return app::command_of(folder, "jindou-client", here, path);
}

} // namespace

TEST(banner_test, says_where_the_node_is_and_how_to_send_a_first_message) {
  auto x = facts();
  x.client = "build/bin/jindou-client";
  EXPECT_TRUE(says(x, "jindou 1.0 is ready (12 ms), data in /data\n"));
  EXPECT_TRUE(says(x, "token: $(cat /data/manager.token)"));
  EXPECT_TRUE(says(x, "http://127.0.0.1:5001/user/token"));
  EXPECT_TRUE(says(x, "build/bin/jindou-client send --addr 127.0.0.1:5100 "));
  EXPECT_FALSE(says(x, "over TLS"));
}

TEST(banner_test, asks_for_no_token_where_the_api_does_not) {
  auto x = facts();
  x.token_file.clear();
  EXPECT_TRUE(says(x, "asks for no token"));
  EXPECT_FALSE(says(x, "$(cat"));
}

TEST(banner_test, has_commands_go_to_this_machine_if_all_addresses_are_bound) {
  auto x = facts();
  x.tcp = "0.0.0.0:5100";
  x.http = "[::]:5001";
  EXPECT_TRUE(says(x, "clients   tcp 0.0.0.0:5100"));
  EXPECT_TRUE(says(x, "listen --addr 127.0.0.1:5100 "));
  EXPECT_TRUE(says(x, "http://[::1]:5001/user/token"));
}

TEST(banner_test, names_the_client_as_short_as_it_can_be_called) {
  auto* search = "/usr/local/bin:/usr/bin:/bin";
  EXPECT_EQ(client("/usr/bin", "/root", search), "jindou-client");
  EXPECT_EQ(client("/bin", "/", search), "jindou-client");
  EXPECT_EQ(client("/src/build/bin", "/src", search),
            "build/bin/jindou-client");
  EXPECT_EQ(client("/src/build/bin", "/src/build/bin", search),
            "./jindou-client");
  EXPECT_EQ(client("/src/build/bin", "/root", search),
            "/src/build/bin/jindou-client");
  EXPECT_EQ(client("/usr/bin", "/", ""), "usr/bin/jindou-client");
}

} // namespace jindou
