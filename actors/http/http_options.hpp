#pragma once

#include "messages/channel.hpp"
#include "messages/limits.hpp"
#include "messages/metrics.hpp"
#include "messages/user.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace jindou {

struct fetch_channel; // messages/actors.hpp
using fetch_channel_ptr = std::shared_ptr<fetch_channel>;

} // namespace jindou

namespace jindou::actors::http {

/// What GET /route tells clients.
struct route_addresses {
  std::string tcp;
  std::string ws;
  std::string wss;
  std::string intranet_tcp;
};

/// The ways from the endpoints to the rest of the node. Called on the HTTP
/// thread; must not block. Whatever they are given is answered exactly once,
/// from any thread.
struct node_functions {
  std::function<void(user_delivery_ptr)> deliver_user;
  std::function<void(channel_delivery_ptr)> deliver_channel;
  /// Asks whoever applies the group of the channel.
  std::function<void(fetch_channel_ptr)> fetch_channel;
  /// Proposes commands to the group that keeps the user.
  std::function<void(const std::string& uid, std::vector<command::any>,
                     reply_ptr<std::vector<command::applied>>)>
    propose_for_user;
  /// Returns why the node may not take traffic; empty: it may.
  std::function<std::string()> ready;
  /// The same for `/health`, which does not mind a full disk.
  std::function<std::string()> healthy;
  /// Begins a backup into a directory; returns why not.
  std::function<std::string(const std::string& dir)> begin_backup;
  /// How far the last one is, as JSON.
  std::function<std::string()> backup_state;
};

/// Time limits of a connection.
struct time_limits {
  /// Between two requests.
  std::chrono::milliseconds idle{60'000};
  /// From the first byte of a request to the end of its header.
  std::chrono::milliseconds header{10'000};
  /// From the end of the header to the end of the body.
  std::chrono::milliseconds body{30'000};
  /// For writing an answer.
  std::chrono::milliseconds write{30'000};
  /// For the node to answer; then the caller hears that the outcome is unknown.
  std::chrono::milliseconds request{limits::request_deadline};
  /// For requests under way when the node stops.
  std::chrono::milliseconds stop{5'000};
};

/// Everything the HTTP side of a node is told.
struct http_options {
  std::string api_address = "127.0.0.1";
  /// 0 = any free port.
  std::uint16_t api_port = 5001;
  std::string monitor_address = "127.0.0.1";
  std::uint16_t monitor_port = 5300;
  std::size_t connections_max = 1'024;
  std::size_t body_bytes_max = limits::http_body_bytes_max;
  time_limits times;
  /// Asked of every request to the API port; empty: nobody is asked.
  std::string manager_token;
  route_addresses addresses;
  /// Folder of the demo page; empty: there is none.
  std::string demo_folder;
  metrics_ptr counters;
  node_functions node;
};

} // namespace jindou::actors::http
