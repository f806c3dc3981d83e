#include "configs/node_config.hpp"
#include "messages/errc_caf.hpp"

#include <caf/actor_system.hpp>
#include <caf/settings.hpp>
#include <gtest/gtest.h>

using namespace jindou;
using namespace jindou::configs;
using namespace std::chrono_literals;

TEST(node_config_test, sets_what_a_server_needs) {
  node_config cfg{options{}};
  auto& content = cfg.content;
  EXPECT_EQ(caf::get<caf::atom_value>(content, "scheduler.policy"),
            caf::atom("sharing"));
  EXPECT_EQ(caf::get<std::int64_t>(content, "scheduler.max-throughput"), 50);
  EXPECT_EQ(caf::get<std::int64_t>(content, "middleman.workers"), 0);
  EXPECT_EQ(caf::get<caf::timespan>(content, "middleman.heartbeat-interval"),
            500ms);
  EXPECT_EQ(caf::get<caf::timespan>(content, "middleman.connection-timeout"),
            3s);
}

TEST(node_config_test, takes_as_many_threads_as_asked_for) {
  options x;
  x.scheduler.max_threads = 3;
  node_config cfg{x};
  EXPECT_EQ(caf::get<std::int64_t>(cfg.content, "scheduler.max-threads"), 3);
  EXPECT_GE(scheduler_threads({}), 1u);
}

TEST(node_config_test, names_the_cluster_in_the_handshake) {
  options x;
  x.cluster.id = "east";
  node_config cfg{x};
  using texts = std::vector<std::string>;
  EXPECT_EQ(caf::get<texts>(cfg.content, "middleman.app-identifiers"),
            texts{"jindou/east"});
}

TEST(node_config_test, keeps_the_options) {
  options x;
  x.node.id = 12;
  EXPECT_EQ(node_config{x}.chosen().node.id, 12u);
}

TEST(node_config_test, renders_our_errors_by_name) {
  node_config cfg{options{}};
  caf::actor_system sys{cfg};
  caf::error busy{errc::busy};
  EXPECT_NE(sys.render(busy).find("busy"), std::string::npos);
}
